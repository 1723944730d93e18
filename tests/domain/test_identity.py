"""Numbers are mended where the loss is certain, and refused where it is not."""

import pytest

from portal.domain.identity import (
    citizen_id_doubts,
    mask_account,
    mask_citizen_id,
    mask_phone,
    province_of,
    read_citizen_id,
    read_email,
    read_id_card,
    read_identity_number,
    read_passport,
    read_phone,
)

HOSTILE = ["", " ", "\x00", "٠٧٩٠٩٠٠٠١٢٣٤", "²" * 12, "😀", "=1+1", "9" * 99_999, "-"]


@pytest.mark.parametrize(
    ("typed", "value", "repaired"),
    [
        ("079090001234", "079090001234", False),
        (" 079 090 001 234 ", "079090001234", False),
        ("079.090.001.234", "079090001234", False),
        ("79090001234", "079090001234", True),
        ("1090001234", "001090001234", True),
        ("79090001234.0", "079090001234", True),
    ],
)
def test_a_citizen_number_gets_its_lost_zeros_back(typed, value, repaired):
    reading = read_citizen_id(typed)
    assert (reading.value, bool(reading.repair)) == (value, repaired)


@pytest.mark.parametrize(
    "typed",
    [
        "1.2E+10",
        "7,90900E+10",
        "07909000123",
        "0912345678",
        "0790900012345",
        "079O90001234",
        "000000000000",
        "123456789",
        *HOSTILE,
    ],
)
def test_a_number_that_lost_more_than_zeros_is_refused(typed):
    reading = read_citizen_id(typed)
    assert reading.value == ""
    assert reading.problem is not None


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("264123456", "id_card_number", "264123456"),
        ("64123456", "id_card_number", "064123456"),
        ("079090001234", "citizen_id", "079090001234"),
        ("79090001234", "citizen_id", "079090001234"),
        ("B1234567", "passport_number", "B1234567"),
        ("1.2E+8", "citizen_id", ""),
    ],
)
def test_the_count_of_digits_tells_the_paper(typed, field, value):
    name, reading = read_identity_number(typed)
    assert (name, reading.value) == (field, value)


@pytest.mark.parametrize("typed", ["1234567", "1234567890", "000000000", *HOSTILE])
def test_an_old_id_card_has_nine_digits(typed):
    assert read_id_card(typed).problem is not None


@pytest.mark.parametrize(
    ("sex", "year", "doubts"),
    [
        ("male", 1990, 0),
        ("female", 1990, 1),
        ("male", 1991, 1),
        ("female", 1991, 2),
        (None, None, 0),
        ("nonsense", None, 0),
    ],
)
def test_sex_and_year_are_held_against_the_number(sex, year, doubts):
    assert len(citizen_id_doubts("079090001234", sex=sex, birth_year=year)) == doubts


def test_people_born_after_2000_are_read_right():
    assert citizen_id_doubts("079304001234", sex="female", birth_year=2004) == ()


def test_an_unknown_province_is_a_doubt_and_plate_codes_are_none():
    assert province_of("058090001234") == "Ninh Thuận"
    assert province_of("085090001234") is None
    assert len(citizen_id_doubts("085090001234")) == 1


@pytest.mark.parametrize(
    ("typed", "value", "repaired"),
    [
        ("0912345678", "0912345678", False),
        ("0912.345.678", "0912345678", False),
        ("(+84) 912-345-678", "0912345678", False),
        ("84912345678", "0912345678", False),
        ("0084912345678", "0912345678", False),
        ("912345678", "0912345678", True),
        ("849123456", "0849123456", True),
        ("02593822123", "02593822123", False),
        ("2593822123", "02593822123", True),
        ("0912345678 / 0987654321", "0912345678", True),
        ("912345678.0", "0912345678", True),
    ],
)
def test_a_phone_number_is_read_as_digits_from_zero(typed, value, repaired):
    reading = read_phone(typed)
    assert (reading.value, bool(reading.repair)) == (value, repaired)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0120", "070"),
        ("0121", "079"),
        ("0122", "077"),
        ("0126", "076"),
        ("0128", "078"),
        ("0123", "083"),
        ("0124", "084"),
        ("0125", "085"),
        ("0127", "081"),
        ("0129", "082"),
        ("0186", "056"),
        ("0188", "058"),
        ("0199", "059"),
        *((f"016{digit}", f"03{digit}") for digit in range(2, 10)),
    ],
)
def test_old_mobile_prefixes_become_the_new_ones(old, new):
    for typed in (f"{old}1234567", f"{old[1:]}1234567", f"+84{old[1:]}1234567"):
        assert read_phone(typed).value == f"{new}1234567"


@pytest.mark.parametrize(
    "typed", ["0123456789", "01601234567", "12345", "9.12E+8", "abc", *HOSTILE]
)
def test_what_is_no_phone_number_is_refused(typed):
    assert read_phone(typed).problem is not None


def test_a_phone_may_start_like_the_country_code():
    assert read_phone("0849123456").value == "0849123456"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("an.le@Example.COM", "an.le@example.com"), ("<a@b.vn>;", "a@b.vn")],
)
def test_an_address_is_kept_with_its_domain_in_small_letters(typed, value):
    assert read_email(typed).value == value


@pytest.mark.parametrize(
    "typed",
    [
        "a@b",
        "a b@c.vn",
        "a@b..vn",
        "@b.vn",
        "a@",
        "a@b.vn, c@d.vn",
        "ế@b.vn",
        "a" * 300 + "@b.vn",
        "a.@b.vn",
        *HOSTILE,
    ],
)
def test_what_is_no_address_is_refused(typed):
    assert read_email(typed).problem is not None


def test_a_passport_is_set_in_capitals():
    assert read_passport(" b 1234567 ").value == "B1234567"
    assert read_passport("ABCDEF").problem is not None


def test_masks_show_the_ends_and_never_a_short_value():
    assert mask_citizen_id("085090000123") == "085••••••123"
    assert mask_citizen_id("264123456") == "264•••456"
    assert mask_phone("0912345678") == "091••••678"
    assert mask_account("101234567890") == "•••••••••890"
    assert mask_citizen_id("12345") == "•••••"
    assert mask_citizen_id("") == ""
