"""Dates are read in every form that lists hold, and never guessed."""

from datetime import date, datetime

import pytest

from portal.domain.dates import (
    PartialDate,
    age_on,
    birth_doubts,
    parse_date,
    show_date,
)
from portal.domain.errors import Problem

TODAY = date(2026, 11, 22)
THE_DAY = date(1990, 1, 2)


@pytest.mark.parametrize(
    "typed",
    [
        "2/1/1990",
        "02/01/1990",
        "02011990",
        "2011990",
        "1990-01-02",
        "1990/1/2",
        "19900102",
        "2.1.90",
        "2-1-1990",
        "02 – 01 – 1990",
        "2 1 1990",
        "2-Jan-1990",
        "ngày 2 tháng 1 năm 1990",
        "Sinh ngày 02/01/1990.",
        "'02/01/1990",
        "1990-01-02 00:00:00",
        "1990-01-02T00:00:00",
        "32875",
        32875,
        32875.25,
        2011990,
        date(1990, 1, 2),
        datetime(1990, 1, 2, 8, 30),  # noqa: DTZ001 - Excel knows no zones
    ],
)
def test_one_day_is_read_in_all_its_forms(typed):
    assert parse_date(typed, today=TODAY) == PartialDate(THE_DAY)


@pytest.mark.parametrize(
    "typed", ["1990", 1990, 1990.0, "??/??/1990", "--/--/1990", "00/00/1990", "01/1990"]
)
def test_a_year_alone_keeps_its_precision_where_it_is_allowed(typed):
    found = parse_date(typed, today=TODAY, allow_year=True)
    assert found == PartialDate(date(1990, 1, 1), year_only=True)
    assert str(found) == "1990"
    assert isinstance(parse_date(typed, today=TODAY), Problem)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("31/02/1980", "31/02/1980"),
        ("29/02/1900", "29/02/1900"),
        ("45/13/1990", "45/13/1990"),
        ("0/1/1990", "00/01/1990"),
        (60, "29/02/1900"),
    ],
)
def test_a_day_that_never_was_is_named(typed, named):
    found = parse_date(typed, today=TODAY)
    assert isinstance(found, Problem)
    assert f"Không có ngày {named}" in found.text


def test_a_month_above_twelve_shows_a_swap_and_says_so():
    found = parse_date("03/25/1990", today=TODAY)
    assert found == PartialDate(date(1990, 3, 25))
    assert "đổi chỗ" in found.repair


@pytest.mark.parametrize(("typed", "year"), [("2/1/26", 2026), ("2/1/27", 1927)])
def test_a_short_year_is_of_this_century_up_to_today(typed, year):
    found = parse_date(typed, today=TODAY)
    assert found == PartialDate(date(year, 1, 2))
    assert str(year) in found.repair


def test_serials_follow_the_base_of_the_workbook():
    assert parse_date(1, today=TODAY) == PartialDate(date(1900, 1, 1))
    assert parse_date(59, today=TODAY) == PartialDate(date(1900, 2, 28))
    assert parse_date(61, today=TODAY) == PartialDate(date(1900, 3, 1))
    found = parse_date(31413, today=TODAY, date1904=True)
    assert found == PartialDate(THE_DAY)


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        "abc",
        "=1+1",
        True,
        0,
        -5,
        float("nan"),
        float("inf"),
        1e300,
        10**400,
        "9" * 5000,
        "-" * 9999,
        "Jan 2, 1990",
        "2/1/0990",
        date(990, 1, 1),
        "12345678",
        "\x00",
        "😀",
        object(),
    ],
)
def test_what_is_no_date_comes_back_as_a_problem(typed):
    found = parse_date(typed, today=TODAY, allow_year=True)
    assert isinstance(found, Problem)
    assert len(found.text) < 100


def test_dates_are_shown_as_people_write_them():
    assert show_date(THE_DAY) == "02/01/1990"
    assert show_date(THE_DAY, year_only=True) == "1990"
    assert show_date(None) == ""


@pytest.mark.parametrize(
    ("born", "odd"),
    [
        (date(1990, 1, 2), False),
        (date(2011, 11, 22), False),
        (date(2011, 11, 23), True),
        (date(2027, 1, 1), True),
        (date(1925, 1, 1), True),
    ],
)
def test_odd_ages_are_doubted(born, odd):
    assert bool(birth_doubts(PartialDate(born), today=TODAY)) is odd


def test_age_counts_completed_years():
    assert age_on(date(2000, 2, 29), date(2018, 2, 28)) == 17
    assert age_on(date(2000, 2, 29), date(2018, 3, 1)) == 18
