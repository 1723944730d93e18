"""Who changed what on a member, in words: who, when, field: old → new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import AuditEntry
from portal.db.queries import audit as audit_q
from portal.domain.card_kinds import CARD_KIND_LABELS
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.membership import DUES_LABELS, MEMBER_STATUS_LABELS, SEX_LABELS
from portal.domain.numbering import shown_number

TITLES = {
    "member.create": "Thêm hồ sơ",
    "member.edit": "Sửa hồ sơ",
    "member.number": "Cấp mã số đoàn viên",
    "member.photo": "Đổi ảnh",
    "member.photo_approved": "Duyệt ảnh",
    "member.photo_refused": "Ảnh chưa đạt",
    "member.reveal": "Xem đầy đủ thông tin được che",
}

_SOURCES = {"import": "nhập từ danh sách", "take_back": "lấy lại lần nhập"}
_MORE_LABELS = {"status": "Tình trạng sinh hoạt", "unit": "Đơn vị"}
_VALUE_LABELS: dict[str, dict[Any, str]] = {
    "card_kind": {**CARD_KIND_LABELS},
    "dues_standing": {**DUES_LABELS},
    "sex": {**SEX_LABELS},
    "status": {**MEMBER_STATUS_LABELS},
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of one change, as it is shown."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act on a member."""

    at: datetime
    who: str
    unit: str
    title: str
    lines: tuple[ChangeLine, ...]


def history(member_id: int, *, by: Actor, limit: int = 50) -> list[HistoryEntry]:
    """List what was done to a member of the officer's scope, the newest first."""
    by.require(Action.MEMBER_VIEW)
    entries = audit_q.of_subject("member", member_id, scope=by.scope, limit=limit)
    return [entry_of(entry) for entry in entries]


def entry_of(entry: AuditEntry) -> HistoryEntry:
    """Put one row of the record into words."""
    changes: dict[str, list[Any]] = entry.detail.get("changes", {})
    title = TITLES.get(entry.action, "Thay đổi khác")
    if entry.action == "member.photo" and not entry.detail.get("replaced", True):
        title = "Thêm ảnh"
    source = _SOURCES.get(entry.detail.get("source", ""))
    if source:
        title = f"{title} ({source})"
    return HistoryEntry(
        at=entry.at,
        who=entry.officer_name,
        unit=entry.officer_unit,
        title=title,
        lines=(*_lines(changes), *_revealed(entry)),
    )


def label_of(name: str) -> str:
    """Give the Vietnamese name of a member's field."""
    known = FIELDS_BY_NAME.get(name)
    return known.label if known else _MORE_LABELS.get(name, name)


def value_shown(name: str, value: Any) -> str:
    """Put a plain value of a field into words; "" for an empty one."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if value in {None, ""}:
        return ""
    if name == "member_number":
        return shown_number(str(value))
    return _VALUE_LABELS.get(name, {}).get(value, str(value))


def _lines(changes: dict[str, list[Any]]) -> tuple[ChangeLine, ...]:
    return tuple(
        ChangeLine(label_of(name), value_shown(name, old), value_shown(name, new))
        for name, (old, new) in changes.items()
        # A tick that nobody ever set is no news on a fresh record.
        if value_shown(name, old) or value_shown(name, new) != "Không"
    )


def _revealed(entry: AuditEntry) -> tuple[ChangeLine, ...]:
    fields = entry.detail.get("fields", [])
    if entry.action != "member.reveal" or not fields:
        return ()
    return (ChangeLine("Đã xem", "", ", ".join(label_of(name) for name in fields)),)
