"""What happened to the members between a preview and its acceptance."""

from portal.access.scope import Scope
from portal.db.models import ImportRow, RosterImport
from portal.db.models.intake import ImportState, RowState
from portal.db.queries import intake as intake_q
from portal.db.session import transaction
from portal.services.intake.judge import Verdict, world_of
from portal.services.intake.judge_again import judge_again, judge_as_chosen
from portal.services.intake.row_values import from_json
from portal.services.progress import Progress

_CHUNK = 500


def hold_against_world(import_id: int, *, progress: Progress) -> int:
    """Judge every row to be written once more; give how many came out otherwise.

    Those get their new verdict, chunk by chunk, in transactions of their own.
    """
    after, changed = -1, 0
    while True:
        with transaction() as session:
            chosen = session.get_one(RosterImport, import_id)
            if chosen.state is not ImportState.ACCEPTING:
                return 0
            rows = intake_q.rows_to_accept(
                session, import_id, after=after, limit=_CHUNK
            )
            if not rows:
                return changed
            moved = _moved(chosen, rows)
            if moved:
                judge_again(session, chosen, moved, scope=Scope(chosen.unit_path))
            after = rows[-1].position
            changed += len(moved)
        progress.report(0, 0, "Đang đối chiếu lại với sổ")


def what_happened(row: ImportRow, verdict: Verdict) -> str:
    """Say what happened since the preview, or nothing where it still holds."""
    if row.state is RowState.NEW:
        if verdict.state is RowState.NEW:
            return ""
        if verdict.member is not None:
            return (
                "Trong lúc chờ nhận, người này đã được thêm vào đơn vị. Nhập lại tệp"
                " để xem khác biệt."
            )
        return " ".join(["Trong lúc chờ nhận, dữ liệu đã thay đổi.", *verdict.problems])
    member = verdict.member
    if member is None or member.id != row.member_id:
        return " ".join(
            [
                "Trong lúc chờ nhận, đoàn viên này đã chuyển đơn vị hoặc đổi số giấy"
                " tờ. Nhập lại tệp để xem lại.",
                *verdict.problems,
            ]
        )
    if verdict.state is RowState.ERROR:
        return " ".join(
            ["Trong lúc chờ nhận, đề nghị cấp thẻ đã đi tiếp.", *verdict.problems]
        )
    if member.version != row.member_version:
        return (
            "Trong lúc chờ nhận, hồ sơ này đã được người khác sửa. Nhập lại tệp để"
            " xem khác biệt mới."
        )
    return ""


def _moved(chosen: RosterImport, rows: list[ImportRow]) -> list[ImportRow]:
    values = [from_json(row.values) for row in rows]
    world = world_of(values, scope=Scope(chosen.unit_path))
    return [
        row
        for row, cleaned in zip(rows, values, strict=True)
        if what_happened(row, judge_as_chosen(cleaned, world, row.choice))
    ]
