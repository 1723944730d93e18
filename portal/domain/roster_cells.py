"""One cell of a list: its value, what was repaired in it, what must be mended."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from portal.domain import identity
from portal.domain.card_kinds import CardKind
from portal.domain.dates import PartialDate, parse_date, show_date
from portal.domain.errors import Problem
from portal.domain.legacy_encoding import (
    ENCODING_LABELS,
    LEGACY,
    NameReading,
    TextEncoding,
    read_name,
    to_unicode,
)
from portal.domain.member_fields import FIELDS_BY_NAME, FieldKind, MemberField
from portal.domain.membership import DuesStanding, Sex
from portal.domain.person_names import name_doubt, name_problem, two_readings
from portal.domain.text import clean, fold, why_cleaned

Cell = str | int | float | bool | date | datetime | None

LONGEST_CELL = 2_000  # letters that are looked at, so that no cell takes seconds
LONGEST_TEXT = 500

_VISIBLE = re.compile("[!-~\u00c0-\u00d6\u1ea0-\u1ef9]")
_NOTHING = frozenset({"-", "--", "---", ".", "..", "...", "/", "_", "?", "n/a", "#n/a"})
_NONE_YET = frozenset({"chua co", "khong co", "ko co", "k co", "khong", "ko", "0"})
_YES = frozenset(
    {"x", "v", "co", "1", "true", "yes", "y", "dung", "d", "✓", "✔", "☑", "+"}
    | {"dang vien", "la dang vien", "chuyen trach", "dv"}
)
_NO = frozenset({"khong", "ko", "k", "0", "false", "no", "n", "sai", "khong co"})
_MALE = frozenset({"nam", "male", "m", "ong", "trai"})
_FEMALE = frozenset({"nu", "female", "f", "ba", "gai"})


@dataclass(frozen=True, slots=True)
class Repair:
    """What the reader changed in a cell, so that the officer can say no."""

    field: str
    before: str
    after: str
    reason: str


@dataclass(slots=True)
class CellReading:
    """What one cell gives: values by field, repairs, doubts and problems."""

    values: dict[str, object] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_cell(
    known: MemberField,
    value: Cell,
    *,
    today: date,
    encoding: TextEncoding = TextEncoding.UNICODE,
    rescue: TextEncoding | None = None,
    mixed: bool = False,
    date1904: bool = False,
) -> CellReading:
    """Read a cell as the field wants it; an empty cell gives nothing at all.

    What cannot be read is a problem in a field that identifies or steers the card,
    a warning (and no value) elsewhere.
    """
    if known.kind is FieldKind.DATE:
        return _date(known, value, today=today, date1904=date1904)
    if known.kind in _REPEATED:
        # Most rows say what others have said: "Nam", "Công nhân", "Đang đóng".
        return _read_again(known.name, cell_text(value), encoding, rescue)
    return _read(known, cell_text(value), encoding, rescue=rescue, mixed=mixed)


@lru_cache(maxsize=4096)
def _read_again(
    name: str, raw: str, encoding: TextEncoding, rescue: TextEncoding | None
) -> CellReading:
    return _read(FIELDS_BY_NAME[name], raw, encoding, rescue=rescue, mixed=False)


def _read(
    known: MemberField,
    raw: str,
    encoding: TextEncoding,
    *,
    rescue: TextEncoding | None,
    mixed: bool,
) -> CellReading:
    decoded = _decoded(known, raw, encoding, rescue=rescue, mixed=mixed)
    text = clean(decoded.text)
    if not text or text.casefold() in _NOTHING:
        return CellReading()
    found = _READERS.get(known.kind, _text)(known, text)
    if known.kind in _SPELLED and "\n" not in raw and text != raw.strip():
        legacy = encoding if encoding in LEGACY else rescue
        reason = _why_changed(raw, decoded.text, legacy)
        found.repairs.insert(0, Repair(known.name, raw, text, reason))
    if decoded.rival and not found.problems:
        rival = two_readings(text, clean(decoded.rival), known.label)
        return CellReading(repairs=found.repairs, problems=[rival])
    return found


def cell_text(value: Cell) -> str:
    """Return what Excel would show for a cell, whole numbers without a fraction."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_CELL else _beginning(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        return show_date(value.date())
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, float):
        whole = value == value and abs(value) < 1e15 and value == int(value)
        return str(int(value)) if whole else f"{value:.15g}"
    return str(value) if value.bit_length() <= 64 else "#####"


def _beginning(text: str) -> str:
    """Return the start of a long cell; stripping all of a megabyte costs more."""
    head = text[: 4 * LONGEST_CELL]
    return (text if head.isspace() else head).strip()[:LONGEST_CELL]


def is_blank(value: Cell) -> bool:
    """Say whether nobody would see anything in the cell."""
    if not isinstance(value, str):
        return value is None
    # U+00AD alone is no blank in TCVN3, but no field is a lone "ư" either.
    text = cell_text(value)
    return not _VISIBLE.search(text) and not clean(text)


def _decoded(
    known: MemberField,
    raw: str,
    encoding: TextEncoding,
    *,
    rescue: TextEncoding | None,
    mixed: bool,
) -> NameReading:
    if known.kind is FieldKind.NAME:
        return read_name(raw, encoding, rescue=rescue, mixed=mixed)
    return NameReading(to_unicode(raw, encoding, rescue=rescue))


def _why_changed(raw: str, decoded: str, legacy: TextEncoding | None) -> str:
    told = why_cleaned(decoded)
    if legacy and decoded != raw:
        font = f"Đọc từ phông {ENCODING_LABELS[legacy]} sang Unicode."
        return f"{font} {told}".strip()
    return told


def _date(
    known: MemberField, value: Cell, *, today: date, date1904: bool
) -> CellReading:
    raw = cell_text(value)
    if is_blank(value) or fold(raw) in _NOTHING | _NONE_YET:
        return CellReading()
    written = raw if isinstance(value, str) else value
    found = parse_date(written, today=today, allow_year=True, date1904=date1904)
    if isinstance(found, PartialDate):
        reading = CellReading({known.name: found})
        if found.repair:
            repair = Repair(known.name, raw, str(found), found.repair)
            reading.repairs.append(repair)
        return reading
    placed = Problem(found.text, known.label, found.fix)
    return _unread(known, placed)


def _unread(known: MemberField, problem: Problem) -> CellReading:
    """Refuse the row for what it stands on; leave out what it can do without."""
    grave = known.required or known.kind in {
        FieldKind.CITIZEN_ID,
        FieldKind.ID_CARD,
        FieldKind.CARD_KIND,
    }
    if grave or known.name == "passport_number":
        return CellReading(problems=[problem])
    fix = f"{problem.fix} Nhận dòng này thì để trống ô."
    return CellReading(warnings=[Problem(problem.text, problem.where, fix.strip())])


def _text(known: MemberField, text: str) -> CellReading:
    if known.name in _SPECIAL:
        return _SPECIAL[known.name](known, text)
    if len(text) > LONGEST_TEXT:
        return CellReading(problems=[_too_long(known, text, LONGEST_TEXT)])
    return CellReading({known.name: text})


def _name(known: MemberField, text: str) -> CellReading:
    problem = name_problem(text, known.label)
    if problem:
        return CellReading(problems=[problem])
    doubt = name_doubt(text, known.label)
    return CellReading({known.name: text}, warnings=[doubt] if doubt else [])


def _too_long(known: MemberField, text: str, most: int) -> Problem:
    return Problem(
        f"Ô dài hơn {most} ký tự (có {len(text)}).", known.label, "Ghi ngắn lại."
    )


def _identity(known: MemberField, text: str) -> CellReading:
    """Read a CCCD or CMND cell; the count of digits says which of them it is."""
    if fold(text) in _NONE_YET:
        return CellReading()
    name, reading = identity.read_identity_number(text)
    return _from_reading(known, name, text, reading)


def _reader_of(
    read: Callable[[str], identity.Reading],
) -> Callable[[MemberField, str], CellReading]:
    def cell(known: MemberField, text: str) -> CellReading:
        if fold(text) in _NONE_YET:
            return CellReading()
        return _from_reading(known, known.name, text, read(text))

    return cell


def _from_reading(
    known: MemberField, name: str, text: str, reading: identity.Reading
) -> CellReading:
    if reading.problem:
        return _unread(known, reading.problem)
    found = CellReading({name: reading.value})
    if reading.repair:
        found.repairs.append(Repair(name, text, reading.value, reading.repair))
    return found


def _member_number(known: MemberField, text: str) -> CellReading:
    digits = re.sub(r"[\s.]", "", text)
    if re.fullmatch(r"[0-9]{12}", digits):
        return CellReading({known.name: digits})
    problem = Problem(
        f"Mã số đoàn viên “{_short(text)}” không đủ 12 chữ số.",
        known.label,
        "Không tự thêm số: đối chiếu với quyết định cấp mã.",
    )
    return _unread(known, problem)


def _bank_account(known: MemberField, text: str) -> CellReading:
    digits = re.sub(r"[\s.\-]", "", text)
    if re.fullmatch(r"[0-9]{6,20}", digits):
        return CellReading({known.name: digits})
    problem = Problem(
        f"“{_short(text)}” không phải số tài khoản.",
        known.label,
        "Chỉ ghi các chữ số, định dạng cột là Văn bản (Text).",
    )
    return _unread(known, problem)


def _sex(known: MemberField, text: str) -> CellReading:
    word = fold(text).strip(".")
    if word in _MALE:
        return CellReading({known.name: Sex.MALE.value})
    if word in _FEMALE:
        return CellReading({known.name: Sex.FEMALE.value})
    problem = Problem(
        f"Không hiểu giới tính “{_short(text)}”.", known.label, "Ghi Nam hoặc Nữ."
    )
    return _unread(known, problem)


def _flag(known: MemberField, text: str) -> CellReading:
    word = fold(text)
    if word in _NO:
        return CellReading({known.name: False})
    # Many lists write the day of joining where a tick would do.
    if word in _YES or re.search(r"\d{4}$", word):
        return CellReading({known.name: True})
    problem = Problem(
        f"Không hiểu “{_short(text)}”.", known.label, "Ghi “x” hoặc “Có”, “Không”."
    )
    return _unread(known, problem)


def _card_kind(known: MemberField, text: str) -> CellReading:
    word = fold(text)
    linked = re.search(r"lien ket|linked|vietin|ngan hang|atm|\blk\b", word)
    standard = re.search(r"thuong|standard|\btt\b|khong lien ket", word)
    if linked and not standard:
        return CellReading({known.name: CardKind.LINKED.value})
    if standard and (not linked or "khong lien ket" in word):
        return CellReading({known.name: CardKind.STANDARD.value})
    problem = Problem(
        f"Không hiểu loại thẻ “{_short(text)}”.",
        known.label,
        "Ghi “Thẻ thông thường” hoặc “Thẻ liên kết”.",
    )
    return _unread(known, problem)


def _dues(known: MemberField, text: str) -> CellReading:
    word = fold(text)
    for pattern, standing in _DUES_WORDS:
        if re.search(pattern, word):
            return CellReading({known.name: standing.value})
    problem = Problem(
        f"Không hiểu tình trạng đoàn phí “{_short(text)}”.",
        known.label,
        "Ghi “Đang đóng”, “Được miễn”, “Nợ” hoặc “Chưa rõ”.",
    )
    return _unread(known, problem)


# In this order: "chưa rõ" and "chưa đóng" before "đóng".
_DUES_WORDS = (
    (r"^chua ro|^khong ro|^chua biet|^unknown", DuesStanding.UNKNOWN),
    (r"mien|exempt", DuesStanding.EXEMPT),
    (r"^no\b|con no|chua dong|khong dong|cham dong|arrears", DuesStanding.ARREARS),
    (r"dong|nop|^co$|^x$|^v$|^du$|^1$|^du |paying", DuesStanding.PAYING),
)


def _number(known: MemberField, text: str) -> CellReading:
    return CellReading({known.name: text[:20]})


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


_SPECIAL: dict[str, Callable[[MemberField, str], CellReading]] = {
    "passport_number": _reader_of(identity.read_passport),
    "member_number": _member_number,
    "bank_account": _bank_account,
}
_READERS: dict[FieldKind, Callable[[MemberField, str], CellReading]] = {
    FieldKind.NAME: _name,
    FieldKind.SEX: _sex,
    FieldKind.CITIZEN_ID: _identity,
    FieldKind.ID_CARD: _identity,
    FieldKind.PHONE: _reader_of(identity.read_phone),
    FieldKind.EMAIL: _reader_of(identity.read_email),
    FieldKind.FLAG: _flag,
    FieldKind.CARD_KIND: _card_kind,
    FieldKind.DUES: _dues,
    FieldKind.NUMBER: _number,
}
_REPEATED = frozenset(
    {
        FieldKind.CARD_KIND,
        FieldKind.DUES,
        FieldKind.FLAG,
        FieldKind.SEX,
        FieldKind.TEXT,
    }
)
# Kinds whose text is kept as written, so a change in it is worth showing.
_SPELLED = frozenset({FieldKind.NAME, FieldKind.TEXT, FieldKind.FILE_NAME})
