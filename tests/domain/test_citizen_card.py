"""The code on a citizen card fills the fields that it states, and no others."""

from datetime import date

import pytest

from portal.domain.citizen_card import CitizenCard, parse_card_code
from portal.domain.dates import PartialDate
from portal.domain.errors import Problem

TODAY = date(2026, 11, 22)
CODE = (
    "079090001234|264123456|Nguyễn Văn An|02011990|Nam|"
    "Thôn Một, Xã Hai, Tỉnh Ba|15032021"
)


def test_all_parts_of_a_code_are_read():
    card = parse_card_code(CODE, today=TODAY)
    assert card == CitizenCard(
        {
            "citizen_id": "079090001234",
            "id_card_number": "264123456",
            "full_name": "Nguyễn Văn An",
            "birth_date": PartialDate(date(1990, 1, 2)),
            "sex": "male",
            "permanent_address": "Thôn Một, Xã Hai, Tỉnh Ba",
            "id_issued_on": PartialDate(date(2021, 3, 15)),
        }
    )


def test_the_old_number_may_be_absent_and_later_parts_stay_unread():
    card = parse_card_code(f"{CODE.replace('264123456', '')}||x|y\n", today=TODAY)
    assert "id_card_number" not in card.values
    assert card.doubts == ()


def test_a_part_that_cannot_be_read_is_left_out_and_named():
    card = parse_card_code(CODE.replace("02011990", "31021990"), today=TODAY)
    assert "birth_date" not in card.values
    assert [doubt.where for doubt in card.doubts] == ["Ngày sinh"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.vn/x",
        "079090001234",
        "|" * 9999,
        CODE.replace("079090001234", "79090001234"),
        CODE.replace("Nguyễn Văn An", ""),
        "\x00|\ud800|😀|1|2|3|4",
    ],
    ids=range(7),
)
def test_any_other_code_is_told_apart(text):
    assert isinstance(parse_card_code(text, today=TODAY), Problem)
