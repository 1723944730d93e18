"""The workbooks that officers fill, mend and take away."""

import io
from datetime import date

import openpyxl
import pytest

from portal.domain.member_fields import MEMBER_FIELDS
from portal.domain.roster_rows import read_roster
from portal.files.workbook import (
    RefusedRow,
    read_sheets,
    write_refused,
    write_table,
    write_template,
)

TODAY = date(2026, 1, 1)
ACTING = ["=1+1", "+84912000000", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']


def template(kind: str = "standard", **names: object):
    data = write_template(kind, unit_name="CĐCS Mẫu", **names)
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["standard", "linked"])
def test_a_template_has_the_columns_of_its_card_kind(kind: str):
    header = [cell.value for cell in template(kind)["Danh sách"][4]]
    assert header == [f.label for f in MEMBER_FIELDS if getattr(f, f"in_{kind}")]


@pytest.mark.parametrize("kind", ["standard", "linked"])
def test_an_untouched_template_reads_as_a_list_without_people(kind: str):
    data = write_template(kind, unit_name="CĐCS Mẫu", unit_names=["CĐCS Mẫu"])
    reading = read_roster(read_sheets(data, "mau.xlsx"), today=TODAY)
    assert reading.rows == ()
    assert "example" in {row.code for row in reading.skipped}


def test_a_filled_template_reads_as_its_people():
    book = template()
    sheet = book["Danh sách"]
    columns = {cell.value: cell.column for cell in sheet[4]}
    for label, value in {
        "STT": "1",
        "Họ và tên": "Trần Văn Thử",
        "Ngày sinh": "05/03/1985",
        "Giới tính": "Nam",
        "Số CCCD": "001085000002",
    }.items():
        sheet.cell(6, columns[label], value)
    out = io.BytesIO()
    book.save(out)
    reading = read_roster(read_sheets(out.getvalue(), "ds.xlsx"), today=TODAY)
    assert len(reading.rows) == 1
    assert reading.rows[0].row == 6


def test_a_template_keeps_typed_zeros_and_dates_as_text():
    sheet = template()["Danh sách"]
    assert sheet.column_dimensions["E"].number_format == "@"
    assert sheet["C5"].value == "02/01/1990"


def test_a_template_locks_its_header_and_nothing_to_fill():
    sheet = template()["Danh sách"]
    assert sheet.protection.sheet
    assert sheet["B4"].protection.locked
    assert not sheet["B5"].protection.locked


def test_a_template_offers_its_choices():
    book = template(unit_names=["CĐCS Mẫu", "CĐCS Hai"])
    offered = []
    for rule in book["Danh sách"].data_validations.dataValidation:
        sheet, cells = rule.formula1.replace("'", "").split("!")
        offered.append([cell.value for (cell,) in book[sheet][cells.replace("$", "")]])
    assert ["Nam", "Nữ"] in offered
    assert ["Thẻ thông thường", "Thẻ liên kết"] in offered
    assert ["CĐCS Mẫu", "CĐCS Hai"] in offered
    assert book["Danh mục"].sheet_state == "hidden"


def test_a_template_explains_itself():
    book = template()
    assert "dd/mm/yyyy" in str([row[0].value for row in book["Hướng dẫn"].rows])
    assert "Ví dụ" in str(book["Danh sách"]["A5"].value)
    assert "02/01/1990" in book["Danh sách"]["C4"].comment.text


def test_text_that_looks_like_a_formula_stays_text():
    data = write_table("Bảng", ["Cột"], [[text] for text in ACTING])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    for number, text in enumerate(ACTING, start=4):
        cell = sheet.cell(number, 1)
        assert cell.value == text
        assert cell.data_type != "f"
        assert cell.quotePrefix
    read = read_sheets(data, "bang.xlsx")[0].rows[3:]
    assert read == [[text] for text in ACTING]


def test_a_unit_name_that_looks_like_a_formula_stays_text():
    data = write_template("standard", unit_name="=1+1", unit_names=["=1+1"])
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        assert not [c for row in sheet.rows for c in row if c.data_type == "f"]


def test_a_table_keeps_numbers_and_writes_days_our_way():
    data = write_table("Sổ", ["a", "b", "c"], [["001", 50_000, date(2026, 1, 2)]])
    assert read_sheets(data, "so.xlsx")[0].rows == [
        ["Sổ"],
        [],
        ["a", "b", "c"],
        ["001", 50_000, "02/01/2026"],
    ]


def test_a_title_of_any_letters_names_the_sheet():
    data = write_table("Danh sách [1/2]: 'thẻ' " + "dài " * 20, ["a"], [])
    assert read_sheets(data, "a.xlsx")[0].rows[2] == ["a"]


def test_refused_rows_come_back_with_their_reasons_last():
    columns = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD"]
    rows = [RefusedRow([7, "=Lê", date(1990, 2, 1), None], ["Thiếu CCCD.", "Sai tên."])]
    sheet = read_sheets(write_refused(rows, columns), "loi.xlsx")[0]
    assert sheet.rows[3] == [*columns, "Lý do"]
    assert sheet.rows[4] == ["7", "=Lê", "01/02/1990", None, "Thiếu CCCD.\nSai tên."]


def test_refused_rows_mended_twice_have_one_reason_column():
    columns = ["Họ và tên", "Lý do"]
    data = write_refused([RefusedRow(["Lê", "cũ"], ["mới"])], columns)
    rows = read_sheets(data, "loi.xlsx")[0].rows
    assert rows[3:] == [["Họ và tên", "Lý do"], ["Lê", "mới"]]


def test_mended_rows_read_as_people():
    columns = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD"]
    cells = ["1", "Trần Văn Thử", "05/03/1985", "Nam", "001085000002"]
    data = write_refused([RefusedRow(cells, ["Trùng."])], columns)
    reading = read_roster(read_sheets(data, "loi.xlsx"), today=TODAY)
    assert len(reading.rows) == 1
    assert not reading.rows[0].problems
