"""Accept the good rows of a preview, once, against the world as it is now."""

from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import ImportRow, Member, RosterImport
from portal.db.models.intake import ImportState, RowState
from portal.db.models.jobs import JobState
from portal.db.queries import intake as intake_q
from portal.db.queries import jobs as jobs_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict
from portal.services import audit, jobs
from portal.services.intake.judge import Verdict, judge, world_of
from portal.services.intake.row_values import from_json
from portal.services.members import create_member, edit_member
from portal.services.photos import give_photo
from portal.services.progress import Progress

_CHUNK = 50


def begin_accept(
    import_id: int, *, version: int, by: Actor, in_background: bool = True
) -> RosterImport:
    """Say yes to a preview as shown (``version``); a worker then writes its rows.

    One that stopped half-way goes on. Raises Conflict where it was accepted, given
    up or evaluated anew meanwhile.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        chosen = intake_q.get(import_id, scope=by.scope)
        if chosen.state is ImportState.ACCEPTING:
            _check_stopped(chosen, by=by)
        else:
            _check_ready(chosen, version)
            chosen.state = ImportState.ACCEPTING
        _record(session, "import.accept", chosen, by=by, detail=dict(chosen.counts))
        if in_background:
            jobs.enqueue(
                session,
                "import.accept",
                subject_id=chosen.id,
                by=by,
                unit_id=chosen.unit_id,
                unit_path=chosen.unit_path,
            )
    return chosen


def accept(import_id: int, *, by: Actor, progress: Progress) -> None:
    """Write the good rows of an import that was said yes to, chunk by chunk.

    Each row is judged again first: where the world has changed since the preview
    the row is not written, and stays with its reason. Can be run again after a
    crash; what is written is not written twice.
    """
    after = -1
    done = 0
    while True:
        with transaction() as session:
            chosen = session.get_one(RosterImport, import_id)
            if chosen.state is not ImportState.ACCEPTING:
                return
            rows = intake_q.rows_to_accept(
                session, import_id, after=after, limit=_CHUNK
            )
            if not rows:
                _finish(session, chosen, by=by)
                return
            _accept_chunk(session, chosen, rows, by=by)
            total = chosen.counts["new"] + chosen.counts["changed"]
        after = rows[-1].position
        done += len(rows)
        progress.report(min(done, total), total, f"Đã nhận {done} dòng")


def _check_ready(chosen: RosterImport, version: int) -> None:
    if chosen.state is ImportState.ACCEPTED:
        raise Conflict(
            "Lần nhập này đã được nhận rồi; không có dòng nào được ghi hai lần."
        )
    if chosen.state is ImportState.ABORTED:
        raise Conflict("Lần nhập này đã được bỏ. Hãy tải tệp lên lại nếu cần.")
    if chosen.state is not ImportState.READY:
        raise Conflict("Danh sách chưa đọc xong hoặc không đọc được, chưa nhận được.")
    if chosen.unit.valid_to is not None and chosen.unit.valid_to < clock.today():
        raise Conflict(
            f"{chosen.unit.name} đã ngừng hoạt động. Hãy bỏ lần nhập này và nhập vào"
            " đơn vị khác."
        )
    if chosen.version != version:
        raise Conflict("Bản xem trước đã thay đổi. Hãy xem lại rồi bấm nhận.")


def _check_stopped(chosen: RosterImport, *, by: Actor) -> None:
    """Raise Conflict while a worker is still at it; else it may go on."""
    job = jobs_q.latest_of("import.accept", chosen.id, scope=by.scope)
    if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
        raise Conflict(
            "Lần nhập này đang được nhận vào sổ; không dòng nào bị ghi hai lần."
            " Hãy chờ việc này xong."
        )


def _accept_chunk(
    session: Any, chosen: RosterImport, rows: list[ImportRow], *, by: Actor
) -> None:
    values = [from_json(row.values) for row in rows]
    world = world_of(values, scope=Scope(chosen.unit_path))
    ours = intake_q.accepted_member_ids(session, chosen.id)
    photo_ids = [row.photo_id for row in rows if row.photo_id is not None]
    photos = intake_q.photos_by_id(session, photo_ids)
    for row, cleaned in zip(rows, values, strict=True):
        verdict = judge(cleaned, world, ours=ours)
        reason = _world_changed(row, verdict)
        if reason:
            _turn_down(row, verdict, reason)
            continue
        member = _write(session, chosen, row, cleaned, verdict, by=by)
        if row.photo_id is not None and row.photo_id != member.photo_id:
            give_photo(session, member, photos[row.photo_id], by=by)
        row.member_id = member.id
        row.member_version = member.version
        row.accepted_at = clock.now()
    session.flush()


def _world_changed(row: ImportRow, verdict: Verdict) -> str:
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
    same_member = member is not None and member.id == row.member_id
    if member is None or not same_member:
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


def _turn_down(row: ImportRow, verdict: Verdict, reason: str) -> None:
    duplicate = verdict.state is RowState.DUPLICATE or row.state is RowState.NEW
    row.state = RowState.DUPLICATE if duplicate else RowState.ERROR
    row.problems = [*row.problems, reason]


def _write(
    session: Any,
    chosen: RosterImport,
    row: ImportRow,
    values: dict[str, Any],
    verdict: Verdict,
    *,
    by: Actor,
) -> Member:
    if row.state is RowState.NEW:
        return create_member(
            session,
            unit_id=chosen.unit_id,
            unit_path=chosen.unit_path,
            values=values,
            by=by,
            source="import",
        )
    member = session.get_one(Member, row.member_id)
    changed = {name: values[name] for name in verdict.changes}
    edit_member(session, member, changed, by=by, source="import")
    return member


def _finish(session: Any, chosen: RosterImport, *, by: Actor) -> None:
    """Close the accounts: what was written, and what the world kept from it."""
    states = intake_q.count_states(session, chosen.id)
    written = intake_q.count_accepted(session, chosen.id)
    accepted = {
        "new": written.get(RowState.NEW, 0),
        "changed": written.get(RowState.CHANGED, 0),
    }
    planned = chosen.counts["new"] + chosen.counts["changed"]
    accepted["refused"] = planned - accepted["new"] - accepted["changed"]
    counted = {state.value: states[state] for state in RowState}
    chosen.counts = {**chosen.counts, **counted, "accepted": accepted}
    chosen.state = ImportState.ACCEPTED
    chosen.accepted_at = clock.now()
    _record(session, "import.accepted", chosen, by=by, detail=accepted)


def _record(
    session: Any,
    action: str,
    subject: RosterImport,
    *,
    by: Actor,
    detail: dict[str, Any],
) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="roster_import",
        subject_id=subject.id,
        unit_path=subject.unit_path,
        detail={"file": subject.file_name, **detail},
    )
