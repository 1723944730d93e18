"""The queue that wakes workers: huey on SQLite, PostgreSQL or Redis."""

import logging
from pathlib import Path

from flask import Flask
from huey import SqliteHuey, crontab
from huey.api import Huey

from portal.jobs.runner import run_job
from portal.services import jobs

log = logging.getLogger(__name__)


def init_queue(app: Flask) -> Huey:
    """Bind a queue to the app: services wake it, ``python app.py worker`` serves it.

    A lost message costs nothing but time: the sweep finds the job's row.
    """
    huey = _huey(app.config["JOBS_URL"], Path(app.config["PORTAL_INSTANCE"]))

    def run(job_id: int) -> None:
        with app.app_context():
            run_job(job_id)

    task = huey.task(name="run_job")(run)

    def wake(job_id: int) -> None:
        try:
            task(job_id)
        except Exception:  # the queue's own database is full, locked or away
            log.warning("queue did not take job %s; the sweep will", job_id)

    def sweep() -> None:
        with app.app_context():
            for job_id in jobs.to_wake():
                wake(job_id)

    huey.periodic_task(crontab(minute="*"), name="sweep")(sweep)
    app.extensions["wake_worker"] = wake
    app.extensions["sweep_jobs"] = sweep
    app.extensions["huey"] = huey
    return huey


def _huey(url: str, instance: Path) -> Huey:
    if url.startswith(("postgres://", "postgresql://")):
        from huey import PostgresHuey

        return PostgresHuey("portal", dsn=url, results=False)
    if url.startswith(("redis://", "rediss://")):
        from huey import RedisHuey

        return RedisHuey("portal", url=url, results=False)
    # A rollback journal, not WAL: the interpreter's own SQLite may be one of those
    # that corrupt a WAL database with two writing processes.
    return SqliteHuey(
        "portal",
        filename=str(instance / "queue.sqlite3"),
        results=False,
        journal_mode="delete",
        timeout=10,
    )
