"""Sides for blanks that carry the fixed art already: what is marked variable stays."""

from dataclasses import replace
from functools import lru_cache

from lxml import etree

from card_designs.layout import DRAWN, Side, put_away

_MARK, _VARIABLE = "data-layer", "variable"


@lru_cache(maxsize=16)
def over_blanks(side: Side) -> Side | None:
    """Give a side with only the art that ``data-layer="variable"`` marks.

    On the element or on a group around it; None where nothing is marked.
    """
    if f'{_MARK}="{_VARIABLE}"'.encode() not in side.static_svg:
        return None
    return replace(
        side,
        static_svg=_cleared(side.static_svg),
        layers=tuple(map(_cleared, side.layers)),
    )


def _cleared(svg: bytes) -> bytes:
    root = etree.fromstring(svg)
    for element in list(root.iter(*DRAWN)):
        if not is_variable(element) and element.getparent() is not None:
            put_away(element)
    kept: bytes = etree.tostring(root)
    return kept


def is_variable(element: etree._Element) -> bool:
    """Say whether fixed art is printed on blanks too."""
    for each in (element, *element.iterancestors()):
        mark = each.get(_MARK)
        if mark is not None:
            return bool(mark == _VARIABLE)
    return False
