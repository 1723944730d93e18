"""An import that waits for its officer: found ready, changed, its accounts closed."""

from typing import Any

from portal.access.actor import Actor
from portal.db.models import RosterImport
from portal.db.models.intake import ImportState, RowState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_rows
from portal.domain.errors import Conflict
from portal.services import audit

_WHY_NOT = {
    ImportState.UPLOADED: "Danh sách đang được đọc. Chờ đọc xong rồi sửa.",
    ImportState.ACCEPTING: "Danh sách đang được nhận vào sổ nên không sửa được nữa.",
    ImportState.ACCEPTED: "Danh sách đã được nhận vào sổ. Hãy sửa trong hồ sơ đoàn"
    " viên, hoặc lấy lại lần nhập này rồi đọc lại tệp.",
    ImportState.TAKING_BACK: "Lần nhập này đang được lấy lại.",
    ImportState.TAKEN_BACK: "Lần nhập này đã được lấy lại. Bấm “Đọc lại tệp này” để"
    " làm tiếp.",
    ImportState.ABORTED: "Lần nhập này đã được bỏ. Hãy tải tệp lên lại nếu cần.",
    ImportState.FAILED: "Tệp này chưa đọc được nên chưa có dòng nào để sửa.",
}


def ready(import_id: int, *, by: Actor) -> RosterImport:
    """Give an import whose preview can still be changed; else Conflict with why."""
    found = intake_q.get(import_id, scope=by.scope)
    if found.state is not ImportState.READY:
        raise Conflict(_WHY_NOT[found.state])
    return found


def count_again(session: Any, found: RosterImport) -> None:
    """Count the rows by state once more; rows in never change."""
    states = intake_q.count_states(session, found.id)
    if sum(states.values()) != found.counts["rows_in"]:
        msg = "the accounts of an import do not close"
        raise RuntimeError(msg)
    counted = {state.value: states[state] for state in RowState}
    beside = intake_rows.counts(session, found.id)
    found.counts = {**found.counts, **counted, **beside}


def record(
    session: Any,
    action: str,
    subject: RosterImport,
    *,
    by: Actor | None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Record an act on an import; ``detail`` holds no cell of a person."""
    audit.record(
        session,
        action,
        by=by,
        subject="roster_import",
        subject_id=subject.id,
        unit_path=subject.unit_path,
        detail={"file": subject.file_name, **(detail or {})},
    )
