"""Dates as people type them and Excel stores them, read without guessing."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.domain.errors import Problem
from portal.domain.text import clean, fold

_EARLIEST_YEAR = 1900
_LATEST_YEAR = 2100
_YOUNGEST = 15  # the youngest age of a work contract (Labour Code, art. 145)
_OLDEST = 100

_LONGEST = 60  # letters; no date is longer, and the patterns stay quick

_SEPARATORS = r"[\s/.,\-–_\\]+"
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}}){_SEPARATORS}(\d{{1,2}}){_SEPARATORS}(\d{{4}}|\d\d)"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_SEPARATORS}(\d{{1,2}}){_SEPARATORS}(\d{{1,2}})")
_MONTH_YEAR = re.compile(rf"(\d{{1,2}}){_SEPARATORS}(\d{{4}})")
_YEAR_ONLY = re.compile(rf"(?:[0?x*…-]+{_SEPARATORS}){{0,2}}(\d{{4}})")
_TIME = re.compile(r"[\sT]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s*[ap]m)?Z?$", re.I)
_DIGITS = re.compile(r"\d{5,8}(?:\.0+)?")
_WORDS = re.compile(r"\b(?:sinh|ngay|thang|nam|nam sinh)\b|^'")
_MONTH_NAMES = re.compile(
    r"(?<=\d)[\s./-]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s./,-]*"
)
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, or only a year (then ``date`` is its 1 January).

    ``repair`` tells what the reader understood beyond the plain text; it does not
    take part in comparisons.
    """

    date: date
    year_only: bool = False
    repair: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Show the date as people write it: dd/mm/yyyy, or yyyy."""
        return show_date(self.date, year_only=self.year_only)


def parse_date(
    value: object,
    *,
    today: date,
    allow_year: bool = False,
    date1904: bool = False,
) -> PartialDate | Problem:
    """Read a date, a text or an Excel serial number; day comes before month.

    A two-digit year up to today's is of this century. ``allow_year`` takes "1990"
    and "??/??/1990"; ``date1904`` says how the workbook counts its serials. Text
    that is no date comes back as a Problem that quotes it.
    """
    if isinstance(value, datetime):
        return _checked(value.date(), str(value.date()))
    if isinstance(value, date):
        return _checked(value, str(value))
    if isinstance(value, bool) or value is None:
        return _unreadable("" if value is None else str(value))
    if isinstance(value, int | float):
        return _from_number(
            value, today=today, allow_year=allow_year, date1904=date1904
        )
    return _from_text(
        clean(str(value)), today=today, allow_year=allow_year, date1904=date1904
    )


def show_date(day: date | None, *, year_only: bool = False) -> str:
    """Show a day as dd/mm/yyyy, or only its year; nothing for no day."""
    if day is None:
        return ""
    return (
        f"{day.year:04d}" if year_only else day.strftime("%d/%m/") + f"{day.year:04d}"
    )


def birth_doubts(birth: PartialDate, *, today: date) -> tuple[Problem, ...]:
    """Name what is odd about a birth date: to come, or an age under 15, over 100."""
    where = "Ngày sinh"
    fix = "Xem lại ngày sinh."
    if birth.date > today:
        return (Problem(f"Ngày sinh {birth} chưa đến.", where, fix),)
    age = age_on(birth.date, today)
    if age < _YOUNGEST:
        return (Problem(f"Sinh {birth}: mới {age} tuổi.", where, fix),)
    if age > _OLDEST:
        return (Problem(f"Sinh {birth}: đã {age} tuổi.", where, fix),)
    return ()


def age_on(birth: date, day: date) -> int:
    """Return the completed years between birth and a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _from_number(
    value: float, *, today: date, allow_year: bool, date1904: bool
) -> PartialDate | Problem:
    # A NaN is in no range, so it ends here as well.
    if not -1e8 < value < 1e8:
        huge = isinstance(value, int) and value.bit_length() > 64
        return _unreadable("#####" if huge else f"{value:.15g}")
    whole = int(value)
    if whole == value and _EARLIEST_YEAR <= whole <= today.year:
        return _year(whole, allow_year=allow_year)
    if whole == value and whole > 99_999:
        return _from_digits(str(whole), today=today, date1904=date1904)
    return _from_serial(whole, date1904=date1904)


def _from_serial(serial: int, *, date1904: bool) -> PartialDate | Problem:
    if not 1 <= serial <= 73_050:  # 31/12/2099
        return _unreadable(str(serial))
    if date1904:
        return _checked(date(1904, 1, 1) + timedelta(days=serial), str(serial))
    if serial == 60:
        return Problem("Không có ngày 29/02/1900 (Excel đếm nhầm ngày này).", "", _HOW)
    # Excel believes in 29/02/1900, so serials before it count from a day later.
    start = date(1899, 12, 31) if serial < 60 else date(1899, 12, 30)
    return _checked(start + timedelta(days=serial), str(serial))


def _from_text(
    text: str, *, today: date, allow_year: bool, date1904: bool
) -> PartialDate | Problem:
    if len(text) > _LONGEST:
        return _unreadable(text)
    plain = _TIME.sub("", _plain(text))
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = map(int, found.groups())
        return _day(day, month, year, typed=text)
    if found := _DAY_FIRST.fullmatch(plain):
        day, month = int(found[1]), int(found[2])
        if day == 0 and month == 0 and len(found[3]) == 4:
            return _year(int(found[3]), allow_year=allow_year)
        year, repair = _full_year(found[3], today=today)
        return _day(day, month, year, typed=text, repair=repair)
    if found := _YEAR_ONLY.fullmatch(plain):
        return _year(int(found[1]), allow_year=allow_year)
    if found := _MONTH_YEAR.fullmatch(plain):
        return _month(int(found[1]), int(found[2]), text, allow_year=allow_year)
    if _DIGITS.fullmatch(plain):
        return _from_digits(plain.partition(".")[0], today=today, date1904=date1904)
    return _unreadable(text)


def _plain(text: str) -> str:
    """Take away the words around the numbers: "ngày 2 tháng 1 năm 1990"."""
    folded = _WORDS.sub(" ", fold(text))
    folded = _MONTH_NAMES.sub(
        lambda m: f"/{_MONTHS.index(m[1]) // 3 + 1}/", folded, count=1
    )
    return folded.strip(" .,;:/")


def _from_digits(digits: str, *, today: date, date1904: bool) -> PartialDate | Problem:
    """Read digits without separators: ddmmyyyy, yyyymmdd, ddmmyy, a serial."""
    if len(digits) == 5:
        return _from_serial(int(digits), date1904=date1904)
    lost_zero = len(digits) == 7
    padded = digits.zfill(8) if lost_zero else digits
    day, month = int(padded[:2]), int(padded[2:4])
    year, repair = _full_year(padded[4:], today=today)
    if lost_zero:
        repair = "Đã thêm số 0 ở đầu ngày."
    elif len(padded) == 8 and not (_plausible(year) and month <= 12):
        turned = int(padded[:4]), int(padded[4:6]), int(padded[6:])
        if _plausible(turned[0]):
            year, month, day = turned
    return _day(day, month, year, typed=digits, repair=repair)


def _plausible(year: int) -> bool:
    return _EARLIEST_YEAR <= year <= _LATEST_YEAR


def _full_year(digits: str, *, today: date) -> tuple[int, str]:
    if len(digits) != 2:
        return int(digits), ""
    century = today.year // 100 * 100
    year = century + int(digits)
    if year > today.year:
        year -= 100
    return year, f"Năm “{digits}” hiểu là {year}."


def _day(
    day: int, month: int, year: int, *, typed: str, repair: str = ""
) -> PartialDate | Problem:
    if month > 12 and 1 <= day <= 12:
        swapped = _day(month, day, year, typed=typed)
        if isinstance(swapped, PartialDate):
            repair = f"Ngày và tháng bị đổi chỗ: “{typed}” hiểu là {swapped}."
            return PartialDate(swapped.date, repair=repair)
    try:
        found = date(year, month, day)
    except ValueError:
        shown = f"{day:02d}/{month:02d}/{year:04d}"
        return Problem(f"Không có ngày {shown}.", "", "Xem lại ngày, tháng, năm.")
    return _checked(found, typed, repair)


def _checked(day: date, typed: str, repair: str = "") -> PartialDate | Problem:
    if _plausible(day.year):
        return PartialDate(day, repair=repair)
    return Problem(f"Năm {day.year} trong “{typed}” không hợp lý.", "", _HOW)


def _year(year: int, *, allow_year: bool) -> PartialDate | Problem:
    if not _plausible(year):
        return Problem(f"Năm {year} không hợp lý.", "", _HOW)
    if not allow_year:
        return Problem(f"Mới có năm {year}, thiếu ngày và tháng.", "", _HOW)
    return PartialDate(date(year, 1, 1), year_only=True)


def _month(
    month: int, year: int, typed: str, *, allow_year: bool
) -> PartialDate | Problem:
    if not 1 <= month <= 12:
        return _unreadable(typed)
    found = _year(year, allow_year=allow_year)
    if isinstance(found, Problem):
        return Problem(f"“{typed}” thiếu ngày.", "", _HOW)
    repair = f"“{typed}” không có ngày: chỉ giữ năm {year}."
    return PartialDate(found.date, year_only=True, repair=repair)


def _unreadable(typed: str) -> Problem:
    if not typed:
        return Problem("Chưa có ngày.", "", _HOW)
    shown = typed if len(typed) <= 40 else f"{typed[:39]}…"
    return Problem(f"Không đọc được ngày “{shown}”.", "", _HOW)


_HOW = "Ghi theo dạng ngày/tháng/năm, ví dụ 02/01/1990."
