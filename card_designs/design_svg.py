"""What CairoSVG does not draw as other programs do, found in a design's own lines."""

import re

from lxml import etree

from card_designs.findings import Finding, error, warning
from card_designs.fonts import BOLD, metrics

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")

_ELEMENTS = {
    "filter": "bộ lọc (filter)",
    "mask": "mặt nạ (mask)",
    "foreignObject": "foreignObject",
    "script": "mã lệnh (script)",
    "animate": "chuyển động (animate)",
}
_PROPERTIES = {
    "filter": re.compile(r"(?!none$).+"),
    "mask": re.compile(r"(?!none$).+"),
    "clip-rule": re.compile(r"evenodd"),
    "mix-blend-mode": re.compile(r"(?!normal$).+"),
    "paint-order": re.compile(r"(?!normal$).+"),
    "word-spacing": re.compile(r"(?!normal$|0(px)?$).+"),
    "text-decoration": re.compile(r".*(underline|overline).*"),
    "text-decoration-line": re.compile(r".*(underline|overline).*"),
    "inline-size": re.compile(r"(?!auto$|0(px)?$).+"),
    "shape-inside": re.compile(r"(?!auto$|none$).+"),
    "lengthAdjust": re.compile(r"spacingAndGlyphs"),
}
_VALUE = re.compile(r"\b(hsla?|var)\(")
_FONT_FACE = "@font-face"


def svg_findings(root: etree._Element, *, file: str) -> tuple[Finding, ...]:
    """Name what would come out otherwise than the designer sees it, line by line.

    Letters without a glyph are errors: CairoSVG leaves a hole. The rest are warnings.
    """
    found: list[Finding] = []
    for element in root.iter():
        if isinstance(element.tag, str):
            where = f"{file}, dòng {element.sourceline}"
            found += [_not_drawn(where, name) for name in _unknown_to_cairo(element)]
            if element.tag == f"{_SVG}text" and not _filled_by_cards(element):
                found += _glyph_findings(element, where)
    return tuple(dict.fromkeys(found))


def _not_drawn(where: str, name: str) -> Finding:
    message = (
        f"Khi in, {name} không hiện ra như trong phần mềm vẽ; hãy vẽ cách khác"
        " hoặc chuyển phần đó thành hình ảnh."
    )
    return warning("design-not-drawn", where, message)


def _unknown_to_cairo(element: etree._Element) -> list[str]:
    tag = str(element.tag).removeprefix(_SVG)
    names = [_ELEMENTS[tag]] if tag in _ELEMENTS else []
    for name, value in _properties(element):
        pattern = _PROPERTIES.get(name)
        if (pattern and pattern.fullmatch(value)) or _VALUE.search(value):
            names.append(f"{name}: {value}")
    if tag == "style" and _FONT_FACE in (element.text or ""):
        names.append(_FONT_FACE)
    if _has_moved_parts(element) and _value(element, "text-anchor") in (
        "middle",
        "end",
    ):
        names.append("text-anchor cùng nhiều tspan")
    return names


def _properties(element: etree._Element) -> list[tuple[str, str]]:
    pairs = [(str(name), str(value).strip()) for name, value in element.items()]
    for part in element.get("style", "").split(";"):
        name, _, value = part.partition(":")
        pairs.append((name.strip(), value.strip()))
    return [(name, value) for name, value in pairs if name and name != "style"]


def _has_moved_parts(element: etree._Element) -> bool:
    """Whether a text holds tspans that go on in the same line."""
    if element.tag != f"{_SVG}text" or element.get("data-field") is not None:
        return False
    return len([part for part in element.iter(f"{_SVG}tspan") if not part.get("x")]) > 1


def _filled_by_cards(element: etree._Element) -> bool:
    return element.get("data-field") is not None or any(
        above.get("data-field") is not None for above in element.iterancestors()
    )


def _glyph_findings(element: etree._Element, where: str) -> list[Finding]:
    weight = _value(element, "font-weight")
    bold = weight == "bold" or (weight.isdigit() and int(weight) >= BOLD - 150)
    words = " ".join("".join(map(str, element.itertext())).split())
    missing = metrics(bold=bold).missing(words)
    if not missing:
        return []
    letters = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in missing)
    message = f"Phông của thẻ không vẽ được ký tự {letters} trong “{words[:60]}”."
    return [error("design-glyph", where, message)]


def _value(element: etree._Element, name: str) -> str:
    """Give an inherited property, from the element or whatever is above it."""
    for each in (element, *element.iterancestors()):
        value = dict(_properties(each)).get(name)
        if value:
            return value
    return ""
