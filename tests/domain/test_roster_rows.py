"""Lists as offices send them become clean rows; nobody is lost or doubled."""

from datetime import date, datetime
from time import perf_counter

import pytest

from portal.domain.dates import PartialDate
from portal.domain.legacy_encoding import TextEncoding
from portal.domain.roster_columns_read import column_facts
from portal.domain.roster_rows import SheetCells, read_roster, read_row

TODAY = date(2026, 11, 22)
HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD"]
AN = [1, "Nguyễn Văn An", "2/1/1990", "Nam", "079090001234"]
BINH = [2, "Lê Thị Bình", "3/4/1991", "Nữ", "079191001235"]
FRAME = {"columns", "title"}
HOSTILE = [
    "",
    "\x00",
    "=cmd|' /C calc'!A0",
    "<img hx-get=/x>",
    "\u202eabc",
    "\ud800",
    "😀",
    "ế" * 10_000,
    "\u00ad",
    "%s%n{}",
    "'" * 300,
    "9" * 5_000,
    "-" * 5_000,
    "1.2E+10",
    "²³",
]


def read(*rows, name="Danh sách", **options):
    return read_roster([SheetCells(name, list(rows))], today=TODAY, **options)


def codes(reading):
    return [problem.code for problem in reading.problems]


def skipped(reading):
    """Give the rows left below the header."""
    return [(row.row, row.code) for row in reading.skipped if row.code not in FRAME]


def test_a_plain_list_is_read_into_values():
    reading = read(HEADER, AN, BINH)
    assert reading.problems == ()
    assert [row.row for row in reading.rows] == [2, 3]
    assert reading.rows[1].values == {
        "row_number": "2",
        "full_name": "Lê Thị Bình",
        "birth_date": PartialDate(date(1991, 4, 3)),
        "sex": "female",
        "citizen_id": "079191001235",
    }
    assert reading.rows[1].raw["birth_date"] == "3/4/1991"
    row = reading.rows[1]
    assert (row.repairs, row.warnings, row.problems) == ((), (), ())


def test_titles_above_the_header_do_not_matter():
    titles = [
        ["LĐLĐ TỈNH", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["CĐCS Công ty Một"],
        [],
        ["DANH SÁCH ĐOÀN VIÊN ĐỔI THẺ"],
    ]
    reading = read(*titles, HEADER, AN)
    assert [row.row for row in reading.rows] == [6]


def test_two_merged_header_rows_are_read_as_one():
    reading = read(
        ["STT", "Họ và tên", "Ngày sinh", "GT", "CMND/CCCD", None, None, "SĐT"],
        [None, None, None, None, "Số", "Ngày cấp", "Nơi cấp", None],
        [*AN, "1/2/2020", "Cục CS", 912345678],
    )
    (row,) = reading.rows
    assert row.values["citizen_id"] == "079090001234"
    assert row.values["id_issued_on"] == PartialDate(date(2020, 2, 1))
    assert row.values["id_issued_at"] == "Cục CS"
    assert row.values["phone"] == "0912345678"


def test_a_birth_date_under_nam_or_nu_tells_the_sex():
    reading = read(
        ["TT", "Họ tên", "Năm sinh", None, "Số CCCD"],
        [None, None, "Nam", "Nữ", None],
        [1, "Lê Thị Hoa", None, "1990", "079190001234"],
        [2, "Lê Văn Hải", 1991, None, "079091001234"],
    )
    assert [row.values["sex"] for row in reading.rows] == ["female", "male"]
    assert [str(row.values["birth_date"]) for row in reading.rows] == ["1990", "1991"]
    assert reading.problems == ()


def test_ticks_under_nam_or_nu_tell_the_sex():
    reading = read(
        ["STT", "Họ và tên", "Ngày sinh", "Nam", "Nữ", "Số CCCD"],
        [1, "Lê Thị Hoa", "1/2/1990", None, "x", "079190001234"],
    )
    assert reading.rows[0].values["sex"] == "female"


def test_header_and_names_in_tcvn3_are_understood():
    reading = read(
        ["STT", "Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "Sè CCCD"],
        [1, "NguyÔn V¨n Hïng", "2/1/1990", "Nam", "079090001234"],
        [2, "TrÇn ThÞ H\u00ad¬ng", "3/4/1991", "N÷", "079191001235"],
    )
    assert [row.values["full_name"] for row in reading.rows] == [
        "Nguyễn Văn Hùng",
        "Trần Thị Hương",
    ]
    assert reading.rows[1].values["sex"] == "female"
    assert reading.columns[1].encoding is TextEncoding.TCVN3
    assert "TCVN3" in reading.rows[0].repairs[0].reason
    assert reading.rows[0].raw["full_name"] == "NguyÔn V¨n Hïng"


def test_every_row_below_the_header_is_read_or_skipped_with_its_reason():
    reading = read(
        HEADER,
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["I. Phòng Kỹ thuật"],
        AN,
        [],
        HEADER,
        BINH,
        [3],
        [None, "Tổng cộng: 2 người"],
        ["Danh sách này có 02 đoàn viên."],
        [None, None, None, "Hà Nội, ngày 5 tháng 3 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, "TM. BAN CHẤP HÀNH"],
        [None, "(Ký, ghi rõ họ tên)"],
        [None, "Phạm Thị Ký"],
        [],
        [None, ""],
    )
    assert [row.row for row in reading.rows] == [4, 7]
    assert skipped(reading) == [
        (2, "numbering"),
        (3, "section"),
        (5, "blank"),
        (6, "header"),
        (8, "blank"),
        (9, "total"),
        (10, "signature"),
        (11, "signature"),
        (12, "signature"),
        (13, "signature"),
        (14, "signature"),
    ]
    assert reading.skipped_counts["Dòng trống"] == 2


@pytest.mark.parametrize(
    "name",
    [
        "Tống Công Minh",
        "Tô Hoài Nam",
        "A Lăng Tý",
        "Ban Văn Cầu",
        "H Wing Y",
        "Vi Dũng",
    ],
)
def test_a_person_with_little_but_a_name_is_not_taken_for_a_total_or_a_group(name):
    reading = read(HEADER, AN, [2, name])
    assert [row.values["full_name"] for row in reading.rows][1:] == [name]
    assert {problem.code for problem in reading.rows[1].problems} == {"missing"}


@pytest.mark.parametrize(
    "row",
    [
        ["Tổng cộng", None, 2, 1, 2],
        [None, "TỔNG CỘNG: 2 NGƯỜI", "2", None, "2"],
        [None, "Tong cong"],
        ["Cộng", "", "", "", 2],
        ["Tæng céng: 2"],
    ],
)
def test_totals_are_no_people(row):
    tcvn3 = ["TrÇn ThÞ Lª", "NguyÔn V¨n Hïng", "Ph¹m Hµ"]
    people = [[n, name, *AN[2:4], f"07909000123{n}"] for n, name in enumerate(tcvn3)]
    reading = read(HEADER, *people, row)
    assert skipped(reading) == [(5, "total")]


def test_the_example_row_of_a_template_is_no_person():
    example = ["Ví dụ", *AN[1:]]
    reading = read(HEADER, example, AN)
    assert skipped(reading) == [(2, "example")]
    assert len(reading.rows) == 1


def test_a_person_after_the_signatures_is_still_read():
    reading = read(HEADER, AN, ["Người lập biểu"], BINH)
    assert [row.row for row in reading.rows] == [2, 4]


def test_repairs_tell_before_after_and_why():
    reading = read(HEADER, [1, "  Lê   Văn An ", "03/25/1990", "nam", 79090001234.0])
    (row,) = reading.rows
    assert row.values["citizen_id"] == "079090001234"
    repaired = {repair.field: repair for repair in row.repairs}
    assert set(repaired) == {"full_name", "birth_date", "citizen_id"}
    assert repaired["citizen_id"].before == "79090001234"
    assert repaired["citizen_id"].after == "079090001234"
    assert all(repair.reason.endswith(".") for repair in row.repairs)


def test_a_number_in_scientific_form_refuses_the_row():
    (row,) = read(HEADER, [1, "Lê An", "2/1/1990", "Nam", "1.2E+10"]).rows
    (problem,) = row.problems
    assert problem.where == "Số CCCD"
    assert "1.2E+10" in problem.text


def test_what_the_number_says_otherwise_is_a_warning_only():
    (row,) = read(HEADER, [1, "Lê An", "2/1/1991", "Nữ", "079090001234"]).rows
    assert row.problems == ()
    assert len(row.warnings) == 2


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ([1, None, "2/1/1990", "Nam", "079090001234"], "Họ và tên"),
        ([1, "Lê An", None, "Nam", "079090001234"], "Ngày sinh"),
        ([1, "Lê An", "2/1/1990", "", "079090001234"], "Giới tính"),
        ([1, "Lê An", "2/1/1990", "Nam", None], "Số CCCD"),
    ],
)
def test_what_every_row_needs_is_named_where_it_is_missing(cells, field):
    (row,) = read(HEADER, cells).rows
    assert [(problem.where, problem.code) for problem in row.problems] == [
        (field, "missing")
    ]


def test_an_impossible_date_is_named_once():
    (row,) = read(HEADER, [1, "Lê An", "31/02/1980", "Nam", "079080001234"]).rows
    assert [problem.text for problem in row.problems] == ["Không có ngày 31/02/1980."]


def test_the_same_number_twice_marks_both_rows_naming_the_other():
    reading = read(HEADER, AN, BINH, [3, "Nguyễn An", "2/1/1990", "Nam", 79090001234])
    assert [row.is_duplicate for row in reading.rows] == [True, False, True]
    assert "với Nguyễn An (dòng 4 của tệp đã gửi)" in reading.rows[0].problems[0].text
    assert "dòng 2" in reading.rows[2].problems[0].text


def test_duplicates_are_found_across_sheets():
    sheets = [SheetCells("Một", [HEADER, AN]), SheetCells("Hai", [HEADER, AN])]
    reading = read_roster(sheets, today=TODAY)
    assert "trang “Hai”" in reading.rows[0].problems[0].text
    assert reading.rows[1].is_duplicate


def test_the_same_name_and_birth_date_is_a_doubt_for_decision():
    reading = read(HEADER, AN, [2, "NGUYỄN VĂN AN", "2/1/1990", "Nam", "264123456"])
    assert all(row.problems == () for row in reading.rows)
    assert [row.warnings[0].code for row in reading.rows] == ["lookalike"] * 2


def test_an_old_id_number_in_the_column_of_the_new_one_finds_its_place():
    (row,) = read(HEADER, [1, "Lê An", "2/1/1990", "Nam", 64123456]).rows
    assert row.values["id_card_number"] == "064123456"
    assert "citizen_id" not in row.values


def test_both_papers_are_kept_each_in_its_column():
    header = [*HEADER[:4], "Số CMND", "Số CCCD"]
    row = read(header, [1, "Lê An", "2/1/1990", "Nam", "264123456", AN[4]]).rows[0]
    assert row.values["id_card_number"] == "264123456"
    assert row.values["citizen_id"] == AN[4]


def test_optional_cells_that_cannot_be_read_are_left_out_with_a_warning():
    header = [*HEADER, "SĐT", "Email", "Đóng đoàn phí", "Đảng viên"]
    (row,) = read(header, [*AN, "12", "a@b", "hmm", "hmm"]).rows
    assert row.problems == ()
    assert len(row.warnings) == 4
    assert not {"phone", "email", "dues_standing", "party_member"} & set(row.values)


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("Loại thẻ", "Thẻ liên kết", "card_kind", "linked"),
        ("Loại thẻ", "thong thuong", "card_kind", "standard"),
        ("Loại thẻ", "Không liên kết", "card_kind", "standard"),
        ("Đóng đoàn phí", "Đang đóng đoàn phí", "dues_standing", "paying"),
        ("Đóng đoàn phí", "Chưa đóng", "dues_standing", "arrears"),
        ("Đóng đoàn phí", "Được miễn đoàn phí", "dues_standing", "exempt"),
        ("Đóng đoàn phí", "Chưa rõ đoàn phí", "dues_standing", "unknown"),
        ("Đóng đoàn phí", "Nợ đoàn phí", "dues_standing", "arrears"),
        ("Đảng viên", "x", "party_member", True),
        ("Đảng viên", "03/02/2010", "party_member", True),
        ("Đảng viên", "Không", "party_member", False),
        ("Tôn giáo", "Không", "religion", "Không"),
        ("Số tài khoản", 101234567890, "bank_account", "101234567890"),
        ("Mã số đoàn viên", "0850 0001 2345", "member_number", "085000012345"),
        ("Ngày vào công đoàn", 2015, "joined_union_on", PartialDate(date(2015, 1, 1))),
    ],
)
def test_words_of_lists_become_stored_values(header, cell, field, value):
    (row,) = read([*HEADER, header], [*AN, cell]).rows
    found = row.values[field]
    if isinstance(value, PartialDate):
        found = PartialDate(found.date)
    assert found == value


def test_a_card_kind_that_nobody_understands_refuses_the_row():
    (row,) = read([*HEADER, "Loại thẻ"], [*AN, "vàng"]).rows
    assert [problem.where for problem in row.problems] == ["Loại thẻ"]


def test_dates_of_a_1904_workbook_are_not_four_years_off():
    sheet = SheetCells("A", [HEADER, [1, "Lê An", 31413, "Nam", AN[4]]], date1904=True)
    (row,) = read_roster([sheet], today=TODAY).rows
    assert row.values["birth_date"] == PartialDate(date(1990, 1, 2))


def test_sheets_without_a_list_are_named_as_left():
    sheets = [
        SheetCells("Hướng dẫn", [["Điền vào trang sau"]]),
        SheetCells("Trống", []),
        SheetCells("DS", [HEADER, AN]),
    ]
    reading = read_roster(sheets, today=TODAY)
    assert len(reading.rows) == 1
    assert [(row.sheet, row.code) for row in reading.skipped] == [
        ("Hướng dẫn", "sheet"),
        ("DS", "columns"),
    ]


def test_hidden_sheets_are_left_and_named():
    old = SheetCells("Cũ", [HEADER, ["1", "Lê Bình", *AN[2:]]], hidden=True)
    notes = SheetCells("Tra cứu", [["Nam"], ["Nữ"]], hidden=True)
    empty = SheetCells("Trống", [], hidden=True)
    shown = SheetCells("DS", [HEADER, AN])
    reading = read_roster([old, notes, empty, shown], today=TODAY)
    assert [row.sheet for row in reading.rows] == ["DS"]
    assert [(row.sheet, row.reason) for row in reading.skipped] == [
        ("Cũ", "Trang tính ẩn, không đọc"),
        ("Tra cứu", "Trang tính ẩn, không đọc"),
        ("DS", "Dòng tiêu đề"),
    ]
    (problem,) = reading.problems
    assert "danh sách 1 dòng nhưng không được đọc" in str(problem)
    assert "“Cũ”" in str(problem)


def test_a_list_on_a_hidden_sheet_alone_is_asked_to_be_shown():
    sheets = [
        SheetCells("Bìa", [["Kính gửi"]]),
        SheetCells("DS", [HEADER, AN], hidden=True),
    ]
    reading = read_roster(sheets, today=TODAY)
    assert not reading.rows
    none, hidden = reading.problems
    assert (none.code, hidden.code) == ("no_header", "hidden")
    assert "“DS”" in str(hidden)
    assert "bỏ ẩn" in hidden.fix


def test_columns_tell_what_they_were_taken_for():
    reading = read([*HEADER, "Ghi chú", "Ngày sinh"], [*AN, "x", "1/1/1980"])
    taken = {c.header: c.field and c.field.name for c in reading.columns[:6]}
    assert taken["Số CCCD"] == "citizen_id"
    assert taken["Ghi chú"] is None
    assert reading.columns[6].field is None
    assert str(reading.rows[0].values["birth_date"]) == "02/01/1990"


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ([], "no_sheet"),
        ([SheetCells("A", [])], "empty"),
        ([SheetCells("A", [[None, "  "], []])], "empty"),
        ([SheetCells("A", [["x", 1], ["y", 2]])], "no_header"),
        ([SheetCells("A", [["Họ và tên"], ["Lê An"]])], "no_header"),
        ([SheetCells("A", [HEADER])], "no_rows"),
        ([SheetCells("A", [HEADER, ["Tổng cộng"]])], "no_rows"),
    ],
)
def test_a_workbook_without_a_list_says_what_was_looked_for(sheets, code):
    reading = read_roster(sheets, today=TODAY)
    assert codes(reading) == [code]
    assert reading.rows == ()


def test_a_list_that_is_too_long_is_refused_whole():
    reading = read(HEADER, AN, BINH, AN, most_rows=2)
    assert codes(reading) == ["too_many_rows"]
    assert reading.rows == ()
    assert "3 dòng" in reading.problems[0].text


def test_blank_rows_do_not_count_towards_the_limit():
    assert len(read(HEADER, AN, *[[None]] * 50, most_rows=1).rows) == 1


def test_a_list_without_a_needed_column_says_which():
    reading = read(["STT", "Họ và tên", "Ngày sinh"], [1, "Lê An", "2/1/1990"])
    assert codes(reading) == ["missing_column"]
    assert "“Giới tính”, “Số CCCD”" in reading.problems[0].text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_any_cell_is_a_row_or_a_skipped_row(text):
    header = [*HEADER, "SĐT", "Email", "Loại thẻ", "Quê quán", "Đảng viên", "Ngày cấp"]
    spoiled = [
        [*AN, "", "", "", "", "", ""][:index] + [text] + [""] * (10 - index)
        for index in range(11)
    ]
    reading = read(header, *spoiled, [text] * 11, [text])
    assert len(reading.rows) + len(skipped(reading)) >= 11
    numbers = [row.row for row in (*reading.rows, *reading.skipped)]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_the_header_is_no_failure(text):
    read([text, *HEADER, text], [text, *AN, text])
    read([text] * 3, [text] * 3)


@pytest.mark.parametrize(
    "cell",
    [True, 10**400, -1, float("nan"), float("inf"), datetime(1990, 1, 2), TODAY],  # noqa: DTZ001
    ids=range(7),
)
def test_any_kind_of_cell_is_read_in_any_column(cell):
    for index in range(5):
        row = list(AN)
        row[index] = cell
        reading = read(HEADER, row, [cell] * 5)
        assert len(reading.rows) + len(skipped(reading)) == 2


@pytest.mark.parametrize("letter", ["a", "é ", "\u0301", "(", "Tổng cộng "])
def test_a_cell_of_a_million_letters_costs_no_time(letter):
    started = perf_counter()
    reading = read(HEADER, [letter * 1_000_000] * 5, [*AN[:1], letter * 10**6, *AN[2:]])
    assert len(reading.rows) + len(skipped(reading)) == 2
    assert perf_counter() - started < 2


def test_one_mended_row_is_judged_by_the_same_rules():
    cells = {"full_name": "Lê An", "birth_date": "2/1/1990", "sex": "Nam"}
    assert [problem.code for problem in read_row(cells, today=TODAY).problems] == [
        "missing"
    ]
    mended = read_row({**cells, "citizen_id": AN[4]}, today=TODAY, row=7)
    assert (mended.row, mended.problems) == (7, ())


def test_a_missing_sex_comes_with_what_the_number_says():
    (row,) = read(HEADER, [1, "Lê An", "2/1/1990", None, AN[4]]).rows
    assert row.problems[0].fix == "Theo số CCCD là Nam."


TCVN3_LIST = [
    ["STT", "Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "Sè CCCD", "Quª qu¸n"],
    [1, "NguyÔn V¨n Hïng", "2/1/1990", "Nam", "079090001234", "Hµ Néi"],
    [2, "TrÇn ThÞ H\u00ad¬ng", "3/4/1991", "N÷", "079191001235", "Thanh Hãa"],
]


def test_a_column_shows_what_reading_its_font_changes():
    facts = [column_facts(column) for column in read(*TCVN3_LIST).columns]
    assert (facts[1]["field"], facts[1]["label"]) == ("full_name", "TCVN3 (ABC)")
    assert facts[1]["samples"] == [
        ["NguyÔn V¨n Hïng", "Nguyễn Văn Hùng"],
        ["TrÇn ThÞ H\u00ad¬ng", "Trần Thị Hương"],
    ]
    assert (facts[4]["label"], facts[4]["samples"]) == ("", [])


def test_an_officer_may_say_that_a_column_is_in_no_old_font():
    reading = read(*TCVN3_LIST, as_typed={("Danh sách", "Quª qu¸n")})
    assert [row.values["native_place"] for row in reading.rows] == [
        "Hµ Néi",
        "Thanh Hãa",
    ]
    assert reading.rows[0].values["full_name"] == "Nguyễn Văn Hùng"
    facts = column_facts(reading.columns[5])
    assert facts["as_typed"]
    assert facts["samples"][0] == ["Hµ Néi", "Hà Nội"]


def test_surname_and_given_name_in_two_columns_make_one_name():
    reading = read(
        ["STT", "Họ và tên", None, "Ngày sinh", "Giới tính", "Số CCCD"],
        [1, "Nguyễn Văn", "An", "2/1/1990", "Nam", "079090001234"],
        [2, "Lê Thị", "Bình", "3/4/1991", "Nữ", "079191001235"],
        [3, "Trần Thị", "Cúc", "3/4/1992", "Nữ", "079192001236"],
    )
    names = [row.values["full_name"] for row in reading.rows]
    assert names == ["Nguyễn Văn An", "Lê Thị Bình", "Trần Thị Cúc"]


def test_a_column_without_header_that_holds_no_names_stays_out_of_them():
    reading = read(
        ["STT", "Họ và tên", None, "Ngày sinh", "Số CCCD"],
        [1, "Nguyễn Văn An", "Nam", "2/1/1990", "079090001234"],
        [2, "Lê Thị Bình", "Nữ", "3/4/1991", "079191001235"],
        [3, "Trần Thị Cúc", "Nữ", "3/4/1992", "079192001236"],
    )
    assert reading.rows[1].values["full_name"] == "Lê Thị Bình"


@pytest.mark.parametrize(
    "header", ["Họ tên vợ/chồng", "Họ tên con", "Ngày sinh con", "Nơi sinh", "SĐT vợ"]
)
def test_columns_about_others_are_nobody_s(header):
    reading = read([*HEADER, header], [*AN, "Phạm Thị Vợ"])
    assert reading.columns[-1].field is None


def test_signatures_under_any_column_are_nobody():
    reading = read(
        HEADER,
        AN,
        [None, None, None, None, "Hà Nội, ngày 05 tháng 3 năm 2026"],
        [None, "Người lập biểu", None, None, "TM. BAN CHẤP HÀNH"],
        [None, "Trần Văn Lập", None, None, "Lê Thị Ký"],
    )
    assert len(reading.rows) == 1
    assert skipped(reading) == [(n, "signature") for n in (3, 4, 5)]
