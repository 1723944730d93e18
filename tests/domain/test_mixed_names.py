"""Names in old fonts among Unicode ones are read right, or not at all."""

from datetime import date
from itertools import islice

import pytest

from portal.demo.package import to_tcvn3
from portal.demo.people import invent_people
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.roster_cells import read_cell
from portal.domain.roster_rows import SheetCells, read_roster, read_row

TODAY = date(2026, 11, 22)
HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD"]
UNICODE = ["Nguyễn Văn Hùng", "Trần Thị Hương", "Đỗ Mười", "Phạm Lựu", "Vũ Lợi"]
TCVN3 = ["NguyÔn V¨n Hïng", "TrÇn ThÞ H\u00ad¬ng", "§ç M\u00adêi"]
PROPER = [
    "Đặng Văn Huế",
    "H'Hen Niê",
    "H´Hen Niê",
    "Y Moan Ênuôl",
    "H'Bia Mlô",
    "NGUYỄN THỊ Ý",
    "MAI THANH TÚ",
    "Mai Văn HÙNG",
    "LÝ CÔNG",
    "Lê Hà",
    "Lê Thanh Tâm",
    "Võ Kim Ngân",
    "Phan Thanh Hòa",
    "Thái Công Tài",
    "Chamaléa Tiến",
    "Ân Thị Ái",
]


def read(names):
    rows = [
        [at, name, "2/1/1990", "Nam", f"0790900{at:05d}"]
        for at, name in enumerate(names)
    ]
    return read_roster([SheetCells("Danh sách", [HEADER, *rows])], today=TODAY).rows


def as_typed(name, legacy):
    """Spell a name by TCVN3 if the fonts had its letters; capitals with a tone not."""
    lacking = [c for c in name if not c.isascii() and c != "ý" and to_tcvn3(c) == c]
    return to_tcvn3(name) if legacy and not lacking else name


@pytest.mark.parametrize("percent", [5, 15, 50, 90])
@pytest.mark.parametrize("seed", [3, 6, 10, 13, 18, 20, 23, 31, 38, 50, 52, 56])
def test_no_name_of_a_mixed_list_is_read_wrong(seed, percent):
    truth = [person.full_name for person in islice(invent_people(seed), 40)]
    typed = [
        as_typed(name, legacy=at * 37 % 100 < percent) for at, name in enumerate(truth)
    ]
    rows = read(typed)
    wrong = [
        (row.raw["full_name"], row.values.get("full_name"))
        for name, row in zip(truth, rows, strict=True)
        if row.values.get("full_name") != name and not row.problems
    ]
    assert wrong == []
    assert sum(bool(row.problems) for row in rows) <= 1


@pytest.mark.parametrize("others", [UNICODE + TCVN3, TCVN3 * 7])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Mai Minh TrÝ", "Mai Minh Trí"),
        ("ChamalÐa TiÕn", "Chamaléa Tiến"),
        ("K'Br¬i", "K'Brơi"),
        ("H'W¨n Ml«", "H'Wăn Mlô"),
        ("Th¸i BÝch", "Thái Bích"),
        ("Mai H\u00adng", "Mai Hưng"),
        ("Phan Minh Dòng", "Phan Minh Dũng"),
    ],
)
def test_a_name_that_cannot_be_unicode_is_converted_and_shown(typed, meant, others):
    row = read([typed, *others])[0]
    assert row.values["full_name"] == meant
    assert row.problems == ()
    (repair,) = row.repairs
    assert (repair.before, repair.after) == (typed, meant)
    assert repair.reason == "Đọc từ phông TCVN3 (ABC) sang Unicode."


@pytest.mark.parametrize("others", [UNICODE, UNICODE + TCVN3, UNICODE[:2] + TCVN3 * 7])
@pytest.mark.parametrize("name", PROPER)
def test_a_proper_name_stays_as_it_is_among_whatever_others(name, others):
    row = read([name, *others])[0]
    assert (row.values.get("full_name"), row.repairs, row.problems) == (name, (), ())


def test_one_cell_beyond_doubt_is_enough_among_unicode():
    row = read(["Mai Minh TrÝ", *UNICODE])[0]
    assert row.values["full_name"] == "Mai Minh Trí"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("K'Br¬i An", "“¬”"),
        ("H'W¨n Ml«", "“¨”, “«”"),
        ("Trần TrÝ", "“Ý” trong “TrÝ”"),
        ("Trần BÝch", "“Ý” trong “BÝch”"),
        ("Trần Hµ", "“µ”"),
        ("Trần Văn An 2", "“2”"),
        ("Trần Văn An (B)", "“(”, “)”"),
    ],
)
def test_a_name_with_a_strange_sign_is_refused_and_the_sign_named(typed, named):
    row = read([typed, *UNICODE])[0]
    assert "full_name" not in row.values
    (problem,) = row.problems
    assert problem.text == f"Họ tên có ký tự lạ {named}."
    assert "Excel" in problem.fix


def test_two_names_that_are_as_likely_are_left_to_the_officer():
    row = read(["Phan Minh Bé", *UNICODE, *TCVN3])[0]
    (problem,) = row.problems
    assert "“Phan Minh Bé” hay “Phan Minh Bộ”" in problem.text
    assert read(["Phan Minh Bé", *UNICODE])[0].problems == ()


@pytest.mark.parametrize("name", ["John McDonald", "François Müller", "Bjørn Dahl"])
def test_a_foreign_name_is_a_doubt_only(name):
    row = read([name, *UNICODE])[0]
    assert row.values["full_name"] == name
    assert row.problems == ()
    assert len(row.warnings) == 1


def test_a_form_says_to_look_again():
    found = read_cell(FIELDS_BY_NAME["full_name"], "K'Br¬i An", today=TODAY)
    (problem,) = found.problems
    assert f"{problem.text} {problem.fix}" == "Họ tên có ký tự lạ “¬”. Xem lại."


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Ðinh Hà", "Đổi chữ “ð” của bàn phím cũ thành “đ”."),
        ("Lê  Hà", "Bỏ khoảng trắng thừa."),
        ("Lê\u200b Hà", "Bỏ ký tự ẩn."),
        ("Le\u0302 Hoa", "Ghép dấu về Unicode dựng sẵn."),
        (" Ðinh Hà", "Đổi chữ “ð” của bàn phím cũ thành “đ”. Bỏ khoảng trắng thừa."),
    ],
)
def test_a_repair_tells_what_was_done_and_nothing_else(typed, reason):
    (repair,) = read_row({"full_name": typed}, today=TODAY).repairs
    assert repair.reason == reason
