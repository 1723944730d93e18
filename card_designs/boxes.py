"""Where each element of a side stands, in millimetres, as the engine draws it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from lxml import etree

from card_designs.affine import Affine
from card_designs.binding import SVG, Placed, declared
from card_designs.extents import GROUPS, NOT_PLACED, Extents, joined, slot_of, within
from card_designs.fields import CARD_FIELDS
from card_designs.outlines import Box, Point, length
from card_designs.slots import CodeSlot, PhotoSlot, Slot
from card_designs.svg_source import Node, Source, scan

_INKSCAPE_LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
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


def placements(source: bytes, tree: Source | None = None) -> dict[str, Placement]:
    """Place every drawn element, by its address; raises SourceBroken.

    ``tree`` is the scanned source where somebody has it.
    """
    tree = tree or scan(source)
    root = etree.fromstring(source, _PARSER)
    return _Placer(root, tree).all()


class _Placer:
    def __init__(self, root: etree._Element, tree: Source) -> None:
        self._root = root
        self._tree = tree
        self._extents = Extents(root)

    def all(self) -> dict[str, Placement]:
        """Place every element, by address."""
        found: dict[str, Placement] = {}
        for child, node in _pairs(self._root, self._tree.root):
            self._place(child, node, self._extents.top, _Above(), found)
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
        if tag in NOT_PLACED or tag.startswith("{") or tag in _TEXT_PARTS:
            return None
        own = declared(element)
        here = within(element, above)
        state = state.with_own(element, own)
        at, inner = node.at, dict[str, Placement]()
        slot = slot_of(element, here)
        if tag in GROUPS:
            box = self._extents.clipped(
                element,
                here,
                joined(
                    self._place(child, child_node, here, state, inner)
                    for child, child_node in _pairs(element, node)
                ),
            )
        else:
            box = self._extents.box(element, tag, here, slot)
        told = _element_box(element, node, own, here, slot, box, state)
        found[at] = Placement(told, above.matrix, here.matrix, here.style)
        found.update(inner)
        return None if own.get("display") == "none" else box


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
