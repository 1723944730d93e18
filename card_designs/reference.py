"""The reference: the whole filled SVG through CairoSVG, slow and beyond dispute.

Draws what the fast path cannot, and says in tests what the fast path must give. Values
are set on CairoSVG's parsed tree; no member's text ever passes through XML.
"""

from base64 import b64encode
from io import BytesIO
from typing import Any

import cairocffi
from lxml import etree
from PIL import Image

from card_designs.binding import SVG
from card_designs.card_data import CardData
from card_designs.design import Design
from card_designs.fit import fit, placed_lines
from card_designs.fonts import BOLD, FAMILY, REGULAR
from card_designs.layout import LAYER_MARK, SLOT_MARK, Side
from card_designs.overprint import is_variable
from card_designs.profiles import Frame
from card_designs.render import photo_box, placed_code, turned_photo
from card_designs.slots import BoxSlot, CodeSlot, PhotoSlot, TextSlot
from card_designs.static_art import as_picture, draw_tree, white_surface

_MARK = f".//{SVG}g[@{SLOT_MARK}]"


def draw_reference(
    design: Design, side: str, card: CardData, *, frame: Frame, overprint: bool
) -> Image.Image:
    """Draw one side by CairoSVG alone as an RGB picture; the gate has passed the card.

    Raises CardRefused where the photo turns out to be broken.
    """
    surface = white_surface(frame)
    draw_filled(surface, design.side(side), card, frame, overprint=overprint, scale=1.0)
    return as_picture(surface)


def draw_filled(
    target: cairocffi.Surface,
    side: Side,
    card: CardData,
    frame: Frame,
    *,
    overprint: bool,
    scale: float,
) -> None:
    """Draw a filled side onto any cairo surface of ``scale`` units per pixel."""
    from cairosvg.parser import Tree

    tree = Tree(bytestring=with_places(side, card, frame, overprint=overprint))
    words = [line for index in _shown(side, card) for line in _lines(side, card, index)]
    for node, line in zip(_text_places(tree), words, strict=True):
        node.text = line
    draw_tree(target, tree, frame, scale=scale)


def _shown(side: Side, card: CardData) -> list[int]:
    return [index for index, slot in enumerate(side.slots) if slot.shown(card)]


def with_places(side: Side, card: CardData, frame: Frame, *, overprint: bool) -> bytes:
    """Put pictures and text elements without words into the template's groups."""
    root = etree.fromstring(side.template)
    shown = set(_shown(side, card))
    if overprint:
        for art in list(root.iter()):
            if art.get(LAYER_MARK) is not None and not is_variable(art):
                _drop(art)
    for group in root.iterfind(_MARK):
        index = int(group.get(SLOT_MARK, "-1"))
        slot = side.slots[index]
        if index not in shown:
            continue
        if isinstance(slot, TextSlot):
            _add_text(group, slot, card)
        elif isinstance(slot, BoxSlot):
            _add_picture(group, slot, card, frame)
    return bytes(etree.tostring(root))


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _add_text(group: etree._Element, slot: TextSlot, card: CardData) -> None:
    fitted = fit(slot.text(card), slot)
    if fitted is None:
        raise AssertionError(f"the gate let {slot.field} through")
    spacing = slot.letter_spacing_mm * fitted.size_mm / slot.size_mm
    for _, x_mm, y_mm in placed_lines(slot, fitted):
        place = etree.SubElement(group, f"{SVG}text")
        place.set("x", f"{x_mm - slot.x_mm:.9f}")
        place.set("y", f"{y_mm - slot.y_mm:.9f}")
        place.set("font-family", FAMILY)
        place.set("font-size", f"{fitted.size_mm:.9f}")
        place.set("font-weight", str(BOLD if slot.bold else REGULAR))
        place.set("letter-spacing", f"{spacing:.9f}")
        place.set("text-anchor", "start")
        if not group.get("fill", "").startswith("url("):
            red, green, blue = (round(part * 255) for part in slot.colour)
            place.set("fill", f"#{red:02x}{green:02x}{blue:02x}")
        place.text = "x"  # Kept by the parser; the words come later.


def _lines(side: Side, card: CardData, index: int) -> tuple[str, ...]:
    slot = side.slots[index]
    if not isinstance(slot, TextSlot):
        return ()
    fitted = fit(slot.text(card), slot)
    return fitted.lines if fitted else ()


def _text_places(tree: Any) -> list[Any]:
    """List the text elements inside the template's groups, in document order."""
    found = []
    for child in tree.children:
        if SLOT_MARK in child:
            found += [node for node in child.children if node.tag == "text"]
        else:
            found += _text_places(child)
    return found


def _add_picture(
    group: etree._Element, slot: BoxSlot, card: CardData, frame: Frame
) -> None:
    """Put photo or code where the fast path has it: on whole pixels."""
    if isinstance(slot, CodeSlot):
        code = placed_code(slot, card, frame)
        box, picture = code.box, code.picture().convert("RGB")
    elif isinstance(slot, PhotoSlot):
        box = photo_box(slot, frame)
        picture = turned_photo(slot, card, (box[2] - box[0], box[3] - box[1]))
    else:
        raise TypeError(slot)
    if slot.turn:
        picture = picture.transpose(_BACK[slot.turn])
    left, top = _from_place(slot, box, frame)
    image = etree.SubElement(group, f"{SVG}image")
    image.set("x", f"{left / frame.scale:.9f}")
    image.set("y", f"{top / frame.scale:.9f}")
    image.set("width", f"{picture.width / frame.scale:.9f}")
    image.set("height", f"{picture.height / frame.scale:.9f}")
    image.set("preserveAspectRatio", "none")
    file = BytesIO()
    picture.save(file, "PNG", compress_level=1)
    coded = b64encode(file.getvalue()).decode("ascii")
    image.set("href", f"data:image/png;base64,{coded}")


def _from_place(
    slot: BoxSlot, box: tuple[int, int, int, int], frame: Frame
) -> tuple[float, float]:
    """Give where the unturned picture begins, in pixels from the slot's own corner.

    That corner is the one that came from the top left by the slot's turn.
    """
    left, top, right, bottom = box
    slot_left, slot_top = frame.x(slot.x_mm), frame.y(slot.y_mm)
    slot_right = frame.x(slot.x_mm + slot.width_mm)
    slot_bottom = frame.y(slot.y_mm + slot.height_mm)
    return (
        (left - slot_left, top - slot_top),
        (top - slot_top, slot_right - right),
        (slot_right - right, slot_bottom - bottom),
        (slot_bottom - bottom, left - slot_left),
    )[slot.turn]


_BACK = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}
"""Turns against the clock: CairoSVG turns the picture with its group."""
