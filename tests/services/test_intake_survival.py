"""Imports outlive a killed worker and a full disk: nothing lost, nothing doubled."""

import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.config import PROJECT
from portal.db.models import ImportPhoto, ImportRow, Member, Photo, RosterImport
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.session import db
from portal.files.storage import StorageFull
from portal.services import intake, stores
from portal.services.progress import Unwatched
from tests import packages
from tests.cast import build_cast
from tests.packages import package, person, workbook

# What a worker does, telling each step aloud so that it can be killed at one.
WORKER = """
import sys
from portal.factory import create_app
from portal.services import intake, jobs
from portal.db.models import Job, RosterImport
from portal.db.session import db

class Aloud:
    def report(self, done, total, message=""):
        print(done, flush=True)

work, import_id, post_id = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
app = create_app()
with app.app_context():
    owner = db.session.get_one(RosterImport, import_id).created_by_id
    by = jobs.actor_behind(Job(post_id=post_id, created_by_id=owner))
    small = {} if work == "evaluate" else {"chunk": 50}
    getattr(intake, work)(import_id, by=by, progress=Aloud(), **small)
print("over", flush=True)
"""


@pytest.fixture
def clerk(app: Flask) -> Actor:
    """Give the data entry officer of a1."""
    return build_cast().actor("a1")


def receive(data: bytes, clerk: Actor, *, name: str = "a.zip") -> RosterImport:
    return intake.receive(
        io.BytesIO(data),
        file_name=name,
        unit_id=clerk.unit_id,
        by=clerk,
        in_background=False,
    )


def kill_at(step: int, work: str, import_id: int, *, by: Actor, app: Flask) -> None:
    """Run the work in a process of its own and kill it at a step, without warning."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "PORTAL_INSTANCE": app.config["PORTAL_INSTANCE"],
        "DATABASE_URL": app.config["DATABASE_URL"],
    }
    db.session.remove()
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, work, str(import_id), str(by.post_id)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as worker:
        said = [worker.stdout.readline() for _ in range(step)]  # type: ignore[union-attr]
        worker.send_signal(signal.SIGKILL)
    assert said[-1].strip().isdigit(), "the worker ended before it could be killed"
    assert worker.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", [1, 4, 7])
def test_a_worker_killed_while_reading_leaves_nothing_doubled(
    app: Flask, clerk: Actor, step: int
):
    rows = [person(n, photo=f"{n}.jpg" if n <= 40 else "") for n in range(1, 251)]
    photos = {f"{n}.jpg": packages.photo(n) for n in range(1, 41)}
    received = receive(package(workbook(rows), photos), clerk)
    kill_at(step, "evaluate", received.id, by=clerk, app=app)
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    found = intake_q.get(received.id, scope=clerk.scope)
    assert (found.state, found.counts["rows_in"]) == (ImportState.READY, 250)
    assert db.session.query(ImportRow).count() == 250
    assert db.session.query(ImportPhoto).count() == 40
    assert db.session.query(Photo).count() == 40


# The first step only looks whether the world has changed.
@pytest.mark.parametrize("step", [2, 4])
def test_a_worker_killed_while_writing_leaves_no_member_doubled(
    app: Flask, clerk: Actor, step: int
):
    data = workbook([person(n) for n in range(1, 251)])
    received = receive(data, clerk, name="a.xlsx")
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    found = intake_q.get(received.id, scope=clerk.scope)
    intake.begin_accept(found.id, version=found.version, by=clerk, in_background=False)
    kill_at(step, "accept", received.id, by=clerk, app=app)
    assert db.session.query(Member).count() > 0
    intake.accept(received.id, by=clerk, progress=Unwatched())
    numbers = [number for (number,) in db.session.query(Member.citizen_id)]
    assert sorted(numbers) == [packages.citizen_id(n) for n in range(1, 251)]
    found = intake_q.get(received.id, scope=clerk.scope)
    assert found.state is ImportState.ACCEPTED
    assert found.counts["accepted"]["new"] == 250


def test_a_worker_killed_while_taking_back_takes_the_rest_back(
    app: Flask, clerk: Actor
):
    received = receive(
        workbook([person(n) for n in range(1, 201)]), clerk, name="a.xlsx"
    )
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    found = intake_q.get(received.id, scope=clerk.scope)
    intake.begin_accept(found.id, version=found.version, by=clerk, in_background=False)
    intake.accept(received.id, by=clerk, progress=Unwatched())
    intake.begin_take_back(received.id, by=clerk, in_background=False)
    kill_at(2, "take_back", received.id, by=clerk, app=app)
    assert 0 < db.session.query(Member).count() < 200
    intake.take_back(received.id, by=clerk, progress=Unwatched())
    found = intake_q.get(received.id, scope=clerk.scope)
    assert found.state is ImportState.TAKEN_BACK
    assert found.counts["taken_back"] == {"rows": 200, "kept": 0}
    assert db.session.query(Member).count() == 0


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Make the system refuse to write files beyond a size, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def kept_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_full_disk_keeps_no_half_upload(clerk: Actor):
    with files_no_larger_than(100_000), pytest.raises(StorageFull, match="đã đầy"):
        receive(os.urandom(300_000), clerk)
    assert kept_files(stores.uploads().root) == []
    assert db.session.query(RosterImport).count() == 0


def test_a_disk_that_fills_up_while_reading_costs_only_time(clerk: Actor):
    rows = [person(n, photo=f"{n}.jpg") for n in range(1, 4)]
    photos = {f"{n}.jpg": packages.photo(n) for n in range(1, 4)}
    received = receive(package(workbook(rows), photos), clerk)
    # On SQLite the database is on the full disk, too, and says so itself.
    with files_no_larger_than(8_000), pytest.raises(Exception, match=r"đã đầy|disk"):
        intake.evaluate(received.id, by=clerk, progress=Unwatched())
    db.session.rollback()
    found = intake_q.get(received.id, scope=clerk.scope)
    assert found.state is ImportState.UPLOADED
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    rows_now = intake_q.rows(received.id, scope=Scope(clerk.unit_path))
    assert [row.photo_id is not None for row in rows_now] == [True] * 3
    assert not [p for p in kept_files(stores.photos().root) if ".half" in p.name]
