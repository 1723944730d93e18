"""The outlines of SVG shapes as curves, and the box that curves take up."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin, sqrt, tan

from card_designs.affine import Affine

Point = tuple[float, float]
Curve = tuple[Point, ...]
"""Two points are a line, three a quadratic and four a cubic curve."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_DECIMAL = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TOKEN = re.compile(rf"([MmLlHhVvCcSsQqTtAaZz])|({_DECIMAL})")
_ARC = re.compile(
    rf"[\s,]*({_DECIMAL})" * 3 + r"[\s,]*([01])" * 2 + rf"[\s,]*({_DECIMAL})" * 2
)
_NUMBER = re.compile(_DECIMAL)
_LENGTH = re.compile(rf"\s*({_DECIMAL})\s*([a-zA-Z%]*)\s*")
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "Q": 96 / 101.6,
}
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}


def length(text: str, *, whole: float = 0.0, default: float = 0.0) -> float:
    """Read a length in user units; ``whole`` is what per cent are of."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        return default
    if match[2] == "%":
        return float(match[1]) / 100 * whole
    return float(match[1]) * _UNITS.get(match[2], 1.0)


def numbers(text: str) -> list[float]:
    """Read a list of numbers."""
    return [float(each) for each in _NUMBER.findall(text)]


def bounds(curves: Iterable[Curve], matrix: Affine) -> Box | None:
    """Give the exact box of curves after a transform; None where there are none."""
    xs: list[float] = []
    ys: list[float] = []
    for curve in curves:
        points = [matrix.at(*point) for point in curve]
        for index, found in ((0, xs), (1, ys)):
            found += _extremes([point[index] for point in points])
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _extremes(values: list[float]) -> list[float]:
    """Give the ends of a curve in one direction, and where it turns."""
    first, last = values[0], values[-1]
    low, high = min(first, last), max(first, last)
    if len(values) == 2 or all(low <= each <= high for each in values):
        return [first, last]
    if len(values) == 3:
        a, b, c = values
        turns = [(a - b) / (a - 2 * b + c)] if a - 2 * b + c else []
        spots = [t for t in turns if 0 < t < 1]
        return [
            first,
            last,
            *((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for t in spots),
        ]
    a, b, c, d = values
    spots = list(_roots(d - 3 * c + 3 * b - a, 2 * (c - 2 * b + a), b - a))
    return [
        first,
        last,
        *(
            (1 - t) ** 3 * a
            + 3 * t * (1 - t) ** 2 * b
            + 3 * t * t * (1 - t) * c
            + t**3 * d
            for t in spots
        ),
    ]


def _roots(a: float, b: float, c: float) -> Iterator[float]:
    if abs(a) < 1e-12:
        found = [-c / b] if b else []
    else:
        under = b * b - 4 * a * c
        if under < 0:
            return
        found = [(-b + sign * sqrt(under)) / (2 * a) for sign in (1, -1)]
    yield from (t for t in found if 0 < t < 1)


def shape_curves(tag: str, attributes: Mapping[str, str], view: Point) -> list[Curve]:
    """Give the outline of a basic shape, an image or a path, in its own units.

    ``view`` is what per cent are of: the width and height of the view box.
    """

    def get(name: str) -> float:
        whole = view[1] if name in ("y", "cy", "y1", "y2", "height", "ry") else view[0]
        return length(attributes.get(name, ""), whole=whole)

    if tag in ("rect", "image"):
        x, y, width, height = (get(name) for name in ("x", "y", "width", "height"))
        if width <= 0 or height <= 0:
            return []
        return _rect(
            x, y, width, height, get("rx") or get("ry"), get("ry") or get("rx")
        )
    if tag == "circle":
        return _ellipse(get("cx"), get("cy"), get("r"), get("r"))
    if tag == "ellipse":
        return _ellipse(get("cx"), get("cy"), get("rx"), get("ry"))
    if tag == "line":
        return [((get("x1"), get("y1")), (get("x2"), get("y2")))]
    if tag in ("polyline", "polygon"):
        values = numbers(attributes.get("points", ""))
        points = list(zip(values[::2], values[1::2], strict=False))
        return list(pairwise(points))
    if tag == "path":
        return path_curves(attributes.get("d", ""))
    return []


def _rect(
    x: float, y: float, width: float, height: float, rx: float, ry: float
) -> list[Curve]:
    right, bottom = x + width, y + height
    if rx <= 0 or ry <= 0:
        corners = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
        return list(pairwise(corners))
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    corners = [
        *((x, y + ry), (x + rx, y)),
        *((right - rx, y), (right, y + ry)),
        *((right, bottom - ry), (right - rx, bottom)),
        *((x + rx, bottom), (x, bottom - ry)),
    ]
    curves: list[Curve] = []
    for index in range(0, 8, 2):
        curves += arc_curves(corners[index], rx, ry, 0, False, True, corners[index + 1])
        curves.append((corners[index + 1], corners[(index + 2) % 8]))
    return curves


def _ellipse(cx: float, cy: float, rx: float, ry: float) -> list[Curve]:
    if rx <= 0 or ry <= 0:
        return []
    left, right = (cx - rx, cy), (cx + rx, cy)
    return [
        *arc_curves(left, rx, ry, 0, False, True, right),
        *arc_curves(right, rx, ry, 0, False, True, left),
    ]


def path_curves(text: str) -> list[Curve]:
    """Read the ``d`` of a path; like renderers, as far as it is right."""
    return _PathReader(text).curves


class _PathReader:
    def __init__(self, text: str) -> None:
        self.curves: list[Curve] = []
        self._text = text
        self._here: Point = (0.0, 0.0)
        self._begin: Point = (0.0, 0.0)
        self._control: tuple[str, Point] = ("", (0.0, 0.0))
        place, command = 0, ""
        while match := _TOKEN.search(text, place):
            if match[1]:
                command, place = match[1], match.end()
                if command in "Zz":
                    self._add(self._begin)
                    self._control = ("", self._here)
                    continue
            if not command or command in "Zz":
                break
            after = self._step(command, place)
            if after is None:
                break
            place = after
            command = {"M": "L", "m": "l"}.get(command, command)

    def _step(self, command: str, place: int) -> int | None:
        """Take one command's numbers; gives where the text goes on."""
        if command in "Aa":
            match = _ARC.match(self._text, place)
            if match is None:
                return None
            self._arc(command, [float(each) for each in match.groups()])
            return match.end()
        values = []
        for _ in range(_TAKES[command.upper()]):
            match = _TOKEN.search(self._text, place)
            if match is None or match[1]:
                return None
            values.append(float(match[2]))
            place = match.end()
        self._draw(command, values)
        return place

    def _draw(self, command: str, values: list[float]) -> None:
        x, y = self._here if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "H":
            points = [(x + values[0], self._here[1])]
        elif kind == "V":
            points = [(self._here[0], y + values[0])]
        else:
            pairs = zip(values[::2], values[1::2], strict=True)
            points = [(x + a, y + b) for a, b in pairs]
        if kind == "M":
            self._here = self._begin = points[0]
        elif kind in "ST":
            points.insert(0, self._mirrored("CS" if kind == "S" else "QT"))
            self._add(*points)
        else:
            self._add(*points)
        self._control = (kind, points[-2] if len(points) > 1 else self._here)

    def _mirrored(self, kinds: str) -> Point:
        kind, (x, y) = self._control
        if not kind or kind not in kinds:
            return self._here
        return 2 * self._here[0] - x, 2 * self._here[1] - y

    def _arc(self, command: str, values: list[float]) -> None:
        x, y = self._here if command == "a" else (0.0, 0.0)
        rx, ry, turn, large, sweep, dx, dy = values
        end = (x + dx, y + dy)
        self.curves += arc_curves(
            self._here, abs(rx), abs(ry), turn, bool(large), bool(sweep), end
        )
        self._here = end
        self._control = ("A", end)

    def _add(self, *points: Point) -> None:
        self.curves.append((self._here, *points))
        self._here = points[-1]


def arc_curves(
    start: Point,
    rx: float,
    ry: float,
    turn: float,
    large: bool,
    sweep: bool,
    end: Point,
) -> list[Curve]:
    """Give an elliptical arc as cubic curves (SVG 1.1, appendix F.6)."""
    if not rx or not ry or start == end:
        return [(start, end)]
    phi = radians(turn)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x = cos(phi) * half_x + sin(phi) * half_y
    y = -sin(phi) * half_x + cos(phi) * half_y
    grown = hypot(x / rx, y / ry)
    if grown > 1:
        rx, ry = rx * grown, ry * grown
    above = rx * rx * ry * ry - rx * rx * y * y - ry * ry * x * x
    factor = sqrt(max(above, 0.0) / (rx * rx * y * y + ry * ry * x * x))
    if large == sweep:
        factor = -factor
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = atan2((y - cy) / ry, (x - cx) / rx)
    swept = (atan2((-y - cy) / ry, (-x - cx) / rx) - first) % (2 * pi)
    if not sweep:
        swept -= 2 * pi
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    place = Affine(cos(phi), sin(phi), -sin(phi), cos(phi), *middle)
    place = place.after(Affine(rx, 0, 0, ry, cx, cy))
    count = max(1, round(abs(swept) / (pi / 2) + 0.49))
    step = swept / count
    pull = 4 / 3 * tan(step / 4)
    curves = []
    for index in range(count):
        a, b = first + index * step, first + (index + 1) * step
        unit = (
            (cos(a), sin(a)),
            (cos(a) - pull * sin(a), sin(a) + pull * cos(a)),
            (cos(b) + pull * sin(b), sin(b) - pull * cos(b)),
            (cos(b), sin(b)),
        )
        curves.append(tuple(place.at(*point) for point in unit))
    return curves
