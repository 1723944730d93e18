"""A sheet of cells, and what the columns under one header hold."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from portal.domain.legacy_encoding import (
    LEGACY,
    Evidence,
    TextEncoding,
    to_unicode,
    weigh,
)
from portal.domain.member_fields import IDENTITY_FIELDS, MemberField
from portal.domain.roster_cells import Cell, cell_text, is_blank
from portal.domain.roster_columns_found import Found, with_split_name
from portal.domain.roster_headers import LONGEST_HEADER
from portal.domain.text import clean, header_key

HEADER_SEARCH_ROWS = 60
_SAMPLE_ROWS = 1000
_SAMPLES = 5
_NOWHERE = 1_000_000
_MARKS = ("row_number", "full_name", *IDENTITY_FIELDS)
# A number of three digits or a date: no word of a header but "12 số", "3x4".
_DATA = re.compile(r"\d{3}|\d[/.-]\d")

HeaderKey = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet as plain values; ``date1904`` is the base of its date serials.

    ``hidden`` sheets are those that Excel does not show to whoever sends the file;
    ``hidden_columns`` (from 0) likewise.
    """

    name: str
    rows: list[list[Cell]]
    date1904: bool = False
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """One column under the header: ``field`` is None where nobody knows it.

    ``index`` counts from 0; ``encoding`` is how its text was typed, ``rescue`` how
    stray cells of it were; ``mixed`` says that it holds both. ``means`` is male or
    female in a pair of columns "Nam | Nữ", where a tick (or the birth date itself)
    says the sex, and NAME_PART where columns make the full name together.
    ``judged`` is the old font the column was taken for, and ``samples`` up to five
    of its cells before and after; ``as_typed`` says that an officer said no to it.
    """

    sheet: str
    index: int
    header: str
    field: MemberField | None
    encoding: TextEncoding = TextEncoding.UNICODE
    rescue: TextEncoding | None = None
    means: str = ""
    mixed: bool = False
    hidden: bool = False
    as_typed: bool = False
    judged: TextEncoding = TextEncoding.UNICODE
    samples: tuple[tuple[str, str], ...] = ()


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
    """One table of a sheet: its columns, and the first row below its header (from 0).

    ``header_keys`` are the header's rows as ``header_row_key`` gives them, ``marks``
    the columns of the row number, the name and the identity papers. The header
    begins at ``header_row``, the table's last row is the one before ``end``.
    """

    columns: tuple[Column, ...]
    first_row: int
    encoding: TextEncoding = TextEncoding.UNICODE
    rescue: TextEncoding | None = None
    header_keys: frozenset[HeaderKey] = frozenset()
    marks: tuple[int, ...] = (_NOWHERE, _NOWHERE)
    header_row: int = 0
    end: int = 0

    def column_of(self, name: str) -> Column | None:
        """Return the column of a field, if the sheet has it."""
        return next((c for c in self.columns if c.field and c.field.name == name), None)


def last_row(sheet: SheetCells) -> int:
    """Return the count of rows up to the last filled one."""
    last = len(sheet.rows)
    while last and all(map(is_blank, sheet.rows[last - 1])):
        last -= 1
    return last


def is_filled(row: Iterable[Cell]) -> bool:
    """Say whether a row holds anything."""
    return not all(map(is_blank, row))


def layout_of(
    sheet: SheetCells,
    *,
    first_row: int,
    header_row: int,
    end: int,
    found: Found,
    as_typed: Collection[tuple[str, str]],
) -> Layout:
    """Describe a table: its header from ``header_row`` on, its rows up to ``end``."""
    body = sheet.rows[first_row : min(first_row + _SAMPLE_ROWS, end)]
    headers = [cell_texts(row) for row in sheet.rows[header_row:first_row]]
    width = max(*map(len, body), *map(len, headers), 0)
    strings = [list(_strings_of(body, index)) for index in range(width)]
    evidence = [weigh(texts) for texts in strings]
    whole = sum(evidence, Evidence())
    hint, rescue = whole.judge(), whole.rescue()
    found = with_split_name(found, headers, strings)
    taken: set[str] = set()
    columns: list[Column] = []
    for index in range(width):
        plain = " ".join(filter(None, (text_at(texts, index) for texts in headers)))
        header, meaning = found.get(index, (plain, None))
        if not header:
            continue
        known = meaning.field if meaning else None
        means = meaning.means if meaning else ""
        if known and not means:
            # The first of two columns of one name counts, the other is listed.
            known = None if known.name in taken else known
            taken |= {known.name} if known else set()
        column = Column(
            sheet.name,
            index,
            header,
            known,
            encoding=evidence[index].judge(hint),
            rescue=rescue,
            means=means,
            mixed=evidence[index].is_mixed,
            hidden=index in sheet.hidden_columns,
        )
        refused = (sheet.name, " ".join(header.split())) in as_typed
        columns.append(_with_font(column, strings[index], refused=refused))
    keys = frozenset(map(header_row_key, sheet.rows[header_row:first_row]))
    places = {c.field.name: c.index for c in reversed(columns) if c.field}
    marks = tuple(places.get(name, _NOWHERE) for name in _MARKS)
    return Layout(
        tuple(columns),
        first_row,
        hint,
        rescue,
        keys - {()},
        marks,
        header_row=header_row,
        end=end,
    )


def _with_font(column: Column, texts: Iterable[str], *, refused: bool) -> Column:
    """Add the font the column was taken for, with what reading it so changes."""
    font = column.encoding if column.encoding in LEGACY else column.rescue
    if font is None:
        return column
    changed = (
        (text, read)
        for text in dict.fromkeys(texts)
        if (read := to_unicode(text, column.encoding, rescue=column.rescue)) != text
    )
    samples = tuple(islice(changed, _SAMPLES))
    if not samples:
        return column
    if refused:
        column = replace(
            column, encoding=TextEncoding.UNICODE, rescue=None, mixed=False
        )
    return replace(column, judged=font, samples=samples, as_typed=refused)


def may_be_header(row: Sequence[Cell]) -> bool:
    """Say whether a row can be the lower part of a header: words, no data."""
    texts = [cell for cell in row if not is_blank(cell)]
    return bool(texts) and all(
        isinstance(cell, str) and len(cell) <= LONGEST_HEADER and not _DATA.search(cell)
        for cell in texts
    )


def header_row_key(row: Iterable[Cell]) -> HeaderKey:
    """Reduce a row to what makes it the same header again: each word at its place."""
    keys = (header_key(text[:LONGEST_HEADER]) for text in cell_texts(row))
    return tuple((at, key) for at, key in enumerate(keys) if key)


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
