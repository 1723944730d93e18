"""The lay-out of a list: where its header is, and which rows are people."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.domain.legacy_encoding import (
    Evidence,
    TextEncoding,
    header_to_unicode,
    weigh,
)
from portal.domain.member_fields import MemberField, field_for_header
from portal.domain.roster_cells import Cell, cell_text, is_blank
from portal.domain.text import clean, header_key

HEADER_SEARCH_ROWS = 60
_SAMPLE_ROWS = 1000


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet as plain values; ``date1904`` is the base of its date serials.

    ``hidden`` sheets are those that Excel does not show to whoever sends the file.
    """

    name: str
    rows: list[list[Cell]]
    date1904: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column under the header: ``field`` is None where nobody knows it.

    ``index`` counts from 0; ``encoding`` is how its text was typed, ``rescue`` how
    stray cells of it were; ``mixed`` says that it holds both. ``means`` is set in a
    pair of columns "Nam | Nữ", where a tick (or the birth date itself) says the sex.
    """

    sheet: str
    index: int
    header: str
    field: MemberField | None
    encoding: TextEncoding = TextEncoding.UNICODE
    rescue: TextEncoding | None = None
    means: str = ""
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no person, and why; ``row`` 0 stands for the whole sheet."""

    sheet: str
    row: int
    code: str
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of one sheet: its columns, and the first row below it (from 0)."""

    columns: tuple[Column, ...]
    first_row: int
    encoding: TextEncoding = TextEncoding.UNICODE
    rescue: TextEncoding | None = None

    def column_of(self, name: str) -> Column | None:
        """Return the column of a field, if the sheet has it."""
        return next((c for c in self.columns if c.field and c.field.name == name), None)


def find_layout(sheet: SheetCells) -> Layout | None:
    """Find the row (or two merged rows) that names the columns.

    The best match of the first 60 rows wins: most known fields, the full name among
    them, one row rather than two. Title rows above it do not matter.
    """
    best: tuple[int, int, dict[int, tuple[str, MemberField, str]]] | None = None
    top = sheet.rows[:HEADER_SEARCH_ROWS]
    for index, row in enumerate(top):
        single = _fields_of(cell_texts(row))
        below = top[index + 1] if index + 1 < len(top) else []
        for height, found in ((1, single), (2, _double(row, below))):
            names = {known.name for _, known, _ in found.values()}
            if "full_name" not in names or len(names) < 2:
                continue
            if best is None or len(found) > len(best[2]):
                best = (index, height, found)
    if best is None:
        return None
    index, height, found = best
    return _layout(sheet, first_row=index + height, header_row=index, found=found)


def last_row(sheet: SheetCells) -> int:
    """Return the count of rows up to the last filled one."""
    last = len(sheet.rows)
    while last and all(map(is_blank, sheet.rows[last - 1])):
        last -= 1
    return last


def filled_rows(sheet: SheetCells, layout: Layout) -> int:
    """Count the rows below the header that hold anything."""
    body = sheet.rows[layout.first_row :]
    return sum(not all(map(is_blank, row)) for row in body)


def _layout(
    sheet: SheetCells,
    *,
    first_row: int,
    header_row: int,
    found: dict[int, tuple[str, MemberField, str]],
) -> Layout:
    body = sheet.rows[first_row : first_row + _SAMPLE_ROWS]
    headers = [cell_texts(row) for row in sheet.rows[header_row:first_row]]
    width = max(*map(len, body), *map(len, headers), 0)
    evidence = [weigh(_strings_of(body, index)) for index in range(width)]
    whole = sum(evidence, Evidence())
    hint, rescue = whole.judge(), whole.rescue()
    taken: set[str] = set()
    columns: list[Column] = []
    for index in range(width):
        plain = " ".join(filter(None, (text_at(texts, index) for texts in headers)))
        header, known, means = found.get(index, (plain, None, ""))
        if not header:
            continue
        if known and not means:
            # The first of two columns of one name counts, the other is listed.
            known = None if known.name in taken else known
            taken |= {known.name} if known else set()
        columns.append(
            Column(
                sheet.name,
                index,
                header,
                known,
                encoding=evidence[index].judge(hint),
                rescue=rescue,
                means=means,
                mixed=evidence[index].is_mixed,
            )
        )
    return Layout(tuple(columns), first_row, hint, rescue)


def _fields_of(texts: list[str]) -> dict[int, tuple[str, MemberField, str]]:
    found: dict[int, tuple[str, MemberField, str]] = {}
    for index, text in enumerate(texts):
        known = _field_of(text)
        if known:
            found[index] = (text, known, "")
    keys = [header_key(text) for text in texts]
    for index, pair in enumerate(pairwise(keys)):
        if pair == ("nam", "nu"):
            found.update(_sex_pair(index, texts[index : index + 2], "sex"))
    return found


def _double(
    upper: Sequence[Cell], lower: Sequence[Cell]
) -> dict[int, tuple[str, MemberField, str]]:
    """Read two header rows as one, the upper cells spread over their merged width."""
    if not lower or not all(is_blank(c) or isinstance(c, str) for c in lower):
        return {}
    above, below = cell_texts(upper), cell_texts(lower)
    width = max(len(above), len(below))
    spread, last = [], ""
    for index in range(width):
        last = text_at(above, index) or (last if text_at(below, index) else "")
        spread.append(last)
    found: dict[int, tuple[str, MemberField, str]] = {}
    for index in range(width):
        over, under = spread[index], text_at(below, index)
        readings = [f"{over} {under}", f"{under} {over}", under]
        for text in readings if under else [over]:
            known = _field_of(text)
            if known:
                found[index] = (text, known, "")
                break
    keys = [header_key(text_at(below, index)) for index in range(width)]
    for index, pair in enumerate(pairwise(keys)):
        if pair == ("nam", "nu"):
            known = _field_of(spread[index])
            name = known.name if known else "sex"
            if name in {"sex", "birth_date"}:
                found.update(_sex_pair(index, below[index : index + 2], name))
    return found


def _sex_pair(
    index: int, texts: list[str], name: str
) -> dict[int, tuple[str, MemberField, str]]:
    known = field_for_header("Ngày sinh" if name == "birth_date" else "Giới tính")
    if known is None:  # pragma: no cover - both are labels of the registry
        return {}
    return {
        index: (texts[0], known, "male"),
        index + 1: (texts[1], known, "female"),
    }


def _field_of(text: str) -> MemberField | None:
    if not text or len(text) > 80:
        return None
    for reading in header_to_unicode(text):
        # Notes for the person who fills it in: "Ngày sinh (dd/mm/yyyy)*".
        for header in (reading, re.sub(r"\([^()]*\)", " ", reading)):
            known = field_for_header(header)
            if known:
                return known
    return None


def cell_texts(cells: Iterable[Cell]) -> list[str]:
    """Return the texts of a row, blanks collapsed, nothing else taken away."""
    # Not cleaned where it may be TCVN3: U+00AD is a letter there.
    return [" ".join(cell_text(cell).split()) for cell in cells]


def text_at(texts: Sequence[str], index: int) -> str:
    """Return the text of a column, empty beyond the row's end or if unseen."""
    text = texts[index] if index < len(texts) else ""
    return text if text and clean(text) else ""


def _strings_of(rows: Iterable[Sequence[Cell]], index: int) -> Iterator[str]:
    for row in rows:
        cell = row[index] if index < len(row) else None
        if isinstance(cell, str):
            yield cell_text(cell)
