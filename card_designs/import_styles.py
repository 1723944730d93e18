"""Bring a foreign drawing's looks into the form that designs use."""

import re

from lxml import etree

from card_designs.binding import SVG, declared, is_bundled
from card_designs.findings import Finding, warning
from card_designs.fonts import FAMILY
from card_designs.outlines import length
from card_designs.svg_allowed import LENGTHS
from card_designs.svg_style import class_rules, declarations

_WITH_UNIT = re.compile(
    r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(px|mm|cm|in|pt|pc|Q|em|%)(?=[\s,]|$)"
)
_SIZES = frozenset(
    ("font-size", "letter-spacing", "stroke-dashoffset", "stroke-width", "word-spacing")
)
_DOWN = frozenset(("y", "cy", "dy", "y1", "y2", "height", "ry", "fy"))
_PAINT_UNITS = frozenset(
    f"{SVG}{tag}"
    for tag in (*("linearGradient", "radialGradient", "stop", "pattern", "filter"),)
)
"""Per cent are of the painted box there, not of the page."""


def inline_classes(root: etree._Element) -> None:
    """Turn the rules of ``style`` elements into attributes of who has the class."""
    rules: list[tuple[tuple[str, ...], str]] = []
    for sheet in list(root.iter(f"{SVG}style")):
        rules += class_rules((sheet.text or "").encode())
        parent = sheet.getparent()
        if parent is not None:
            parent.remove(sheet)
    for element in root.iter():
        own = set(element.attrib.pop("class", "").split())
        if not own:
            continue
        inside = {name for name, _ in declarations(element.get("style", ""))}
        for names, text in rules:
            if own.isdisjoint(names):
                continue
            for name, value in declarations(text):
                if name not in inside:
                    element.set(name, value)


def plain_lengths(root: etree._Element, view: tuple[float, float]) -> None:
    """Write lengths with units as plain numbers of the drawing's own units.

    ``view`` is the size of the view box, which per cent are of.
    """
    for element in root.iter():
        if element is root or element.tag in _PAINT_UNITS:
            continue
        for name, value in list(element.attrib.items()):
            if name in LENGTHS or name in _SIZES:
                whole = view[1] if name in _DOWN else view[0]
                element.set(name, _plain(value, whole, element))
        style = element.get("style")
        if style:
            pairs = [
                (name, _plain(value, view[0], element) if name in _SIZES else value)
                for name, value in declarations(style)
                if not name.startswith("-inkscape-font")
            ]
            element.set("style", write_style(pairs))


def _plain(text: str, whole: float, element: etree._Element) -> str:
    def plain(found: "re.Match[str]") -> str:
        value = length(found[0], whole=whole)
        if found[2] == "em":
            value = float(found[1]) * _font_size(element)
        return f"{value:.6f}".rstrip("0").rstrip(".")

    return _WITH_UNIT.sub(plain, text)


def _font_size(element: etree._Element) -> float:
    """Give the size of the letters around; those above are in plain numbers by now."""
    for each in (element, *element.iterancestors()):
        size = declared(each).get("font-size", "")
        if size and not size.endswith("em"):
            return length(size, default=16.0)
    return 16.0


def write_style(pairs: list[tuple[str, str]]) -> str:
    """Write declarations as the value of a ``style`` attribute."""
    return ";".join(f"{name}:{value}" for name, value in pairs)


def use_bundled_font(root: etree._Element, *, file: str) -> list[Finding]:
    """Replace every other font by ours, and tell which, each with its first line."""
    met: dict[str, int] = {}
    for element in root.iter():
        family = _family(element)
        if family and not is_bundled(family):
            name = family.split(",")[0].strip(" '\"")
            met.setdefault(name, element.sourceline or 1)
            _set_family(element, bold="bold" in name.lower())
    return [
        warning(
            "import-font",
            f"{file}, dòng {line}",
            f"Phông “{name}” không có trên máy in thẻ, đã đổi sang {FAMILY}; hãy xem"
            " lại chỗ chữ rộng hơn hoặc hẹp hơn.",
        )
        for name, line in met.items()
    ]


def _family(element: etree._Element) -> str:
    inside = dict(declarations(element.get("style", "")))
    return str(inside.get("font-family") or element.get("font-family") or "")


def _set_family(element: etree._Element, *, bold: bool) -> None:
    pairs = declarations(element.get("style", ""))
    if any(name == "font-family" for name, _ in pairs):
        names = [(n, FAMILY if n == "font-family" else value) for n, value in pairs]
        element.set("style", write_style(names))
    else:
        element.set("font-family", FAMILY)
    weighed = any(name == "font-weight" for name, _ in pairs)
    if bold and not weighed and element.get("font-weight") is None:
        element.set("font-weight", "bold")
