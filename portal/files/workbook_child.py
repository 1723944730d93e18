"""Parse one workbook in a process of its own, which may die without harm.

``python -m portal.files.workbook_child`` reads the file from standard input and
answers in JSON; ``workbook.py`` starts it and is its only caller.
"""

import html
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any

import python_calamine

from portal.files.delimited_text import read_delimited

OUT_OF_MEMORY = 3
MAX_CELL_CHARACTERS = 32_767  # what Excel itself allows in a cell

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_CELLS = 2_000_000
_MAX_CHARACTERS = 60_000_000
_MAX_SHEETS = 100

# <c r="B7" t="e"><f>…</f><v>#REF!</v></c>; calamine hands error cells over as blank.
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,40})</",
    re.DOTALL,
)
_COLUMNS_WITHIN = 64 * 1024
_HIDDEN_COLUMN = re.compile(
    r"""<(?:\w+:)?col\s((?=[^<>]*\bhidden="(?:1|true)")"""
    r"""(?=[^<>]*\bmin="\d{1,5}")(?=[^<>]*\bmax="\d{1,5}")[^<>]*)"""
)
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_XLS_1904 = b"\x22\x00\x02\x00\x01\x00"  # BIFF record DATEMODE
_XLSB_PROPERTIES = b"\x99\x01"  # record BrtWbProp, bit 0: 1904


class Refused(Exception):
    """A sentence about the file, for the officer."""


def main() -> int:
    """Read standard input, write the answer; return the exit code."""
    settings = json.loads(sys.argv[1])
    _limit_this_process(settings["cpu_s"], settings["memory_bytes"])
    data = sys.stdin.buffer.read()
    try:
        sheets = list(_sheets(data, settings))
        answer: dict[str, Any] = {"sheets": sheets}
        json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"))
    except Refused as refusal:
        json.dump({"refused": str(refusal)}, sys.stdout)
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def read_bare(data: bytes) -> int:
    """Read a book with the library alone; what the bench holds our reading against."""
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        return sum(
            len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names
        )


def _limit_this_process(cpu_s: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _sheets(data: bytes, settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    budget = _Budget(settings["max_rows"], settings["max_columns"])
    if data.startswith((_ZIP, _OLE)):
        yield from _calamine_sheets(data, budget)
        return
    try:
        rows = read_delimited(data)
    except ValueError as error:
        raise Refused(str(error)) from error
    name = PurePosixPath(settings["filename"]).stem
    kept = budget.kept(rows, sheet=name)
    yield {"name": name, "date1904": False, "hidden": False, "rows": kept}


def _calamine_sheets(data: bytes, budget: "_Budget") -> Iterator[dict[str, Any]]:
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            worksheets = [
                (
                    sheet.name,
                    sheet.visible is not python_calamine.SheetVisibleEnum.Visible,
                )
                for sheet in book.sheets_metadata
                if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
            ]
            if len(worksheets) > _MAX_SHEETS:
                raise Refused(
                    f"Sổ Excel có {len(worksheets)} trang, quá mức {_MAX_SHEETS}. Hãy "
                    "giữ lại trang danh sách rồi gửi lại."
                )
            date1904 = _is_1904(data)
            errors = _error_cells(data)
            unseen = _hidden_columns(data)
            for name, hidden in worksheets:
                rows = _rows(book.get_sheet_by_name(name), errors.get(name, {}))
                kept = budget.kept(rows, sheet=name)
                yield {
                    "name": name,
                    "date1904": date1904,
                    "hidden": hidden,
                    "hidden_columns": unseen.get(name, []),
                    "rows": kept,
                }
    except (Refused, MemoryError):
        raise
    except python_calamine.PasswordError as error:
        raise Refused(
            "Sổ Excel được đặt mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi "
            "gửi lại."
        ) from error
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise Refused(
            "Không đọc được sổ Excel: tệp hỏng hoặc không phải sổ Excel. Hãy mở bằng "
            "Excel, lưu lại thành .xlsx rồi gửi lại."
        ) from error


def _rows(
    sheet: python_calamine.CalamineSheet, errors: dict[int, dict[int, str]]
) -> Iterator[list[Any]]:
    """Yield rows from row 1 and column A on, as the officer counts them."""
    number = -1
    if sheet.start is not None:
        lead = [None] * sheet.start[1]
        for number, row in enumerate(sheet.iter_rows()):
            yield _with_errors(lead + row, errors.get(number))
    for later in range(number + 1, max(errors, default=-1) + 1):
        yield _with_errors([], errors.get(later))


def _with_errors(cells: list[Any], errors: dict[int, str] | None) -> list[Any]:
    for column, text in (errors or {}).items():
        cells += [None] * (column + 1 - len(cells))
        cells[column] = text
    return cells


class _Budget:
    """What a list may hold: beyond it a sentence, never a silent cut."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        self.max_rows = max_rows
        self.max_columns = max_columns
        self.cells = 0
        self.characters = 0

    def kept(self, rows: Iterable[list[Any]], *, sheet: str) -> list[list[Any]]:
        """Return the rows as JSON values, without the blanks at their ends."""
        kept: list[list[Any]] = []
        filled = last = 0
        for number, row in enumerate(rows, start=1):
            cells = [_plain(cell) for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            if not cells:
                continue
            filled, last = filled + 1, number
            if number <= self.max_rows:
                kept.extend([] for _ in range(number - 1 - len(kept)))
                kept.append(self._checked(cells, number, sheet))
        if last > self.max_rows:
            raise Refused(self._too_long(sheet, filled, last))
        return kept

    def _checked(self, cells: list[Any], number: int, sheet: str) -> list[Any]:
        if len(cells) > self.max_columns:
            raise Refused(
                f"Trang “{sheet}”, dòng {number} có {_count(len(cells))} cột, quá mức "
                f"{_count(self.max_columns)}. Hãy xóa các cột thừa rồi gửi lại."
            )
        for cell in cells:
            if type(cell) is str:
                self.characters += len(cell)
                if len(cell) > MAX_CELL_CHARACTERS:
                    raise Refused(
                        f"Trang “{sheet}”, dòng {number} có ô dài "
                        f"{_count(len(cell))} ký tự, quá mức "
                        f"{_count(MAX_CELL_CHARACTERS)}. Hãy sửa ô đó rồi gửi lại."
                    )
        self.cells += len(cells)
        if self.cells > _MAX_CELLS or self.characters > _MAX_CHARACTERS:
            raise Refused(
                f"Trang “{sheet}”: sổ có quá nhiều ô để đọc một lần. Hãy xóa các trang "
                "và cột thừa, hoặc chia danh sách thành nhiều tệp."
            )
        return cells

    def _too_long(self, sheet: str, filled: int, last: int) -> str:
        if filled <= self.max_rows:
            return (
                f"Trang “{sheet}” còn ô được điền tận dòng {_count(last)}, ngoài mức "
                f"{_count(self.max_rows)} dòng. Hãy xóa các dòng thừa dưới danh sách."
            )
        return (
            f"Trang “{sheet}” có {_count(filled)} dòng, trong khi cổng chỉ nhận "
            f"{_count(self.max_rows)} dòng một danh sách. Hãy chia danh sách thành "
            "nhiều tệp."
        )


def _plain(value: Any) -> Any:
    """Return a JSON value; dates become a list of one ISO text, blanks None."""
    kind = type(value)
    if kind is str:
        return value or None
    if kind is float:
        if value.is_integer() and abs(value) < 1e15:
            return int(value)
        return value if value - value == 0 else str(value)
    if kind in (datetime, date):
        return [value.isoformat()]
    if kind is time:
        return value.isoformat("minutes")
    if kind is timedelta:
        return str(value)
    return value


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _is_1904(data: bytes) -> bool:
    """Say whether the book counts days from 1904, which bare serials need."""
    if data.startswith(_OLE):
        return _XLS_1904 in data[: 64 * 1024]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "xl/workbook.bin" in names:
            head = archive.read("xl/workbook.bin")[:512]
            at = head.find(_XLSB_PROPERTIES)
            return at >= 0 and len(head) > at + 3 and bool(head[at + 3] & 1)
        if "xl/workbook.xml" in names:
            head = archive.read("xl/workbook.xml")
            return bool(re.search(rb'\bdate1904="(?:1|true)"', head))
    return False


def _error_cells(data: bytes) -> dict[str, dict[int, dict[int, str]]]:
    """Return sheet → row → column → ``#REF!`` and the like; .xlsx and .xlsm only."""
    if not data.startswith(_ZIP):
        return {}
    found: dict[str, dict[int, dict[int, str]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name, part in _sheet_parts(archive):
            xml = archive.read(part)
            if b't="e"' not in xml:
                continue
            rows = found.setdefault(name, {})
            for column, row, text in _ERROR_CELL.findall(xml):
                cells = rows.setdefault(int(row) - 1, {})
                cells[_column(column)] = text.decode("ascii", "replace")
    return found


def _hidden_columns(data: bytes) -> dict[str, list[int]]:
    """Return sheet → columns (from 0) that Excel hides; .xlsx and .xlsm only."""
    if not data.startswith(_ZIP):
        return {}
    found: dict[str, list[int]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name, part in _sheet_parts(archive):
            # The columns are described before the cells.
            with archive.open(part) as file:
                head = file.read(_COLUMNS_WITHIN)
            for body in _HIDDEN_COLUMN.findall(head.decode("utf-8", "replace")):
                tag = dict(_ATTRIBUTE.findall(body))
                first, last = int(tag.get("min", 0)), int(tag.get("max", 0))
                found.setdefault(name, []).extend(range(first - 1, min(last, 200)))
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield (sheet name, part) by the book's own directory and its links."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    links = _tags(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in _tags(archive, "xl/workbook.xml", "sheet"):
        target = targets.get(sheet.get("r:id"), "").lstrip("/").removeprefix("xl/")
        if f"xl/{target}" in names:
            yield sheet.get("name", ""), f"xl/{target}"


def _tags(archive: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """Return the attributes of every such tag; these two parts hold nothing deeper."""
    xml = archive.read(part).decode("utf-8", "replace")
    return [
        {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(body)}
        for body in re.findall(rf"<(?:\w+:)?{tag}\s([^<>]*)", xml)
    ]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    sys.exit(main())
