"""Kill the worker at many random moments of reading and accepting a list.

``python -m tests.services.kill_often 100`` kills it a hundred times, at moments and
not at steps, and says what was lost or doubled. The tests kill it a few times.
"""

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from flask import Flask

from portal.access.actor import Actor
from portal.config import PROJECT
from portal.db.migrate import upgrade
from portal.db.models import AuditEntry, ImportRow, Member, Photo
from portal.db.models.intake import ImportState
from portal.db.queries import audit as audit_q
from portal.db.queries import intake as intake_q
from portal.db.session import db
from portal.factory import create_app
from portal.services import intake
from portal.services.progress import Unwatched
from tests import packages
from tests.cast import build_cast

ROWS, PHOTOS = 150, 6
WORKER = """
import sys
from portal.factory import create_app
from portal.services import intake, jobs
from portal.services.progress import Unwatched
from portal.db.models import Job, RosterImport
from portal.db.session import db

app = create_app()
with app.app_context():
    owner = db.session.get_one(RosterImport, int(sys.argv[2])).created_by_id
    by = jobs.actor_behind(Job(post_id=int(sys.argv[3]), created_by_id=owner))
    print("ready", flush=True)
    getattr(intake, sys.argv[1])(int(sys.argv[2]), by=by, progress=Unwatched())
print("over", flush=True)
"""


@dataclass
class Tally:
    """How the kills went: those that hit the work, and what was wrong after it."""

    kills: int = 0
    in_the_work: int = 0
    faults: int = 0


def kill_once(
    work: str, import_id: int, after_s: float, *, by: Actor, app: Flask
) -> bool:
    """Start the work in a process, kill it after a while; say whether it was at it."""
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
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
        time.sleep(after_s)
        worker.send_signal(signal.SIGKILL)
        return worker.stdout.read() == ""


def one_list(
    serial: int,
    dice: random.Random,
    tally: Tally,
    *,
    by: Actor,
    app: Flask,
    most_s: float,
) -> None:
    """Bring one list, killing its worker while it reads and while it writes."""
    first = 1 + serial * 1_000
    rows = [
        packages.person(n, photo=f"{n}.jpg" if n < first + PHOTOS else "")
        for n in range(first, first + ROWS)
    ]
    photos = {f"{n}.jpg": packages.photo(n) for n in range(first, first + PHOTOS)}
    data = packages.package(packages.workbook(rows), photos)
    before = db.session.query(Member).count()
    received = intake.receive(
        io.BytesIO(data),
        file_name="a.zip",
        unit_id=by.unit_id,
        by=by,
        in_background=False,
    )
    for work in ("evaluate", "accept"):
        if work == "accept":
            found = intake_q.get(received.id, scope=by.scope)
            intake.begin_accept(
                found.id, version=found.version, by=by, in_background=False
            )
        hit = kill_once(work, received.id, dice.uniform(0, most_s), by=by, app=app)
        tally.kills += 1
        tally.in_the_work += hit
        getattr(intake, work)(received.id, by=by, progress=Unwatched())
    found = intake_q.get(received.id, scope=by.scope)
    stored = db.session.query(ImportRow).filter_by(import_id=received.id).count()
    members = db.session.query(Member).count() - before
    made = db.session.query(AuditEntry).filter_by(action="member.create").count()
    right = (
        found.state is ImportState.ACCEPTED
        and stored == ROWS
        and members == ROWS
        and made == before + ROWS
        and db.session.query(Photo).count() == (serial + 1) * PHOTOS
        and not list(audit_q.broken_links())
    )
    tally.faults += not right


def main() -> int:
    """Kill so many times, in a database of its own; 0 where nothing went wrong."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    dice, tally = random.Random(85), Tally()
    with tempfile.TemporaryDirectory(prefix="portal-kills-") as folder:
        app = create_app({"PORTAL_INSTANCE": folder, "DATABASE_URL": ""})
        with app.app_context():
            upgrade()
            by = build_cast().actor("a1")
            for serial in range(wanted // 2):
                one_list(serial, dice, tally, by=by, app=app, most_s=1.5)
    print(
        f"{tally.kills} kills, {tally.in_the_work} in the middle of the work;"
        f" {tally.faults} lists with rows lost or doubled"
    )
    return int(bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
