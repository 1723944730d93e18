"""One row of a preview in the words and signs that officers read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.db.models import ImportRow
from portal.db.models.intake import PhotoMatch, RowState
from portal.domain.card_kinds import CARD_KIND_LABELS
from portal.domain.identity import mask_account, mask_citizen_id
from portal.domain.member_fields import FIELDS_BY_NAME, IDENTITY_FIELDS
from portal.domain.membership import DUES_LABELS, SEX_LABELS

STATES = {
    RowState.NEW: ("ok", "Mới"),
    RowState.CHANGED: ("wait", "Thay đổi"),
    RowState.SAME: ("idle", "Giống sổ"),
    RowState.DUPLICATE: ("warn", "Trùng"),
    RowState.ERROR: ("bad", "Lỗi"),
}
_LABELS = {**CARD_KIND_LABELS, **DUES_LABELS, **SEX_LABELS}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is or would be another than before."""

    label: str
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the table and the cards draw it; identity numbers are masked."""

    where: str
    tone: str
    state: str
    name: str
    birth: str
    paper: str
    photo_id: int | None
    photo_name: str
    photo_note: str
    changes: list[Change]
    repairs: list[Change]
    problems: list[str]
    warnings: list[str]
    accepted: bool


def shown_row(row: ImportRow) -> ShownRow:
    """Prepare one row for its page."""
    tone, state = STATES[row.state]
    values = row.values
    return ShownRow(
        where=str(row.row_number),
        tone=tone,
        state=state,
        name=values.get("full_name") or row.raw.get("full_name", ""),
        birth=_day(values.get("birth_date") or row.raw.get("birth_date", "")),
        paper=next(
            (mask_citizen_id(values[n]) for n in IDENTITY_FIELDS if n in values), ""
        ),
        photo_id=row.photo_id,
        photo_name=row.photo_name.rpartition("/")[2],
        photo_note="Chưa rõ ảnh" if row.photo_match is PhotoMatch.AMBIGUOUS else "",
        changes=[
            Change(_label(name), _shown(name, pair[0]), _shown(name, pair[1]))
            for name, pair in row.changes.items()
        ],
        repairs=[
            Change(
                _label(repair["field"]),
                _shown(repair["field"], repair["before"]),
                _shown(repair["field"], repair["after"]),
                repair["reason"],
            )
            for repair in row.repairs
        ],
        problems=list(row.problems),
        warnings=list(row.warnings),
        accepted=row.accepted_at is not None,
    )


def _label(name: str) -> str:
    return "Ảnh" if name == "photo" else FIELDS_BY_NAME[name].label


def _shown(name: str, value: Any) -> str:
    if value in ("", None):
        return ""
    if name in IDENTITY_FIELDS:
        return mask_citizen_id(value)
    if name == "bank_account":
        return mask_account(value)
    if name in FIELDS_BY_NAME and FIELDS_BY_NAME[name].sensitive:
        return "•••"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return _LABELS.get(value, str(value))


def _day(text: str) -> str:
    """Write a stored date as people do; what could not be read stays as typed."""
    try:
        return text if len(text) == 4 else f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text
