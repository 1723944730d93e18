"""A side of a design as a browser may show it: inert, and each element addressed."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from lxml import etree

from card_designs.svg_allowed import PROPERTIES
from card_designs.svg_style import StyleBroken, class_rules, declarations

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# What is drawn, and what drawing refers to. The guard at the door knows more.
_DRAWN = frozenset(
    (
        "a",
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "g",
        "image",
        "line",
        "linearGradient",
        "marker",
        "mask",
        "path",
        "pattern",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "svg",
        "switch",
        "symbol",
        "text",
        "textPath",
        "title",
        "tspan",
        "use",
    )
)
_RASTER = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_FRAGMENT = re.compile(r"url\(\s*['\"]?#([^)'\"\s]+)['\"]?\s*\)")


def shown_svg(
    source: bytes, *, prefix: str, picture_url: Callable[[str], str | None]
) -> str:
    """Give a copy of ``source``, an SVG that the guard has passed.

    Each element carries ``data-at``, its path of child numbers from the root. Styles
    have become attributes, which a strict content policy lets through; ids and what
    refers to them begin with ``prefix``; ``picture_url`` gives the address of a
    picture of the folder, or None for no such picture. Nothing in it can act or load
    from elsewhere.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(source, parser)
    _number(root, "")
    classes = dict(_classes(root))
    for element in list(root.iter(etree.Element)):
        if not _is_drawn(element):
            _remove(element)
            continue
        _attribute_styles(element, classes)
        _make_inert(element, prefix, picture_url)
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode")
    return text


def _number(element: etree._Element, at: str) -> None:
    element.set("data-at", at)
    for index, child in enumerate(element.iterchildren(etree.Element)):
        _number(child, f"{at}/{index}" if at else str(index))


def _is_drawn(element: etree._Element) -> bool:
    tag = str(element.tag)
    return tag.startswith(_SVG) and tag.removeprefix(_SVG) in _DRAWN


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    # The text behind it belongs to the parent.
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _classes(root: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    """Read the rules of plain classes; the guard lets no other selector in."""
    for style in root.iter(f"{_SVG}style"):
        # What the guard would not let in is not shown either.
        with suppress(StyleBroken):
            for names, body in class_rules("".join(style.itertext()).encode()):
                for name in names:
                    yield name, _declarations(body)


def _declarations(text: str) -> dict[str, str]:
    """Read declarations as the guard does: two readers would see two pictures."""
    with suppress(StyleBroken):
        return {
            name: value.replace("!important", "").strip()
            for name, value in declarations(text)
            if name in PROPERTIES
        }
    return {}


def _attribute_styles(
    element: etree._Element, classes: dict[str, dict[str, str]]
) -> None:
    """A class outdoes an attribute, and the element's own style both."""
    for name in element.get("class", "").split():
        for key, value in classes.get(name, {}).items():
            element.set(key, value)
    for key, value in _declarations(element.attrib.pop("style", "")).items():
        element.set(key, value)
    element.attrib.pop("class", None)


def _make_inert(
    element: etree._Element,
    prefix: str,
    picture_url: Callable[[str], str | None],
) -> None:
    for key, value in list(element.attrib.items()):
        name = str(key)
        if name in _HREFS:
            _point_inside(element, name, str(value), prefix, picture_url)
        elif name == _SPACE:
            continue
        elif name.startswith(("{", "data-hx", "hx-")) or name.lower().startswith("on"):
            del element.attrib[key]
        elif name == "id":
            element.set("id", prefix + str(value))
        elif "url(" in value:
            element.set(name, _FRAGMENT.sub(rf"url(#{prefix}\1)", str(value)))
            if "url(" in _FRAGMENT.sub("", str(value)):
                del element.attrib[key]


def _point_inside(
    element: etree._Element,
    name: str,
    value: str,
    prefix: str,
    picture_url: Callable[[str], str | None],
) -> None:
    del element.attrib[name]
    if value.startswith("#") and element.tag != f"{_SVG}a":
        element.set("href", f"#{prefix}{value[1:]}")
    elif element.tag == f"{_SVG}image":
        address = value if _RASTER.fullmatch(value) else picture_url(value)
        if address is not None:
            element.set("href", address)
