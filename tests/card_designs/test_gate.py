"""A card that would leave a hole is refused with its reason."""

import subprocess
import sys

import pytest

from card_designs import CardRefused, Level, check_card, draw_png, load_design
from tests.card_designs.cards import LONG_NAME, make_card, make_photo

STANDARD = load_design("standard")
LINKED = load_design("vietinbank_linked")


@pytest.mark.parametrize("design", [STANDARD, LINKED])
def test_a_whole_card_passes(design):
    assert check_card(design, make_card()) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"photo": None}, "photo-missing"),
        ({"photo": b""}, "photo-missing"),
        ({"photo": b"<svg/>"}, "photo-broken"),
        ({"photo": make_photo()[:2000]}, "photo-broken"),
        ({"member_number": ""}, "number-missing"),
        ({"member_number": "08500001234"}, "number-invalid"),
        ({"member_number": "0850000123456"}, "number-invalid"),
        ({"member_number": "08500001234A"}, "number-invalid"),
        ({"member_number": "٠٨٥٠٠٠٠١٢٣٤٥"}, "number-invalid"),
        ({"full_name": ""}, "field-empty"),
        ({"full_name": "   "}, "field-empty"),
        ({"birth_date": ""}, "field-empty"),
        ({"unit_name": ""}, "field-empty"),
        ({"issue_date": ""}, "field-empty"),
        ({"full_name": "王小明"}, "glyph-missing"),
        ({"full_name": "Nguy\u00adn Văn An"}, "glyph-missing"),
        ({"full_name": "An\x07"}, "glyph-missing"),
        ({"full_name": LONG_NAME * 2}, "does-not-fit"),
        ({"unit_name": "CĐCS " + "Ư" * 80}, "does-not-fit"),
        ({"verify_url": "https://a.example/" + "k" * 400}, "code-too-small"),
        ({"card_kind": "gold"}, "kind-unknown"),
    ],
)
def test_each_reason_to_refuse(values, code):
    found = check_card(STANDARD, make_card(**values))
    assert {finding.code for finding in found} == {code}
    assert all(finding.level is Level.ERROR for finding in found)
    assert all(finding.message.endswith((".", "”.")) for finding in found)


def test_all_reasons_are_told_at_once_and_once_each():
    card = make_card(full_name="", photo=None, member_number="1")
    codes = [finding.code for finding in check_card(STANDARD, card)]
    assert sorted(codes) == ["field-empty", "number-invalid", "photo-missing"]


def test_drawing_a_refused_card_raises_with_every_reason():
    card = make_card(full_name="", photo=b"no picture")
    with pytest.raises(CardRefused) as refusal:
        draw_png(STANDARD, "front", card)
    codes = {finding.code for finding in refusal.value.findings}
    assert codes == {"field-empty", "photo-broken"}


@pytest.mark.parametrize(
    ("design", "kind"), [(STANDARD, "linked"), (LINKED, "standard")]
)
def test_a_card_of_the_other_kind_is_refused(design, kind):
    found = check_card(design, make_card(card_kind=kind))
    assert (Level.ERROR, "kind-mismatch") in {(each.level, each.code) for each in found}


@pytest.mark.parametrize("field", ["birth_date", "issue_date"])
@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("02/09/1985", True),
        ("2/9/1985", True),
        ("1985", True),
        ("31/02/1990", False),
        ("99/99/2026", False),
        ("1985-09-02", False),
        ("hôm qua", False),
    ],
)
def test_a_date_that_is_none_is_refused(field, text, is_date):
    found = check_card(STANDARD, make_card(**{field: text}))
    assert ("date-invalid" not in {each.code for each in found}) is is_date


@pytest.mark.parametrize(
    ("born", "issued", "right"),
    [
        ("02/09/1985", "28/07/2026", True),
        ("1985", "2026", True),
        ("2026", "28/07/2026", True),
        ("12/12/2090", "28/07/2026", False),
        ("2090", "28/07/2026", False),
    ],
)
def test_nobody_is_born_after_their_card_was_issued(born, issued, right):
    found = check_card(STANDARD, make_card(birth_date=born, issue_date=issued))
    assert ("date-order" not in {each.code for each in found}) is right


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("Lª ThÞ Ng©n", True),
        ("NguyÔn V¨n B×nh", True),
        ("Trần Văn A§", True),
        ("H'Hen Niê", False),
        ("Y Moan", False),
        ("Nguyễn Văn A (1985)", False),
        ("Maria-José d’Souza", False),
    ],
)
def test_a_name_in_an_old_font_is_refused(name, odd):
    found = check_card(STANDARD, make_card(full_name=name))
    assert ("name-odd" in {each.code for each in found}) is odd


@pytest.mark.parametrize("size", [(90, 135), (800, 600)])
def test_a_photo_too_small_or_lying_is_never_drawn(size):
    card = make_card(photo=make_photo(size=size))
    with pytest.raises(CardRefused):
        draw_png(STANDARD, "front", card)
    assert draw_png(LINKED, "back", card)


@pytest.mark.parametrize("field", ["vpoint_code", "verify_url", "province_code"])
@pytest.mark.parametrize("design", [STANDARD, LINKED])
def test_what_not_every_member_has_may_be_absent(design, field):
    assert check_card(design, make_card(**{field: ""})) == []


def test_blanks_in_a_number_are_for_the_eye_only():
    assert make_card(member_number=" 0850 0001 2345 ").member_number == "085000012345"


def test_importing_and_checking_load_no_cairo():
    program = (
        "import sys; from card_designs import *;"
        "card = CardData(member_number='1', full_name='');"
        "check_card(load_design('standard'), card);"
        "print(sorted({'cairosvg', 'cairocffi'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
