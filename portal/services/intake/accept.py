"""Say yes to a preview: it is held against the world once more, then written."""

from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import RosterImport
from portal.db.models.intake import ImportState, RowState
from portal.db.models.jobs import JobState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_rows
from portal.db.queries import jobs as jobs_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict
from portal.services import jobs
from portal.services.intake.accepted_rows import accept_rows
from portal.services.intake.preview import count_again, record
from portal.services.intake.world_changes import hold_against_world
from portal.services.progress import Progress

_CHUNK = 250


def begin_accept(
    import_id: int, *, version: int, by: Actor, in_background: bool = True
) -> RosterImport:
    """Say yes to a preview as shown (``version``); a worker then writes its rows.

    One that stopped half-way goes on. Raises Conflict where it was accepted, given
    up, mended or evaluated anew meanwhile.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        chosen = intake_q.get(import_id, scope=by.scope)
        if chosen.state is ImportState.ACCEPTING:
            _check_stopped(chosen, by=by)
        else:
            _check_ready(chosen, version)
            chosen.state = ImportState.ACCEPTING
        record(session, "import.accept", chosen, by=by, detail=dict(chosen.counts))
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


def accept(
    import_id: int, *, by: Actor, progress: Progress, chunk: int = _CHUNK
) -> None:
    """Write the good rows of an import that was said yes to, chunk by chunk.

    All of them are held against the members first: where the world has changed
    since the preview nothing is written, and the new preview waits for the officer.
    What changes while the writing is going on stays unwritten with its reason. Can
    be run again after a crash; what is written is not written twice.
    """
    if not _begun(import_id) and hold_against_world(import_id, progress=progress):
        _show_again(import_id, by=by)
        return
    after, done = -1, 0
    while True:
        with transaction() as session:
            chosen = session.get_one(RosterImport, import_id)
            if chosen.state is not ImportState.ACCEPTING:
                return
            rows = intake_q.rows_to_accept(session, import_id, after=after, limit=chunk)
            if not rows:
                _finish(session, chosen, by=by)
                return
            accept_rows(session, chosen, rows, by=by)
            total = _planned(chosen)
            after = rows[-1].position
            done += len(rows)
        progress.report(min(done, total), total, f"Đã nhận {done} dòng")


def _begun(import_id: int) -> bool:
    """Say whether rows were written already: then it goes on, whatever changed."""
    with transaction() as session:
        return bool(intake_q.count_accepted(session, import_id))


def _planned(chosen: RosterImport) -> int:
    counts = chosen.counts
    return int(counts["new"] + counts["changed"] - counts.get("left_out", 0))


def _check_ready(chosen: RosterImport, version: int) -> None:
    if chosen.state in {ImportState.ACCEPTED, ImportState.TAKING_BACK}:
        raise Conflict(
            "Lần nhập này đã được nhận rồi; không có dòng nào được ghi hai lần."
        )
    if chosen.state is ImportState.ABORTED:
        raise Conflict("Lần nhập này đã được bỏ. Hãy tải tệp lên lại nếu cần.")
    if chosen.state is ImportState.TAKEN_BACK:
        raise Conflict("Lần nhập này đã được lấy lại. Hãy đọc lại tệp rồi nhận.")
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


_CHANGED = (
    "Sổ đã thay đổi từ lúc bạn xem danh sách này, nên chưa có dòng nào được ghi. Các"
    " dòng dưới đây đã được đối chiếu lại; hãy xem rồi bấm nhận lần nữa."
)


def _show_again(import_id: int, *, by: Actor) -> None:
    """Give the preview back to the officer as it looks against the world of now."""
    with transaction() as session:
        chosen = session.get_one(RosterImport, import_id)
        if chosen.state is not ImportState.ACCEPTING:
            return
        count_again(session, chosen)
        chosen.state = ImportState.READY
        others = [note for note in chosen.problems if note != _CHANGED]
        chosen.problems = [_CHANGED, *others]
        chosen.evaluated_at = clock.now()
        record(session, "import.changed", chosen, by=by, detail=dict(chosen.counts))


def _finish(session: Any, chosen: RosterImport, *, by: Actor) -> None:
    """Close the accounts: what was written, and what the world kept from it."""
    planned = _planned(chosen)
    states = intake_q.count_states(session, chosen.id)
    written = intake_q.count_accepted(session, chosen.id)
    accepted = {
        "new": written.get(RowState.NEW, 0),
        "changed": written.get(RowState.CHANGED, 0),
    }
    kept = written.get(RowState.SAME, 0)
    accepted["refused"] = planned - accepted["new"] - accepted["changed"] - kept
    counted = {state.value: states[state] for state in RowState}
    beside = intake_rows.counts(session, chosen.id)
    chosen.counts = {**chosen.counts, **counted, **beside, "accepted": accepted}
    chosen.problems = [note for note in chosen.problems if note != _CHANGED]
    chosen.state = ImportState.ACCEPTED
    chosen.accepted_at = clock.now()
    record(session, "import.accepted", chosen, by=by, detail=accepted)
