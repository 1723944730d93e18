"""Numbers of twelve digits and Vpoint codes."""

import pytest

from portal.domain.errors import Invalid
from portal.domain.number_sheets import read_results
from portal.domain.numbering import (
    LARGEST_NUMBER,
    VPOINT_CODES,
    number_text,
    read_number,
    shown_number,
    vpoint_text,
)
from portal.domain.roster_sheets import SheetCells


def test_a_number_keeps_its_leading_zeros() -> None:
    assert number_text(85) == "000000000085"


@pytest.mark.parametrize("value", [0, -1, LARGEST_NUMBER + 1])
def test_a_counter_out_of_range_gives_no_number(value: int) -> None:
    with pytest.raises(Invalid, match="đã hết"):
        number_text(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0850 0001 2345", "085000012345"),
        ("085.000.012.345", "085000012345"),
        ("000000000000", None),
        ("85000012345", None),
        ("0850000123456", None),
        ("08500001234x", None),
        ("٠٨٥٠٠٠٠١٢٣٤٥", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, number: str | None) -> None:
    assert read_number(text) == number


def test_a_number_is_shown_by_fours() -> None:
    assert shown_number("085000012345") == "0850 0001 2345"


def test_codes_differ_over_the_whole_range() -> None:
    values = [0, 1, 26, 27, VPOINT_CODES - 1]
    codes = [vpoint_text(value) for value in values]
    assert len(set(codes)) == len(values)
    assert {len(code) for code in codes} == {10}


def test_numbers_on_a_hidden_sheet_are_not_taken_unseen():
    rows = [["Số CCCD", "Mã số đoàn viên"], ["058090000001", "085000000001"]]
    shown, hidden = SheetCells("Kết quả", rows), SheetCells("Cũ", rows, hidden=True)
    assert len(read_results([shown])) == 1
    with pytest.raises(Invalid, match="“Cũ” cũng có mã số"):
        read_results([shown, hidden])
