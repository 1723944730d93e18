"""Sides that the tests of the designer work on: built in, and drawn for them."""

from functools import cache
from pathlib import Path

from card_designs.design import BUILT_IN, SIDES, design_folder
from card_designs.design_import import import_svg

DRAWINGS = Path(__file__).parents[1] / "data" / "designs"
FOREIGN = tuple(sorted(path.name for path in DRAWINGS.glob("*.svg")))
BUILT_IN_SIDES = tuple(f"{name}/{side}" for name in BUILT_IN for side in SIDES)


def foreign(name: str) -> bytes:
    """Give a drawing as its program wrote it."""
    return (DRAWINGS / name).read_bytes()


@cache
def side_of(name: str) -> bytes:
    """Give a side of ours: ``standard/front``, or a drawing as it is imported."""
    folder, _, side = name.partition("/")
    if side:
        return (design_folder(folder) / f"{side}.svg").read_bytes()
    return import_svg(foreign(name), file=name).svg
