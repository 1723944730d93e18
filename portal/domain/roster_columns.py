"""What an officer says a column means, put into the sheets before they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.domain.legacy_encoding import header_to_unicode
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.roster_cells import Cell, cell_text
from portal.domain.roster_sheets import HEADER_SEARCH_ROWS, SheetCells
from portal.domain.roster_tables import find_tables
from portal.domain.text import header_key

# Stands over a column that is to be left unread: the name of no field.
UNUSED = "(không dùng)"


def column_key(header: str) -> str:
    """Give the key under which a unit's word for a column is remembered."""
    return header_key(" ".join(header.split()))


def with_chosen_fields(
    sheets: Sequence[SheetCells], chosen: Mapping[str, str]
) -> list[SheetCells]:
    """Rename the headers that an officer has explained: key → field, "" for none.

    Only cells of the rows in which a header may stand are looked at, and those of
    the headers of further tables. Two-row headers are remembered
    by the lower word or by both words together.
    """
    if not chosen:
        return list(sheets)
    return [_renamed(sheet, chosen) for sheet in sheets]


def _renamed(sheet: SheetCells, chosen: Mapping[str, str]) -> SheetCells:
    rows = list(sheet.rows)
    for at in range(len(rows[:HEADER_SEARCH_ROWS])):
        renamed = _renamed_row(sheet, at, chosen)
        if renamed != rows[at]:
            rows[at] = renamed
            break
    for table in find_tables(sheet)[1:]:
        for at in range(table.header_row, table.first_row):
            rows[at] = _renamed_row(sheet, at, chosen)
    return replace(sheet, rows=rows)


def _renamed_row(sheet: SheetCells, at: int, chosen: Mapping[str, str]) -> list[Cell]:
    above = sheet.rows[at - 1] if at else []
    return [
        _name_of(cell, _over(above, index), chosen)
        for index, cell in enumerate(sheet.rows[at])
    ]


def _over(above: Sequence[Cell], index: int) -> str:
    """Give the word above a cell, spread over the width of a merged header."""
    words = [cell_text(cell) for cell in above[: index + 1]]
    return next((word for word in reversed(words) if word.strip()), "")


def _name_of(cell: Cell, over: str, chosen: Mapping[str, str]) -> Cell:
    if not isinstance(cell, str) or not cell.strip() or len(cell) > 120:
        return cell
    for text in header_to_unicode(cell):
        for words in (f"{over} {text}", f"{text} {over}", text):
            field = chosen.get(column_key(words))
            if field is not None:
                known = FIELDS_BY_NAME.get(field)
                return known.label if known else UNUSED
    return cell
