"""Lists of every kind as plain cells, and files that mean harm."""

import codecs
import io
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from portal.domain.errors import Invalid, TooLarge
from portal.domain.roster_rows import read_roster
from portal.files.workbook import WorkbookLimits, read_sheets
from tests.files.made_files import ods, overlapping_zip, workbook, zip_of

DATA = Path(__file__).parent / "data"
ROWS = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Hòa"], ["2", "Y Moan Ênuôl"]]


def rows_of(data: bytes, filename: str = "list.xlsx", **limits: object):
    return read_sheets(data, filename, limits=WorkbookLimits(**limits))[0].rows


def refusal(data: bytes, filename: str = "list.xlsx", **limits: object) -> str:
    with pytest.raises((Invalid, TooLarge)) as caught:
        rows_of(data, filename, **limits)
    return "\n".join([caught.value.text, *map(str, caught.value.problems)])


def text_of(rows: list[list[str]], separator: str = ",") -> str:
    return "\r\n".join(separator.join(row) for row in rows) + "\r\n"


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the .xlsx with bytes of one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    return out.getvalue()


def test_cells_come_as_plain_values_where_the_officer_sees_them():
    data = workbook(
        [[], [None, "Lê", date(1990, 2, 1)], [], [79090001234, 1.5, True, None, "x"]]
    )
    sheet = read_sheets(data, "list.xlsx")[0]
    assert sheet.name == "Danh sách"
    assert not sheet.date1904
    assert sheet.rows == [
        [],
        [None, "Lê", date(1990, 2, 1)],
        [],
        [79090001234, 1.5, True, None, "x"],
    ]
    assert type(sheet.rows[3][0]) is int


def test_a_date_with_a_time_keeps_it():
    moment = datetime(1990, 2, 1, 8, 30)  # noqa: DTZ001 (sheets know no zone)
    assert rows_of(workbook([[moment]])) == [[moment]]


def test_the_1904_base_is_applied_to_dates_and_told_for_bare_numbers():
    data = workbook([[date(1990, 2, 1), 31443]], options={"date_1904": True})
    sheet = read_sheets(data, "list.xlsx")[0]
    assert sheet.rows == [[date(1990, 2, 1), 31443]]
    assert sheet.date1904


def test_an_old_xls_is_read():
    data = (DATA / "list_1904_tcvn3_lost_zeros.xls").read_bytes()
    sheet = read_sheets(data, "list.xls")[0]
    assert sheet.date1904
    assert sheet.rows[3] == [1, "Nguyễn Thị Hòa", date(1990, 2, 1), 1090000001]
    assert sheet.rows[4] == [2, "TrÇn V¨n Nam", "05/3/1985", "001085000002"]


def test_an_ods_is_read():
    assert rows_of(ods(ROWS), "list.ods") == ROWS


def test_a_sheet_under_a_wrong_ending_is_read_by_its_bytes():
    assert rows_of(workbook(ROWS), "list.xls") == ROWS
    assert rows_of(text_of(ROWS).encode(), "list.xls") == ROWS


def test_error_cells_come_as_their_text():
    data = workbook([["Số CCCD"], ["=A9/0", "=NA()"]])
    data = rewritten(
        data,
        "xl/worksheets/sheet1.xml",
        b"<f>A9/0</f><v>0</v>",
        b"<f>A9/0</f><v>#DIV/0!</v>",
    )
    data = rewritten(
        data, "xl/worksheets/sheet1.xml", b'<c r="A2">', b'<c r="A2" t="e">'
    )
    assert rows_of(data)[1][0] == "#DIV/0!"


@pytest.mark.parametrize("how", [b"hidden", b"veryHidden"])
def test_a_hidden_sheet_is_marked(how: bytes):
    plain = workbook(ROWS)
    data = rewritten(
        plain,
        "xl/workbook.xml",
        b' sheetId="1"',
        b' sheetId="1" state="' + how + b'"',
    )
    assert [sheet.hidden for sheet in read_sheets(data, "list.xlsx")] == [True]
    assert [sheet.hidden for sheet in read_sheets(plain, "list.xlsx")] == [False]


def test_hidden_rows_and_columns_are_kept():
    data = rewritten(
        workbook(ROWS),
        "xl/worksheets/sheet1.xml",
        b'<row r="2"',
        b'<row r="2" hidden="1"',
    )
    assert rows_of(data) == ROWS


@pytest.mark.parametrize(
    "data",
    [
        text_of(ROWS).encode(),
        codecs.BOM_UTF8 + text_of(ROWS, ";").encode(),
        text_of(ROWS, "\t").encode("utf-16"),
        text_of(ROWS, "\t").encode("utf-16-le"),
        b"sep=;\r\n" + text_of(ROWS, ";").encode(),
        "STT,Họ và tên\n1,Nguyễn Thị Hòa\n2,Y Moan Ênuôl".encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16 without bom", "sep line", "unix ends"],
)
def test_delimited_text_is_read_in_each_encoding(data: bytes):
    assert rows_of(data, "list.csv") == ROWS


@pytest.mark.parametrize(
    "lines",
    [
        ['1,"Lê An,01/02/1990,Huế', "2,Trần Bình,03/04/1991,Vinh"],
        ['1,"Lê An,01/02/1990,Huế', '2,"Trần Bình",03/04/1991,Vinh'],
        ['1,"Lê An,01/02/1990,Huế', '2,Trần Bình",03/04/1991,Vinh'],
        ['1,Lê An,01/02/1990,"Huế', "2,Trần Bình,03/04/1991,Vinh", '3,Lý,"",Huế'],
        ['1,"Lê "Tư" An",01/02/1990,Huế'],
    ],
    ids=["to the end", "to a quoted cell", "to a stray quote", "last", "inner"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_stray_quote_swallows_no_row(lines: list[str], separator: str):
    text = "\r\n".join(["STT,Họ tên,Ngày sinh,Nơi ở", "0,Lý A,5/6/1992,Huế", *lines])
    said = refusal(text.replace(",", separator).encode(), "list.csv")
    assert 'dấu ngoặc kép (") thừa hoặc chưa đóng, từ dòng 3' in said


def test_an_address_of_several_lines_stays_in_its_cell():
    row = ["1", "Lê An", "01/02/1990", "Nam", "0123", "Số 1, ấp 2,\nxã Ba"]
    text = ",".join(["a", "b", "c", "d", "e", "f"]) + "\n"
    text += ",".join([*row[:-1], f'"{row[-1]}"']) + "\n"
    assert rows_of(text.encode(), "list.csv")[1] == row


def test_a_doubled_quote_stays_a_quote():
    text = 'STT,Tên\n1,"Đội ""Ánh Dương"""\n2,Bàn 5"\n'
    assert rows_of(text.encode(), "list.csv")[1:] == [
        ["1", 'Đội "Ánh Dương"'],
        ["2", 'Bàn 5"'],
    ]


def test_cp1258_text_is_read_as_precomposed_vietnamese():
    decomposed = "STT;Ho\u0323 va\u0300 tên\n1;Nguyê\u0303n Thi\u0323 Ho\u0300a\n2;Đỗ"
    data = decomposed.replace("Đỗ", "Đô\u0303").encode("cp1258")
    assert rows_of(data, "list.csv") == [
        ["STT", "Họ và tên"],
        ["1", "Nguyễn Thị Hòa"],
        ["2", "Đỗ"],
    ]


@pytest.mark.parametrize(
    "text", ["NguyÔn ThÞ Hoµ", "Nguyeãn Thò Hoøa"], ids=["TCVN3", "VNI"]
)
def test_legacy_text_keeps_its_letters_for_the_reader_to_judge(text: str):
    data = f"STT,Ten\n1,{text}\n".encode("cp1252")
    assert rows_of(data, "list.csv")[1] == ["1", text]


def test_commas_within_quotes_and_blank_lines_keep_their_rows():
    data = 'STT;Địa chỉ\n\n1;"Số 1, đường 2,\nxã 3; tỉnh 4"\n'.encode()
    rows = rows_of(data, "list.csv")
    assert rows == [["STT", "Địa chỉ"], [], ["1", "Số 1, đường 2,\nxã 3; tỉnh 4"]]


def test_too_many_rows_are_refused_with_their_count():
    data = text_of([["1", "a"]] * 60).encode()
    said = refusal(data, "list.csv", rows=50)
    assert "có 60 dòng, trong khi cổng chỉ nhận 50 dòng" in said
    assert len(rows_of(data, "list.csv", rows=60)) == 60


def test_sixty_thousand_rows_are_refused():
    data = text_of([["1", "Nguyễn Thị Hòa", "01/02/1990"]] * 60_000).encode()
    assert "có 60.000 dòng, trong khi cổng chỉ nhận 20.000 dòng" in refusal(
        data, "list.csv"
    )


def test_a_stray_cell_far_below_is_refused_with_its_row():
    data = workbook([["STT"], *[[]] * 20_100, ["x"]])
    assert "còn ô được điền tận dòng 20.102" in refusal(data)


def test_too_many_columns_are_refused_with_their_place():
    said = refusal(workbook([["a"], ["b"] * 201]))
    assert "dòng 2 có 201 cột, quá mức 200" in said


def test_a_cell_of_a_megabyte_is_refused_with_its_place():
    said = refusal(f"STT,Ten\n1,{'a' * 1_000_000}\n".encode(), "list.csv")
    assert "dòng 2 có ô dài 1.000.000 ký tự" in said


def test_an_empty_workbook_is_refused():
    assert "không có ô nào được điền" in refusal(workbook([]))
    assert "rỗng" in refusal(b"")


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"%PDF", "list.pdf", "không phải danh sách Excel"),
        (b"<html><table><tr><td>a</td></tr></table>", "list.xls", "trang web"),
        (b"\x00\x01\x02\x03binary", "list.csv", "không phải danh sách Excel"),
        (zip_of({"a.txt": b"x"}), "list.xlsx", "Không đọc được sổ Excel"),
        (workbook(ROWS)[:-300], "list.xlsx", "tải lên chưa trọn"),
        (codecs.BOM_UTF16_LE + b"a\0\xd8\xd8b", "list.csv", "không đọc được chữ"),
    ],
    ids=["pdf", "html", "binary", "zip", "cut off", "odd utf-16"],
)
def test_what_is_no_list_is_refused(data: bytes, filename: str, words: str):
    assert words in refusal(data, filename)
    assert filename in refusal(data, filename)


def test_a_workbook_with_a_password_is_refused():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    data = ole + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    assert "đặt mật khẩu" in refusal(data)


def test_a_workbook_bomb_is_refused_by_its_ratio():
    data = zip_of({"xl/worksheets/sheet1.xml": b" " * 50_000_000})
    assert "giống tệp phá hoại" in refusal(data)


def test_overlapping_parts_are_refused():
    assert "chồng lên nhau" in refusal(overlapping_zip(copies=20, size=100_000))


def test_a_sheet_that_claims_every_cell_costs_a_sentence_not_the_memory():
    data = rewritten(
        workbook([["a"], ["b"]]),
        "xl/worksheets/sheet1.xml",
        b'<row r="2" spans="1:1"><c r="A2"',
        b'<row r="1048576"><c r="XFD1048576"',
    )
    said = refusal(data)
    assert "tốn quá nhiều thời gian hoặc bộ nhớ" in said or "cột" in said


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">'
    bomb += b"".join(
        b'<!ENTITY x%d "%s">' % (n, (b"&x%d;" % (n - 1) if n else b"&x;") * 10)
        for n in range(12)
    )
    data = rewritten(
        workbook([["a"]]),
        "xl/sharedStrings.xml",
        b"<sst",
        bomb + b"]><sst",
    )
    data = rewritten(data, "xl/sharedStrings.xml", b"<t>a</t>", b"<t>&x11;</t>")
    start = time.monotonic()
    try:
        rows = rows_of(data)
    except Invalid:
        rows = []
    assert len(str(rows)) < 1000
    assert time.monotonic() - start < 10


def test_a_reader_that_takes_too_long_is_ended_with_a_sentence():
    data = text_of([["1", "a,b"]] * 19_000).encode()
    assert "tốn quá nhiều thời gian" in refusal(data, "list.csv", wall_s=0.01)


def test_a_reader_that_never_ends_is_ended_by_its_share_of_the_processor():
    endless = (
        "from portal.files import workbook_child as child\n"
        "child._limit_this_process(1, 2**31)\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", endless], timeout=30, check=False)
    assert done.returncode == -signal.SIGXCPU


def test_a_reader_that_takes_too_much_memory_is_ended_with_a_sentence():
    data = text_of([["1", "a" * 1000]] * 15_000).encode()
    said = refusal(data, "list.csv", memory_bytes=60 * 2**20)
    assert "tốn quá nhiều thời gian hoặc bộ nhớ" in said


def test_a_reader_that_does_not_start_is_our_fault_and_no_sentence(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="workbook reader"):
        rows_of(workbook(ROWS))


def test_columns_that_excel_hides_are_named():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Quê quán"])
        sheet.write_row(1, 0, ["1", "Hồ An", "1/2/1990", "079090001234", "Hà Nội"])
        sheet.set_column(4, 4, 20, None, {"hidden": True})
    (read,) = read_sheets(out.getvalue(), "list.xlsx")
    assert read.hidden_columns == {4}
    reading = read_roster([read], today=date(2026, 11, 22))
    assert reading.rows[0].values["native_place"] == "Hà Nội"
    assert any("“Quê quán”" in str(problem) for problem in reading.problems)
