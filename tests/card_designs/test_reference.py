"""The fast path draws what CairoSVG draws of the whole filled SVG."""

import numpy as np
import pytest
from PIL import Image

from card_designs import PROFILES, draw_png, load_design
from card_designs.profiles import Frame
from card_designs.reference import draw_reference
from tests.card_designs.cards import LONG_UNIT, make_card, open_png

NAME = (
    '<text data-field="full_name" x="30" y="12" font-size="3.4" font-weight="bold"'
    ' data-max-width="50" data-min-size="2">A</text>'
)
NUMBER = (
    '<text data-field="member_number" x="30" y="20" font-size="3"'
    ' data-format="{groups}" data-max-width="50" data-min-size="2"/>'
)
UNIT = (
    '<text data-field="unit_name" x="30" y="26" font-size="2.4" data-fit="wrap"'
    ' data-max-width="40" data-lines="3" data-min-size="1.6"/>'
)
PHOTO = '<image data-field="photo" x="4" y="16" width="20" height="30"/>'
BARS = (
    '<rect data-field="member_number" data-symbology="code128" x="30" y="38"'
    ' width="32" height="8"/>'
)
QR = (
    '<rect data-field="verify_url" data-symbology="qr" x="65" y="30" width="15"'
    ' height="15"/>'
)
PAPER = '<rect x="-2" y="-2" width="90" height="58" fill="#dfe8f6"/>'
ALL = PAPER + PHOTO + NAME + NUMBER + UNIT + BARS + QR

DESIGNS = {
    "all kinds of slots": ALL,
    "no art": PHOTO + NAME + NUMBER,
    "a shifted group": f'<g transform="translate(2.3 1.7)">{ALL}</g>',
    "a shrunken group": f'<g transform="translate(3 2) scale(0.96)">{ALL}</g>',
    "groups in groups": (
        f'{PAPER}<g transform="scale(0.5)"><g transform="translate(9 4) scale(1.6)">'
        f"{NAME}{NUMBER}{PHOTO}</g></g>"
    ),
    "text turned right": (f'{PAPER}<g transform="rotate(90 40 27)">{NAME}{NUMBER}</g>'),
    "text turned left": f'{PAPER}<g transform="rotate(-90 43 27)">{UNIT}{NAME}</g>'
    + NUMBER,
    "text upside down": f'{PAPER}<g transform="rotate(180 42 27)">{ALL}</g>',
    "photo and codes turned right": (
        f'{PAPER}<g transform="translate(80 -20) rotate(90)">{PHOTO}{BARS}{QR}</g>'
        + NAME
    ),
    "photo and codes turned left": (
        f'{PAPER}<g transform="translate(5 75) rotate(270)">{PHOTO}{BARS}{QR}</g>'
        + NAME
    ),
    "a matrix as Inkscape writes it": (
        f'{PAPER}<g transform="matrix(0,1,-1,0,60,-20)">{NAME}{NUMBER}</g>'
    ),
    "art above beside the slots": (
        ALL + '<circle cx="82" cy="50" r="2" fill="#d4001a"/>'
    ),
    "art above the photo": (
        ALL + '<circle cx="14" cy="30" r="6" fill="#d4001a" fill-opacity="0.4"/>'
    ),
    "art above the letters": (
        ALL + '<path d="M25 10 L80 13" stroke="#c00" stroke-width="0.6"/>'
    ),
    "art between the slots": (
        PAPER
        + PHOTO
        + '<rect x="2" y="40" width="30" height="9" fill="#0a2a63" opacity="0.7"/>'
        + NAME
        + NUMBER.replace('x="30" y="20"', 'x="5" y="44" fill="#ffffff"')
        + '<rect x="28" y="9" width="12" height="1.2" fill="#c9a24a"/>'
    ),
    "used art in two layers": (
        '<circle id="dot" cx="4" cy="4" r="3" fill="#1a7f37"/>'
        + PAPER
        + NAME
        + NUMBER
        + PHOTO
        + '<use href="#dot" transform="translate(16 20)"/>'
    ),
    "conditions": (
        ALL
        + NAME.replace(
            "data-field", 'data-show-if="card_kind=linked" data-field'
        ).replace('y="12"', 'y="6"')
        + NUMBER.replace(
            "data-field", 'data-show-if="province_code=85" data-field'
        ).replace('y="20"', 'y="50"')
    ),
    "anchors and spacing": (
        PAPER
        + NAME.replace("x=", 'text-anchor="middle" letter-spacing="0.15" x=')
        + NUMBER.replace("x=", 'text-anchor="end" letter-spacing="0.3" x=')
        + UNIT.replace("x=", 'text-anchor="middle" data-grow="middle" x=')
    ),
    "colours and capitals": (
        PAPER
        + NAME.replace("x=", 'fill="#b00020" data-transform="upper" x=')
        + NUMBER.replace("x=", 'style="fill:#fff;font-size:4px" x=')
    ),
    "a hidden group": (
        f'{ALL}<g display="none">{NAME.replace("12", "6")}'
        '<rect width="20" height="20"/></g>'
    ),
    "slots beyond the edge": (
        f'{PAPER}<g transform="translate(-22 -14)">{PHOTO}{NAME}</g>{NUMBER}'
    ),
    "slots above each other": PAPER
    + PHOTO.replace('x="4"', 'x="26"').replace('y="16"', 'y="4"')
    + NAME
    + NUMBER,
    "gradients, clips and patterns": (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/>'
        '<stop offset="1" stop-color="#0d3a86"/></linearGradient>'
        '<clipPath id="c"><circle cx="60" cy="20" r="14"/></clipPath></defs>'
        '<rect x="-2" y="-2" width="90" height="58" fill="url(#g)"/>'
        '<rect width="85" height="53" fill="#c9a24a" clip-path="url(#c)"/>'
        + ALL.removeprefix(PAPER)
    ),
}
SLOW = {
    "a slanted name": f'{PAPER}<g transform="rotate(30 30 12)">{NAME}</g>{NUMBER}',
    "a slanted photo": f'{PAPER}<g transform="rotate(10)">{PHOTO}</g>{NAME}{NUMBER}',
    "a faint group": f'{PAPER}<g opacity="0.5">{NAME}{PHOTO}</g>{NUMBER}',
    "a clipped photo": (
        '<defs><clipPath id="c"><circle cx="14" cy="31" r="9"/></clipPath></defs>'
        f'{PAPER}<g clip-path="url(#c)">{PHOTO}</g>{NAME}{NUMBER}'
    ),
    "a slanting font": PAPER + NAME.replace("x=", 'font-style="italic" x=') + NUMBER,
}


@pytest.fixture
def made(tmp_path):
    """Make a design of one front side."""

    def make(body):
        (tmp_path / "design.toml").write_text('title = "Thử"', encoding="utf-8")
        (tmp_path / "front.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 85.6 53.98"'
            f' font-family="Be Vietnam Pro">{body}</svg>',
            encoding="utf-8",
        )
        return load_design(tmp_path)

    return make


def both(design, side="front", *, dpi=300, overprint=False, **values):
    """Draw a side by the fast path and by the reference."""
    card = make_card(full_name="Đặng Thị Ngự Hằng Ễ", unit_name=LONG_UNIT, **values)
    fast = open_png(draw_png(design, side, card, dpi=dpi, overprint=overprint))
    frame = Frame(PROFILES["cr80"], dpi)
    slow = draw_reference(design, side, card, frame=frame, overprint=overprint)
    return fast.convert("RGB"), slow


def apart(one: Image.Image, two: Image.Image) -> np.ndarray:
    return np.abs(np.asarray(one).astype(int) - np.asarray(two).astype(int))


@pytest.mark.parametrize("body", DESIGNS.values(), ids=DESIGNS)
def test_both_paths_give_the_same_picture(made, body):
    design = made(body)
    assert not design.sides["front"].beyond
    fast, slow = both(design)
    difference = apart(fast, slow)
    # Coloured letters round otherwise, art above slots is blended once more.
    assert difference.max() <= (3 if design.sides["front"].layers[1:] else 1)
    assert difference.mean() < 0.01


@pytest.mark.parametrize("name", ["standard", "vietinbank_linked"])
@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("overprint", [False, True])
@pytest.mark.parametrize("dpi", [300, 600])
def test_the_built_in_designs_are_drawn_alike_to_the_pixel(name, side, overprint, dpi):
    fast, slow = both(load_design(name), side, dpi=dpi, overprint=overprint)
    assert not apart(fast, slow).any()


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
def test_what_the_fast_path_cannot_draw_takes_the_reference_and_says_so(made, body):
    design = made(body)
    assert design.sides["front"].beyond
    told = [each for each in design.findings if each.code == "design-reference"]
    assert len(told) == 1
    assert "chậm hơn" in told[0].message
    assert "dòng 1" in told[0].where
    fast, slow = both(design)
    assert not apart(fast, slow).any()
    plain, _ = both(made(PAPER + PHOTO + NAME + NUMBER))
    assert apart(fast, plain).max() > 60


def test_art_above_a_photo_is_seen_through(made):
    fast, _ = both(made(DESIGNS["art above the photo"]))
    plain, _ = both(made(ALL))
    where = round(14 / 25.4 * 300), round(27 / 25.4 * 300)
    assert fast.getpixel(where) != plain.getpixel(where)
    assert fast.getpixel((300, 600)) == plain.getpixel((300, 600))


def test_markup_in_a_name_is_text_on_both_paths(made):
    for body in (ALL, SLOW["a slanted name"] + UNIT):
        name = "A <b>&amp;</b> {0}"
        card = make_card(unit_name=name)
        picture = draw_png(made(body), "front", card)
        assert picture != draw_png(made(body), "front", make_card(unit_name="A"))
