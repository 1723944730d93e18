"""A side parted into what a card printer's ribbon panels print: colour and black K.

K (resin) prints a dot or none: what ``data-panel="k"`` marks in a design comes out as
one bit a pixel with hard edges. Infrared readers and thumbs see and spare only K.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO

from lxml import etree
from PIL import Image, ImageChops

from card_designs.card_data import CardData
from card_designs.design import Design
from card_designs.layout import DRAWN, Side, put_away
from card_designs.profiles import Frame
from card_designs.slots import CodeSlot, Condition, Slot

PANELS = ("merged", "colour", "k")
"""What can be asked for: all in one picture, all but K, K alone."""

_K = "k"
_NEVER = Condition("member_number", "=", "\0")
_INKED = 128
"""Covered by half or more, a pixel is a dot of resin."""


@dataclass(frozen=True, slots=True)
class Panels:
    """One side: ``merged`` and ``colour`` are RGB, ``k`` is 1-bit, black where K is.

    ``merged`` is ``colour`` with the dots of ``k`` in exact black.
    """

    merged: Image.Image
    colour: Image.Image
    k: Image.Image


def draw_panels(
    design: Design, side: str, card: CardData, *, frame: Frame, overprint: bool = False
) -> Panels:
    """Draw one side as its panels; raises CardRefused as drawing it whole does."""
    # Here, not above: who only names panels needs no cairo.
    from card_designs.render import draw_pixels, placed_code

    black, colour = _parted(design)
    dots = draw_pixels(black, side, card, frame=frame, overprint=overprint).convert("L")
    k = dots.point([0] * _INKED + [255] * (256 - _INKED), "1")
    under = draw_pixels(colour, side, card, frame=frame, overprint=overprint)
    for slot in design.side(side).slots:
        if isinstance(slot, CodeSlot) and slot.panel == _K and slot.shown(card):
            # Bars need white between them in every panel.
            under.paste((255, 255, 255), placed_code(slot, card, frame).box)
    merged = under.copy()
    merged.paste((0, 0, 0), mask=ImageChops.invert(k.convert("L")))
    return Panels(merged, under, k)


def encode_panel(picture: Image.Image, *, dpi: int) -> bytes:
    """Write a panel as PNG: 1-bit for K, RGB for the others; it says its resolution."""
    file = BytesIO()
    picture.save(file, "PNG", dpi=(dpi, dpi), compress_level=1)
    return file.getvalue()


@lru_cache(maxsize=8)
def _parted(design: Design) -> tuple[Design, Design]:
    """Give the design with nothing but K, and the one with all else."""
    return _only(design, black=True), _only(design, black=False)


def _only(design: Design, *, black: bool) -> Design:
    sides = {name: _part(side, black=black) for name, side in design.sides.items()}
    part = "k" if black else "colour"
    # Another digest: its fixed art is drawn and kept apart.
    return replace(design, digest=f"{design.digest}-{part}", sides=sides)


def _part(side: Side, *, black: bool) -> Side:
    return replace(
        side,
        static_svg=_cleared(side.static_svg, black=black),
        layers=tuple(_cleared(layer, black=black) for layer in side.layers),
        template=_cleared(side.template, black=black),
        slots=tuple(_hidden(slot, black=black) for slot in side.slots),
    )


def _hidden(slot: Slot, *, black: bool) -> Slot:
    # Kept in its place: a template counts its slots.
    return slot if (slot.panel == _K) is black else replace(slot, condition=_NEVER)


def _cleared(svg: bytes, *, black: bool) -> bytes:
    """Leave only the art that is K, or only what is not."""
    root = etree.fromstring(svg)
    for element in list(root.iter(*DRAWN)):
        above = [element, *element.iterancestors()]
        is_black = any(each.get("data-panel") == _K for each in above)
        if is_black is not black and element.getparent() is not None:
            put_away(element)
    kept: bytes = etree.tostring(root)
    return kept
