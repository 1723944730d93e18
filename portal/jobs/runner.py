"""Run one job: claim its row, do the work, close the row, whatever happens."""

import logging
import threading
import time

from flask import current_app

from portal.db.models import Job
from portal.db.models.jobs import JobState
from portal.domain.errors import DomainError
from portal.domain.faults import refusal_for
from portal.jobs.handlers import HANDLERS
from portal.services import jobs
from portal.services.progress import Cancelled

log = logging.getLogger(__name__)

_WRITE_EVERY_SECONDS = 0.7
_BREATHE_EVERY_SECONDS = 20


class Lost(Exception):
    """Another runner has taken the job over: this one must stop at once."""


class RowProgress:
    """Progress that is written to the job's row, not more often than people look."""

    def __init__(self, job_id: int, runner: str) -> None:
        self._job_id = job_id
        self._runner = runner
        self._written = 0.0

    def report(self, done: int, total: int, message: str = "") -> None:
        """Write where the work stands; raises Cancelled or Lost."""
        now = time.monotonic()
        if done < total and now - self._written < _WRITE_EVERY_SECONDS:
            return
        self._written = now
        ours, stop = jobs.breathe(
            self._job_id, runner=self._runner, progress=(done, total, message)
        )
        if not ours:
            raise Lost
        if stop:
            raise Cancelled


def run_job(job_id: int) -> None:
    """Do a job's work if it is free; a job that somebody else does is left alone."""
    runner = jobs.this_runner()
    job = jobs.claim(job_id, runner=runner)
    if job is None:
        return
    with _Breath(job_id, runner):
        state, error = _do(job, runner)
    if state is not None:
        jobs.finish(job_id, runner=runner, state=state, error=error)


def _do(job: Job, runner: str) -> tuple[JobState | None, str]:
    try:
        HANDLERS[job.kind](
            job.subject_id,
            by=jobs.actor_behind(job),
            progress=RowProgress(job.id, runner),
        )
    except Lost:
        return None, ""
    except Cancelled:
        return JobState.CANCELLED, ""
    except DomainError as error:
        lines = [error.text, *(str(problem) for problem in error.problems)]
        return JobState.FAILED, "\n".join(lines)
    except Exception as error:
        # The type and place alone: a message may carry personal data into the log.
        log.error("job %s (%s): %s", job.id, job.kind, type(error).__name__)
        log.debug("job %s", job.id, exc_info=True)
        return JobState.FAILED, _words_for(error)
    return JobState.DONE, ""


def _words_for(error: Exception) -> str:
    refusal = refusal_for(error)
    if refusal is not None:
        return refusal.text
    return (
        "Hệ thống gặp lỗi ngoài dự kiến; phần đã làm không mất."
        f" Bấm “Chạy lại”, hoặc báo người quản trị (mã lỗi {type(error).__name__})."
    )


class _Breath:
    """A thread that writes the sign of life while a long step reports nothing."""

    def __init__(self, job_id: int, runner: str) -> None:
        self._job_id, self._runner = job_id, runner
        self._over = threading.Event()
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._breathe, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _breathe(self) -> None:
        while not self._over.wait(_BREATHE_EVERY_SECONDS):
            with self._app.app_context():
                try:
                    jobs.breathe(self._job_id, runner=self._runner)
                except Exception:  # the database is busy: the next breath will do
                    log.warning("job %s could not note its life", self._job_id)
