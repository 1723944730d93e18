"""Where letters leave ink: those of a filled slot, and a text as CairoSVG sets it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from card_designs.affine import Affine, read_transform
from card_designs.binding import SVG, Placed, is_bold, own_style
from card_designs.fit import Fitted, placed_lines
from card_designs.fonts import FontMetrics, contour, ink, metrics
from card_designs.outlines import Box, length
from card_designs.slots import TextSlot

_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_MIDDLE_OF = {"middle": 0.5, "end": 1.0}


def slot_ink(slot: TextSlot, fitted: Fitted) -> Box | None:
    """Give the box of a slot's ink on the face; None where it leaves none."""
    size, known = fitted.size_mm, ink(bold=slot.bold)
    spacing = slot.letter_spacing_mm * size / slot.size_mm
    font, found = metrics(bold=slot.bold), []
    for line, x_mm, y_mm in placed_lines(slot, fitted):
        pen = x_mm - slot.x_mm
        for letter in line:
            if letter in known:
                left, top, right, bottom = (side * size for side in known[letter])
                down = y_mm - slot.y_mm
                found.append(slot.place(pen + left, down + top))
                found.append(slot.place(pen + right, down + bottom))
            pen += font.advances.get(letter, 0.0) * size + spacing
    return _around(found)


def text_ink(element: etree._Element, here: Placed) -> Box | None:
    """Give the box of a static text's ink in millimetres; ``here`` is within it."""
    setter = _Setter(preserve=element.get(_PRESERVE) == "preserve")
    setter.take(element, here)
    return _around([point for mark in setter.marks for point in mark.points()])


@dataclass(frozen=True, slots=True)
class _Mark:
    """One letter with ink: where its pen stood, and the way to millimetres."""

    letter: str
    bold: bool
    size: float
    x: float
    y: float
    matrix: Affine

    def points(self) -> list[tuple[float, float]]:
        """Give points of the face that span the letter's ink."""
        found: Iterable[tuple[float, float]]
        if self.matrix.turn is None:
            # The corners of its box would reach too far.
            found = contour(self.letter, bold=self.bold)
        else:
            left, top, right, bottom = ink(bold=self.bold)[self.letter]
            found = ((left, top), (right, bottom))
        return [
            self.matrix.at(self.x + x * self.size, self.y + y * self.size)
            for x, y in found
        ]


class _Setter:
    """Sets runs of letters one after another, each aligned by itself as in CairoSVG."""

    def __init__(self, *, preserve: bool) -> None:
        self.marks: list[_Mark] = []
        self._preserve = preserve
        self._pen = [0.0, 0.0]
        self._blank_before = True

    def take(self, element: etree._Element, here: Placed) -> None:
        """Set an element's own letters, then its parts and what follows each."""
        places = [
            [length(part) for part in element.get(name, "").replace(",", " ").split()]
            for name in ("x", "y", "dx", "dy")
        ]
        if places[0]:
            self._blank_before = True
        self._run(element.text or "", here, places)
        for part in element:
            if part.tag in (f"{SVG}tspan", f"{SVG}a", f"{SVG}textPath"):
                self.take(part, _styled(part, here))
            self._run(part.tail or "", here, [[], [], [], []])

    def _run(self, text: str, here: Placed, places: list[list[float]]) -> None:
        xs, ys, dxs, dys = places
        if xs:
            self._pen[0] = xs[0]
        if ys:
            self._pen[1] = ys[0]
        self._pen[0] += dxs[0] if dxs else 0.0
        self._pen[1] += dys[0] if dys else 0.0
        letters = self._letters(text)
        if not letters:
            return
        bold = is_bold(here.style.get("font-weight", ""))
        size = length(here.style.get("font-size", ""), default=16.0)
        spacing = length(here.style.get("letter-spacing", ""))
        font, known = metrics(bold=bold), ink(bold=bold)
        shift = _shift(letters, font, bold, size, spacing, here.style)
        for index, letter in enumerate(letters):
            if index:
                self._pen[0] += spacing
                for values, way in ((xs, 0), (ys, 1)):
                    if index < len(values):
                        self._pen[way] = values[index]
                for values, way in ((dxs, 0), (dys, 1)):
                    if index < len(values):
                        self._pen[way] += values[index]
            if letter in known:
                x, y = self._pen[0] + shift, self._pen[1]
                self.marks.append(_Mark(letter, bold, size, x, y, here.matrix))
            self._pen[0] += font.advances.get(letter, 0.0) * size

    def _letters(self, text: str) -> str:
        if self._preserve:
            return text.replace("\n", " ").replace("\t", " ")
        found = []
        for letter in text.replace("\n", "").replace("\t", " "):
            if letter == " " and self._blank_before:
                continue
            self._blank_before = letter == " "
            found.append(letter)
        return "".join(found)


def _styled(part: etree._Element, above: Placed) -> Placed:
    placed = replace(above, style={**above.style, **own_style(part)})
    try:
        own = read_transform(part.get("transform", ""), skew=True)
    except ValueError:
        return placed
    return replace(placed, matrix=placed.matrix.after(own))


def _shift(
    letters: str,
    font: FontMetrics,
    bold: bool,
    size: float,
    spacing: float,
    style: dict[str, str],
) -> float:
    """Say how far a run hangs left of its place; CairoSVG goes by its ink."""
    share = _MIDDLE_OF.get(style.get("text-anchor", "start"))
    if share is None:
        return 0.0
    pen, known = 0.0, ink(bold=bold)
    lefts, rights = [], []
    for letter in letters:
        if letter in known:
            lefts.append(pen + known[letter][0])
            rights.append(pen + known[letter][2])
        pen += font.advances.get(letter, 0.0)
    if not lefts:
        return 0.0
    bearing, width = min(lefts) * size, (max(rights) - min(lefts)) * size
    return -(width * share + bearing) - (len(letters) - 1) * spacing * share


def _around(points: list[tuple[float, float]]) -> Box | None:
    if not points:
        return None
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
