"""The member's form: made from the registry of fields, read as lists are read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
)

from portal.domain.card_kinds import CARD_KIND_LABELS
from portal.domain.dates import PartialDate, show_date
from portal.domain.errors import Problem
from portal.domain.identity import CITIZEN_ID, read_identity_number
from portal.domain.member_fields import FIELDS_BY_NAME, FieldKind, MemberField
from portal.domain.membership import DUES_LABELS, MEMBER_STATUS_LABELS, SEX_LABELS
from portal.domain.person_names import case_suggestion
from portal.domain.roster_cells import CellReading, Repair, read_cell
from portal.services.member_entry import Draft
from portal.services.member_history import label_of
from portal.services.members import EDITABLE, IDENTITY, SENSITIVE, plain

# What every record needs; the rest stands below, in groups that open.
TOP = ("full_name", "birth_date", "sex", "citizen_id", "unit", "card_kind")

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "union",
        "Sinh hoạt công đoàn và đoàn phí",
        (
            "status",
            "dues_standing",
            "union_title",
            "division_name",
            "group_name",
            "joined_union_on",
            "joined_union_at",
            "old_card_number",
            "full_time_official",
            "union_staff",
        ),
    ),
    (
        "contact",
        "Liên hệ và địa chỉ",
        ("phone", "email", "permanent_address", "current_address", "native_place"),
    ),
    (
        "papers",
        "Giấy tờ khác",
        (
            "id_card_number",
            "id_issued_on",
            "id_issued_at",
            "passport_number",
            "nationality",
        ),
    ),
    (
        "work",
        "Công việc và trình độ",
        (
            "occupation",
            "job_title",
            "education_level",
            "qualification",
            "political_theory",
        ),
    ),
    (
        "bank",
        "Thẻ liên kết VietinBank",
        ("bank_account", "bank_branch", "salary_via_vietinbank"),
    ),
    (
        "sensitive",
        "Thông tin nhạy cảm (không bắt buộc)",
        ("ethnicity", "religion", "party_member"),
    ),
)

# Looked at by the server as soon as one leaves them.
CHECKED = frozenset(
    {"full_name", "birth_date", "sex", "phone", "email", "unit"}
    | {"id_issued_on", "joined_union_on", "bank_account", *IDENTITY}
)

# Shown to nobody unasked: an empty input keeps what is there.
KEPT_IF_EMPTY = frozenset({*IDENTITY, *SENSITIVE})
CLEARED_BY = frozenset({"-", "–"})

_REQUIRED = ("full_name", "birth_date", "sex", "card_kind")
_HINTS = {
    "full_name": "Ghi đúng như giấy tờ, đủ họ, chữ đệm và tên.",
    "birth_date": "Ví dụ 02/01/1990. Giấy tờ chỉ có năm thì ghi năm.",
    "citizen_id": "Đủ 12 chữ số. Chưa có CCCD thì để trống, ghi số CMND hoặc hộ chiếu"
    " ở mục “Giấy tờ khác” bên dưới.",
    "id_card_number": "9 chữ số, ghi thêm nếu còn dùng số cũ.",
    "phone": "Ví dụ 0912 345 678.",
    "bank_account": "Chỉ thu thập khi đoàn viên đăng ký thẻ liên kết.",
}
_OTHER_PAPERS = {"id_card_number": "số CMND", "passport_number": "số hộ chiếu"}
_TYPING: dict[str, dict[str, str]] = {
    "full_name": {"autocapitalize": "words"},
    "birth_date": {"inputmode": "text", "placeholder": "ngày/tháng/năm"},
    "citizen_id": {"inputmode": "numeric"},
    "id_card_number": {"inputmode": "numeric"},
    "phone": {"inputmode": "tel"},
    "email": {"inputmode": "email", "autocapitalize": "none"},
    "bank_account": {"inputmode": "numeric"},
}
_CHOICES: dict[str, Mapping[Any, str]] = {
    "sex": SEX_LABELS,
    "card_kind": CARD_KIND_LABELS,
    "dues_standing": DUES_LABELS,
    "status": MEMBER_STATUS_LABELS,
}
_BLANK_CHOICES = {"sex": "Chọn giới tính", "card_kind": "Chọn loại thẻ"}
_PARTY_CHOICES = (("", "Không ghi"), ("yes", "Có"), ("no", "Không"))
_PARTY_KEPT = (("", "Giữ nguyên"), ("yes", "Có"), ("no", "Không"), ("-", "Xóa"))
_PARTY_VALUES = {"yes": True, "no": False, "-": None}

# Cells whose blanks and composed letters are tidied without a word.
_TIDIED = frozenset({FieldKind.NAME, FieldKind.TEXT})


@dataclass(frozen=True, slots=True)
class FormReading:
    """A form as it was read; ``notes`` say by field what was repaired or is odd."""

    draft: Draft
    notes: dict[str, tuple[str, ...]]


def make_form(
    texts: Mapping[str, Any],
    *,
    sent: Any = None,
    units: Sequence[tuple[str, str]] | None,
    kept: Mapping[str, str],
) -> Form:
    """Build the form from the values of a record, or from what was ``sent``.

    ``units`` are the choices (id, name); None where they are too many for a list,
    and a text field takes their code or name. ``kept`` gives the masked fields
    that hold something already, as they may be shown.
    """
    fields: dict[str, Any] = {
        "version": HiddenField(),
        "member_id": HiddenField(),
        "unit": _unit_field(units),
    }
    fields |= {name: _field(name, kept=kept.get(name, "")) for name in EDITABLE}
    form_class = type("MemberForm", (Form,), fields)
    form: Form = form_class(sent, data=dict(texts))
    for name in ("full_name", "birth_date", "sex", "unit", "card_kind"):
        form[name].flags.required = True
    form["citizen_id"].flags.required = not any(name in kept for name in IDENTITY)
    return form


def read_form(form: Form, *, today: date, kept: Collection[str]) -> FormReading:
    """Read the texts of a form into values; what was repaired is put back into it.

    A field that was not sent, and an empty one that is ``kept``, has no entry. The
    unit is left to the caller: the form holds its text in ``unit``.
    """
    found = _Found()
    for name in EDITABLE:
        _read_field(name, form[name], found, today=today, kept=name in kept)
    for name in _REQUIRED:
        if not found.values.get(name):
            found.problems.setdefault(name, (_missing(name),))
    draft = Draft(
        values=found.values, problems=found.problems, repairs=tuple(found.repairs)
    )
    return FormReading(draft, found.notes)


@dataclass(slots=True)
class _Found:
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)


def _read_field(
    name: str, shown: Field, found: _Found, *, today: date, kept: bool
) -> None:
    if isinstance(shown, BooleanField):
        found.values[name] = bool(shown.data)
        return
    if not shown.raw_data:
        return
    text = str(shown.data or "").strip()
    if not text and kept:
        return
    if name == "party_member":
        found.values[name] = _PARTY_VALUES.get(text)
    elif isinstance(shown, SelectField):
        _read_choice(name, text, found)
    elif not text or text in CLEARED_BY:
        found.values.setdefault(name, "")
    else:
        _read_text(name, text, shown, found, today=today)


def _read_choice(name: str, text: str, found: _Found) -> None:
    if text and text not in _CHOICES[name]:
        problem = Problem(
            "Không có lựa chọn này.", _label(name), "Chọn một mục trong danh sách."
        )
        found.problems[name] = (problem,)
    else:
        found.values[name] = text


def _read_text(
    name: str, text: str, shown: Field, found: _Found, *, today: date
) -> None:
    known = FIELDS_BY_NAME[name]
    if name == "citizen_id" and (problem := _no_citizen_id(text)):
        found.problems[name] = (problem,)
        return
    # A list may leave out what cannot be read; on a form it is there to be mended.
    reading = read_cell(replace(known, required=True), text, today=today)
    if reading.problems:
        found.problems[name] = tuple(reading.problems)
        return
    for target, value in reading.values.items():
        already = found.values.get(target)
        if already and already != value:
            found.problems[name] = (_two_numbers(target),)
        found.values[target] = value
    if name in reading.values:
        shown.data = plain(name, reading.values[name])
    found.notes[name] = _notes(known, reading)
    found.repairs += [
        f"{known.label}: {repair.reason}" for repair in _told(known, reading)
    ]


def _no_citizen_id(text: str) -> Problem | None:
    """Refuse what is no whole CCCD number.

    A column of a list may hold any paper and lose zeros to Excel; in this box
    somebody typed, and another paper or an added zero would be a silent guess.
    """
    name, _reading = read_identity_number(text)
    if name != "citizen_id":
        return Problem(
            f"Đây không phải số CCCD (12 chữ số) mà giống {_OTHER_PAPERS[name]}.",
            CITIZEN_ID,
            f"Nếu đúng vậy, để trống ô này và ghi vào ô “{_label(name)}” ở mục"
            " “Giấy tờ khác”.",
        )
    digits = "".join(filter(str.isdigit, text))
    if len(digits) in {10, 11}:
        return Problem(
            f"Số CCCD phải có 12 chữ số, ở đây có {len(digits)}.",
            CITIZEN_ID,
            "Nhập lại đủ 12 chữ số; nếu chép từ Excel, số 0 ở đầu có thể đã mất.",
        )
    return None


def _notes(known: MemberField, reading: CellReading) -> tuple[str, ...]:
    repairs = [repair.reason for repair in _told(known, reading)]
    odd = [f"{doubt.text} {doubt.fix}".strip() for doubt in reading.warnings]
    day = reading.values.get(known.name)
    if isinstance(day, PartialDate) and day.year_only and known.name != "birth_date":
        odd.append(f"Chỉ có năm: ghi nhận là {show_date(day.date)}.")
    if known.name == "full_name" and (usual := case_suggestion(str(day or ""))):
        odd.append(
            f"Viết là {usual}? Tên in trên thẻ đúng như đã gõ; sửa lại nếu gõ nhầm."
        )
    return (*repairs, *odd)


def _told(known: MemberField, reading: CellReading) -> list[Repair]:
    return [] if known.kind in _TIDIED else reading.repairs


def _two_numbers(name: str) -> Problem:
    label = _label(name)
    return Problem(
        f"Hai ô ghi hai {label[:1].lower()}{label[1:]} khác nhau.",
        label,
        "Giữ lại một số đúng.",
    )


def _missing(name: str) -> Problem:
    label = _label(name)
    verb = "Chưa chọn" if name in _CHOICES else "Chưa nhập"
    return Problem(f"{verb} {label[:1].lower()}{label[1:]}.", label)


def _label(name: str) -> str:
    return label_of(name)


def _unit_field(units: Sequence[tuple[str, str]] | None) -> Field:
    if units is None:
        return StringField(
            "Đơn vị",
            description="Gõ tên hoặc mã đơn vị rồi chọn trong danh sách gợi ý.",
        )
    return _select("Đơn vị", [("", "Chọn đơn vị"), *units])


def _field(name: str, *, kept: str) -> Field:
    label = _label(name)
    hint = _KEPT_HINT.format(kept) if kept else _HINTS.get(name, "")
    if name == "party_member":
        return _select(label, _PARTY_KEPT if kept else _PARTY_CHOICES)
    if name in _CHOICES:
        blank = [("", _BLANK_CHOICES[name])] if name in _BLANK_CHOICES else []
        return _select(label, [*blank, *_CHOICES[name].items()])
    if FIELDS_BY_NAME[name].kind is FieldKind.FLAG:
        return BooleanField(label)
    typing = {"autocomplete": "off", **_TYPING.get(name, {})}
    if kept:  # a dash clears it, and keypads of digits have none
        typing["inputmode"] = "text"
    return StringField(label, description=hint, render_kw=typing)


def _select(label: str, choices: Iterable[tuple[Any, str]]) -> SelectField:
    options = [SelectChoice(str(value), text) for value, text in choices]
    # What is none of them is told in Vietnamese by ``_read_choice``.
    return SelectField(label, choices=options, validate_choice=False)


_KEPT_HINT = "Đang có {}. Để trống thì giữ nguyên; muốn xóa thì gõ một dấu “-”."
