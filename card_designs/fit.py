"""Fit text into its place: shrink, wrap between words, or say that it cannot be."""

from dataclasses import dataclass
from functools import lru_cache
from math import floor

from card_designs.fonts import metrics, reaches
from card_designs.slots import TextSlot

COMFORTABLE = 0.8
"""Shrink this far on few lines before taking one more line."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres."""

MAX_LETTERS = 250
"""Nothing longer is readable on a card; trying every break would only take time."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text as it is drawn: one size in millimetres, the lines from the top down."""

    size_mm: float
    lines: tuple[str, ...]


def missing_glyphs(text: str, *, bold: bool) -> list[str]:
    """List the characters that would leave a hole, each once."""
    return metrics(bold=bold).missing(text)


@lru_cache(maxsize=512)
def fit(text: str, slot: TextSlot) -> Fitted | None:
    """Fit ``text`` into ``slot``; None where it would fall below the least size.

    The ladder: one line, shrunk a little; then more lines, up to ``slot.lines``, broken
    only between words; then whatever is largest; never below ``slot.min_size_mm``.
    """
    if len(text) > MAX_LETTERS:
        return None
    best: Fitted | None = None
    for count in range(1, slot.lines + 1):
        lines = _broken(text, count, bold=slot.bold)
        if len(lines) < count:
            break
        size = _largest(lines, slot)
        if size >= slot.min_size_mm and (best is None or size > best.size_mm):
            best = Fitted(size, lines)
        if best is not None and best.size_mm >= slot.size_mm * COMFORTABLE:
            break
    return best


def placed_lines(slot: TextSlot, fitted: Fitted) -> list[tuple[str, float, float]]:
    """Give each line with the left end of its baseline, as if the slot were not turned.

    In millimetres; ``slot.grow`` says where further lines go, ``slot.anchor`` where a
    line hangs. ``slot.place`` turns what lies off the slot's own place.
    """
    step = fitted.size_mm * slot.line_height
    further = (len(fitted.lines) - 1) * step
    raised = {"down": 0.0, "middle": further / 2, "up": further}[slot.grow]
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[slot.anchor]
    placed = []
    for index, line in enumerate(fitted.lines):
        left = -share * width_mm(line, slot, fitted.size_mm)
        placed.append((line, slot.x_mm + left, slot.y_mm + index * step - raised))
    return placed


def extent_mm(slot: TextSlot, fitted: Fitted) -> Box:
    """Give what the letters cover on the face: left, top, right, bottom."""
    size, known = fitted.size_mm, reaches(bold=slot.bold)
    corners = []
    for line, x_mm, y_mm in placed_lines(slot, fitted):
        letters = [known[letter] for letter in line]
        rise, fall = (max(each) * size for each in zip(*letters, strict=True))
        for right, down in ((0.0, -rise), (width_mm(line, slot, size), fall)):
            place = x_mm - slot.x_mm + right, y_mm - slot.y_mm + down
            corners.append(slot.place(*place))
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def width_mm(text: str, slot: TextSlot, size_mm: float) -> float:
    """Measure one line as it is drawn."""
    spacing = slot.letter_spacing_mm / slot.size_mm
    return metrics(bold=slot.bold).width(text, letter_spacing=spacing) * size_mm


def _largest(lines: tuple[str, ...], slot: TextSlot) -> float:
    """Give the largest size at which these lines fit, in hundredths of a mm."""
    widest = max(width_mm(line, slot, 1.0) for line in lines)
    size = min(
        slot.size_mm,
        slot.max_width_mm / widest,
        slot.max_height_mm / (len(lines) * slot.line_height),
    )
    return floor(round(size * 100, 6)) / 100


@lru_cache(maxsize=4096)
def _broken(text: str, count: int, *, bold: bool) -> tuple[str, ...]:
    """Break ``text`` between words into ``count`` lines, the widest as short as can be.

    Fewer lines come back where there are fewer words.
    """
    words = text.split(" ")
    count = min(count, len(words))
    if count == 1:
        return (text,)
    font = metrics(bold=bold)
    choices = []
    for cut in range(1, len(words) - count + 2):
        head = " ".join(words[:cut])
        lines = (head, *_broken(" ".join(words[cut:]), count - 1, bold=bold))
        choices.append((max(font.width(line) for line in lines), lines))
    return min(choices)[1]
