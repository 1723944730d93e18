"""The panels of a card printer: hard black dots for K, all else in colour."""

from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from card_designs import PROFILES, load_design
from card_designs.__main__ import main
from card_designs.panels import draw_panels, encode_panel
from card_designs.profiles import Frame
from card_designs.slots import PhotoSlot
from tests.card_designs.cards import NUMBER, VERIFY_URL, make_card, make_photo, open_png

STANDARD, LINKED = load_design("standard"), load_design("vietinbank_linked")
SIDES = pytest.mark.parametrize(
    ("design", "side"),
    [(design, side) for design in (STANDARD, LINKED) for side in ("front", "back")],
)


def panels(design, side, card=None, *, dpi=300, overprint=False):
    frame = Frame(PROFILES["cr80"], dpi)
    card = card or make_card()
    return draw_panels(design, side, card, frame=frame, overprint=overprint)


@SIDES
@pytest.mark.parametrize("dpi", [300, 600])
def test_merged_is_colour_with_the_dots_of_k_in_exact_black(design, side, dpi):
    parted = panels(design, side, dpi=dpi)
    dots = ~np.asarray(parted.k)
    wanted = np.asarray(parted.colour).copy()
    wanted[dots] = 0
    assert dots.any()
    assert (np.asarray(parted.merged) == wanted).all()


def test_k_is_one_bit_a_pixel_and_says_its_resolution():
    file = Image.open(BytesIO(encode_panel(panels(STANDARD, "front").k, dpi=300)))
    assert (file.mode, file.size) == ("1", (1011, 638))
    assert round(file.info["dpi"][0]) == 300


@pytest.mark.parametrize(
    ("design", "side", "held"),
    [
        (STANDARD, "front", {NUMBER}),
        (STANDARD, "back", {VERIFY_URL}),
        (LINKED, "back", {NUMBER, VERIFY_URL}),
    ],
)
def test_codes_are_in_k_and_only_there(design, side, held):
    parted = panels(design, side)
    read = {code.text for code in zxingcpp.read_barcodes(parted.k.convert("L"))}
    assert read == held
    assert zxingcpp.read_barcodes(parted.colour) == []


@SIDES
def test_an_overprint_has_the_same_k(design, side):
    whole, bare = panels(design, side), panels(design, side, overprint=True)
    assert whole.k.tobytes() == bare.k.tobytes()


def test_an_overprint_back_without_colour_data_leaves_the_colour_panel_white():
    colour = panels(STANDARD, "back", overprint=True).colour
    assert colour.getextrema() == ((255, 255),) * 3


def test_dark_hair_in_a_photo_is_never_black_enough_for_k():
    black = Image.new("RGB", (472, 709), (0, 0, 3))
    file = BytesIO()
    black.save(file, "PNG")
    parted = panels(STANDARD, "front", make_card(photo=file.getvalue()))
    (slot,) = (s for s in STANDARD.sides["front"].slots if isinstance(s, PhotoSlot))
    box = Frame(PROFILES["cr80"], 300).box(
        slot.x_mm, slot.y_mm, slot.width_mm, slot.height_mm
    )
    assert min(low for low, _ in parted.merged.crop(box).getextrema()) >= 26


def test_fixed_art_marked_for_k_is_printed_by_k_alone(tmp_path):
    (tmp_path / "design.toml").write_text("")
    (tmp_path / "front.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 85.6 53.98"'
        ' font-family="Be Vietnam Pro">'
        '<rect width="20" height="20" fill="#ff0000"/>'
        '<g data-panel="k"><rect x="30" width="20" height="20"/></g>'
        '<text data-field="full_name" x="5" y="30" font-size="3" data-max-width="60"/>'
        '<text data-field="member_number" x="5" y="40" font-size="3"'
        ' data-max-width="60" data-panel="k"/></svg>'
    )
    parted = panels(load_design(tmp_path), "front")
    red, black = (100, 100), (470, 100)
    assert parted.colour.getpixel(red) == (255, 0, 0)
    assert parted.colour.getpixel(black) == (255, 255, 255)
    assert (parted.k.getpixel(red), parted.k.getpixel(black)) == (255, 0)


def test_the_command_writes_the_panels_that_are_asked_for(tmp_path):
    (tmp_path / "a.jpg").write_bytes(make_photo())
    data = tmp_path / "cards.csv"
    data.write_text(
        "member_number,full_name,birth_date,unit_name,issue_date,photo\n"
        f"{NUMBER},Nguyễn Thị Ánh,02/09/1985,CĐCS A,28/07/2026,a.jpg\n"
    )
    out = tmp_path / "out"
    arguments = ["render", "--design", "standard", "--data", str(data), "--prove"]
    places = ["--photos", str(tmp_path), "--out", str(out), "--sides", "front"]
    assert main([*arguments, *places, "--panel", "merged,k", "--workers", "1"]) == 0
    written = sorted(out.glob("*.png"))
    pictures = {path.name: open_png(path.read_bytes()).mode for path in written}
    assert pictures == {
        f"{NUMBER}-front-merged.png": "RGB",
        f"{NUMBER}-front-k.png": "1",
    }


def test_an_unknown_panel_is_wrong_use(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["render", "--panel", "gold"])
    assert stop.value.code == 2
    assert "merged, colour, k" in capsys.readouterr().err
