"""Make bindings of what people wrote into a drawing: ``{{ field }}``, ``field:…``."""

import re
import unicodedata
from math import ceil, hypot

from lxml import etree
from PIL import ImageColor

from card_designs.affine import Affine, read_transform
from card_designs.binding import SVG, declared
from card_designs.design_checks import MIN_TEXT_MM
from card_designs.fields import CARD_FIELDS, FieldKind
from card_designs.findings import Finding, error, warning
from card_designs.geometry import SAFE_MM
from card_designs.outlines import length, numbers
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM

_LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
_BLANK = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_NAMED = re.compile(r"\s*field\s*:\s*(\S.*?)\s*", re.IGNORECASE)
_SHRINK = 0.6
_LINES = {"full_name": 2, "unit_name": 3}
_TEXT_LOOKS = (
    *("fill", "font-family", "font-size", "font-weight", "letter-spacing"),
    "text-anchor",
)


def bind(side: etree._Element, *, file: str) -> list[Finding]:
    """Turn every named place of a side into a bound one; says what could not be."""
    binder = _Binder(file)
    for element in list(side.iter(*(f"{SVG}{t}" for t in ("text", *_BOXES)))):
        binder.take(element)
    return binder.findings


_BOXES = ("rect", "image")


class _Binder:
    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file

    def take(self, element: etree._Element) -> None:
        """Bind one element if it asks for that."""
        named = _NAMED.fullmatch(element.get(_LABEL, ""))
        if element.tag != f"{SVG}text":
            if named:
                self._bind_box(element, named[1])
            return
        words = " ".join("".join(map(str, element.itertext())).split())
        blanks = _BLANK.findall(words)
        if len(blanks) > 1:
            message = (
                f"Chữ “{words[:60]}” có nhiều trường; mỗi phần tử chữ chỉ một trường,"
                " hãy tách ra."
            )
            self._tell(element, message)
        elif named or blanks:
            field = self._field(element, named[1] if named else blanks[0])
            if field:
                shape = _BLANK.sub("{}", words) if blanks else "{}"
                self._bind_text(element, field, shape)

    def _tell(self, element: etree._Element, message: str) -> None:
        where = f"{self._file}, dòng {element.sourceline}"
        self.findings.append(error("import-binding", where, message))

    def _field(self, element: etree._Element, name: str) -> str | None:
        wanted = _folded(name)
        for field in CARD_FIELDS.values():
            if wanted in (_folded(field.name), _folded(field.label)):
                return field.name
        known = ", ".join(CARD_FIELDS)
        message = f"Không có trường “{name[:40]}” của thẻ; các trường: {known}."
        self._tell(element, message)
        return None

    def _bind_box(self, element: etree._Element, name: str) -> None:
        name, _, symbology = name.partition(",")
        field = self._field(element, name.strip())
        if field is None:
            return
        attributes = {
            key: element.get(key, "0") for key in ("x", "y", "width", "height")
        }
        is_photo = CARD_FIELDS[field].kind is FieldKind.IMAGE
        element.tag = f"{SVG}{'image' if is_photo else 'rect'}"
        transform, label = element.get("transform"), element.get(_LABEL, "")
        element.attrib.clear()
        element.set("data-field", field)
        if not is_photo:
            element.set("data-panel", "k")
            element.set("data-symbology", symbology.strip() or _symbology(attributes))
        for key, value in attributes.items():
            element.set(key, value)
        if transform:
            element.set("transform", transform)
        element.set(_LABEL, label)

    def _bind_text(self, element: etree._Element, field: str, shape: str) -> None:
        if CARD_FIELDS[field].kind is FieldKind.IMAGE:
            message = "Ảnh cần một hình chữ nhật 20 × 30 mm tên “field:photo”."
            self._tell(element, message)
            return
        looks = _flattened(element)
        matrix = _matrix(element)
        size = length(looks.get("font-size", ""), default=16.0)
        element.set("data-field", field)
        if shape == "{}" and field == "member_number":
            shape = "{groups}"
        if shape != "{}":
            element.set("data-format", shape)
        colour = _hex(looks.get("fill", "black"))
        _set(element, "fill", colour)
        if colour == "#000000":
            element.set("data-panel", "k")
        lines = _LINES.get(field, 1)
        if lines > 1:
            element.set("data-fit", "wrap")
            element.set("data-lines", str(lines))
        room = _room_mm(element, matrix, looks.get("text-anchor", "start"))
        element.set("data-max-width", _short(room / (matrix.scale or 1)))
        least = min(size, max(size * _SHRINK, MIN_TEXT_MM / (matrix.scale or 1)))
        element.set("data-min-size", _short(ceil(least * 1000) / 1000))
        element.text = shape.replace("{groups}", "{}").replace(
            "{}", CARD_FIELDS[field].sample
        )
        if room < size * matrix.scale * 2:
            where = f"{self._file}, dòng {element.sourceline}"
            message = f"Ô “{CARD_FIELDS[field].label}” chỉ còn rộng {room:.1f} mm."
            self.findings.append(warning("import-narrow", where, message))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def _symbology(attributes: dict[str, str]) -> str:
    width, height = length(attributes["width"]), length(attributes["height"])
    return "qr" if height and 0.8 < width / height < 1.25 else "code128"


def _flattened(element: etree._Element) -> dict[str, str]:
    """Take the parts of a text up into itself; gives the looks it has then."""
    looks: dict[str, str] = {}
    for above in reversed(list(element.iterancestors())):
        looks.update(_own_looks(above))
    looks.update(_own_looks(element))
    for part in list(element.iter(f"{SVG}tspan")):
        for name, value in _own_looks(part).items():
            looks[name] = value
            _set(element, name, value)
        for name in ("x", "y"):
            if part.get(name) is not None and not numbers(element.get(name, "")):
                element.set(name, part.get(name, ""))
    for name in ("x", "y"):
        first = numbers(element.get(name, "")) or [0.0]
        element.set(name, _short(first[0], digits=4))
    for child in list(element):
        element.remove(child)
    return looks


def _own_looks(element: etree._Element) -> dict[str, str]:
    own = declared(element)
    return {name: own[name] for name in _TEXT_LOOKS if name in own}


def _set(element: etree._Element, name: str, value: str) -> None:
    """Set a property where the element declares it, else as an attribute."""
    parts = [part for part in element.get("style", "").split(";") if part.strip()]
    names = [part.partition(":")[0].strip() for part in parts]
    if name in names:
        parts[names.index(name)] = f"{name}:{value}"
        element.set("style", ";".join(parts))
    else:
        element.set(name, value)


def _matrix(element: etree._Element) -> Affine:
    whole = Affine()
    for each in reversed([element, *element.iterancestors()]):
        try:
            whole = whole.after(read_transform(each.get("transform", "")))
        except ValueError:
            continue
    return whole


def _room_mm(element: etree._Element, matrix: Affine, anchor: str) -> float:
    """Measure from a text's place along its line to the edge of the safe area."""
    x, y = matrix.at(length(element.get("x", "")), length(element.get("y", "")))
    way_x, way_y = matrix.moved(1.0, 0.0)
    size = hypot(way_x, way_y) or 1.0
    way_x, way_y = way_x / size, way_y / size
    ahead = _to_edge(x, y, way_x, way_y)
    behind = _to_edge(x, y, -way_x, -way_y)
    if anchor == "middle":
        return 2 * min(ahead, behind)
    return behind if anchor == "end" else ahead


def _to_edge(x: float, y: float, way_x: float, way_y: float) -> float:
    found = []
    for place, way, size in ((x, way_x, CARD_WIDTH_MM), (y, way_y, CARD_HEIGHT_MM)):
        if way > 1e-6:
            found.append((size - SAFE_MM - place) / way)
        elif way < -1e-6:
            found.append((SAFE_MM - place) / way)
    return max(min(found), 1.0)


def _hex(colour: str) -> str:
    try:
        red, green, blue = ImageColor.getrgb(colour)[:3]
    except ValueError:
        return "#000000"
    return f"#{red:02x}{green:02x}{blue:02x}"


def _short(value: float, *, digits: int = 3) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"
