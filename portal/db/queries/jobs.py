"""Job rows: found within a scope, claimed by one runner, swept when they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import Job, RosterImport, Unit
from portal.db.models.intake import ImportState
from portal.db.models.jobs import JobState
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.errors import NotFound


def get(job_id: int, *, scope: Scope) -> Job:
    """Give one job; NotFound outside the scope."""
    job = db.session.scalar(
        select(Job).where(Job.id == job_id, within(scope, Job.unit_path))
    )
    if job is None:
        raise NotFound
    return job


def latest(*, scope: Scope, limit: int = 50) -> list[Job]:
    """List the newest jobs in the scope."""
    query = (
        select(Job)
        .where(within(scope, Job.unit_path))
        .order_by(Job.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def latest_of(kind: str, subject_id: int, *, scope: Scope) -> Job | None:
    """Give the newest job on one subject."""
    return db.session.scalar(
        select(Job)
        .where(
            Job.kind == kind,
            Job.subject_id == subject_id,
            within(scope, Job.unit_path),
        )
        .order_by(Job.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What a job works on, as people call it; ``refused`` says why that failed."""

    name: str
    unit_name: str
    refused: str = ""


def subjects(jobs: Sequence[Job], *, scope: Scope) -> dict[int, Subject]:
    """Give for each job the file or batch that it works on.

    A list that cannot be read is no failure of the work, but it is one to whoever
    sent it.
    """
    of_imports = {job.subject_id for job in jobs if job.kind.startswith("import.")}
    imports = {
        row.id: Subject(
            row.file_name,
            unit_name,
            (row.problems or ["Không đọc được danh sách này."])[0]
            if row.state is ImportState.FAILED
            else "",
        )
        for row, unit_name in db.session.execute(
            select(RosterImport, Unit.name)
            .join(Unit, RosterImport.unit_id == Unit.id)
            .where(
                RosterImport.id.in_(of_imports), within(scope, RosterImport.unit_path)
            )
        )
    }
    units = dict(
        iter(
            db.session.execute(
                select(Unit.id, Unit.name).where(
                    Unit.id.in_({job.unit_id for job in jobs})
                )
            )
        )
    )
    found = {}
    for job in jobs:
        known = imports.get(job.subject_id) if job.kind.startswith("import.") else None
        name = f"Lô in {job.subject_id}" if job.kind == "print.render" else ""
        found[job.id] = known or Subject(name, units.get(job.unit_id, ""))
    return found


def standing_still(*, queued_before: datetime, silent_since: datetime) -> list[int]:
    """List jobs that nobody took, and running ones whose runner fell silent."""
    query = select(Job.id).where(
        or_(
            (Job.state == JobState.QUEUED) & (Job.created_at < queued_before),
            (Job.state == JobState.RUNNING) & (Job.alive_at < silent_since),
        )
    )
    return list(db.session.scalars(query))


def running() -> list[tuple[int, str]]:
    """List the running jobs with their runners."""
    query = select(Job.id, Job.runner).where(Job.state == JobState.RUNNING)
    return [(job_id, runner) for job_id, runner in db.session.execute(query)]


def note_life(
    session: Session,
    job_id: int,
    *,
    runner: str,
    at: datetime,
    progress: tuple[int, int, str] | None = None,
) -> bool:
    """Write the runner's sign of life; False where the job is no longer its own."""
    values: dict[str, object] = {"alive_at": at}
    if progress is not None:
        values |= dict(zip(("done", "total", "message"), progress, strict=True))
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.runner == runner, Job.state == JobState.RUNNING)
        .values(**values)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
