"""Numbers that identify or reach a person: CCCD, CMND, passport, phone, e-mail.

Each reader takes a cell's text and returns a ``Reading``: the value to keep, what
was repaired, or what a person must mend. None raises.
"""

import re
from dataclasses import dataclass
from functools import cache

from portal.domain.errors import Problem
from portal.domain.membership import SEX_LABELS, Sex
from portal.domain.package_data import read_table
from portal.domain.text import clean

CITIZEN_ID = "Số CCCD"
ID_CARD = "Số CMND"
PASSPORT = "Số hộ chiếu"
PHONE = "Số điện thoại"
EMAIL = "Email"

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+[eE]\+?|[eE]\+)\d+")
# Programs that took a column for numbers write them with a fraction: 123456789.0
_FRACTION = re.compile(r"(\d{7,})[.,]0+")
_MARKS = re.compile(r"[\s.,'’_\-–/()]+")
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,15}")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_SEVERAL = re.compile(r"\s*(?:[;/|]|,\s+|\s-\s|\s+hoặc\s+)\s*")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{9}")
_OLD_MOBILE = re.compile(r"0?(1\d{9})")

# Mobile numbers lost a digit in 2018: 11 digits became 10.
_NEW_PREFIX = {
    "120": "070",
    "121": "079",
    "122": "077",
    "126": "076",
    "128": "078",
    "123": "083",
    "124": "084",
    "125": "085",
    "127": "081",
    "129": "082",
    "186": "056",
    "188": "058",
    "199": "059",
} | {f"16{digit}": f"03{digit}" for digit in "23456789"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as: a value, or the problem that kept it from one.

    ``repair`` says in Vietnamese what was changed beyond blanks and punctuation;
    a form asks about it, an import shows it.
    """

    value: str = ""
    repair: str = ""
    problem: Problem | None = None


def read_citizen_id(text: str) -> Reading:
    """Read a 12-digit CCCD number; 10 or 11 digits get their zeros back."""
    digits, problem = _digits(text, where=CITIZEN_ID)
    if problem:
        return Reading(problem=problem)
    if len(digits) == 12:
        if len(set(digits)) == 1:
            return _refused(CITIZEN_ID, f"Số CCCD {digits} không có thật.", _RECHECK)
        return Reading(digits)
    # Excel eats every leading zero, so what still has one lost another digit.
    if len(digits) in {10, 11} and digits[0] != "0":
        lost = 12 - len(digits)
        zeros = "số 0" if lost == 1 else f"{lost} số 0"
        return Reading(
            digits.zfill(12),
            repair=f"Số CCCD có {len(digits)} chữ số: đã thêm {zeros} ở đầu "
            "(Excel hay bỏ mất).",
        )
    return _refused(
        CITIZEN_ID,
        f"Số CCCD phải có 12 chữ số, ở đây có {len(digits)}.",
        "Đối chiếu với thẻ căn cước rồi nhập lại đủ 12 chữ số.",
    )


def read_id_card(text: str) -> Reading:
    """Read a 9-digit CMND number; 8 digits get their zero back."""
    digits, problem = _digits(text, where=ID_CARD)
    if problem:
        return Reading(problem=problem)
    if len(digits) == 9 and len(set(digits)) > 1:
        return Reading(digits)
    if len(digits) == 8 and digits[0] != "0":
        return Reading(
            digits.zfill(9),
            repair="Số CMND có 8 chữ số: đã thêm số 0 ở đầu (Excel hay bỏ mất).",
        )
    return _refused(
        ID_CARD,
        f"Số CMND phải có 9 chữ số, ở đây có {len(digits)}."
        if len(digits) != 9
        else f"Số CMND {digits} không có thật.",
        _RECHECK,
    )


def read_identity_number(text: str) -> tuple[str, Reading]:
    """Tell by its shape what a cell "CMND/CCCD" holds: the field's name, its reading.

    8 or 9 digits are a CMND (a CCCD loses two zeros at most), letters with digits a
    passport, everything else is judged as a CCCD.
    """
    compact = _compact(text)
    if compact.isascii() and compact.isdigit():
        if len(compact) in {8, 9}:
            return "id_card_number", read_id_card(text)
    elif re.fullmatch(r"[A-Za-z]{1,2}\d{6,9}", compact):
        return "passport_number", read_passport(text)
    return "citizen_id", read_citizen_id(text)


def read_passport(text: str) -> Reading:
    """Read a passport number of 6 to 15 letters and digits, in capitals."""
    if _SCIENTIFIC.fullmatch(clean(text)):
        return Reading(problem=_scientific(text, where=PASSPORT))
    compact = _compact(text).upper()
    if _PASSPORT.fullmatch(compact):
        return Reading(compact)
    return _refused(
        PASSPORT,
        f"“{_short(text)}” không giống số hộ chiếu.",
        "Số hộ chiếu gồm 6–15 chữ cái không dấu và chữ số, ví dụ C1234567.",
    )


def citizen_id_doubts(
    citizen_id: str, *, sex: str | None = None, birth_year: int | None = None
) -> tuple[Problem, ...]:
    """Name what a 12-digit CCCD says otherwise than the row does; empty = nothing.

    Digits 1–3 province, 4 century and sex, 5–6 birth year.
    """
    if not re.fullmatch(r"[0-9]{12}", citizen_id):
        return ()
    found: list[Problem] = []
    if province_of(citizen_id) is None:
        text = f"Ba số đầu {citizen_id[:3]} của CCCD không phải mã tỉnh nào."
        found.append(Problem(text, CITIZEN_ID, _RECHECK))
    century, odd = divmod(int(citizen_id[3]), 2)
    year = 1900 + 100 * century + int(citizen_id[4:6])
    said = Sex.FEMALE if odd else Sex.MALE
    if sex in {Sex.MALE, Sex.FEMALE} and sex != said:
        text = (
            f"Số CCCD là của {SEX_LABELS[said].lower()}, "
            f"danh sách ghi {SEX_LABELS[Sex(sex)].lower()}."
        )
        found.append(Problem(text, CITIZEN_ID, "Xem lại số CCCD và giới tính."))
    if birth_year is not None and birth_year != year:
        text = f"Số CCCD là của người sinh năm {year}, danh sách ghi {birth_year}."
        found.append(Problem(text, CITIZEN_ID, "Xem lại số CCCD và ngày sinh."))
    return tuple(found)


def province_of(citizen_id: str) -> str | None:
    """Return the province where the birth was registered, by the first 3 digits."""
    return _provinces().get(citizen_id[:3])


def read_phone(text: str) -> Reading:
    """Read a Vietnamese phone number as digits that start with 0.

    Takes +84 and 84, a lost zero, the 11-digit mobile numbers of before 2018 and
    landlines (02x, 11 digits). Of several numbers in a cell the first is kept.
    """
    cleaned = clean(text)
    if _SCIENTIFIC.fullmatch(cleaned):
        return Reading(problem=_scientific(text, where=PHONE))
    whole = _one_phone(cleaned)
    if whole.value:
        return whole
    parts = [part for part in _SEVERAL.split(cleaned) if part]
    first = _one_phone(parts[0]) if len(parts) > 1 else Reading()
    if first.value:
        return Reading(first.value, repair="Ô có nhiều số: chỉ lấy số đầu tiên.")
    return _refused(
        PHONE,
        f"“{_short(text)}” không phải số điện thoại Việt Nam.",
        "Số di động có 10 chữ số, bắt đầu bằng 0.",
    )


def read_email(text: str) -> Reading:
    """Read one e-mail address; the domain is set in small letters."""
    address = clean(text).removeprefix("mailto:").strip("<>;, ")
    if len(address) <= 254 and _EMAIL.fullmatch(address):
        name, _, domain = address.rpartition("@")
        return Reading(f"{name}@{domain.lower()}")
    return _refused(
        EMAIL,
        f"“{_short(text)}” không phải địa chỉ email.",
        "Ghi một địa chỉ, ví dụ ten@congty.vn.",
    )


def mask_citizen_id(number: str) -> str:
    """Hide the middle of an identity number: "085••••••123"."""
    return _mask(number, head=3, tail=3)


def mask_phone(number: str) -> str:
    """Hide the middle of a phone number: "091••••678"."""
    return _mask(number, head=3, tail=3)


def mask_account(number: str) -> str:
    """Hide all of a bank account but its last three digits."""
    return _mask(number, head=0, tail=3)


_RECHECK = "Đối chiếu với giấy tờ rồi nhập lại."


def _mask(value: str, *, head: int, tail: int) -> str:
    # A short value would show too much of itself.
    if len(value) < head + tail + 3:
        return "•" * len(value)
    return value[:head] + "•" * (len(value) - head - tail) + value[-tail:]


def _compact(text: str) -> str:
    cleaned = clean(text)
    whole = _FRACTION.fullmatch(cleaned)
    return whole[1] if whole else _MARKS.sub("", cleaned)


def _digits(text: str, *, where: str) -> tuple[str, Problem | None]:
    if _SCIENTIFIC.fullmatch(clean(text)):
        return "", _scientific(text, where=where)
    compact = _compact(text)
    if compact.isascii() and compact.isdigit():
        return compact, None
    if not compact:
        return "", Problem(f"Chưa có {where[:1].lower()}{where[1:]}.", where)
    found = f"{where} “{_short(text)}” có ký tự không phải chữ số."
    return "", Problem(found, where, "Chỉ ghi các chữ số.")


def _scientific(text: str, *, where: str) -> Problem:
    return Problem(
        f"Excel đã đổi số này thành dạng {_short(text)} nên mất các chữ số cuối.",
        where,
        "Định dạng cột là Văn bản (Text) rồi nhập lại đủ các chữ số.",
    )


def _refused(where: str, text: str, fix: str) -> Reading:
    return Reading(problem=Problem(text, where, fix))


def _one_phone(text: str) -> Reading:
    digits = _compact(text)
    international = digits.startswith("+84")
    digits = digits.removeprefix("+").removeprefix("00")
    if not (digits.isascii() and digits.isdigit()):
        return Reading()
    if digits.startswith("84") and (international or len(digits) >= 11):
        digits = "0" + digits[2:].removeprefix("0")
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return Reading(digits)
    old = _OLD_MOBILE.fullmatch(digits)
    if old and (prefix := _NEW_PREFIX.get(old[1][:3])):
        return Reading(
            prefix + old[1][3:],
            repair=f"Số 11 chữ số cũ: đầu 0{old[1][:3]} nay là {prefix}.",
        )
    padded = f"0{digits}"
    if _MOBILE.fullmatch(padded) or _LANDLINE.fullmatch(padded):
        return Reading(padded, repair="Đã thêm số 0 ở đầu (Excel hay bỏ mất).")
    return Reading()


def _short(text: str) -> str:
    """Quote what was typed, but not a page of it."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= 40 else f"{cleaned[:39]}…"


@cache
def _provinces() -> dict[str, str]:
    rows = read_table("cccd_province_codes.csv")
    return {row["code"]: row["province"] for row in rows}
