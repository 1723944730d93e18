"""Codes are whole pixels, pure black and white, and read back."""

import shutil
import string
import subprocess
from random import Random

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

from card_designs import draw_png, load_design
from card_designs.codes import encode, place
from card_designs.profiles import PROFILES, Frame
from card_designs.slots import CodeSlot
from tests.card_designs.cards import NUMBER, VERIFY_URL, make_card, open_png
from tests.conftest import missing

LETTERS = string.ascii_letters + string.digits + "-_"
WHERE = [
    ("standard", "front", {NUMBER}),
    ("standard", "back", {VERIFY_URL}),
    ("vietinbank_linked", "back", {NUMBER, VERIFY_URL}),
]


def texts(picture):
    # Other symbologies the reader would fancy to see in a blurred QR code.
    kinds = (zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode)
    return {code.text for code in zxingcpp.read_barcodes(picture, formats=kinds)}


@pytest.mark.parametrize(("design", "side", "held"), WHERE)
@pytest.mark.parametrize("dpi", [300, 600])
@pytest.mark.parametrize("overprint", [False, True])
def test_codes_read_back_from_the_picture(design, side, held, dpi, overprint):
    content = draw_png(
        load_design(design), side, make_card(), dpi=dpi, overprint=overprint
    )
    assert texts(open_png(content)) == held


@pytest.mark.parametrize(("design", "side", "held"), WHERE)
@pytest.mark.parametrize("dpi", [300, 600])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_no_pixel_of_a_code_is_grey_and_modules_are_whole(
    design, side, held, dpi, profile
):
    loaded, card = load_design(design), make_card()
    picture = open_png(draw_png(loaded, side, card, dpi=dpi, profile=profile))
    pixels, frame = np.asarray(picture), Frame(PROFILES[profile], dpi)
    for slot in loaded.sides[side].slots:
        if not isinstance(slot, CodeSlot):
            continue
        text = NUMBER if slot.field == "member_number" else VERIFY_URL
        code = place(encode(text, slot.symbology), slot, frame)
        left, top, right, bottom = code.box
        box = pixels[top:bottom, left:right]
        assert set(np.unique(box)) == {0, 255}
        dark = np.zeros(box.shape[:2], bool)
        for x0, y0, x1, y1 in code.dark_boxes():
            dark[y0 - top : y1 - top, x0 - left : x1 - left] = True
            assert (x1 - x0) % code.module_px == 0
        assert ((box[:, :, 0] == 0) == dark).all()


def test_the_bar_code_has_101_modules_of_three_pixels():
    slots = load_design("standard").sides["front"].slots
    slot = next(slot for slot in slots if isinstance(slot, CodeSlot))
    modules = encode(NUMBER, "code128")
    assert len(modules.rows[0]) == 101
    for dpi, module in ((300, 3), (600, 6)):
        code = place(modules, slot, Frame(PROFILES["cr80"], dpi))
        left, _, right, _ = code.box
        assert code.module_px == module
        # The quiet zone of ten modules is inside the white box on both sides.
        assert code.left_px - left >= 10 * module
        assert right - code.left_px - 101 * module >= 10 * module


def worn(picture):
    """Give the picture as it was drawn, blurred, and blurred and out of scale."""
    soft = picture.filter(ImageFilter.GaussianBlur(1.5))
    size = round(picture.width * 1.02), round(picture.height * 0.98)
    return picture, soft, soft.resize(size, Image.Resampling.BICUBIC)


def random_cards(count, *, seed):
    random = Random(seed)
    for _ in range(count):
        link = "https://congdoan.example/k/" + "".join(random.choices(LETTERS, k=22))
        yield make_card(
            member_number=f"{random.randrange(10**12):012d}", verify_url=link
        )


@pytest.mark.parametrize(("dpi", "count"), [(300, 8), (600, 3)])
def test_random_cards_read_back_even_when_blurred_and_out_of_scale(dpi, count):
    design = load_design("vietinbank_linked")
    for card in random_cards(count, seed=dpi):
        picture = open_png(draw_png(design, "back", card, dpi=dpi))
        for each in worn(picture):
            assert texts(each) == {card.member_number, card.verify_url}


def test_a_second_reader_reads_the_same(tmp_path):
    if not shutil.which("zbarimg"):
        missing("zbarimg")
    design, files, wanted = load_design("vietinbank_linked"), [], []
    for number, card in enumerate(random_cards(6, seed=7)):
        picture = open_png(draw_png(design, "back", card))
        for slot in design.sides["back"].slots:
            if not isinstance(slot, CodeSlot):
                continue
            box = Frame(PROFILES["cr80"], 300).box(
                slot.x_mm - 1, slot.y_mm - 1, slot.width_mm + 2, slot.height_mm + 2
            )
            for state, each in enumerate(worn(picture.crop(box).convert("L"))):
                files.append(tmp_path / f"{number}-{slot.symbology}-{state}.pgm")
                each.save(files[-1])
                wanted.append(getattr(card, slot.field))
    read = subprocess.run(
        ["zbarimg", "-q", "--raw", *files], capture_output=True, text=True, check=True
    )
    assert sorted(read.stdout.split()) == sorted(wanted)


@pytest.mark.parametrize(
    "number",
    ["995663741683", "999999999999", "009900990099", "990000000000", "100101102103"],
)
def test_pairs_that_name_other_sets_elsewhere_are_digits_here(number):
    assert len(encode(number, "code128").rows[0]) == 101
    picture = draw_png(
        load_design("standard"), "front", make_card(member_number=number)
    )
    assert texts(open_png(picture)) == {number}


def test_a_long_run_of_links_gives_the_codes_that_the_library_gives():
    random = Random(9)
    for _ in range(90):
        text = "https://a.example/" + "".join(random.choices("aZ09-_", k=12))
        wanted = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=4)
        wanted.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
        wanted.make()
        rows = tuple(map(tuple, wanted.get_matrix()))
        assert encode(text, "qr").rows == rows


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize("symbology", ["code128", "qr"])
def test_a_turned_code_fills_its_box_and_reads_back(turn, symbology):
    size = (30.8, 7) if turn % 2 == 0 else (7, 30.8)
    if symbology == "qr":
        size = 12, 12
    slot = CodeSlot(
        field="member_number",
        line=1,
        condition=None,
        panel="k",
        turn=turn,
        x_mm=5,
        y_mm=5,
        symbology=symbology,
        width_mm=size[0],
        height_mm=size[1],
    )
    placed = place(encode(NUMBER, symbology), slot, Frame(PROFILES["cr80"], 300))
    picture = placed.picture()
    left, top, right, bottom = placed.box
    assert picture.size == (right - left, bottom - top)
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == NUMBER
    assert round(read.orientation) % 360 in {turn * 90, (turn * 90 + 180) % 360}
    painted = Image.new("L", picture.size, 255)
    for x0, y0, x1, y1 in placed.dark_boxes():
        painted.paste(0, (x0 - left, y0 - top, x1 - left, y1 - top))
    assert painted.tobytes() == picture.tobytes()


def test_a_link_too_long_for_its_box_is_no_code():
    slots = load_design("standard").sides["back"].slots
    slot = next(slot for slot in slots if isinstance(slot, CodeSlot))
    frame = Frame(PROFILES["cr80"], 300)
    assert place(encode("https://a.example/" + "k" * 400, "qr"), slot, frame) is None
    assert encode("k" * 5000, "qr") is None
