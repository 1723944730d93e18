"""TLĐ's answer as a sheet: whose number is which, read row by row."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from portal.domain.errors import Invalid, Problem
from portal.domain.identity import read_citizen_id
from portal.domain.member_fields import field
from portal.domain.numbering import read_number
from portal.domain.roster_cells import Cell, cell_text
from portal.domain.roster_sheets import SheetCells
from portal.domain.text import clean, header_key

NUMBER = "Mã số đoàn viên"
IDENTITY = "Số CCCD"
OLD_NUMBER = "Mã số tạm"
VPOINT = "Mã Vpoint"

_HEADERS = {
    IDENTITY: (field("citizen_id").label, *field("citizen_id").synonyms),
    NUMBER: (
        field("member_number").label,
        *field("member_number").synonyms,
        "Mã số",
        "Mã số mới",
        "Mã số chính thức",
    ),
    OLD_NUMBER: (OLD_NUMBER, "Mã số tạm thời", "Mã số cũ", "Mã tạm"),
    VPOINT: (VPOINT, "Vpoint", "Mã số Vpoint", "Vpoint code"),
}
_BY_KEY = {
    header_key(header): name for name, headers in _HEADERS.items() for header in headers
}
_HEADER_DEPTH = 30
_LONGEST_CODE = 40
_HIDDEN = (
    "Trang tính ẩn “{}” cũng có mã số mà bạn chưa thấy, nên chưa nhập gì. Hãy bỏ ẩn"
    " (Unhide) để xem lại, hoặc xoá trang đó, rồi gửi lại."
)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of the answer: a person, their number, what is wrong with the row.

    ``row`` counts from 1 as Excel does; ``problems`` is empty for a row that can
    be looked up.
    """

    sheet: str
    row: int
    citizen_id: str
    old_number: str
    number: str
    vpoint_code: str
    problems: tuple[Problem, ...] = ()


def read_results(sheets: Iterable[SheetCells]) -> list[ResultRow]:
    """Read every filled row below the header of each sheet that has one.

    Raises Invalid where no sheet has both a number and a person column, and where
    a sheet that Excel does not show has them.
    """
    found: list[ResultRow] = []
    headed = False
    for sheet in sheets:
        header = _find_header(sheet.rows)
        if header is None:
            continue
        headed = True
        if sheet.hidden:
            raise Invalid(_HIDDEN.format(sheet.name))
        at, columns = header
        for number, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
            row = _read_row(sheet.name, number, cells, columns)
            if row is not None:
                found.append(row)
    if not headed:
        raise Invalid(
            f"Không thấy dòng tiêu đề. Tệp cần có cột “{NUMBER}” và cột “{IDENTITY}”"
            f" hoặc “{OLD_NUMBER}”; cột “{VPOINT}” nếu có."
        )
    return _without_doubles(found)


def _find_header(
    rows: Sequence[Sequence[Cell]],
) -> tuple[int, dict[str, int]] | None:
    for at, cells in enumerate(rows[:_HEADER_DEPTH]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            name = _BY_KEY.get(header_key(cell)) if isinstance(cell, str) else None
            if name is not None:
                columns.setdefault(name, column)
        if NUMBER in columns and (IDENTITY in columns or OLD_NUMBER in columns):
            return at, columns
    return None


def _read_row(
    sheet: str, row: int, cells: Sequence[Cell], columns: dict[str, int]
) -> ResultRow | None:
    texts = {
        name: cell_text(cells[column]) if column < len(cells) else ""
        for name, column in columns.items()
    }
    if not any(texts.values()):
        return None
    problems: list[Problem] = []
    citizen_id, old_number = "", ""
    if texts.get(IDENTITY):
        reading = read_citizen_id(texts[IDENTITY])
        citizen_id = reading.value
        if reading.problem:
            problems.append(reading.problem)
    elif texts.get(OLD_NUMBER):
        old_number = read_number(texts[OLD_NUMBER]) or ""
        if not old_number:
            problems.append(_not_twelve(OLD_NUMBER, texts[OLD_NUMBER]))
    else:
        problems.append(
            Problem(
                "Dòng này không cho biết là của ai.",
                IDENTITY,
                f"Điền “{IDENTITY}” hoặc “{OLD_NUMBER}”.",
            )
        )
    number = read_number(texts[NUMBER]) or ""
    if not number:
        problems.append(_not_twelve(NUMBER, texts[NUMBER]))
    code = clean(texts.get(VPOINT, ""))
    if len(code) > _LONGEST_CODE:
        problems.append(Problem("Mã dài quá 40 ký tự.", VPOINT, "Kiểm tra lại cột."))
    return ResultRow(sheet, row, citizen_id, old_number, number, code, tuple(problems))


def _not_twelve(where: str, text: str) -> Problem:
    if not text:
        return Problem("Còn trống.", where, "Điền 12 chữ số.")
    return Problem(
        f"“{text[:40]}” không phải mã số đoàn viên (12 chữ số, khác toàn số 0).",
        where,
        "Định dạng cột là Text để Excel không bỏ số 0 ở đầu.",
    )


def _without_doubles(rows: list[ResultRow]) -> list[ResultRow]:
    """Refuse every row of a double: which of them is right is not ours to guess."""
    keys: dict[str, Callable[[ResultRow], str]] = {
        NUMBER: lambda row: row.number,
        VPOINT: lambda row: row.vpoint_code,
        IDENTITY: lambda row: row.citizen_id,
        OLD_NUMBER: lambda row: row.old_number,
    }
    counted = {name: Counter(map(key, rows)) for name, key in keys.items()}
    checked = []
    for row in rows:
        problems = [
            Problem(
                "Có ở nhiều dòng của tệp.", name, "Giữ lại một dòng đúng rồi nhập lại."
            )
            for name, key in keys.items()
            if key(row) and counted[name][key(row)] > 1
        ]
        checked.append(replace(row, problems=(*row.problems, *problems)))
    return checked
