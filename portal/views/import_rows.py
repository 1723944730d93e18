"""One row of a preview in the words and signs that officers read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.db.models import AuditEntry, ImportRow
from portal.db.models.intake import PhotoMatch, RowChoice, RowState
from portal.domain.card_kinds import CARD_KIND_LABELS
from portal.domain.identity import mask_account, mask_citizen_id
from portal.domain.member_fields import FIELDS_BY_NAME, IDENTITY_FIELDS
from portal.domain.membership import DUES_LABELS, SEX_LABELS
from portal.services.intake.judge_again import may_be_told_apart
from portal.services.intake.row_cells import bad_fields, shown_cells

STATES = {
    RowState.NEW: ("ok", "Mới"),
    RowState.CHANGED: ("wait", "Thay đổi"),
    RowState.SAME: ("idle", "Giống sổ"),
    RowState.DUPLICATE: ("warn", "Trùng"),
    RowState.ERROR: ("bad", "Lỗi"),
}
CHOICES = {
    RowChoice.TAKE: "Cập nhật theo danh sách",
    RowChoice.FILL: "Chỉ điền ô còn trống",
    RowChoice.SKIP: "Bỏ qua dòng này",
    RowChoice.SAME_PERSON: "Là cùng một người: cập nhật hồ sơ có sẵn",
    RowChoice.OTHER_PERSON: "Là người khác: thêm mới",
}
ACTS = {
    "import.upload": "Tải tệp lên",
    "import.evaluate": "Đọc và đối chiếu xong",
    "import.fail": "Không đọc được tệp",
    "import.mend": "Sửa ô",
    "import.choose": "Chọn cách nhận",
    "import.columns": "Sửa nghĩa của cột, đọc lại tệp",
    "import.read_anew": "Đọc lại tệp",
    "import.photo": "Ghép ảnh",
    "import.accept": "Bấm nhận vào sổ",
    "import.changed": "Sổ đã thay đổi, xem lại trước khi nhận",
    "import.accepted": "Đã nhận vào sổ",
    "import.take_back": "Bấm lấy lại",
    "import.taken_back": "Đã lấy lại",
    "import.abort": "Bỏ lần nhập",
    "import.download": "Tải về hoặc mở các ô",
}
_HIDDEN = frozenset({"bank_account", *IDENTITY_FIELDS})
_LABELS = {**CARD_KIND_LABELS, **DUES_LABELS, **SEX_LABELS}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is or would be another than before."""

    label: str
    before: str
    after: str
    reason: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A cell that can be typed anew where it stands; masked where it is a number."""

    name: str
    label: str
    value: str
    mask: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the table and the cards draw it; identity numbers are masked."""

    id: int
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
    taken_back: bool
    left_out: bool
    boxes: list[Box]
    choice: str
    choices: list[tuple[str, str]]
    mended: str


def shown_row(row: ImportRow) -> ShownRow:
    """Prepare one row for its page."""
    tone, state = STATES[row.state]
    values = row.values
    return ShownRow(
        id=row.id,
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
            Change(
                _label(name),
                _shown(name, pair[0]),
                _shown(name, pair[1]),
                kept=row.choice is RowChoice.FILL and bool(pair[0]),
            )
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
        taken_back=row.taken_back_at is not None,
        left_out=row.choice is RowChoice.SKIP,
        boxes=_boxes(row),
        choice=row.choice.value,
        choices=choices_of(row),
        mended=", ".join(_label(name) for name in row.mended),
    )


def choices_of(row: ImportRow) -> list[tuple[str, str]]:
    """List what may be done with a row, as (value, words); the first is the usual."""
    offered = [RowChoice.TAKE, RowChoice.SKIP]
    if may_be_told_apart(row):
        offered[1:1] = [RowChoice.SAME_PERSON, RowChoice.OTHER_PERSON]
    elif row.state is RowState.CHANGED:
        offered.insert(1, RowChoice.FILL)
    elif row.state is RowState.SAME:
        return []
    return [(choice.value, _words(row, choice)) for choice in offered]


def shown_act(entry: AuditEntry) -> dict[str, Any]:
    """Put one row of the import's record into words."""
    detail = entry.detail
    more = {
        "import.mend": lambda: (
            f"dòng {', '.join(map(str, detail.get('rows', [])[:8]))}"
        ),
        "import.photo": lambda: f"dòng {detail.get('row', '')}",
        "import.taken_back": lambda: f"{detail.get('rows', 0)} dòng",
    }.get(entry.action)
    return {
        "at": entry.at,
        "who": entry.officer_name,
        "what": ACTS.get(entry.action, "Việc khác"),
        "more": more() if more else "",
    }


def _words(row: ImportRow, choice: RowChoice) -> str:
    if choice is not RowChoice.TAKE:
        return CHOICES[choice]
    if may_be_told_apart(row):
        return "Chưa quyết định"
    return CHOICES[choice] if row.state is RowState.CHANGED else "Nhận dòng này"


def _boxes(row: ImportRow) -> list[Box]:
    """Give the cells that the row's problems are about, to be typed anew at once."""
    if row.accepted_at is not None:
        return []
    cells = shown_cells(row)
    return [_box(name, cells.get(name, "")) for name in bad_fields(row)]


def _box(name: str, value: str) -> Box:
    if name in _HIDDEN or FIELDS_BY_NAME[name].sensitive:
        return Box(name, _label(name), "", _shown(name, value) or "")
    return Box(name, _label(name), value)


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
