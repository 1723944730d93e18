"""A list of members as offices send it, read row by row into clean values.

No list raises and nothing vanishes: every filled row of every sheet is a ``CleanRow``
or a ``SkippedRow`` with its reason, which ``check_accounts`` holds to.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.dates import PartialDate, birth_doubts
from portal.domain.errors import Problem
from portal.domain.identity import citizen_id_doubts
from portal.domain.member_fields import FIELDS_BY_NAME, IDENTITY_FIELDS, MEMBER_FIELDS
from portal.domain.membership import Sex
from portal.domain.person_names import LOOK_AGAIN
from portal.domain.roster_cells import (
    Cell,
    CellReading,
    Repair,
    cell_text,
    is_blank,
    read_cell,
)
from portal.domain.roster_duplicates import Different, with_duplicates
from portal.domain.roster_headers import NAME_PART
from portal.domain.roster_refusals import (
    hidden_columns,
    hidden_list,
    missing_columns,
    no_rows,
    people_above,
    several_tables,
    too_many,
    why_no_list,
)
from portal.domain.roster_sheets import (
    Column,
    Layout,
    SheetCells,
    SkippedRow,
    is_filled,
    last_row,
)
from portal.domain.roster_skips import SKIP_REASONS, is_title, skip_code
from portal.domain.roster_tables import find_tables, looks_like_person
from portal.domain.roster_types import CleanRow, RosterProblem, RosterReading
from portal.domain.text import clean

__all__ = [
    "Cell",
    "CleanRow",
    "Column",
    "Repair",
    "RosterProblem",
    "RosterReading",
    "SheetCells",
    "SkippedRow",
    "read_roster",
    "read_row",
]

MOST_ROWS = 20_000


@dataclass(slots=True)
class _Draft:
    sheet: str
    row: int
    values: dict[str, object] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    reading: CellReading = field(default_factory=CellReading)


def read_roster(
    sheets: Sequence[SheetCells],
    *,
    today: date,
    most_rows: int = MOST_ROWS,
    as_typed: Collection[tuple[str, str]] = (),
    different: Different = (),
) -> RosterReading:
    """Read every sheet that has a member list's header; list the others as left.

    Hidden sheets are left too: nobody looked at their rows before sending them.
    A list of more than ``most_rows`` filled rows is refused whole. ``as_typed`` are
    the columns, (sheet, header), that an officer said are in no old font, and
    ``different`` the people said to be two (``roster_duplicates``).
    """
    laid_out = [(sheet, find_tables(sheet, as_typed=as_typed)) for sheet in sheets]
    lists = [
        (sheet, tables) for sheet, tables in laid_out if tables and not sheet.hidden
    ]
    problems = [
        hidden_list(sheet.name, _filled(sheet, tables[0]))
        for sheet, tables in laid_out
        if tables and sheet.hidden
    ]
    if not lists:
        return RosterReading(problems=(why_no_list(sheets), *problems))
    filled = sum(_filled(sheet, tables[0]) for sheet, tables in lists)
    if filled > most_rows:
        return RosterReading(problems=(too_many(filled, most_rows),))
    skipped = [
        SkippedRow(sheet.name, 0, code, SKIP_REASONS[code])
        for sheet, tables in laid_out
        if (code := _sheet_code(sheet, tables))
    ]
    rows: list[CleanRow] = []
    for sheet, tables in lists:
        people, others = _read_sheet(sheet, tables, today=today)
        rows += people
        skipped += others
        problems += _told_of(sheet, tables, people, others)
    if not rows:
        problems.append(no_rows(sheet.name for sheet, _ in lists))
    check_accounts(sheets, rows, skipped)
    columns = tuple(c for _, tables in lists for table in tables for c in table.columns)
    return RosterReading(
        with_duplicates(rows, different=different),
        tuple(skipped),
        columns,
        tuple(problems),
    )


def check_accounts(
    sheets: Sequence[SheetCells],
    rows: Sequence[CleanRow],
    skipped: Sequence[SkippedRow],
) -> None:
    """Hold the filled rows of the sheets against what was read and what was left.

    Each must be a person or told as skipped, and none both; a sheet told as a whole
    stands for all of its rows. RuntimeError names the first row that is not so.
    """
    whole = {one.sheet for one in skipped if not one.row}
    told = Counter((one.sheet, one.row) for one in rows)
    told.update((one.sheet, one.row) for one in skipped)
    filled = Counter(
        (sheet.name, number)
        for sheet in sheets
        if sheet.name not in whole
        for number, cells in enumerate(sheet.rows, start=1)
        if is_filled(cells)
    )
    for (name, number), times in filled.items():
        if told[name, number] != times:
            msg = f"row {number} of {name!r} is told {told[name, number]} times"
            raise RuntimeError(msg)


def read_row(
    cells: Mapping[str, Cell],
    *,
    today: date,
    sheet: str = "",
    row: int = 0,
) -> CleanRow:
    """Judge one row by itself, from cells by field name: a mended row, a form."""
    draft = _Draft(sheet, row)
    for known in MEMBER_FIELDS:
        value = cells.get(known.name)
        if not is_blank(value):
            _take(draft, known.name, value, read_cell(known, value, today=today))
    return _judged(draft, today=today)


def _filled(sheet: SheetCells, first: Layout) -> int:
    """Count the rows below the first header that hold anything."""
    return sum(map(is_filled, sheet.rows[first.first_row :]))


def _sheet_code(sheet: SheetCells, tables: Sequence[Layout]) -> str:
    if sheet.hidden and last_row(sheet):
        return "hidden"
    return "" if tables or not last_row(sheet) else "sheet"


def _told_of(
    sheet: SheetCells,
    tables: Sequence[Layout],
    people: Sequence[CleanRow],
    others: Sequence[SkippedRow],
) -> list[RosterProblem]:
    """Say what is to be known of a sheet: its tables, their columns, rows left."""
    told: list[RosterProblem] = []
    if len(tables) > 1:
        told.append(several_tables(sheet, tables))
    above = [one.row for one in others if one.code == "above"]
    if above:
        told.append(people_above(sheet, above))
    numbers = [one.row for one in people]
    for table in tables:
        if any(table.first_row < number <= table.end for number in numbers):
            told += missing_columns(sheet, table)
            told += hidden_columns(sheet, table)
    return list(dict.fromkeys(told))


def _read_sheet(
    sheet: SheetCells, tables: Sequence[Layout], *, today: date
) -> tuple[list[CleanRow], list[SkippedRow]]:
    people: list[CleanRow] = []
    skipped = [
        _skipped(sheet, at, "above" if looks_like_person(row) else "title")
        for at, row in enumerate(sheet.rows[: tables[0].header_row])
        if is_filled(row)
    ]
    for table in tables:
        skipped += [
            _skipped(sheet, at, "columns")
            for at in range(table.header_row, table.first_row)
            if is_filled(sheet.rows[at])
        ]
        found, left = _read_table(sheet, table, today=today)
        people += found
        skipped += left
    return people, skipped


def _read_table(
    sheet: SheetCells, table: Layout, *, today: date
) -> tuple[list[CleanRow], list[SkippedRow]]:
    people: list[CleanRow] = []
    skipped: list[SkippedRow] = []
    after_signature = False
    for index in range(table.first_row, table.end):
        cells = sheet.rows[index]
        code = skip_code(
            cells, table, at_top=not people, after_signature=after_signature
        )
        if not code and is_title(cells):
            code = "title"
        if code:
            after_signature = after_signature or code == "signature"
            skipped.append(_skipped(sheet, index, code))
        else:
            after_signature = False
            people.append(_read_person(sheet, index, table, today=today))
    return people, skipped


def _skipped(sheet: SheetCells, at: int, code: str) -> SkippedRow:
    text = _excerpt(sheet.rows[at])
    return SkippedRow(sheet.name, at + 1, code, SKIP_REASONS[code], text)


def _read_person(
    sheet: SheetCells, index: int, layout: Layout, *, today: date
) -> CleanRow:
    cells = sheet.rows[index]
    draft = _Draft(sheet.name, index + 1)
    parts: list[tuple[Column, str]] = []
    for column in layout.columns:
        value = cells[column.index] if column.index < len(cells) else None
        if column.field is None or is_blank(value):
            continue
        if column.means == NAME_PART:
            parts.append((column, cell_text(value)))
            continue
        if column.means:
            draft.values["sex"] = column.means
            draft.raw["sex"] = column.header
            if column.field.name == "sex":
                continue
        found = read_cell(
            column.field,
            value,
            today=today,
            encoding=column.encoding,
            rescue=column.rescue,
            mixed=column.mixed,
            date1904=sheet.date1904,
        )
        _take(draft, column.field.name, value, found)
    if parts:
        _take_name(draft, parts, today=today)
    return _judged(draft, today=today)


def _take_name(
    draft: _Draft, parts: Sequence[tuple[Column, str]], *, today: date
) -> None:
    """Read the pieces of a name as the one name they make."""
    first = parts[0][0]
    whole = " ".join(text.strip() for _, text in parts)
    known = FIELDS_BY_NAME["full_name"]
    found = read_cell(
        known,
        whole,
        today=today,
        encoding=first.encoding,
        rescue=first.rescue,
        mixed=any(column.mixed for column, _ in parts),
    )
    _take(draft, known.name, whole, found)


def _take(draft: _Draft, name: str, value: Cell, found: CellReading) -> None:
    """Add a cell's reading to the row; the reading itself may be shared by others."""
    draft.raw[name] = cell_text(value)
    for key, read in found.values.items():
        # A CMND in the CCCD column gives way to the one in its own column.
        if key == name or key not in draft.values:
            draft.values[key] = read
    if found.repairs or found.warnings or found.problems:
        draft.reading.repairs += found.repairs
        draft.reading.warnings += found.warnings
        draft.reading.problems += found.problems


def _judged(draft: _Draft, *, today: date) -> CleanRow:
    """Add what concerns the row as a whole: what is missing, what disagrees."""
    values = draft.values
    warnings = list(draft.reading.warnings)
    problems = [_unreadable(problem) for problem in draft.reading.problems]
    wrong = {problem.where for problem in problems}
    problems += [
        RosterProblem(
            f"Thiếu {known.label[:1].lower()}{known.label[1:]}.",
            known.label,
            _sex_hint(values) if known.name == "sex" else "Nhập vào rồi nhận lại.",
            "missing",
        )
        for known in MEMBER_FIELDS
        if known.required and known.name not in values and known.label not in wrong
    ]
    papers = {FIELDS_BY_NAME[name].label for name in IDENTITY_FIELDS}
    if not any(name in values for name in IDENTITY_FIELDS) and not papers & wrong:
        problems.append(
            RosterProblem(
                "Thiếu số CCCD, CMND hoặc hộ chiếu.",
                FIELDS_BY_NAME["citizen_id"].label,
                "Cần một trong ba số để nhận ra đoàn viên.",
                "missing",
            )
        )
    birth = values.get("birth_date")
    year = birth.date.year if isinstance(birth, PartialDate) else None
    if isinstance(birth, PartialDate):
        warnings += birth_doubts(birth, today=today)
    citizen_id, sex = str(values.get("citizen_id", "")), values.get("sex")
    warnings += citizen_id_doubts(
        citizen_id, sex=str(sex) if sex else None, birth_year=year
    )
    return CleanRow(
        draft.sheet,
        draft.row,
        values,
        draft.raw,
        tuple(draft.reading.repairs),
        tuple(warnings),
        tuple(problems),
    )


def _sex_hint(values: Mapping[str, object]) -> str:
    """Say which sex the CCCD states; the officer decides."""
    citizen_id = str(values.get("citizen_id", ""))
    for sex, label in ((Sex.MALE, "Nam"), (Sex.FEMALE, "Nữ")):
        fits = citizen_id and not citizen_id_doubts(citizen_id, sex=sex.value)
        if fits:
            return f"Theo số CCCD là {label}."
    return "Ghi Nam hoặc Nữ."


_MEND_NAME = "Sửa lại họ tên trong Excel, gõ bằng Unicode, rồi tải lên lại."


def _unreadable(problem: Problem) -> RosterProblem:
    fix = _MEND_NAME if problem.fix == LOOK_AGAIN else problem.fix
    return RosterProblem(problem.text, problem.where, fix, "unreadable")


def _excerpt(cells: Iterable[Cell]) -> str:
    shown = " | ".join(clean(cell_text(c)) for c in cells if not is_blank(c))
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
