"""Several tables in one sheet, rows above the header: every filled row is told of."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.roster_cells import is_blank
from portal.domain.roster_columns import with_chosen_fields
from portal.domain.roster_rows import SheetCells, check_accounts, read_roster

TODAY = date(2026, 11, 22)
FIVE = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD"]
SEVEN = [*FIVE, "Số điện thoại", "Email"]
OTHER_ORDER = ["STT", "Họ và tên", "Số CCCD", "Giới tính", "Ngày sinh"]


def person(number):
    return [number, "Nguyễn Văn An", "03/02/1990", "Nam", f"058090{number:06d}"]


def turned(number):
    stt, name, birth, sex, paper = person(number)
    return [stt, name, paper, sex, birth]


def read(*rows):
    sheet = SheetCells("S", list(rows))
    reading = read_roster([sheet], today=TODAY)
    numbers = [one.row for one in (*reading.rows, *reading.skipped)]
    filled = [at for at, row in enumerate(rows, start=1) if not all(map(is_blank, row))]
    assert sorted(set(numbers)) == sorted(numbers)
    assert set(filled) <= set(numbers)
    return reading


STACKED = [
    ["DANH SÁCH THẺ THƯỜNG"],
    FIVE,
    *map(person, (1, 2, 3)),
    [],
    [None, "DANH SÁCH LIÊN KẾT"],
    SEVEN,
    [*person(4), "0912345678", "a@b.vn"],
    [*person(5), "0912345679", "c@b.vn"],
]


def test_two_lists_in_one_sheet_are_both_read():
    reading = read(*STACKED)
    assert [row.row for row in reading.rows] == [3, 4, 5, 9, 10]
    assert reading.rows[3].values["phone"] == "0912345678"
    assert [(one.row, one.code) for one in reading.skipped] == [
        (1, "title"),
        (2, "columns"),
        (6, "blank"),
        (7, "title"),
        (8, "columns"),
    ]
    (told,) = reading.problems
    assert "dòng 2 và dòng 8" in told.text


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        (FIVE, OTHER_ORDER, turned(2)),
        (SEVEN, OTHER_ORDER, turned(2)),
        (FIVE, [None, *FIVE], [None, *person(2)]),
        (FIVE, [*FIVE[2:], "Họ và tên"], [*person(2)[2:], "Nguyễn Văn An"]),
        (SEVEN, [*FIVE, "Email", "Số điện thoại"], [*person(2), "a@b.vn", ""]),
    ],
    ids=["same columns", "fewer columns", "one to the right", "name last", "last two"],
)
def test_rows_are_read_by_the_header_right_above_them(first, second, line):
    reading = read(first, person(1), second, line)
    one, other = reading.rows
    assert not one.problems
    assert not other.problems
    assert other.values["citizen_id"] == person(2)[4]
    assert str(other.values["birth_date"]) == "03/02/1990"


def test_other_days_under_swapped_headers_are_not_swapped():
    header = [*FIVE, "Ngày cấp"]
    swapped = ["STT", "Họ và tên", "Ngày cấp", "Giới tính", "Số CCCD", "Ngày sinh"]
    line = [2, "Trần Văn Bé", "01/01/2021", "Nam", "058090000002", "03/02/1990"]
    reading = read(header, [*person(1), "01/01/2021"], swapped, line)
    assert str(reading.rows[1].values["birth_date"]) == "03/02/1990"
    assert str(reading.rows[1].values["id_issued_on"]) == "01/01/2021"


def test_a_header_of_two_rows_over_a_second_list_is_read_whole():
    upper = ["TT", "Họ và tên", "Năm sinh", None, "Số CCCD"]
    lower = [None, None, "Nam", "Nữ", None]
    line = [2, "Lê Thị Bình", None, "1990", "058190000002"]
    reading = read(FIVE, person(1), ["Phụ lục 2"], upper, lower, line)
    assert reading.rows[1].values["sex"] == "female"
    assert [one.row for one in reading.skipped if one.code == "columns"] == [1, 4, 5]


@pytest.mark.parametrize("header", [[FIVE], [["DANH SÁCH (tiếp)"], FIVE]])
def test_the_same_header_on_the_next_page_begins_no_table(header):
    reading = read(FIVE, person(1), *header, person(2))
    assert len(reading.rows) == 2
    assert reading.problems == ()
    assert len(reading.columns) == len(FIVE)


def test_a_person_above_the_header_is_told_and_asked_for():
    reading = read(person(1), FIVE, person(2))
    assert [(one.row, one.code) for one in reading.skipped] == [
        (1, "above"),
        (2, "columns"),
    ]
    (told,) = reading.problems
    assert "phía trên dòng tiêu đề" in told.text
    assert "dòng 1" in told.text


def test_what_an_officer_calls_a_column_holds_in_every_table():
    header = [*FIVE[:4], "Mã số công dân"]
    other = ["STT", "Họ và tên", "Mã số công dân", "Giới tính", "Ngày sinh"]
    sheet = SheetCells("S", [header, person(1), other, turned(2)])
    named = with_chosen_fields([sheet], {"ma so cong dan": "citizen_id"})
    rows = read_roster(named, today=TODAY).rows
    assert [row.values["citizen_id"] for row in rows] == [person(1)[4], person(2)[4]]


def test_the_accounts_of_a_list_close_or_stop():
    sheet = SheetCells("S", STACKED)
    reading = read_roster([sheet], today=TODAY)
    check_accounts([sheet], reading.rows, reading.skipped)
    with pytest.raises(RuntimeError, match=r"row 5 .* 0 times"):
        check_accounts(
            [sheet], [r for r in reading.rows if r.row != 5], reading.skipped
        )
    with pytest.raises(RuntimeError, match=r"row 8 .* 0 times"):
        check_accounts([sheet], reading.rows, reading.skipped[:-1])
    doubled = [*reading.rows, replace(reading.rows[0])]
    with pytest.raises(RuntimeError, match=r"row 3 .* 2 times"):
        check_accounts([sheet], doubled, reading.skipped)
