"""Where each element of a side stands, in millimetres, as the engine draws it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import hypot

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
from card_designs.card_data import CardData
from card_designs.fields import CARD_FIELDS, sample_card
from card_designs.fit import fit
from card_designs.outlines import Box, Point, bounds, length, numbers, shape_curves
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM
from card_designs.slots import BoxSlot, CodeSlot, PhotoSlot, Slot, TextSlot
from card_designs.svg_source import Node, Source, scan
from card_designs.text_ink import slot_ink, text_ink

_XLINK = "{http://www.w3.org/1999/xlink}href"
_INKSCAPE_LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
_NOT_PLACED = frozenset(
    (
        *("clipPath", "defs", "desc", "filter", "linearGradient", "marker", "mask"),
        *("metadata", "pattern", "radialGradient", "style", "symbol", "title"),
    )
)
_TEXT_PARTS = ("tspan", "textPath")
_KINDS = {
    "a": "group",
    "circle": "ellipse",
    "ellipse": "ellipse",
    "g": "group",
    "image": "image",
    "line": "line",
    "path": "path",
    "polygon": "path",
    "polyline": "path",
    "rect": "rect",
    "switch": "group",
    "text": "text",
    "use": "use",
}
_LABELS = {
    "ellipse": "Hình tròn",
    "group": "Nhóm",
    "image": "Hình ảnh",
    "line": "Đường kẻ",
    "path": "Hình vẽ",
    "rect": "Hình chữ nhật",
    "text": "Chữ",
    "use": "Bản sao",
}
_MOST_USES = 32
"""Copies of copies are followed this far; the guard lets no circle through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementBox:
    """An element that is drawn, and the upright box it takes up on the face.

    ``at``: its address, child indices from the root. The box is that of the shape, or
    of the ink for letters (a bound text with the sample of its field); a stroke
    reaches ``outset_mm`` further on each side. ``turn``: quarter turns clockwise, None
    for other angles. ``kind``: text, photo, code, rect, ellipse, line, image, path,
    use, group. ``layer``: what an overprint leaves out (``static``) or prints
    (``variable``). ``line`` and ``last_line``: those of its start tag.
    """

    at: str
    tag: str
    kind: str
    label: str
    field: str | None
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    outset_mm: float
    turn: int | None
    locked: bool
    hidden: bool
    layer: str
    line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Placement:
    """An element's box with the ways from its units to millimetres.

    ``above``: from the units its own ``transform`` stands in; ``own``: from those of
    its x and y.
    """

    box: ElementBox
    above: Affine
    own: Affine
    style: dict[str, str]
    """The inherited properties as they are in force there."""


def element_boxes(source: bytes) -> list[ElementBox]:
    """List the drawn elements of a guarded SVG in their order, groups before members.

    Raises SourceBroken where the text is no SVG; elements without extent, such as a
    text without letters, get a box of no size at their own place.
    """
    return [each.box for each in placements(source).values()]


def placements(source: bytes) -> dict[str, Placement]:
    """Place every drawn element, by its address; raises SourceBroken."""
    tree = scan(source)
    root = etree.fromstring(source, _PARSER)
    return _Placer(root, tree).all()


class _Placer:
    def __init__(self, root: etree._Element, tree: Source) -> None:
        self.root = root
        self.tree = tree
        self.view = _view(root)
        self.ids = {e.get("id"): e for e in root.iter() if e.get("id")}

    def all(self) -> dict[str, Placement]:
        """Place every element, by address."""
        found: dict[str, Placement] = {}
        top = Placed({**own_style(self.root)}, _from_view_box(self.root))
        for child, node in _pairs(self.root, self.tree.root):
            self._place(child, node, top, _Above(), found)
        return found

    def _place(
        self,
        element: etree._Element,
        node: Node,
        above: Placed,
        state: "_Above",
        found: dict[str, Placement],
    ) -> Box | None:
        """Place an element and what is in it; gives the box of what is drawn."""
        tag = node.tag
        if tag in _NOT_PLACED or tag.startswith("{") or tag in _TEXT_PARTS:
            return None
        own = declared(element)
        here = _within(element, above)
        state = state.with_own(element, own)
        at, inner = node.at, dict[str, Placement]()
        slot = _slot(element, here)
        if _KINDS.get(tag) == "group":
            box = self._clipped(
                element,
                here,
                _joined(
                    self._place(child, child_node, here, state, inner)
                    for child, child_node in _pairs(element, node)
                ),
            )
        else:
            box = self._box(element, tag, here, slot)
        told = _element_box(element, node, own, here, slot, box, state)
        found[at] = Placement(told, above.matrix, here.matrix, here.style)
        found.update(inner)
        return None if own.get("display") == "none" else box

    def _box(
        self, element: etree._Element, tag: str, here: Placed, slot: Slot | None
    ) -> Box | None:
        if isinstance(slot, BoxSlot):
            right, bottom = slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
            return slot.x_mm, slot.y_mm, right, bottom
        if isinstance(slot, TextSlot) and (box := _sample_ink(slot)):
            return box
        return self._clipped(element, here, self._drawn(element, tag, here, uses=0))

    def _drawn(
        self, element: etree._Element, tag: str, here: Placed, *, uses: int
    ) -> Box | None:
        """Give the box of what an element draws; ``here`` is within it."""
        if _KINDS.get(tag) == "group" or tag == "symbol":
            return _joined(
                self._of_child(child, here, uses=uses)
                for child in element
                if isinstance(child.tag, str)
            )
        if tag == "text":
            return text_ink(element, here)
        if tag == "use":
            return self._used(element, here, uses=uses)
        pairs = {str(key): str(value) for key, value in element.attrib.items()}
        return bounds(shape_curves(tag, pairs, self.view), here.matrix)

    def _of_child(
        self, element: etree._Element, above: Placed, *, uses: int
    ) -> Box | None:
        tag = _local(element)
        if tag in _NOT_PLACED or declared(element).get("display") == "none":
            return None
        here = _within(element, above)
        slot = _slot(element, here)
        if slot is not None:
            return self._box(element, tag, here, slot)
        return self._clipped(element, here, self._drawn(element, tag, here, uses=uses))

    def _used(self, element: etree._Element, here: Placed, *, uses: int) -> Box | None:
        href = element.get("href") or element.get(_XLINK) or ""
        target = self.ids.get(href.removeprefix("#"))
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
        width = length(use.get("width", ""), whole=self.view[0], default=self.view[0])
        height = length(use.get("height", ""), whole=self.view[1], default=self.view[1])
        edge = bounds([((0.0, 0.0), (width, height))], here.matrix)
        view = numbers(symbol.get("viewBox", ""))
        if len(view) == 4 and view[2] > 0 and view[3] > 0:
            scale = min(width / view[2], height / view[3])
            left = (width - view[2] * scale) / 2 - view[0] * scale
            top = (height - view[3] * scale) / 2 - view[1] * scale
            step = Affine(scale, 0, 0, scale, left, top)
            here = replace(here, matrix=here.matrix.after(step))
        box = self._drawn(symbol, "symbol", _within(symbol, here), uses=uses)
        shown_whole = declared(symbol).get("overflow") in ("visible", "auto")
        return _cut(box, edge) if edge and not shown_whole else box

    def _clipped(
        self, element: etree._Element, here: Placed, box: Box | None
    ) -> Box | None:
        clip = self._clip(element, here)
        return _cut(box, clip) if clip else box

    def _clip(self, element: etree._Element, here: Placed) -> Box | None:
        text = declared(element).get("clip-path", "")
        if not text.startswith("url("):
            return None
        target = self.ids.get(text[4:].strip("() '\"").removeprefix("#"))
        if target is None or target.get("clipPathUnits") == "objectBoundingBox":
            return None
        within = _within(target, here)
        return _joined(
            self._of_child(child, within, uses=_MOST_USES)
            for child in target
            if isinstance(child.tag, str)
        )


@dataclass(frozen=True, slots=True)
class _Above:
    """What an element takes over from the groups around it."""

    hidden: bool = False
    locked: bool = False
    layer: str = "static"

    def with_own(self, element: etree._Element, own: dict[str, str]) -> "_Above":
        return _Above(
            self.hidden
            or own.get("display") == "none"
            or own.get("visibility") == "hidden",
            self.locked or element.get("data-locked") == "1",
            element.get("data-layer") or self.layer,
        )


def _element_box(
    element: etree._Element,
    node: Node,
    own: dict[str, str],
    here: Placed,
    slot: Slot | None,
    box: Box | None,
    state: _Above,
) -> ElementBox:
    kind = _kind(node.tag, slot)
    x, y = own_point(node.tag, element)
    left, top, right, bottom = box or (*here.matrix.at(x, y),) * 2
    field = element.get("data-field")
    return ElementBox(
        at=node.at,
        tag=node.tag,
        kind=kind,
        label=_label(element, kind, field),
        field=field,
        x_mm=round(left, 4),
        y_mm=round(top, 4),
        width_mm=round(right - left, 4),
        height_mm=round(bottom - top, 4),
        outset_mm=_outset(node.tag, own, here),
        turn=here.matrix.turn,
        locked=state.locked,
        hidden=state.hidden,
        layer="variable" if field is not None else state.layer,
        line=node.line,
        last_line=node.last_line,
    )


def own_point(tag: str, element: etree._Element) -> Point:
    """Give an element's own place in its units, as far as it has one."""
    names = {"circle": ("cx", "cy"), "ellipse": ("cx", "cy"), "line": ("x1", "y1")}
    x, y = names.get(tag, ("x", "y"))
    return length(element.get(x, "")), length(element.get(y, ""))


def _kind(tag: str, slot: Slot | None) -> str:
    if isinstance(slot, PhotoSlot):
        return "photo"
    return "code" if isinstance(slot, CodeSlot) else _KINDS.get(tag, "path")


def _label(element: etree._Element, kind: str, field: str | None) -> str:
    """Name an element for people: what they called it, its field, or its words."""
    title = element.find(f"{SVG}title")
    named = (
        element.get("data-name")
        or element.get(_INKSCAPE_LABEL)
        or (title.text if title is not None else None)
    )
    if named:
        return str(named)
    if field in CARD_FIELDS:
        label = CARD_FIELDS[field].label
        return f"Mã: {label}" if kind == "code" else label
    if kind == "text":
        words = " ".join("".join(map(str, element.itertext())).split())
        return words[:60] or _LABELS["text"]
    return _LABELS.get(kind, "Hình vẽ")


def _outset(tag: str, own: dict[str, str], here: Placed) -> float:
    """Give half the width of a shape's stroke in millimetres."""
    if _KINDS.get(tag) in ("group", "text", "image", "use"):
        return 0.0
    if here.style.get("stroke", "none") == "none":
        return 0.0
    width = length(here.style.get("stroke-width", "1"), default=1.0)
    matrix = here.matrix
    scale = max(hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d))
    return round(width * scale / 2, 4)


def _slot(element: etree._Element, here: Placed) -> Slot | None:
    if element.get("data-field") is None:
        return None
    try:
        return bound_slot(element, here)
    except BindingBroken:
        return None


def _sample_ink(slot: TextSlot) -> Box | None:
    card: CardData = sample_card()
    fitted = fit(slot.text(card), slot) if slot.text(card) else None
    return slot_ink(slot, fitted) if fitted else None


def _within(element: etree._Element, above: Placed) -> Placed:
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


def _view(root: etree._Element) -> Point:
    box = _view_box(root)
    return box[2], box[3]


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


def _joined(boxes: "Iterator[Box | None]") -> Box | None:
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


def _pairs(
    element: etree._Element, node: Node
) -> Iterator[tuple[etree._Element, Node]]:
    children = [child for child in element if isinstance(child.tag, str)]
    yield from zip(children, node.children, strict=True)


_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    remove_comments=True,
    remove_pis=True,
    huge_tree=False,
)
