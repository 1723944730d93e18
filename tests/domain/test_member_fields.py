"""One registry says what is declared, and under which headers lists declare it."""

import pytest

from portal.domain.member_fields import (
    FIELDS_BY_NAME,
    MEMBER_FIELDS,
    field_for_header,
)
from portal.domain.text import header_key


def test_names_and_labels_are_unique():
    assert len(FIELDS_BY_NAME) == len(MEMBER_FIELDS)
    assert len({field.label for field in MEMBER_FIELDS}) == len(MEMBER_FIELDS)


def test_no_header_means_two_fields():
    seen = {}
    for field in MEMBER_FIELDS:
        for header in (field.label, *field.synonyms):
            assert seen.setdefault(header_key(header), field.name) == field.name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Họ và tên", "full_name"),
        ("HO VA TEN", "full_name"),
        ("  họ   TÊN (*) ", "full_name"),
        ("Số CMND/CCCD", "citizen_id"),
        ("so cmnd / cccd", "citizen_id"),
        ("Số CMND", "id_card_number"),
        ("Ngày, tháng, năm sinh", "birth_date"),
        ("STT", "row_number"),
        ("SĐT", "phone"),
        ("SDT", "phone"),
        ("E-mail", "email"),
        ("Mã số đoàn viên", "member_number"),
        ("CĐCS", "unit_name"),
        ("Tên file ảnh", "photo_file"),
    ],
)
def test_headers_are_known_with_and_without_accents(header, name):
    assert field_for_header(header).name == name


@pytest.mark.parametrize("header", ["", "Ghi chú", "😀", "Họ", "x" * 9999])
def test_other_headers_mean_nothing(header):
    assert field_for_header(header) is None


def test_only_the_linked_list_asks_for_the_bank():
    for name in ("bank_account", "bank_branch", "salary_via_vietinbank"):
        assert not FIELDS_BY_NAME[name].in_standard
        assert FIELDS_BY_NAME[name].in_linked


def test_what_the_law_calls_sensitive_is_marked_and_never_required():
    sensitive = {field.name for field in MEMBER_FIELDS if field.sensitive}
    assert sensitive == {"ethnicity", "religion", "party_member", "bank_account"}
    assert not any(FIELDS_BY_NAME[name].required for name in sensitive)
