"""A whole SVG side made into one group, to lie inside another SVG."""

import re

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_FRAGMENT = re.compile(r"(url\(\s*['\"]?#)([^)'\"\s]+)")
_GROUNDS = frozenset(("image", "rect"))
_UNSEEN = frozenset(("defs", "desc", "metadata", "style", "title"))
# What belongs to the page, not to what is drawn on it.
_OF_THE_PAGE = frozenset(
    (
        "baseProfile",
        "height",
        "id",
        "preserveAspectRatio",
        "version",
        "viewBox",
        "width",
        "x",
        "y",
    )
)


def as_group(source: bytes, *, prefix: str, attributes: dict[str, str]) -> str:
    """Give an SVG of ours as the text of one ``<g>`` with these attributes.

    ``source`` has passed the guard. Ids, and what refers to them, begin with
    ``prefix``: two drawings may both have a "gradient1".
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(source, parser)
    for element in root.iter(etree.Element):
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.set(key, prefix + value)
            elif key in _HREFS and value.startswith("#"):
                element.set(key, f"#{prefix}{value[1:]}")
            elif "url(" in value:
                element.set(key, _FRAGMENT.sub(rf"\1{prefix}\2", value))
    root.tag = f"{_SVG}g"
    for name in _OF_THE_PAGE & set(root.attrib):
        del root.attrib[name]
    for name, value in attributes.items():
        root.set(name, value)
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode", with_tail=False)
    return text


def child_count(source: bytes) -> int:
    """Count the elements right below the root of an SVG that the guard has passed."""
    return len(_children(source))


def above_the_ground(source: bytes, *, width: float, height: float) -> int:
    """Give the index of the first child that lies above what fills the whole page.

    ``width`` and ``height`` are the page's, in the units of ``source``. A picture put
    lower would be behind an opaque ground, where nobody sees it.
    """
    index = 0
    for number, child in enumerate(_children(source)):
        tag = str(child.tag).removeprefix(_SVG)
        if tag in _GROUNDS and _fills(child, width, height):
            index = number + 1
        elif tag not in _UNSEEN:
            break
    return index


def _children(source: bytes) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return list(etree.fromstring(source, parser).iterchildren(etree.Element))


def _fills(element: etree._Element, width: float, height: float) -> bool:
    if element.get("data-field") is not None or element.get("transform"):
        return False
    try:
        left, top, wide, high = (
            float(element.get(name, "0").removesuffix("px"))
            for name in ("x", "y", "width", "height")
        )
    except ValueError:
        return False
    return left <= 0 and top <= 0 and left + wide >= width and top + high >= height
