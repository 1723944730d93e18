"""What stands on a drawn side: letters, photo, edges, and nothing else."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from card_designs import PROFILES, CardData, draw_png, load_design
from card_designs.fields import CARD_FIELDS
from tests.card_designs.cards import make_card, make_photo, open_png

STANDARD = load_design("standard")
LINKED = load_design("vietinbank_linked")
DESIGNS = pytest.mark.parametrize("design", [STANDARD, LINKED])


def drawn(design, side, card, **how):
    return open_png(draw_png(design, side, card, **how)).convert("RGB")


def letters(picture: Image.Image, *, step_mm: float = 3.0) -> str:
    """Show a picture as letters, one per square: # ink, B or R photo, _ paper."""
    cell = round(step_mm / 25.4 * 300)
    small = picture.resize(
        (picture.width // cell, picture.height // cell), Image.Resampling.BOX
    )
    return "\n".join(
        "".join(_letter(small.getpixel((x, y))) for x in range(small.width))
        for y in range(small.height)
    )


def _letter(pixel) -> str:
    red, green, blue = pixel
    if blue - red > 60:
        return "B"
    if red - blue > 60:
        return "R"
    return "#" if green < 236 else "_"


def band(picture: Image.Image, box_mm) -> np.ndarray:
    """Cut a box, given in millimetres, out of a 300 dpi picture."""
    return np.asarray(picture.crop([round(mm / 25.4 * 300) for mm in box_mm]))


def test_an_overprint_shows_the_data_where_the_design_has_it():
    picture = drawn(STANDARD, "front", make_card(), overprint=True)
    assert letters(picture).split("\n") == [
        "____________________________",
        "____________________________",
        "____________________________",
        "____________________________",
        "____________________________",
        "_#######____________________",
        "_BBBBBBB____________________",
        "_BBBBBBB_###############____",
        "_BBBBBBB__#_#___#___#_______",
        "_BBBBBBB____________________",
        "_#BBBBBB_##########__##__#__",
        "_RRRRRRR_#####____####_####_",
        "_RRRRRRR____________________",
        "_RRRRRRR_###########________",
        "_RRRRRRR_###########________",
        "_RRRRRRR_#########__________",
        "_#######_#########__________",
        "____________________________",
    ]


@DESIGNS
@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize("dpi", [300, 600])
def test_a_side_is_opaque_rgb_of_the_exact_size_and_says_its_dpi(
    design, side, profile, dpi
):
    picture = open_png(draw_png(design, side, make_card(), profile=profile, dpi=dpi))
    assert picture.mode == "RGB"
    assert picture.size == PROFILES[profile].size_px(dpi)
    assert round(picture.info["dpi"][0]) == round(picture.info["dpi"][1]) == dpi
    assert "transparency" not in picture.info


@DESIGNS
@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_the_art_bleeds_over_every_edge(design, side, profile):
    pixels = np.asarray(drawn(design, side, make_card(), profile=profile)).astype(int)
    for edge, inner in (
        (pixels[0], pixels[1]),
        (pixels[-1], pixels[-2]),
        (pixels[:, 0], pixels[:, 1]),
        (pixels[:, -1], pixels[:, -2]),
    ):
        # A half-covered row mixed with white would differ from its neighbour by far.
        assert np.abs(edge - inner).mean() < 2
    assert pixels[-1, :, 2].mean() > pixels[-1, :, 0].mean() + 60


@DESIGNS
@pytest.mark.parametrize("side", ["front", "back"])
def test_an_overprint_has_no_fixed_art(design, side):
    card = make_card()
    pixels = np.asarray(drawn(design, side, card, overprint=True))
    for slot in design.sides[side].slots:
        if slot.field == "photo":
            left, top = round(slot.x_mm / 25.4 * 300), round(slot.y_mm / 25.4 * 300)
            pixels = pixels.copy()
            pixels[max(top - 1, 0) : top + 356, left - 1 : left + 238] = 255
    # Only black ink and its soft edges are left: no colour anywhere.
    assert (pixels.max(axis=2) == pixels.min(axis=2)).all()
    corner = pixels[:30]
    assert (corner == 255).all()
    assert (pixels == 0).any()


@DESIGNS
def test_text_for_the_k_panel_is_pure_black(design):
    for side in design.sides.values():
        for slot in side.slots:
            if slot.field != "photo":
                assert slot.panel == "k"
                assert getattr(slot, "colour", (0, 0, 0)) == (0, 0, 0)


@pytest.mark.parametrize(
    "name",
    ["Đặng Thễ Hặng Tự Đẵng", "H'Hen Niê", "Nguyễn Thị Hồng Ánh", "Y Moan Ênuôl"],
)
@DESIGNS
def test_names_typed_in_nfd_give_the_same_picture(design, name):
    split = unicodedata.normalize("NFD", name)
    assert split != unicodedata.normalize("NFC", name) or name.isascii()
    one = draw_png(design, "front", make_card(full_name=name))
    assert one == draw_png(design, "front", make_card(full_name=split))


def test_marks_stand_apart_on_the_card():
    pictures = {
        draw_png(STANDARD, "front", make_card(full_name=f"Th{letter}"), overprint=True)
        for letter in "eêềếểễệaăằắẳẵặuưừứửữựdđ"
    }
    assert len(pictures) == len("eêềếểễệaăằắẳẵặuưừứửữựdđ")


PROVINCE_LINE = (3, 30.3, 36, 33.6)


def test_the_province_line_stands_above_the_number_on_the_linked_card():
    line = band(drawn(LINKED, "back", make_card(), overprint=True), PROVINCE_LINE)
    assert (line == 0).any()


@pytest.mark.parametrize("overprint", [True, False])
def test_no_province_line_without_a_code(overprint):
    card = make_card(province_code="")
    line = band(drawn(LINKED, "back", card, overprint=overprint), PROVINCE_LINE)
    assert line.min() > 200


def test_the_standard_card_has_no_province_line():
    for side in ("front", "back"):
        one = draw_png(STANDARD, side, make_card(province_code="85"))
        assert one == draw_png(STANDARD, side, make_card(province_code=""))


@pytest.mark.parametrize(
    "photo",
    [
        make_photo(),
        make_photo(size=(900, 1350)),
        make_photo(size=(1200, 1500)),
        make_photo(kind="PNG"),
        make_photo(kind="WEBP"),
        make_photo(mode="CMYK"),
    ],
)
def test_a_photo_of_any_kind_fills_its_slot_upright(photo):
    face = band(drawn(STANDARD, "front", make_card(photo=photo)), (4.4, 17.5, 24, 47))
    upper, lower = face[: len(face) // 2 - 12], face[len(face) // 2 + 12 :]
    assert (upper[:, :, 2] > upper[:, :, 0] + 90).all()
    assert (lower[:, :, 0] > lower[:, :, 2] + 90).all()


def test_a_photo_of_sixteen_bit_grey_keeps_its_grey():
    file = BytesIO()
    Image.new("I;16", (600, 900), 30000).save(file, "PNG")
    card = make_card(photo=file.getvalue())
    face = band(drawn(STANDARD, "front", card), (4.4, 17.5, 24, 47))
    # The lift that keeps photos off the K panel included.
    assert 110 < face[:, :, 0].mean() < 140


def test_a_photo_is_turned_as_its_exif_says():
    upside_down = make_photo(turned=3)
    face = band(drawn(STANDARD, "front", make_card(photo=upside_down)), (5, 18, 24, 47))
    assert face[0, 0, 0] > face[0, 0, 2]


def test_a_transparent_photo_lies_on_white():
    photo = make_photo(kind="PNG", mode="RGBA")
    assert drawn(STANDARD, "front", make_card(photo=photo)).mode == "RGB"


@DESIGNS
def test_every_extreme_value_is_drawn(design):
    for field in CARD_FIELDS.values():
        for value in field.extremes:
            card = make_card(**{field.name: value})
            for side in design.sides:
                assert draw_png(design, side, card)


def test_threads_draw_the_same_bytes():
    cards = [make_card(member_number=f"{number:012d}") for number in range(8)]

    def draw(card: CardData) -> bytes:
        return draw_png(LINKED, "back", card)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(draw, cards)) == [draw(card) for card in cards]
