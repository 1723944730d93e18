"""What rasterisers make of a PDF is what the PNG shows."""

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from card_designs import draw_pdf, draw_png, load_design
from card_designs.codes import encode, place
from card_designs.fit import extent_mm, fit
from card_designs.profiles import PROFILES, Frame
from card_designs.slots import CodeSlot, TextSlot
from tests.card_designs.cards import NUMBER, VERIFY_URL, make_card, open_png
from tests.card_designs.rasters import installed, pages

DESIGNS = ["standard", "vietinbank_linked"]
BY = pytest.mark.parametrize("by", installed())
DPI = pytest.mark.parametrize("dpi", [300, 600])


@pytest.fixture(scope="module", params=DESIGNS)
def books(request, tmp_path_factory):
    """One card of a design as PDF, whole and as an overprint."""
    folder = tmp_path_factory.mktemp(request.param)
    design, made = load_design(request.param), {}
    for overprint in (False, True):
        path = folder / f"{'over' if overprint else 'whole'}.pdf"
        assert draw_pdf(design, [make_card()], path, overprint=overprint) == 2
        made[overprint] = path
    drawn = {}

    def drawn_by(by, dpi, *, overprint):
        key = by, dpi, overprint
        if key not in drawn:
            drawn[key] = pages(made[overprint], dpi=dpi, by=by)
        return zip(design.sides.values(), drawn[key], strict=True)

    return design, drawn_by


def ink(picture: Image.Image, box) -> tuple[int, int, int, int] | None:
    """Find the ink inside a box of white paper."""
    grey = picture.crop(box).convert("L")
    return grey.point([255] * 140 + [0] * 116).getbbox()


def boxes(side, frame):
    """Give the pixels around each slot: what may be written there, and no more."""
    for slot in side.slots:
        if isinstance(slot, TextSlot):
            found = extent_mm(slot, fit(slot.text(make_card()), slot))
        else:
            right, bottom = slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
            found = slot.x_mm, slot.y_mm, right, bottom
        x0, y0, x1, y1 = found
        yield slot, frame.box(x0 - 0.3, y0 - 0.3, x1 - x0 + 0.6, y1 - y0 + 0.6)


@BY
def test_every_slot_stands_within_a_tenth_of_a_mm(books, by):
    design, drawn_by = books
    frame = Frame(PROFILES["cr80"], 600)
    tenth = 0.1 * frame.scale
    for side, page in drawn_by(by, 600, overprint=True):
        png = draw_png(design, side.name, make_card(), dpi=600, overprint=True)
        picture = open_png(png)
        for slot, box in boxes(side, frame):
            here, there = ink(page, box), ink(picture, box)
            assert here is not None, slot.field
            apart = np.abs(np.subtract(here, there)).max()
            assert apart <= tenth, (slot.field, here, there)


@BY
def test_the_whole_page_looks_like_the_picture(books, by):
    design, drawn_by = books
    for side, page in drawn_by(by, 300, overprint=False):
        assert look_alike(page, open_png(draw_png(design, side.name, make_card())))


def look_alike(page: Image.Image, picture: Image.Image) -> bool:
    """Compare without the edges, which each program draws a little differently."""
    assert page.size == picture.size
    soft = [each.filter(ImageFilter.GaussianBlur(3)) for each in (page, picture)]
    apart = np.asarray(ImageChops.difference(*soft))
    return apart.max() < 60 and apart.mean() < 2


@BY
@DPI
def test_codes_are_read_back_and_have_no_grey_pixel(books, by, dpi):
    _, drawn_by = books
    held = set()
    for side, page in drawn_by(by, dpi, overprint=False):
        held |= {code.text for code in zxingcpp.read_barcodes(page)}
        for slot in side.slots:
            if isinstance(slot, CodeSlot):
                assert shows_exactly(page, slot, dpi)
    assert held == {NUMBER, VERIFY_URL}


def shows_exactly(page: Image.Image, slot: CodeSlot, dpi: int) -> bool:
    """Say whether a code's pixels are black where it is dark, white elsewhere."""
    text = NUMBER if slot.field == "member_number" else VERIFY_URL
    code = place(encode(text, slot.symbology), slot, Frame(PROFILES["cr80"], 300))
    times = dpi // 300
    wanted = code.picture()
    wanted = wanted.resize((wanted.width * times, wanted.height * times), 0)
    drawn = page.crop([edge * times for edge in code.box])
    return drawn.tobytes() == wanted.convert("RGB").tobytes()


TURNED = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 85.6 53.98"
 font-family="Be Vietnam Pro"><rect width="85.6" height="53.98" fill="#e0f0ff"/>
<g transform="rotate(90 70 27)"><image data-field="photo" x="58" y="10" width="20"
 height="30"/></g>
<g transform="rotate(-90 12 27)"><rect data-field="member_number" data-panel="k"
 data-symbology="code128" x="-4" y="20" width="30.8" height="7"/>
<text data-field="member_number" x="-4" y="32" font-size="3" data-max-width="40"/></g>
<rect x="20" y="4" width="30" height="3" fill="#ffcc00"/>
<g transform="rotate(180 40 12)"><text data-field="full_name" x="40" y="12"
 text-anchor="middle" font-size="4" data-max-width="60" fill="#8a1020"/></g>
<rect x="38" y="7" width="4" height="10" fill="#208040"/></svg>"""


@BY
def test_turned_slots_and_art_above_them_look_the_same(tmp_path, by):
    (tmp_path / "design.toml").write_text("")
    (tmp_path / "front.svg").write_text(TURNED)
    design, card = load_design(tmp_path), make_card()
    assert len(design.sides["front"].layers) == 3
    draw_pdf(design, [card], tmp_path / "a.pdf")
    (page,) = pages(tmp_path / "a.pdf", dpi=300, by=by)
    picture = open_png(draw_png(design, "front", card))
    assert look_alike(page, picture)
    assert {code.text for code in zxingcpp.read_barcodes(page)} == {NUMBER}


def test_a_side_beyond_the_fast_path_is_drawn_faithfully(tmp_path):
    (tmp_path / "design.toml").write_text("")
    (tmp_path / "front.svg").write_text(
        TURNED.replace(
            '<g transform="rotate(180', '<g opacity="0.5" transform="rotate(180'
        )
    )
    design, card = load_design(tmp_path), make_card()
    assert design.sides["front"].beyond
    draw_pdf(design, [card], tmp_path / "a.pdf")
    (page,) = pages(tmp_path / "a.pdf", dpi=300)
    picture = open_png(draw_png(design, "front", card))
    assert look_alike(page, picture)
    assert {code.text for code in zxingcpp.read_barcodes(page)} == {NUMBER}
