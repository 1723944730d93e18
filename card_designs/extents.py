"""How far elements reach when they are drawn: boxes of shapes, copies and clips."""

from collections.abc import Iterable
from dataclasses import replace

from lxml import etree

from card_designs.affine import UPRIGHT, Affine, read_transform
from card_designs.binding import (
    SVG,
    BindingBroken,
    Placed,
    bound_slot,
    declared,
    own_style,
)
from card_designs.fields import sample_card
from card_designs.fit import fit
from card_designs.outlines import Box, bounds, length, numbers, shape_curves
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM
from card_designs.slots import BoxSlot, Slot, TextSlot
from card_designs.text_ink import slot_ink, text_ink

_XLINK = "{http://www.w3.org/1999/xlink}href"
NOT_PLACED = frozenset(
    (
        *("clipPath", "defs", "desc", "filter", "linearGradient", "marker", "mask"),
        *("metadata", "pattern", "radialGradient", "style", "symbol", "title"),
    )
)
"""What is kept to be used elsewhere, or is not drawn at all."""

GROUPS = ("a", "g", "switch")
_MOST_USES = 32
"""Copies of copies are followed this far; the guard lets no circle through."""


class Extents:
    """Measures elements of one side; everything in millimetres of the face."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._view = _view_box(root)[2:]
        self._ids = {e.get("id"): e for e in root.iter() if e.get("id")}

    @property
    def top(self) -> Placed:
        """What the root hands down: its style, and the way from its units."""
        return Placed(own_style(self.root), _from_view_box(self.root))

    def box(
        self, element: etree._Element, tag: str, here: Placed, slot: Slot | None
    ) -> Box | None:
        """Give the box of one element that is no group; of letters, their ink."""
        if isinstance(slot, BoxSlot):
            right, bottom = slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
            return slot.x_mm, slot.y_mm, right, bottom
        if isinstance(slot, TextSlot) and (box := _sample_ink(slot)):
            return box
        return self.clipped(element, here, self._drawn(element, tag, here, uses=0))

    def _drawn(
        self, element: etree._Element, tag: str, here: Placed, *, uses: int
    ) -> Box | None:
        """Give the box of what an element draws; ``here`` is within it."""
        if tag in GROUPS or tag == "symbol":
            return joined(
                self._of_child(child, here, uses=uses)
                for child in element
                if isinstance(child.tag, str)
            )
        if tag == "text":
            return text_ink(element, here)
        if tag == "use":
            return self._used(element, here, uses=uses)
        pairs = {str(key): str(value) for key, value in element.attrib.items()}
        return bounds(shape_curves(tag, pairs, self._view), here.matrix)

    def _of_child(
        self, element: etree._Element, above: Placed, *, uses: int
    ) -> Box | None:
        tag = _local(element)
        if tag in NOT_PLACED or declared(element).get("display") == "none":
            return None
        here = within(element, above)
        slot = slot_of(element, here)
        if slot is not None:
            return self.box(element, tag, here, slot)
        return self.clipped(element, here, self._drawn(element, tag, here, uses=uses))

    def _used(self, element: etree._Element, here: Placed, *, uses: int) -> Box | None:
        href = element.get("href") or element.get(_XLINK) or ""
        target = self._ids.get(href.removeprefix("#"))
        if target is None or uses > _MOST_USES:
            return None
        x, y = length(element.get("x", "")), length(element.get("y", ""))
        moved = replace(here, matrix=here.matrix.after(Affine(e=x, f=y)))
        if _local(target) == "symbol":
            return self._symbol(target, element, moved, uses=uses + 1)
        return self._of_child(target, moved, uses=uses + 1)

    def _symbol(
        self, symbol: etree._Element, use: etree._Element, here: Placed, *, uses: int
    ) -> Box | None:
        """Give the box of a symbol: it shows what lies in its own view only."""
        wide, high = self._view
        width = length(use.get("width", ""), whole=wide, default=wide)
        height = length(use.get("height", ""), whole=high, default=high)
        edge = bounds([((0.0, 0.0), (width, height))], here.matrix)
        view = numbers(symbol.get("viewBox", ""))
        if len(view) == 4 and view[2] > 0 and view[3] > 0:
            scale = min(width / view[2], height / view[3])
            left = (width - view[2] * scale) / 2 - view[0] * scale
            top = (height - view[3] * scale) / 2 - view[1] * scale
            step = Affine(scale, 0, 0, scale, left, top)
            here = replace(here, matrix=here.matrix.after(step))
        box = self._drawn(symbol, "symbol", within(symbol, here), uses=uses)
        shown_whole = declared(symbol).get("overflow") in ("visible", "auto")
        return _cut(box, edge) if edge and not shown_whole else box

    def clipped(
        self, element: etree._Element, here: Placed, box: Box | None
    ) -> Box | None:
        """Give what an element's own ``clip-path`` leaves of its box."""
        clip = self._clip(element, here)
        return _cut(box, clip) if clip else box

    def _clip(self, element: etree._Element, here: Placed) -> Box | None:
        text = declared(element).get("clip-path", "")
        if not text.startswith("url("):
            return None
        target = self._ids.get(text[4:].strip("() '\"").removeprefix("#"))
        if target is None or target.get("clipPathUnits") == "objectBoundingBox":
            return None
        inside = within(target, here)
        return joined(
            self._of_child(child, inside, uses=_MOST_USES)
            for child in target
            if isinstance(child.tag, str)
        )


def slot_of(element: etree._Element, here: Placed) -> Slot | None:
    """Read an element's slot; None where it has none or a broken one."""
    if element.get("data-field") is None:
        return None
    try:
        return bound_slot(element, here)
    except BindingBroken:
        return None


def _sample_ink(slot: TextSlot) -> Box | None:
    card = sample_card()
    fitted = fit(slot.text(card), slot) if slot.text(card) else None
    return slot_ink(slot, fitted) if fitted else None


def within(element: etree._Element, above: Placed) -> Placed:
    """Add an element's own style and transform to what is around it."""
    own = declared(element)
    style = {**above.style, **own_style(element)}
    if "stroke-width" in own:
        style["stroke-width"] = own["stroke-width"]
    try:
        matrix = above.matrix.after(read_transform(own.get("transform", ""), skew=True))
    except ValueError:
        matrix = above.matrix
    return Placed(style, matrix)


def _view_box(root: etree._Element) -> Box:
    parts = [length(part) for part in root.get("viewBox", "").replace(",", " ").split()]
    if len(parts) != 4 or parts[2] <= 0 or parts[3] <= 0:
        return 0.0, 0.0, CARD_WIDTH_MM, CARD_HEIGHT_MM
    return parts[0], parts[1], parts[2], parts[3]


def _from_view_box(root: etree._Element) -> Affine:
    """Give the way from the root's units to millimetres of the face."""
    x, y, width, height = _view_box(root)
    scale = min(CARD_WIDTH_MM / width, CARD_HEIGHT_MM / height)
    if (x, y, scale) == (0.0, 0.0, 1.0):
        return UPRIGHT
    return Affine(scale, 0, 0, scale, -x * scale, -y * scale)


def joined(boxes: Iterable[Box | None]) -> Box | None:
    """Give the box around boxes; None around nothing."""
    found = [box for box in boxes if box]
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _cut(box: Box | None, clip: Box) -> Box | None:
    if box is None:
        return None
    left, top = max(box[0], clip[0]), max(box[1], clip[1])
    right, bottom = min(box[2], clip[2]), min(box[3], clip[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _local(element: etree._Element) -> str:
    return str(element.tag).removeprefix(SVG)
