"""Take an accepted import back: the book as it was, as far as nothing stands on it."""

from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import ImportRow, Member, RosterImport
from portal.db.models.intake import ImportState, RowState
from portal.db.models.jobs import JobState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_undo
from portal.db.queries import jobs as jobs_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.dates import PartialDate, parse_date
from portal.domain.errors import Conflict
from portal.domain.member_fields import FIELDS_BY_NAME, FieldKind
from portal.services import audit, jobs
from portal.services.intake.preview import record
from portal.services.members import apply_values, recordable
from portal.services.progress import Progress

_CHUNK = 250
_SHOWN = 100

_WHY = {
    "": "hồ sơ đã được sửa sau khi nhận",
    "card_request": "đã có trong danh sách đề nghị đổi thẻ",
    "reserved_number": "đã được cấp mã số đoàn viên",
}
_OTHER = "đã được dùng ở phần khác của cổng"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One person of the list who cannot be taken back, and why."""

    member_id: int
    row_number: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking an import back would do now; the first obstacles are named."""

    free: int
    obstacles: list[Obstacle]
    more: bool


def undoing(import_id: int, *, by: Actor) -> Undoing:
    """Look ahead: how many people can be taken back, and what stands in the way."""
    by.require(Action.IMPORT_RUN)
    standing = intake_undo.standing(import_id, scope=by.scope, limit=_SHOWN + 1)
    return Undoing(
        free=intake_undo.count_free(import_id, scope=by.scope),
        obstacles=[
            Obstacle(
                one.member_id, one.row_number, one.name, _WHY.get(one.table, _OTHER)
            )
            for one in standing[:_SHOWN]
        ],
        more=len(standing) > _SHOWN,
    )


def begin_take_back(
    import_id: int, *, whole: bool = True, by: Actor, in_background: bool = True
) -> RosterImport:
    """Ask for an accepted import to be taken back; a worker does it.

    ``whole`` refuses with Conflict where anything stands in the way; without it the
    rest is taken back and the others stay. One that stopped half-way goes on.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = intake_q.get(import_id, scope=by.scope)
        _check(found, by=by)
        ahead = undoing(import_id, by=by)
        if whole and ahead.obstacles:
            raise Conflict(_in_the_way(ahead))
        if not ahead.free and found.state is ImportState.ACCEPTED:
            raise Conflict("Không có ai của lần nhập này lấy lại được nữa.")
        found.state = ImportState.TAKING_BACK
        record(session, "import.take_back", found, by=by, detail={"rows": ahead.free})
        if in_background:
            jobs.enqueue(
                session,
                "import.take_back",
                subject_id=found.id,
                by=by,
                unit_id=found.unit_id,
                unit_path=found.unit_path,
            )
    return found


def take_back(
    import_id: int, *, by: Actor, progress: Progress, chunk: int = _CHUNK
) -> None:
    """Take the written rows back chunk by chunk; what something stands on stays.

    New members go, changed ones get what stood there before. Can be run again after
    a crash: a row is taken back once.
    """
    done = 0
    while True:
        with transaction() as session:
            found = session.get_one(RosterImport, import_id)
            if found.state is not ImportState.TAKING_BACK:
                return
            rows = intake_undo.free_rows(session, import_id, limit=chunk)
            if not rows:
                _finish(session, found, by=by)
                return
            _undo(session, found, rows, by=by)
            total = (
                found.counts["accepted"]["new"] + found.counts["accepted"]["changed"]
            )
        done += len(rows)
        progress.report(min(done, total), total, f"Đã lấy lại {done} dòng")


def _check(found: RosterImport, *, by: Actor) -> None:
    if found.state is ImportState.TAKING_BACK:
        job = jobs_q.latest_of("import.take_back", found.id, scope=by.scope)
        if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
            raise Conflict("Lần nhập này đang được lấy lại. Hãy chờ việc này xong.")
    elif found.state is not ImportState.ACCEPTED:
        raise Conflict("Chỉ lấy lại được lần nhập đã nhận vào sổ.")


def _in_the_way(ahead: Undoing) -> str:
    first = "; ".join(f"{one.name} {one.why}" for one in ahead.obstacles[:3])
    more = len(ahead.obstacles) - 3
    tail = f" và {more}{'+' if ahead.more else ''} người khác" if more > 0 else ""
    return f"Không lấy lại được cả lần nhập này: {first}{tail}."


def _undo(
    session: Any, found: RosterImport, rows: list[ImportRow], *, by: Actor
) -> None:
    now = clock.now()
    members = intake_undo.members_of(session, rows)
    acts: list[audit.Act] = []
    gone: list[int] = []
    for row in rows:
        member = members[row.member_id]  # type: ignore[index]
        if row.state is RowState.NEW:
            gone.append(member.id)
            acts.append(_act("member.remove", member, {"import": found.id}))
        else:
            changes = _restore(member, row)
            detail = {"changes": recordable(changes), "version": member.version}
            acts.append(_act("member.edit", member, {**detail, "source": "take_back"}))
        row.taken_back_at = now
    session.flush()
    intake_undo.delete_members(session, gone)
    audit.record_all(session, acts, by=by)


def _restore(member: Member, row: ImportRow) -> dict[str, list[Any]]:
    """Put back what the import overwrote."""
    before = dict(row.before)
    photo = before.pop("photo_id", "none")
    changes = apply_values(member, {n: _typed(n, v) for n, v in before.items()})
    if photo != "none":
        member.photo_id = photo
    member.updated_at = clock.now()
    return changes


def _typed(name: str, shown: Any) -> Any:
    """Read a value as it was shown back into what a member takes."""
    if shown in {"", None} or FIELDS_BY_NAME[name].kind is not FieldKind.DATE:
        return shown
    found = parse_date(str(shown), today=clock.today(), allow_year=True)
    return found if isinstance(found, PartialDate) else None


def _act(action: str, member: Member, detail: dict[str, Any]) -> audit.Act:
    return audit.Act(
        action=action,
        subject="member",
        subject_id=member.id,
        unit_path=member.unit_path,
        detail=detail,
    )


def _finish(session: Any, found: RosterImport, *, by: Actor) -> None:
    """Close the accounts: everything is taken back, or what stays is counted."""
    back = intake_undo.count_taken_back(session, found.id)
    accepted = found.counts["accepted"]
    kept = accepted["new"] + accepted["changed"] - back
    found.counts = {**found.counts, "taken_back": {"rows": back, "kept": kept}}
    found.state = ImportState.ACCEPTED if kept else ImportState.TAKEN_BACK
    found.taken_back_at = clock.now()
    detail = {"rows": back, "kept": kept}
    record(session, "import.taken_back", found, by=by, detail=detail)
