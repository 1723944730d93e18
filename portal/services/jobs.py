"""Long work as rows: begun here, done by a worker, watched and ended by people."""

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import Job
from portal.db.models.jobs import JobState
from portal.db.queries import jobs as jobs_q
from portal.db.queries import officers as officers_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, NotAllowed
from portal.services import audit

# A worker writes its sign of life every few seconds while it works.
SILENCE = timedelta(minutes=2)
_UNTAKEN = timedelta(seconds=20)

# A job that kills its worker this often is not tried again by itself.
MAX_ATTEMPTS = 3

# Whoever may see a job may not stop it: that takes the right to begin one.
JOB_RIGHTS = {
    "import.evaluate": Action.IMPORT_RUN,
    "import.accept": Action.IMPORT_RUN,
    "import.take_back": Action.IMPORT_RUN,
    "print.render": Action.PRINT_RUN,
}

JOB_LABELS = {
    "import.evaluate": "Kiểm tra danh sách nhập",
    "import.accept": "Nhận danh sách vào sổ",
    "import.take_back": "Lấy lại một lần nhập",
    "print.render": "Dựng thẻ để in",
}


def enqueue(
    session: Any,
    kind: str,
    *,
    subject_id: int,
    by: Actor,
    unit_id: int,
    unit_path: str,
    options: dict[str, Any] | None = None,
) -> Job:
    """Write the job row inside the caller's transaction; wake a worker after it.

    Once the transaction is committed the work will be done, even when the queue
    or the worker is down now: the row is the truth.
    """
    job = Job(
        kind=kind,
        subject_id=subject_id,
        unit_id=unit_id,
        unit_path=unit_path,
        options=options or {},
        created_at=clock.now(),
        created_by_id=by.officer_id,
        post_id=by.post_id,
    )
    session.add(job)
    session.flush()
    _wake_after_commit(session, job.id)
    return job


def cancel(job_id: int, *, by: Actor) -> None:
    """Ask a job to stop; what it has done stays, and it can be taken up again."""
    by.require(Action.JOB_VIEW)
    with transaction() as session:
        job = jobs_q.get(job_id, scope=by.scope)
        by.require(JOB_RIGHTS[job.kind])
        if job.state is JobState.QUEUED:
            job.state = JobState.CANCELLED
            job.finished_at = clock.now()
        elif job.state is JobState.RUNNING:
            job.cancel_asked = True
        else:
            raise Conflict("Việc này đã kết thúc, không còn gì để dừng.")
        _record(session, "job.cancel", job, by=by)


def retry(job_id: int, *, by: Actor) -> None:
    """Queue a failed or stopped job once more; it goes on where it stood.

    From then on it runs in the name of the officer who asked for it.
    """
    by.require(Action.JOB_VIEW)
    with transaction() as session:
        job = jobs_q.get(job_id, scope=by.scope)
        by.require(JOB_RIGHTS[job.kind])
        if job.state not in {JobState.FAILED, JobState.CANCELLED}:
            raise Conflict("Việc này đang chạy hoặc đã xong, không cần chạy lại.")
        job.state = JobState.QUEUED
        job.attempts = 0
        job.error = ""
        job.cancel_asked = False
        job.finished_at = None
        job.created_at = clock.now()
        job.created_by_id, job.post_id = by.officer_id, by.post_id
        _record(session, "job.retry", job, by=by)
        _wake_after_commit(session, job.id)


def this_runner() -> str:
    """Name this process so that another can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def claim(job_id: int, *, runner: str) -> Job | None:
    """Take a job that is queued, or whose runner is gone; None where it is not free.

    The transaction lets one runner win.
    """
    with transaction() as session:
        job = session.get(Job, job_id)
        if job is None or not _is_free(job):
            return None
        now = clock.now()
        if job.attempts >= MAX_ATTEMPTS:
            job.state = JobState.FAILED
            job.error = (
                f"Việc này đã dừng giữa chừng {MAX_ATTEMPTS} lần. Bấm “Chạy lại”,"
                " hoặc báo người quản trị."
            )
            job.finished_at = now
            return None
        job.state = JobState.RUNNING
        job.runner = runner
        job.attempts += 1
        job.started_at = job.started_at or now
        job.alive_at = now
    return job


def actor_behind(job: Job) -> Actor:
    """Give the officer, in the post, who began the job.

    Raises NotAllowed where they may not act in that post any more: work that waited
    in the queue is not done in the name of somebody who was stopped meanwhile.
    """
    held = officers_q.live_posts(job.created_by_id or 0, on=clock.today())
    post = next((post for post in held if post.id == job.post_id), None)
    if post is None:
        raise NotAllowed(
            "Người giao việc này đã bị tạm dừng hoặc không còn nhiệm vụ đó, nên việc"
            " không chạy. Bấm “Chạy lại” để chạy dưới tên của bạn."
        )
    return officers_q.actor_of(post)


def breathe(
    job_id: int, *, runner: str, progress: tuple[int, int, str] | None = None
) -> tuple[bool, bool]:
    """Write a sign of life; say whether the job is still ours, and is to stop."""
    with transaction() as session:
        ours = jobs_q.note_life(
            session, job_id, runner=runner, at=clock.now(), progress=progress
        )
        return ours, session.get_one(Job, job_id).cancel_asked


def finish(
    job_id: int, *, runner: str, state: JobState, error: str = "", message: str = ""
) -> None:
    """Close a job that this runner still holds."""
    with transaction() as session:
        job = session.get_one(Job, job_id)
        if job.runner != runner or job.state is not JobState.RUNNING:
            return
        job.state = state
        job.error = error
        job.message = message or job.message
        if state is JobState.DONE:
            job.done = job.total
        job.finished_at = clock.now()


def to_wake() -> list[int]:
    """List the jobs that a worker should look at: untaken, or left by a dead one."""
    now = clock.now()
    still = jobs_q.standing_still(
        queued_before=now - _UNTAKEN, silent_since=now - SILENCE
    )
    orphans = [job_id for job_id, runner in jobs_q.running() if _is_dead(runner)]
    return sorted({*still, *orphans})


def _is_free(job: Job) -> bool:
    if job.state is JobState.QUEUED:
        return True
    if job.state is not JobState.RUNNING:
        return False
    silent = job.alive_at is None or clock.now() - job.alive_at > SILENCE
    return silent or _is_dead(job.runner)


def _is_dead(runner: str) -> bool:
    host, _, pid = runner.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False  # another machine's process: only its silence tells
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _wake_after_commit(session: Any, job_id: int) -> None:
    wake: Callable[[int], None] | None = current_app.extensions.get("wake_worker")
    if wake is not None:
        session.info["after_commit"].append(lambda: wake(job_id))


def _record(session: Any, action: str, job: Job, *, by: Actor) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="job",
        subject_id=job.id,
        unit_path=job.unit_path,
        detail={"kind": job.kind, "subject_id": job.subject_id},
    )
