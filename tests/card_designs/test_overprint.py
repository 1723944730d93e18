"""On blanks only the data is printed, and art that the design marks as variable."""

import numpy as np
import pytest

from card_designs import PROFILES, draw_pdf, draw_png, load_design_files
from card_designs.profiles import Frame
from card_designs.reference import draw_reference
from tests.card_designs.attacks import drawn
from tests.card_designs.cards import make_card, open_png
from tests.card_designs.rasters import pages

TEXT = 'font-family="Be Vietnam Pro" font-size="3"'
SLOTS = (
    f'<text data-field="full_name" x="30" y="20" {TEXT} data-max-width="50"/>'
    f'<text data-field="member_number" x="30" y="30" {TEXT} data-max-width="50"/>'
)
PAPER = '<rect x="-2" y="-2" width="90" height="58" fill="#2040c0"/>'
RED = '<rect {} x="5" y="5" width="20" height="10" fill="#c00000"/>'
MARK = 'data-layer="variable"'
GREEN = (
    f'<g {MARK}><g><rect x="60" y="40" width="9" height="9" fill="#00a000"/></g></g>'
)


def design_of(inside: str):
    return load_design_files(
        {"design.toml": b"", "front.svg": drawn(inside)}, name="over"
    )


def pixel(picture, x_mm: float, y_mm: float) -> tuple[int, int, int]:
    return picture.getpixel((round(x_mm / 25.4 * 300), round(y_mm / 25.4 * 300)))


@pytest.mark.parametrize("above", [False, True])
def test_variable_art_stays_and_all_else_goes(above):
    art = RED.format(MARK) + GREEN
    design = design_of(PAPER + (SLOTS + art if above else art + SLOTS))
    over = open_png(draw_png(design, "front", make_card(), overprint=True))
    assert pixel(over, 10, 10) == (0xC0, 0, 0)
    assert pixel(over, 64, 44) == (0, 0xA0, 0)
    assert pixel(over, 40, 48) == (255, 255, 255)
    whole = open_png(draw_png(design, "front", make_card()))
    assert pixel(whole, 40, 48) == (0x20, 0x40, 0xC0)


def test_an_inner_static_outdoes_the_group_around_it():
    red = RED.format('data-layer="static"')
    design = design_of(f"<g {MARK}>{red}{GREEN}</g>{SLOTS}")
    over = open_png(draw_png(design, "front", make_card(), overprint=True))
    assert pixel(over, 10, 10) == (255, 255, 255)
    assert pixel(over, 64, 44) == (0, 0xA0, 0)


def test_a_group_that_is_marked_static_keeps_its_slots():
    design = design_of(f'<g data-layer="static">{PAPER}{SLOTS}</g>')
    over = open_png(draw_png(design, "front", make_card(), overprint=True))
    assert over.convert("L").getextrema()[0] < 60


def test_reference_and_pdf_print_the_same_art_on_blanks(tmp_path):
    design = design_of(PAPER + RED.format(MARK) + SLOTS + GREEN)
    card = make_card()
    over = open_png(draw_png(design, "front", card, overprint=True))
    frame = Frame(PROFILES["cr80"], 300)
    slow = draw_reference(design, "front", card, frame=frame, overprint=True)
    path = tmp_path / "over.pdf"
    draw_pdf(design, [card], path, sides=("front",), overprint=True)
    (page,) = pages(path, dpi=300)
    for other in (slow, page.crop((0, 0, over.width, over.height))):
        apart = np.abs(np.asarray(over, dtype=int) - np.asarray(other, dtype=int))
        assert apart.mean() < 1
