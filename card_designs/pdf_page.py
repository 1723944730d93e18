"""What one side of one card adds to a PDF page, as PDF operators."""

from collections.abc import Sequence
from functools import lru_cache

from card_designs.card_data import CardData
from card_designs.codes import PlacedCode, encode, place
from card_designs.fields import CARD_FIELDS
from card_designs.fit import fit, placed_lines
from card_designs.pdf_fonts import embedded_font
from card_designs.profiles import NATIVE_DPI, POINTS_PER_INCH, Frame
from card_designs.sheets import Spot
from card_designs.slots import CodeSlot, PhotoSlot, Slot, TextSlot

POINTS_PER_PX = POINTS_PER_INCH / NATIVE_DPI
"""Pages and codes stand on the 300 dpi grid; 600 dpi halves it exactly."""

FONTS = {False: "R", True: "B"}
"""The names of the regular and the bold font on every page."""

_INSET = 0.02
"""Pixels: poppler paints every pixel that an image touches, even by its mere edge."""

_UPRIGHT = ("1 0 0 -1", "0 1 1 0", "-1 0 0 1", "0 -1 -1 0")
"""Text after 0 to 3 quarter turns clockwise, where y counts downwards."""


def number(value: float) -> str:
    """Write a number for a PDF: never with an exponent, which poppler cannot read."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def grid(height_pt: float) -> str:
    """Turn page points upwards into pixels of the grid downwards."""
    step = number(POINTS_PER_PX)
    return f"{step} 0 0 -{step} 0 {number(height_pt)} cm\n"


def art_operators(name: str, spot: Spot, frame: Frame) -> str:
    """Draw the fixed art; its form counts in points upwards from its lower left."""
    scale = number(1 / POINTS_PER_PX)
    bottom = spot.top_px + frame.height_px
    return f"q {scale} 0 0 -{scale} {spot.left_px} {bottom} cm /{name} Do Q\n"


def picture_operators(name: str, frame: Frame) -> str:
    """Draw a whole side as a picture, relative to the side's corner."""
    return f"q {_image_at((0, 0, frame.width_px, frame.height_px))}/{name} Do Q\n"


def data_operators(
    slots: Sequence[Slot], card: CardData, frame: Frame, *, photo: str
) -> str:
    """Draw what the card fills in, relative to the side's corner.

    ``photo`` is the name of the card's photo on this page. The gate has passed the
    card before.
    """
    drawn = []
    for slot in slots:
        if not slot.shown(card):
            continue
        if isinstance(slot, TextSlot):
            drawn.append(_text(slot, slot.text(card), frame))
        elif isinstance(slot, PhotoSlot):
            drawn.append(f"q {_photo_at(slot, frame)}/{photo} Do Q\n")
        elif isinstance(slot, CodeSlot):
            drawn.append(_code(_placed(slot, card, frame)))
    return "".join(drawn)


@lru_cache(maxsize=512)
def _text(slot: TextSlot, text: str, frame: Frame) -> str:
    fitted = fit(text, slot)
    if fitted is None:
        raise AssertionError(f"the gate let {slot.field} through: {text!r}")
    font, size = embedded_font(bold=slot.bold), fitted.size_mm * frame.scale
    spacing = slot.letter_spacing_mm / slot.size_mm * size
    lines = []
    for line, x_mm, y_mm in placed_lines(slot, fitted):
        x_mm, y_mm = slot.place(x_mm - slot.x_mm, y_mm - slot.y_mm)
        where = f"{number(frame.x(x_mm))} {number(frame.y(y_mm))}"
        lines.append(f"{_UPRIGHT[slot.turn]} {where} Tm <{font.spelled(line)}> Tj\n")
    return (
        f"BT {_ink(slot.colour)} /{FONTS[slot.bold]} {number(size)} Tf"
        f" {number(spacing)} Tc\n{''.join(lines)}ET\n"
    )


def _ink(colour: tuple[float, float, float]) -> str:
    # Black is a grey of its own: printers send it to the K panel.
    if len(set(colour)) == 1:
        return f"{number(colour[0])} g"
    return " ".join(map(number, colour)) + " rg"


def _placed(slot: CodeSlot, card: CardData, frame: Frame) -> PlacedCode:
    text = CARD_FIELDS[slot.field].read(card)
    modules = encode(text, slot.symbology)
    placed = place(modules, slot, frame) if modules else None
    if placed is None:
        raise AssertionError(f"the gate let {slot.field} through: {text!r}")
    return placed


def _code(code: PlacedCode) -> str:
    """Draw a 1-bit mask: rasterisers smooth the edges of shapes, not of its pixels."""
    left, top, right, bottom = code.box
    modules = code.modules
    return (
        f"1 g {left} {top} {right - left} {bottom - top} re f 0 g q"
        f" {_image_at(code.dark_area)}"
        f"BI /IM true /W {modules.columns} /H {modules.count} /D [1 0] /F /AHx ID"
        f" {modules.packed.hex()}> EI Q\n"
    )


@lru_cache(maxsize=64)
def _photo_at(slot: PhotoSlot, frame: Frame) -> str:
    box = frame.box(slot.x_mm, slot.y_mm, slot.width_mm, slot.height_mm)
    return _image_at(box, slot.turn)


@lru_cache(maxsize=64)
def _image_at(box: tuple[int, int, int, int], turn: int = 0) -> str:
    """Let the next image fill a box, a hair within it, turned clockwise."""
    left, top, right, bottom = box
    left_in, right_in = number(left + _INSET), number(right - _INSET)
    top_in, bottom_in = number(top + _INSET), number(bottom - _INSET)
    wide = number(right - left - 2 * _INSET)
    high = number(bottom - top - 2 * _INSET)
    # The corner where the picture's lower left comes to lie, and its two edges there.
    matrix = (
        f"{wide} 0 0 -{high} {left_in} {bottom_in}",
        f"0 {high} {wide} 0 {left_in} {top_in}",
        f"-{wide} 0 0 {high} {right_in} {top_in}",
        f"0 -{high} -{wide} 0 {right_in} {bottom_in}",
    )[turn]
    return f"{matrix} cm "
