"""Where the tables of a sheet are: one list, or several below each other."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from portal.domain.roster_cells import Cell, is_blank
from portal.domain.roster_columns_found import Found, found_in
from portal.domain.roster_headers import header_meaning
from portal.domain.roster_sheets import (
    HEADER_SEARCH_ROWS,
    Layout,
    SheetCells,
    cell_texts,
    header_row_key,
    is_filled,
    last_row,
    layout_of,
    may_be_header,
)

_HEADER_ROWS = 3
_FEWEST_CELLS = 3
_EARLIEST_SERIAL = 10_000_000  # a number this large is an identity number
# A cell that is nothing but a person's number or day, which no header holds.
_DATUM = re.compile(r"\s*(?:\d{9}|\d{12}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\s*")


class _Header(NamedTuple):
    top: int
    height: int
    found: Found

    @property
    def below(self) -> int:
        return self.top + self.height

    def meanings(self) -> dict[int, tuple[str, str]]:
        return {at: (m.field.name, m.means) for at, (_, m) in self.found.items()}


def find_tables(
    sheet: SheetCells, *, as_typed: Collection[tuple[str, str]] = ()
) -> tuple[Layout, ...]:
    """Find every header of a sheet, the first one within its first 60 rows.

    A header that says the same again, as on a second page, begins no table; one with
    other columns, or the same at other places, does. ``as_typed`` are the columns,
    (sheet, header), whose text is not read from an old font.
    """
    headers: list[_Header] = []
    last, at = last_row(sheet), 0
    while at < (last if headers else min(last, HEADER_SEARCH_ROWS)):
        worth = not headers or _names_a_column(sheet.rows[at])
        header = _header_at(sheet.rows, at) if worth else None
        if header is None:
            at += 1
        elif headers and _is_repeated(sheet, header, headers[-1]):
            at = header.below
        else:
            headers.append(header)
            at = header.below
    if not headers:
        return ()
    ends = [*(header.top for header in headers[1:]), last]
    return tuple(
        layout_of(
            sheet,
            first_row=header.below,
            header_row=header.top,
            end=end,
            found=header.found,
            as_typed=as_typed,
        )
        for header, end in zip(headers, ends, strict=True)
    )


def looks_like_person(row: Sequence[Cell]) -> bool:
    """Say whether a row outside any table has the number or the day of a person."""
    filled = sum(not is_blank(cell) for cell in row)
    return filled >= _FEWEST_CELLS and any(map(_is_datum, row))


def _header_at(rows: Sequence[Sequence[Cell]], at: int) -> _Header | None:
    """Read the header that begins at a row, or at one of the two right below it.

    The most known columns win, the name among them, and as few rows as do it: title
    rows above do not matter.
    """
    best = _best_from(rows, at)
    if best is None:
        return None
    for top in range(at + 1, min(at + _HEADER_ROWS, len(rows))):
        if not may_be_header(rows[top]):
            break
        other = _best_from(rows, top)
        if other is not None and len(other.found) > len(best.found):
            best = other
    return _without_title(rows, best)


def _without_title(rows: Sequence[Sequence[Cell]], header: _Header) -> _Header:
    """Leave a title right above the header out of it."""
    filled = sum(not is_blank(cell) for cell in rows[header.top])
    if filled == 1 and header.height > 1:
        below = _best_from(rows, header.top + 1)
        if below is not None and below.meanings() == header.meanings():
            return _without_title(rows, below)
    return header


def _best_from(rows: Sequence[Sequence[Cell]], top: int) -> _Header | None:
    if not is_filled(rows[top]) or any(map(_is_datum, rows[top])):
        return None
    best: _Header | None = None
    texts = [cell_texts(rows[top])]
    for height in range(1, _HEADER_ROWS + 1):
        if height > 1:
            lower = top + height - 1
            if lower >= len(rows) or not may_be_header(rows[lower]):
                break
            texts.append(cell_texts(rows[lower]))
        found = found_in(texts)
        names = {meaning.field.name for _, meaning in found.values()}
        if "full_name" not in names or len(names) < 2:
            continue
        if best is None or len(found) > len(best.found):
            best = _Header(top, height, found)
    return best


def _names_a_column(row: Sequence[Cell]) -> bool:
    """Say whether any cell is a word for a column: cheap to ask of each person."""
    if any(map(_is_datum, row)):
        return False
    return any(header_meaning(text) for text in cell_texts(row) if text)


def _is_repeated(sheet: SheetCells, header: _Header, known: _Header) -> bool:
    """Say whether a header is the one before again, or the first rows of it."""
    keys = {header_row_key(row) for row in sheet.rows[known.top : known.below]}
    bottom = header_row_key(sheet.rows[header.below - 1])
    if header.meanings() == known.meanings() and bottom in keys:
        return True
    top = header_row_key(sheet.rows[header.top])
    return top in keys and header.height < known.height


def _is_datum(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_DATUM.fullmatch(cell))
    if isinstance(cell, bool):
        return False
    if isinstance(cell, (int, float)):
        return abs(cell) >= _EARLIEST_SERIAL
    return isinstance(cell, date)
