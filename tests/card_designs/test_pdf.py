"""The PDF: exact pages, embedded fonts, things stored once, sheets."""

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from card_designs import CardData, CardRefused, draw_pdf, load_design
from card_designs.pdf import PdfBook
from card_designs.profiles import Frame
from card_designs.sheets import BLEEDING, SHEETS
from tests.card_designs import rasters
from tests.card_designs.cards import make_card, make_photo

DESIGNS = ["standard", "vietinbank_linked"]


@pytest.fixture(scope="module", params=DESIGNS)
def printed(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    design = load_design(request.param)
    pages = draw_pdf(design, [make_card(), make_card()], folder / "cards.pdf")
    assert pages == 4
    return design, folder / "cards.pdf", folder


def test_pages_have_the_size_of_the_card_within_four_hundredths_of_a_mm(printed):
    with pikepdf.open(printed[1]) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(edge) for edge in page.mediabox)
            assert right - left == pytest.approx(85.6 / 25.4 * 72, abs=0.04 / 25.4 * 72)
            assert top - bottom == pytest.approx(
                53.98 / 25.4 * 72, abs=0.04 / 25.4 * 72
            )


def test_every_font_is_embedded(printed):
    fonts = subprocess.run(
        ["pdffonts", printed[1]], capture_output=True, text=True, check=True
    )
    rows = fonts.stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"BeVietnamPro-(Regular|Bold)", row)
        assert re.search(r"\byes\s+yes\b", row)


def test_text_can_be_read_out_of_the_file(printed):
    text = subprocess.run(
        ["pdftotext", "-layout", printed[1], "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Nguyễn Thị Hồng Ánh" in text


def contents(path):
    """Give what each page and each form draws, decoded."""
    with pikepdf.open(path) as pdf:
        forms = [
            thing.read_bytes()
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Form"
        ]
        return [page.Contents.read_bytes() for page in pdf.pages], forms


def test_the_file_is_sound(printed):
    with pikepdf.open(printed[1]) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_no_number_is_written_with_an_exponent(printed):
    pages, forms = contents(printed[1])
    assert len(pages) == 4
    for stream in (*pages, *forms):
        assert not re.search(rb"(?<![\w<])-?\d+(\.\d+)?[eE][-+]?\d+\b", stream)


def test_black_for_k_is_a_grey_of_its_own(printed):
    for page in contents(printed[1])[0]:
        assert b"0 0 0 rg" not in page
        assert re.search(rb"BT 0 g /[RB] ", page)


def test_the_same_cards_give_the_same_bytes(tmp_path):
    made = []
    for name in ("a.pdf", "b.pdf"):
        draw_pdf(load_design("standard"), [make_card()] * 2, tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert b"Date" not in made[0]


def numbers_on(path):
    """Read the member number off each page, or what else stands in its place."""
    with pikepdf.open(path) as pdf:
        count = len(pdf.pages)
    texts = [
        subprocess.run(
            ["pdftotext", "-layout", "-f", str(page), "-l", str(page), path, "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for page in range(1, count + 1)
    ]
    return [re.findall(r"0000 0000 (\d{4})", text) for text in texts]


def numbered(count):
    photo = make_photo(size=(236, 354))
    for number in range(count):
        yield make_card(member_number=f"{number:012d}", photo=photo)


def test_sides_follow_one_another_or_stand_apart(tmp_path):
    design = load_design("standard")
    draw_pdf(design, numbered(3), tmp_path / "mixed.pdf")
    read = [page[0] for page in numbers_on(tmp_path / "mixed.pdf")]
    assert read == ["0000", "0000", "0001", "0001", "0002", "0002"]
    draw_pdf(design, numbered(3), tmp_path / "apart.pdf", apart=True)
    read = [page[0] for page in numbers_on(tmp_path / "apart.pdf")]
    assert read == ["0000", "0001", "0002"] * 2


def test_more_pages_than_one_branch_of_the_page_tree_keep_their_order(tmp_path):
    design, path = load_design("standard"), tmp_path / "many.pdf"
    assert draw_pdf(design, numbered(70), path, apart=True, overprint=True) == 140
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 140
        # A photo is on the front only.
        fronts = ["/P0" in page.Resources.XObject for page in pdf.pages]
    assert fronts == [True] * 140


def test_a_sheet_holds_ten_cards_with_their_backs_behind_them(tmp_path):
    design, path, sheet = load_design("standard"), tmp_path / "a4.pdf", SHEETS["a4"]
    with PdfBook(design, path, sheet=sheet) as book:
        for card in numbered(11):
            book.add(card)
    assert book.pages == 4
    with pikepdf.open(path) as pdf:
        width, height = (float(edge) for edge in pdf.pages[0].mediabox[2:])
        assert (width, height) == pytest.approx((595.2, 841.92), abs=0.1)
    front, back, *_ = numbers_on(path)
    # Read row by row: on the back the columns are exchanged.
    assert front == [f"{number:04d}" for number in range(10)]
    assert back == [f"{number:04d}" for number in (1, 0, 3, 2, 5, 4, 7, 6, 9, 8)]


def test_codes_on_a_sheet_read_back_and_crop_marks_leave_the_cards_alone(tmp_path):
    path, sheet = tmp_path / "a4.pdf", SHEETS["a4"]
    draw_pdf(load_design("standard"), numbered(10), path, sheet=sheet, sides=("front",))
    (page,) = rasters.pages(path, dpi=300)
    assert page.size == sheet.size_px
    read = {code.text for code in zxingcpp.read_barcodes(page)}
    assert read == {f"{number:012d}" for number in range(10)}
    frame = Frame(BLEEDING, 300)
    for x0, y0, x1, y1 in sheet.crop_marks():
        assert page.getpixel(((x0 + x1) // 2, (y0 + y1) // 2))[0] < 200
        for place in range(10):
            spot = sheet.spot(place, mirrored=False)
            right = spot.left_px + frame.width_px
            bottom = spot.top_px + frame.height_px
            assert x1 < spot.left_px or x0 > right or y1 < spot.top_px or y0 > bottom


def test_each_back_lies_behind_its_front():
    sheet, frame = SHEETS["a4"], Frame(BLEEDING, 300)
    for place in range(sheet.places):
        front, back = (sheet.spot(place, mirrored=m) for m in (False, True))
        mirrored = sheet.size_px[0] - front.left_px - frame.width_px
        assert abs(back.left_px - mirrored) <= 2
        assert back.top_px == front.top_px


def test_a_dark_photo_is_lifted_above_the_black_of_k(tmp_path):
    black, path = BytesIO(), tmp_path / "a.pdf"
    Image.new("RGB", (472, 709)).save(black, "JPEG")
    card = make_card(photo=black.getvalue())
    draw_pdf(load_design("standard"), [card], path, sides=("front",), overprint=True)
    assert black.getvalue() in path.read_bytes()
    (page,) = rasters.pages(path, dpi=300)
    face = page.crop((60, 215, 270, 540))
    assert all(24 <= low <= high <= 28 for low, high in face.getextrema())


def test_a_photo_of_another_kind_becomes_a_print_size_jpeg(tmp_path):
    path = tmp_path / "a.pdf"
    photo = make_photo(size=(1600, 2400), kind="PNG")
    draw_pdf(load_design("standard"), [make_card(photo=photo)], path)
    with pikepdf.open(path) as pdf:
        picture = pdf.pages[0].Resources.XObject["/P0"]
        assert (picture.Width, picture.Height) == (472, 709)
        assert picture.Filter == "/DCTDecode"


@pytest.mark.parametrize("spoil", [lambda b: b[:-2], lambda b: b[:9], lambda b: b"x"])
def test_a_photo_that_is_not_whole_is_refused(tmp_path, spoil):
    plain = BytesIO()
    Image.new("RGB", (472, 709)).save(plain, "JPEG")
    card = make_card(photo=spoil(plain.getvalue()))
    with pytest.raises(CardRefused, match="hỏng"):
        draw_pdf(load_design("standard"), [card], tmp_path / "a.pdf")


def test_every_letter_of_the_language_can_be_read_out_again(tmp_path):
    path = tmp_path / "a.pdf"
    letters = "ễặựĐẵỶỵ ỠộỨ"
    draw_pdf(load_design("standard"), [make_card(full_name=letters)], path)
    assert (
        letters
        in subprocess.run(
            ["pdftotext", path, "-"], capture_output=True, text=True, check=True
        ).stdout
    )


def test_a_print_size_photo_passes_through_untouched(tmp_path):
    photo = make_photo(size=(472, 709))
    path = tmp_path / "cards.pdf"
    draw_pdf(load_design("standard"), [make_card(photo=photo)], path, sides=("front",))
    assert photo in path.read_bytes()


def test_an_overprint_page_has_data_only(tmp_path):
    path = tmp_path / "cards.pdf"
    draw_pdf(
        load_design("standard"), [make_card()], path, sides=("back",), overprint=True
    )
    (page,) = rasters.pages(path, dpi=300)
    pixels = np.asarray(page)
    assert (pixels[:300] == 255).all()
    assert (pixels == 0).any()


def test_another_profile_gives_a_larger_page(tmp_path):
    path = tmp_path / "cards.pdf"
    draw_pdf(load_design("standard"), [make_card()], path, profile="retransfer")
    (front, _) = rasters.pages(path, dpi=300)
    assert front.size == (1036, 664)


def test_the_art_is_stored_once(tmp_path):
    design, photo = load_design("standard"), make_photo(size=(24, 36))
    sizes = []
    for count in (1, 21):
        path = tmp_path / f"{count}.pdf"
        draw_pdf(design, [make_card(photo=photo)] * count, path)
        sizes.append(path.stat().st_size)
    assert (sizes[1] - sizes[0]) / 20 < 4096


def test_a_refused_card_leaves_no_file_behind(tmp_path):
    def cards() -> Iterator[CardData]:
        yield make_card()
        yield make_card(photo=None)

    with pytest.raises(CardRefused):
        draw_pdf(load_design("standard"), cards(), tmp_path / "cards.pdf")
    assert list(tmp_path.iterdir()) == []
