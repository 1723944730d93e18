"""Compile one side of a design: layers of fixed art, and the slots that cards fill."""

from copy import deepcopy
from dataclasses import dataclass, replace

from lxml import etree

from card_designs.binding import (
    SVG,
    BindingBroken,
    Placed,
    bound_slot,
    font_message,
    is_bundled,
    is_hidden,
    own_place,
    own_style,
    placed_at,
    what_is_beyond,
)
from card_designs.findings import Finding, error, warning
from card_designs.slots import Slot

DRAWN = frozenset(
    f"{SVG}{tag}"
    for tag in (
        "circle",
        "ellipse",
        "image",
        "line",
        "path",
        "polygon",
        "polyline",
        "rect",
        "text",
        "use",
    )
)
_OUT_OF_SIGHT = frozenset(
    f"{SVG}{tag}" for tag in ("defs", "clipPath", "symbol", "marker", "pattern", "mask")
)
SLOT_MARK = "data-slot"
"""Stands on the groups of ``Side.template`` that a card's content is put into."""

LAYER_MARK = "data-art"
"""Stands on all fixed art in ``Side.template``: the number of its layer."""

_NOT_TAKEN_OVER = frozenset(
    (
        "id",
        "x",
        "y",
        "width",
        "height",
        "transform",
        "href",
        "font-size",
        "letter-spacing",
        "text-anchor",
    )
)


@dataclass(frozen=True, slots=True)
class Side:
    """One compiled side: its fixed art, its slots, and what is wrong with it.

    ``static_svg`` is all fixed art; ``layers`` the same parted by what slots lie upon:
    layer 0, the slots of layer 0, layer 1 and so on. ``template`` is the whole SVG with
    an empty group for each slot, in millimetres from the slot's own place. ``beyond``
    names what keeps the side from the fast path, so that CairoSVG draws the template
    for every card; empty for nearly all designs.
    """

    name: str
    static_svg: bytes
    layers: tuple[bytes, ...]
    template: bytes
    slots: tuple[Slot, ...]
    beyond: tuple[str, ...]
    findings: tuple[Finding, ...]


def compile_side(root: etree._Element, *, name: str) -> Side:
    """Take a side apart; ``root`` is left without its slots."""
    compiler = _Compiler(f"{name}.svg")
    compiler.walk(root, Placed({}))
    compiler.check_nothing_left(root)
    compiler.check_reference(root)
    template = etree.tostring(root)
    for group in list(root.iter(f"{SVG}g")):
        if group.get(SLOT_MARK) is not None:
            _remove(group)
    layers = _layers(root, count=compiler.layer + 1)
    for element in root.iter():
        element.attrib.pop(LAYER_MARK, None)
    return Side(
        name,
        etree.tostring(root),
        layers,
        template,
        tuple(compiler.slots),
        tuple(compiler.beyond),
        tuple(compiler.findings),
    )


def _layers(root: etree._Element, *, count: int) -> tuple[bytes, ...]:
    layers = []
    for number in range(count):
        layer = deepcopy(root)
        for element in list(layer.iter(*DRAWN)):
            mark = element.attrib.pop(LAYER_MARK, None)
            if mark is not None and mark != str(number):
                put_away(element)
        layers.append(etree.tostring(layer))
    return tuple(layers)


def put_away(element: etree._Element) -> None:
    """Keep an element from being drawn, but not from being used by its id."""
    parent = element.getparent()
    if parent is not None:
        away = etree.Element(f"{SVG}defs")
        parent.replace(element, away)
        element.tail = None
        away.append(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


class _Compiler:
    def __init__(self, file: str) -> None:
        self.file = file
        self.slots: list[Slot] = []
        self.beyond: dict[str, int] = {}
        self.layer = 0
        self.findings: list[Finding] = []
        self._layer_has_slots = False

    def walk(self, element: etree._Element, above: Placed) -> None:
        if not isinstance(element.tag, str) or element.tag in _OUT_OF_SIGHT:
            return
        style = {**above.style, **own_style(element)}
        if element.get("data-field") is not None:
            self._bind(element, above, style)
            return
        self._check_static(element, style)
        if is_hidden(element, style):
            for slot in list(element.iterfind(".//*[@data-field]")):
                _remove(slot)
            return
        if len(element):
            try:
                here = placed_at(element, above, style)
            except BindingBroken as problem:
                if element.find(".//*[@data-field]") is not None:
                    self._report(element, "transform", str(problem))
                here = above
            for child in list(element):
                self.walk(child, here)

    def check_nothing_left(self, root: etree._Element) -> None:
        """Report bindings inside defs: their samples would print on every card."""
        for element in root.iter():
            if element.get("data-field") is not None:
                message = "Ô dữ liệu không được nằm trong defs, symbol hay clipPath."
                self._report(element, "binding", message)

    def check_reference(self, root: etree._Element) -> None:
        """Say once for the side why it is drawn the slow way."""
        if not self.beyond:
            return
        names = ", ".join(self.beyond)
        where = f"{self.file}, dòng {min(self.beyond.values())}"
        message = (
            f"Ô dữ liệu dùng {names}: mặt này được vẽ theo đường chuẩn của CairoSVG,"
            " đúng hình nhưng chậm hơn nhiều lần."
        )
        self.findings.append(warning("design-reference", where, message))

    def _bind(
        self, element: etree._Element, above: Placed, style: dict[str, str]
    ) -> None:
        try:
            if is_hidden(element, style):
                _remove(element)
                return
            placed = placed_at(element, above, style)
            slot = replace(bound_slot(element, placed), layer=self.layer)
        except BindingBroken as problem:
            self._report(element, "binding", str(problem))
            _remove(element)
            return
        for name in what_is_beyond(element, placed):
            self.beyond.setdefault(name, slot.line)
        self._leave_group(element, placed)
        self.slots.append(slot)
        self._layer_has_slots = True

    def _leave_group(self, element: etree._Element, placed: Placed) -> None:
        """Put a group in the element's place that counts in millimetres from there."""
        x, y = own_place(element)
        away = f"translate({x:.9f} {y:.9f}) scale({1 / placed.scale:.9f})"
        group = etree.Element(f"{SVG}g")
        for key, value in element.attrib.items():
            name = str(key)
            if name not in _NOT_TAKEN_OVER and not name.startswith(("data-", "{")):
                group.set(name, value)
        group.set("transform", f"{element.get('transform', '')} {away}".strip())
        group.set(SLOT_MARK, str(len(self.slots)))
        group.tail = element.tail
        parent = element.getparent()
        if parent is not None:
            parent.replace(element, group)

    def _check_static(self, element: etree._Element, style: dict[str, str]) -> None:
        if element.get("data-show-if") is not None:
            self._report(
                element, "condition", "data-show-if chỉ dùng cho phần tử có data-field."
            )
        if element.tag in DRAWN:
            if self._layer_has_slots:
                self.layer += 1
                self._layer_has_slots = False
            element.set(LAYER_MARK, str(self.layer))
        if element.tag == f"{SVG}text":
            self._check_words(element, style)

    def _check_words(self, element: etree._Element, style: dict[str, str]) -> None:
        words = "".join(element.itertext())
        if "{" in words:
            self._report(
                element,
                "unbound",
                f"Chỗ trống “{words.strip()}” chưa gắn với trường nào (data-field).",
            )
        if not is_bundled(style.get("font-family", "")):
            self._report(element, "font", font_message(style))

    def _report(self, element: etree._Element, code: str, message: str) -> None:
        where = f"{self.file}, dòng {element.sourceline}"
        self.findings.append(error(f"design-{code}", where, message))
