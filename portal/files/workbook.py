"""Read lists of every spreadsheet kind as plain cells, and write our own workbooks."""

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from portal.domain.errors import Invalid
from portal.domain.roster_rows import SheetCells
from portal.files.archive import ROSTER_SUFFIXES
from portal.files.workbook_child import OUT_OF_MEMORY
from portal.files.workbook_template import EXAMPLE_MARK, write_template
from portal.files.workbook_writer import Cell, RefusedRow, write_refused, write_table
from portal.files.zip_guard import MB, ZipLimits, open_zip

__all__ = [
    "EXAMPLE_MARK",
    "Cell",
    "RefusedRow",
    "WorkbookLimits",
    "read_sheets",
    "write_refused",
    "write_table",
    "write_template",
]

_ROOT = Path(__file__).parents[2]
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# Windows and virtual environments find their libraries by these.
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "LANG")


_PACKED_XML = ZipLimits(
    total_bytes=300 * MB, entry_bytes=300 * MB, entries=5_000, ratio=400
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookLimits:
    """What one list may hold, and what its parsing may cost."""

    rows: int = 20_000
    columns: int = 200
    cpu_s: int = 10
    wall_s: int = 15
    memory_bytes: int = 600 * MB
    # Sheets unpack to XML many times their size, more than photos ever do.
    archive: ZipLimits = field(default_factory=lambda: _PACKED_XML)


def read_sheets(
    data: bytes, filename: str, *, limits: WorkbookLimits | None = None
) -> list[SheetCells]:
    """Return every worksheet's cells, row 1 first; blank cells are None.

    Hidden sheets come as well, marked so: the reader says what it makes of them.

    Rows end at their last filled cell. Whole numbers come as int, dates as date or
    datetime, error cells of .xlsx as their text (``#REF!``). The file is parsed in
    a child process with limits of time and memory, so it may be anything. Raises
    Invalid or TooLarge with a sentence that names the file.
    """
    limits = limits or WorkbookLimits()
    name = PurePosixPath(filename).name
    _check_kind(data, name, limits)
    answer = _ask_child(data, name, limits)
    if "refused" in answer:
        raise Invalid(f"Tệp {name}: {answer['refused']}")
    sheets = [
        SheetCells(
            name=sheet["name"],
            rows=[_restored(row) for row in sheet["rows"]],
            date1904=sheet["date1904"],
            hidden=sheet["hidden"],
            hidden_columns=frozenset(sheet.get("hidden_columns", ())),
        )
        for sheet in answer["sheets"]
    ]
    if not any(sheet.rows for sheet in sheets):
        raise Invalid(
            f"Tệp {name} không có ô nào được điền. Hãy kiểm tra đã chọn đúng tệp và đã "
            "lưu danh sách."
        )
    return sheets


def _check_kind(data: bytes, name: str, limits: WorkbookLimits) -> None:
    if PurePosixPath(name).suffix.lower() not in ROSTER_SUFFIXES:
        raise Invalid(
            f"Tệp {name} không phải danh sách Excel. Hãy dùng .xlsx, .xls, .xlsm, "
            ".xlsb, .ods hoặc .csv."
        )
    if not data:
        raise Invalid(f"Tệp {name} rỗng. Hãy lưu lại danh sách rồi gửi lại.")
    if data.startswith(_ZIP):
        open_zip(io.BytesIO(data), name=name, limits=limits.archive).close()
    elif data.startswith(_OLE) and _ENCRYPTED_STREAM in data:
        raise Invalid(
            f"Tệp {name} được đặt mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại "
            "rồi gửi lại."
        )


def _ask_child(data: bytes, name: str, limits: WorkbookLimits) -> dict[str, Any]:
    settings = {
        "filename": name,
        "max_rows": limits.rows,
        "max_columns": limits.columns,
        "cpu_s": limits.cpu_s,
        "memory_bytes": limits.memory_bytes,
    }
    kept = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    command = [sys.executable, "-P", "-m", "portal.files.workbook_child"]
    try:
        child = subprocess.run(  # noqa: S603 (fixed command, settings are JSON)
            [*command, json.dumps(settings)],
            input=data,
            capture_output=True,
            timeout=limits.wall_s,
            # Neither our secrets nor the caller's folder are the child's business.
            env={**kept, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_costly(name) from error
    if child.returncode < 0 or child.returncode == OUT_OF_MEMORY:
        raise _too_costly(name)
    if child.returncode:
        raise RuntimeError(f"workbook reader: {child.stderr.decode(errors='replace')}")
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer


def _too_costly(name: str) -> Invalid:
    return Invalid(
        f"Tệp {name} tốn quá nhiều thời gian hoặc bộ nhớ để đọc. Hãy chép riêng danh "
        "sách sang một sổ Excel mới (chỉ giá trị), lưu .xlsx rồi gửi lại."
    )


def _restored(
    row: list[Any],
) -> list[str | int | float | bool | date | datetime | None]:
    return [_day(cell[0]) if type(cell) is list else cell for cell in row]


def _day(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
