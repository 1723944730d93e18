"""Resize one element, each kind by the attributes that make up its size."""

from collections.abc import Iterator

from card_designs.affine import Affine
from card_designs.boxes import Placement
from card_designs.edit_draft import Draft, EditRefused, refused
from card_designs.edit_places import back, digits_of, is_tied, shifted, transformed
from card_designs.edit_values import changes, number
from card_designs.outlines import Box, length
from card_designs.svg_source import Node, Splice

_HAIR = 1e-3


def resize(draft: Draft) -> list[Splice]:
    """Give an element another box, in millimetres of the face."""
    node = draft.node()
    placed = draft.free(node)
    x, y = draft.length("x"), draft.length("y")
    width, height = draft.length("width"), draft.length("height")
    if width < 0 or height < 0 or (width < 0.01 and height < 0.01):
        raise EditRefused("Chiều rộng và chiều cao phải lớn hơn 0.")
    draft.touched = [node.at]
    return resized(draft, node, placed, (x, y, x + width, y + height))


def resized(draft: Draft, node: Node, placed: Placement, new: Box) -> list[Splice]:
    """Give the splices that bring an element's box to ``new``, in millimetres."""
    old = placed.box
    step = _stretch((old.x_mm, old.y_mm, old.width_mm, old.height_mm), new)
    upright = placed.own.turn is not None and not is_tied(draft, node)
    if node.tag in ("rect", "image") and upright:
        return _box_sized(draft, node, placed, new)
    if node.tag in ("circle", "ellipse") and upright:
        return _round_sized(draft, node, placed, new)
    if node.tag == "line" and not is_tied(draft, node):
        return _line_sized(draft, node, placed, step)
    if node.tag == "text" and (old.field is not None or not node.children):
        return _text_sized(draft, node, placed, new)
    if _has_fields(node) and abs(step.a - step.d) > _HAIR:
        message = "phần có ô dữ liệu chỉ phóng to, thu nhỏ đều hai chiều."
        raise refused(node, message)
    within = back(node, placed.above).after(step).after(placed.above)
    text = transformed(node, within, placed.above)
    return changes(draft.content, node, {"transform": text or None})


def _stretch(old: tuple[float, float, float, float], new: Box) -> Affine:
    """Give the transform of the face that turns the old box into the new one."""
    x, y, width, height = old
    across = (new[2] - new[0]) / width if width > _HAIR else 1.0
    down = (new[3] - new[1]) / height if height > _HAIR else 1.0
    return Affine(across, 0, 0, down, new[0] - across * x, new[1] - down * y)


def _has_fields(node: Node) -> bool:
    return any("data-field" in each.attributes for each in node.walk())


def _inner(node: Node, placed: Placement, box: Box) -> Box:
    """Give a box of the face in the element's own units."""
    inside = back(node, placed.own)
    xs, ys = zip(inside.at(box[0], box[1]), inside.at(box[2], box[3]), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _written(
    node: Node, placed: Placement, pairs: dict[str, float]
) -> dict[str, str | None]:
    """Write lengths as the element has them: with its units, and no needless digit."""
    digits = digits_of(placed.own)
    values: dict[str, str | None] = {}
    for name, value in pairs.items():
        old = node.get(name)
        if abs(length(old) - value) < 0.5 * 10.0**-digits and name in node.attributes:
            continue
        unit = "px" if old.strip().endswith("px") else ""
        values[name] = number(value, digits=digits) + unit
    return values


def _box_sized(draft: Draft, node: Node, placed: Placement, new: Box) -> list[Splice]:
    left, top, right, bottom = _inner(node, placed, new)
    sizes = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return changes(draft.content, node, _written(node, placed, sizes))


def _round_sized(draft: Draft, node: Node, placed: Placement, new: Box) -> list[Splice]:
    left, top, right, bottom = _inner(node, placed, new)
    sizes = {"cx": (left + right) / 2, "cy": (top + bottom) / 2}
    rx, ry = (right - left) / 2, (bottom - top) / 2
    sizes |= {"r": min(rx, ry)} if node.tag == "circle" else {"rx": rx, "ry": ry}
    return changes(draft.content, node, _written(node, placed, sizes))


def _line_sized(
    draft: Draft, node: Node, placed: Placement, step: Affine
) -> list[Splice]:
    within = back(node, placed.own).after(step).after(placed.own)
    sizes: dict[str, float] = {}
    for x, y in (("x1", "y1"), ("x2", "y2")):
        sizes[x], sizes[y] = within.at(length(node.get(x)), length(node.get(y)))
    return changes(draft.content, node, _written(node, placed, sizes))


def _text_sized(draft: Draft, node: Node, placed: Placement, new: Box) -> list[Splice]:
    """Letters grow with the height; a bound text's room grows with the width."""
    old = placed.box
    wide = (new[2] - new[0]) / old.width_mm if old.width_mm > _HAIR else 1.0
    high = (new[3] - new[1]) / old.height_mm if old.height_mm > _HAIR else 1.0
    bound = old.field is not None
    grown = wide if abs(high - 1) < _HAIR and not bound else high
    values = dict(_letters(node, placed, grown))
    if bound:
        values |= dict(_room(node, wide, grown))
    x, y = length(node.get("x")), length(node.get("y"))
    anchor = placed.own.at(x, y)
    wanted = (
        new[0] + (anchor[0] - old.x_mm) * grown,
        new[1] + (anchor[1] - old.y_mm) * grown,
    )
    way = back(node, placed.own).moved(wanted[0] - anchor[0], wanted[1] - anchor[1])
    moved = shifted(draft, node, *way, digits_of(placed.own))
    return [*changes(draft.content, node, values), *moved]


def _letters(
    node: Node, placed: Placement, grown: float
) -> Iterator[tuple[str, str | None]]:
    if abs(grown - 1) < _HAIR:
        return
    size = length(placed.style.get("font-size", ""), default=16.0) * grown
    unit = "px" if placed.style.get("font-size", "").endswith("px") else ""
    yield "font-size", number(size, digits=digits_of(placed.own)) + unit
    spacing = length(placed.style.get("letter-spacing", ""))
    if spacing:
        text = number(spacing * grown, digits=digits_of(placed.own))
        yield "letter-spacing", text + unit
    least = length(node.get("data-min-size"))
    if least > size:
        yield "data-min-size", number(size, digits=digits_of(placed.own))


def _room(node: Node, wide: float, high: float) -> Iterator[tuple[str, str | None]]:
    for name, by in (("data-max-width", wide), ("data-max-height", high)):
        if name in node.attributes and abs(by - 1) >= _HAIR:
            yield name, number(length(node.get(name)) * by, digits=3)
