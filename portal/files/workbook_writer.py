"""Write workbooks that officers mend and take away; text never becomes a formula."""

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | bool | date | datetime | None

REASON_HEADER = "Lý do"
HEADER_ROW = 3  # below the title, the hint and a blank line

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PEN_WIDTH = 24
_MAX_CHARACTERS = 32_767
_BLUE, _PALE, _GOLD = "#1F3F77", "#E8EEF7", "#FFF4D6"
_GREY, _RED = "#5F6368", "#A61B1B"


class RefusedRow(NamedTuple):
    """One row that was not taken: its original cells, and why.

    ``comments`` are put on single cells, by the place of their column.
    """

    cells: Sequence[Cell]
    reasons: Sequence[str]
    comments: Mapping[int, str] | None = None


def write_refused(
    rows: Iterable[RefusedRow],
    columns: Sequence[str],
    *,
    title: str = "DANH SÁCH CÁC DÒNG CẦN SỬA",
) -> bytes:
    """Return the refused rows as a list that can be mended and uploaded again.

    ``columns`` are the headers of the officer's own list; the last column says why.
    Numbers and dates are written as the text they stand for.
    """
    # A list mended for the second time has a reason column already.
    kept = [at for at, header in enumerate(columns) if header != REASON_HEADER]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = make_styles(book)
    sheet = book.add_worksheet("Danh sách")
    hint = "Sửa ngay trong các ô rồi tải tệp này lên lại. Cột “Lý do” không cần xóa."
    write_head(sheet, styles, title, hint)
    for column, at in enumerate(kept):
        write_cell(sheet, HEADER_ROW, column, columns[at], styles.header)
        sheet.set_column(column, column, 18, styles.text.plain)
    write_cell(sheet, HEADER_ROW, len(kept), REASON_HEADER, styles.required)
    sheet.set_column(len(kept), len(kept), 60, styles.reason.plain)
    for number, (cells, reasons, comments) in enumerate(rows, start=HEADER_ROW + 1):
        for column, at in enumerate(kept):
            if at < len(cells):
                write_cell(sheet, number, column, as_text(cells[at]), styles.text)
            if comments and at in comments:
                # Wide enough for a sentence; the cell keeps its red corner.
                sheet.write_comment(number, column, comments[at], {"x_scale": 2})
        write_cell(sheet, number, len(kept), "\n".join(reasons), styles.reason)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    book.close()
    return out.getvalue()


def write_table(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    wide: Collection[str] = (),
) -> bytes:
    """Return a plain table as .xlsx: numbers stay numbers, text never acts.

    Rows are written as they come, so memory stays flat. ``title`` stands above the
    table and names the sheet. The columns headed ``wide`` are for a pen.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    # The same rows give the same bytes: a file drawn again is known by its hash.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - any moment
    styles = make_styles(book)
    sheet = book.add_worksheet(_sheet_name(title))
    widths = [_PEN_WIDTH if one in wide else len(one) for one in headers]
    write_cell(sheet, 0, 0, title, styles.title)
    for column, header in enumerate(headers):
        write_cell(sheet, 2, column, header, styles.header)
    number = 2
    for number, row in enumerate(rows, start=3):
        for column, value in enumerate(row):
            style = styles.number if _is_number(value) else styles.text
            write_cell(sheet, number, column, value, style)
            if number < 200:
                widths[column] = max(widths[column], len(as_text(value)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, 8), 50))
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, number, max(len(headers) - 1, 0))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return out.getvalue()


def as_text(value: Cell) -> str:
    """Return a cell as officers type it: dd/mm/yyyy, Có/Không, no blanks for None."""
    match value:
        case None:
            return ""
        case bool():
            return "Có" if value else "Không"
        case datetime() if value.hour or value.minute:
            return value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Style:
    """A format, and its twin for text that would act as a formula when re-typed."""

    plain: Format
    quoted: Format


@dataclass(frozen=True, slots=True)
class Styles:
    """Every look that our workbooks have."""

    title: Style
    hint: Style
    header: Style
    required: Style
    text: Style
    number: Style
    example: Style
    reason: Style
    reading: Style


def make_styles(book: xlsxwriter.Workbook) -> Styles:
    """Register the formats with a workbook."""

    def style(**look: object) -> Style:
        base = {"font_name": "Arial", "font_size": 11, "valign": "top", **look}
        return Style(
            book.add_format(base), book.add_format({**base, "quote_prefix": True})
        )

    head = {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter"}
    open_text = {"num_format": "@", "locked": False}
    return Styles(
        title=style(bold=True, font_size=14, font_color=_BLUE),
        hint=style(font_color=_GREY),
        header=style(**head, bg_color=_PALE, font_color=_BLUE),
        required=style(**head, bg_color=_GOLD, font_color=_BLUE),
        text=style(**open_text),
        number=style(num_format="0"),
        example=style(**open_text, italic=True, font_color=_GREY),
        reason=style(**open_text, text_wrap=True, font_color=_RED),
        reading=style(text_wrap=True),
    )


def write_head(sheet: Worksheet, styles: Styles, title: str, hint: str) -> None:
    """Write the title and one line of explanation above the header row."""
    write_cell(sheet, 0, 0, title, styles.title)
    write_cell(sheet, 1, 0, hint, styles.hint)


def write_cell(
    sheet: Worksheet, row: int, column: int, value: Cell, style: Style
) -> None:
    """Write one cell: the only way that outside text gets into a workbook.

    Text is always a text cell; where it begins like a formula, the cell is also
    marked as quoted, so that editing it in Excel does not bring it to life.
    """
    if _is_number(value):
        sheet.write_number(row, column, value, style.plain)
        return
    text = as_text(value)
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(f"text of {len(text)} characters in row {row + 1}")
    dangerous = text.startswith(FORMULA_STARTS)
    if text:
        sheet.write_string(
            row, column, text, style.quoted if dangerous else style.plain
        )
    else:
        sheet.write_blank(row, column, None, style.plain)


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31].strip() or "Bảng"
