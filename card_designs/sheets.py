"""A4 sheets: cards in a grid with gaps and crop marks, backs mirrored to match."""

from dataclasses import dataclass

from card_designs.profiles import (
    CARD_HEIGHT_MM,
    CARD_WIDTH_MM,
    NATIVE_DPI,
    Profile,
    whole_pixels,
)

BLEED_MM = 1.5
_MARK_MM = 3.0
_CLEAR_MM = 0.5
"""Crop marks begin this far outside the bleed, so that none is left on a card."""

BLEEDING = Profile(
    "sheet",
    "Tờ A4",
    CARD_WIDTH_MM + 2 * BLEED_MM,
    CARD_HEIGHT_MM + 2 * BLEED_MM,
)
"""A card with its bleed all around, to be cut off."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a side stands on its page: its top left corner in pixels of the grid."""

    left_px: int = 0
    top_px: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page of many cards; lengths in millimetres, gaps between the cut edges."""

    width_mm: float
    height_mm: float
    columns: int
    rows: int
    gap_x_mm: float
    gap_y_mm: float

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the page in pixels of the 300 dpi grid."""
        return _px(self.width_mm), _px(self.height_mm)

    @property
    def places(self) -> int:
        """How many cards a sheet takes."""
        return self.columns * self.rows

    def spot(self, place: int, *, mirrored: bool) -> Spot:
        """Give the corner of a card with its bleed, row by row from the top left.

        ``mirrored`` is the place seen from behind: turned over its long edge, the
        sheet has each back behind its front.
        """
        row, column = divmod(place, self.columns)
        left, top = self._cut(column, row)
        if mirrored:
            left = self.size_px[0] - left - _px(CARD_WIDTH_MM)
        return Spot(left - _px(BLEED_MM), top - _px(BLEED_MM))

    def crop_marks(self) -> list[tuple[int, int, int, int]]:
        """Give the crop marks around the grid as lines: x, y to x, y in pixels."""
        away, long = _px(BLEED_MM + _CLEAR_MM), _px(_MARK_MM)
        left, top = self._cut(0, 0)
        right, bottom = self._cut(self.columns - 1, self.rows - 1)
        right, bottom = right + _px(CARD_WIDTH_MM), bottom + _px(CARD_HEIGHT_MM)
        marks = []
        for column in range(self.columns):
            start = self._cut(column, 0)[0]
            for x in (start, start + _px(CARD_WIDTH_MM)):
                marks.append((x, top - away - long, x, top - away))
                marks.append((x, bottom + away, x, bottom + away + long))
        for row in range(self.rows):
            start = self._cut(0, row)[1]
            for y in (start, start + _px(CARD_HEIGHT_MM)):
                marks.append((left - away - long, y, left - away, y))
                marks.append((right + away, y, right + away + long, y))
        return marks

    def _cut(self, column: int, row: int) -> tuple[int, int]:
        """Give the top left corner where a card is cut."""
        across, down = _px(CARD_WIDTH_MM), _px(CARD_HEIGHT_MM)
        step_x, step_y = across + _px(self.gap_x_mm), down + _px(self.gap_y_mm)
        width, height = self.size_px
        used_x = (self.columns - 1) * step_x + across
        used_y = (self.rows - 1) * step_y + down
        return (
            (width - used_x) // 2 + column * step_x,
            (height - used_y) // 2 + row * step_y,
        )


def _px(length_mm: float) -> int:
    return whole_pixels(length_mm, NATIVE_DPI)


SHEETS = {
    # Ten cards; office printers leave about 5 mm of the edge blank.
    "a4": Sheet(width_mm=210, height_mm=297, columns=2, rows=5, gap_x_mm=6, gap_y_mm=3)
}
