"""A side of a design as a browser may show it: inert, and each element addressed."""

import re
from collections.abc import Callable, Iterator

from lxml import etree

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
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PROPERTY = re.compile(r"[a-z][a-z-]*")


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
        for selectors, body in _RULE.findall("".join(style.itertext())):
            for selector in selectors.split(","):
                if selector.strip().startswith("."):
                    yield selector.strip()[1:], _declarations(body)


def _declarations(text: str) -> dict[str, str]:
    found = {}
    for part in text.split(";"):
        name, _colon, value = part.partition(":")
        if _PROPERTY.fullmatch(name.strip().lower()):
            value = value.replace("!important", "")
            found[name.strip().lower()] = value.strip()
    return found


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
        elif name.startswith("{") or name.lower().startswith("on"):
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
