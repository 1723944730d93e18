"""Move, resize, turn, align and distribute, each in the element's own notation."""

import re
from math import ceil, log10

from card_designs.affine import Affine, read_transform
from card_designs.boxes import Placement
from card_designs.edit_draft import Draft, EditRefused, refused
from card_designs.edit_values import changes, number
from card_designs.outlines import Box, length
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM
from card_designs.svg_source import Node, Splice

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LENGTH = re.compile(rf"({_NUMBER.pattern})([a-zA-Z%]*)")
_FIRST_MOVE = re.compile(r"\s*translate\(\s*([^()\s,]+)(?:[\s,]+([^()\s,]+))?\s*\)")
_FIRST_TURN = re.compile(
    r"\s*rotate\(\s*([^()\s,]+)[\s,]+([^()\s,]+)[\s,]+([^()\s,]+)\s*\)\s*"
)
_ONE_MATRIX = re.compile(r"\s*matrix\(([^()]*)\)\s*")
_POINTS = {
    "circle": (("cx",), ("cy",)),
    "ellipse": (("cx",), ("cy",)),
    "image": (("x",), ("y",)),
    "line": (("x1", "x2"), ("y1", "y2")),
    "rect": (("x",), ("y",)),
    "text": (("x",), ("y",)),
    "tspan": (("x",), ("y",)),
    "use": (("x",), ("y",)),
}
_EDGES = ("left", "center", "right", "top", "middle", "bottom")


def move(draft: Draft) -> list[Splice]:
    """Move elements by dx, dy millimetres."""
    nodes = draft.nodes()
    dx, dy = draft.length("dx", 0.0), draft.length("dy", 0.0)
    draft.touched = [node.at for node in nodes]
    return [s for node in nodes for s in moved(draft, node, dx, dy)]


def moved(draft: Draft, node: Node, dx: float, dy: float) -> list[Splice]:
    """Give the splices that move one element; only its own tags are touched."""
    placed = draft.free(node)
    if not dx and not dy:
        return []
    if node.tag not in _POINTS or _is_placed_by_transform(node) or is_tied(draft, node):
        x, y = back(node, placed.above).moved(dx, dy)
        text = _translated(node.get("transform"), x, y, placed.above)
        return changes(draft.content, node, {"transform": text or None})
    x, y = back(node, placed.own).moved(dx, dy)
    return shifted(draft, node, x, y, digits_of(placed.own))


def back(node: Node, matrix: Affine) -> Affine:
    """Give the way from millimetres of the face into an element's units."""
    try:
        return matrix.inverse()
    except ZeroDivisionError as problem:
        message = "phép biến đổi thu phần tử về 0; hãy sửa ở Mã nguồn."
        raise refused(node, message) from problem


def digits_of(matrix: Affine) -> int:
    """Give as many decimals as keep a thousandth of a millimetre."""
    scale = max(abs(each) for each in (matrix.a, matrix.b, matrix.c, matrix.d))
    return max(2, min(8, ceil(log10(scale or 1.0)) + 4))


def _is_placed_by_transform(node: Node) -> bool:
    """Whether a transform alone says where it stands, as Illustrator writes texts."""
    names = {name for way in _POINTS[node.tag] for name in way}
    return "transform" in node.attributes and not names & node.attributes.keys()


def is_tied(draft: Draft, node: Node) -> bool:
    """Say whether clip or paint stay behind when only x and y change."""
    text = draft.content[node.start : node.open_end]
    if b"clip-path" in text or b"mask" in text or b"textPath" in text:
        return True
    return b"url(#" in text and b"userSpaceOnUse" in draft.content


def shifted(draft: Draft, node: Node, x: float, y: float, digits: int) -> list[Splice]:
    """Give the splices that add to an element's own x and y, and to its parts'."""
    names_x, names_y = _POINTS[node.tag]
    values: dict[str, str | None] = {}
    for names, by in ((names_x, x), (names_y, y)):
        for name in names:
            own = node.attributes.get(name)
            if own is None and node.tag == "tspan":
                continue
            if by and round(by, digits):
                values[name] = _plus(own.value if own else "0", by, digits)
    splices = changes(draft.content, node, values)
    for part in node.children:
        # Parts with a place of their own stay behind otherwise.
        if part.tag == "tspan":
            splices += shifted(draft, part, x, y, digits)
    return splices


def _plus(text: str, by: float, digits: int) -> str:
    """Add to every number of a value; blanks and units stay as they are."""

    def plus(found: "re.Match[str]") -> str:
        one = length(f"1{found[2]}")
        return _sum(found[1], by / one if one else 0.0, digits) + found[2]

    return _LENGTH.sub(plus, text)


def _sum(text: str, by: float, digits: int) -> str:
    known = len(text.partition(".")[2]) if "e" not in text.lower() else digits
    return number(float(text) + by, digits=max(digits, known))


def _translated(text: str, x: float, y: float, above: Affine) -> str:
    """Add a move, outermost, to a transform, in the form it has already."""
    digits = digits_of(above)
    first = _FIRST_MOVE.match(text)
    if first and _NUMBER.fullmatch(first[1]) and _NUMBER.fullmatch(first[2] or "0"):
        across, down = float(first[1]) + x, float(first[2] or 0) + y
        rest = text[first.end() :]
        step = _translate(across, down, digits)
        if not round(across, digits) and not round(down, digits):
            return rest.strip()
        return step + rest
    matrix = _ONE_MATRIX.fullmatch(text)
    if matrix and len(_NUMBER.findall(matrix[1])) == 6:
        places = list(_NUMBER.finditer(matrix[1]))
        inside = matrix[1]
        for found, by in ((places[5], y), (places[4], x)):
            new = _sum(found[0], by, digits)
            inside = inside[: found.start()] + new + inside[found.end() :]
        return f"matrix({inside})"
    return f"{_translate(x, y, digits)} {text.strip()}".strip()


def _translate(x: float, y: float, digits: int) -> str:
    return f"translate({number(x, digits=digits)} {number(y, digits=digits)})"


def turn(draft: Draft) -> list[Splice]:
    """Turn an element about its middle by quarters, clockwise."""
    node = draft.node()
    quarters = draft.whole("quarters") % 4
    placed = draft.free(node)
    draft.touched = [node.at]
    if not quarters:
        return []
    box = placed.box
    middle = box.x_mm + box.width_mm / 2, box.y_mm + box.height_mm / 2
    if placed.above.is_even:
        x, y = back(node, placed.above).at(*middle)
        digits = digits_of(placed.above)
        text = _turned(node.get("transform"), 90 * quarters, x, y, digits)
    else:
        step = read_transform(f"rotate({90 * quarters} {middle[0]} {middle[1]})")
        step = back(node, placed.above).after(step).after(placed.above)
        text = transformed(node, step, placed.above)
    return changes(draft.content, node, {"transform": text or None})


def _turned(text: str, angle: int, x: float, y: float, digits: int) -> str:
    first = _FIRST_TURN.match(text)
    if first and all(_NUMBER.fullmatch(first[n]) for n in (1, 2, 3)):
        near = 2 * 10.0**-digits
        if abs(float(first[2]) - x) < near and abs(float(first[3]) - y) < near:
            whole = (float(first[1]) + angle) % 360
            rest = text[first.end() :]
            if not whole:
                return rest
            step = f"rotate({number(whole)} {first[2]} {first[3]})"
            return f"{step} {rest}".strip()
    step = f"rotate({angle} {number(x, digits=digits)} {number(y, digits=digits)})"
    return f"{step} {text.strip()}".strip()


def align(draft: Draft) -> list[Splice]:
    """Bring elements to one edge of what they cover together; a lone one to the card's.

    ``edge``: left, center, right, top, middle, bottom.
    """
    nodes = draft.nodes()
    edge = draft.choice("edge", _EDGES)
    boxes = [_box(draft.free(node)) for node in nodes]
    whole: Box = (0.0, 0.0, CARD_WIDTH_MM, CARD_HEIGHT_MM)
    if len(boxes) > 1:
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        whole = min(lefts), min(tops), max(rights), max(bottoms)
    way = 0 if edge in ("left", "center", "right") else 1
    share = {"left": 0.0, "top": 0.0, "center": 0.5, "middle": 0.5}.get(edge, 1.0)
    target = _spot(whole, way, share)
    splices = []
    for node, box in zip(nodes, boxes, strict=True):
        by = round(target - _spot(box, way, share), 4)
        splices += moved(draft, node, *((by, 0.0) if way == 0 else (0.0, by)))
    draft.touched = [node.at for node in nodes]
    return splices


def distribute(draft: Draft) -> list[Splice]:
    """Make the gaps between three or more elements equal; the outer two stay."""
    nodes = draft.nodes()
    way = 0 if draft.choice("axis", ("x", "y")) == "x" else 1
    if len(nodes) < 3:
        raise EditRefused("Cần chọn ít nhất ba phần tử để giãn đều.")
    boxes = {node.at: _box(draft.free(node)) for node in nodes}
    draft.touched = [node.at for node in nodes]
    row = sorted(nodes, key=lambda node: (boxes[node.at][way], node.start))
    used = sum(boxes[node.at][way + 2] - boxes[node.at][way] for node in row)
    first, last = boxes[row[0].at], boxes[row[-1].at]
    gap = (last[way + 2] - first[way] - used) / (len(row) - 1)
    splices, place = [], first[way]
    for node in row:
        box = boxes[node.at]
        by = round(place - box[way], 4)
        if node not in (row[0], row[-1]):
            splices += moved(draft, node, *((by, 0.0) if way == 0 else (0.0, by)))
        place += box[way + 2] - box[way] + gap
    return splices


def _box(placed: Placement) -> Box:
    box = placed.box
    right, bottom = box.x_mm + box.width_mm, box.y_mm + box.height_mm
    return box.x_mm, box.y_mm, right, bottom


def _spot(box: Box, way: int, share: float) -> float:
    return box[way] + share * (box[way + 2] - box[way])


def transformed(node: Node, step: Affine, above: Affine) -> str:
    """Put a transform before an element's own; both become one matrix if they must."""
    try:
        whole = step.after(read_transform(node.get("transform"), skew=True))
    except ValueError as problem:
        raise refused(node, "phép biến đổi của phần tử không đọc được.") from problem
    digits = max(6, digits_of(above))
    parts = (whole.a, whole.b, whole.c, whole.d, whole.e, whole.f)
    written = [number(part, digits=digits) for part in parts]
    if written == ["1", "0", "0", "1", "0", "0"]:
        return ""
    if written[:4] == ["1", "0", "0", "1"]:
        return f"translate({' '.join(written[4:])})"
    return f"matrix({' '.join(written)})"
