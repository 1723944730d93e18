"""kill -9 in the midst of an approval loses, doubles and skips no number."""

import random
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask

from portal.access.policy import Role
from portal.db.models import CardRequest, Member, NumberCounter, ReservedNumber
from portal.db.session import db
from portal.domain.renewal import State
from portal.services import approvals
from tests.cast import Cast
from tests.road import announce, eligible, registered

KILLS = 4
PROJECT = Path(__file__).resolve().parents[2]


def test_numbers_are_whole_after_kills_at_random_points(
    app: Flask, cast: Cast, tmp_path: Path, database_url: str
) -> None:
    eligible(cast, 60)
    ids = registered(cast, announce(cast))
    seeded = random.Random(85)
    for _ in range(KILLS):
        db.session.remove()
        kill_in_the_midst(tmp_path, database_url, after_s=seeded.uniform(0, 0.15))
        assert_whole()
    left = approvals.plan(by=cast.actor("tld", Role.APPROVER)).request_ids
    if left:
        approvals.approve(left, by=cast.actor("tld", Role.APPROVER))
    assert assert_whole() == len(ids)


def kill_in_the_midst(instance: Path, database: str, *, after_s: float) -> None:
    """Start an approval and end it with SIGKILL once it has begun."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.services.approving_child", instance, database],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(after_s)
        child.kill()


def assert_whole() -> int:
    """Hold approved requests, members' numbers, tombstones and counter together."""
    db.session.rollback()
    approved = db.session.query(CardRequest).filter_by(state=State.APPROVED).count()
    numbered = db.session.query(Member).filter(Member.member_number.is_not(None))
    numbers = sorted(str(member.member_number) for member in numbered)
    assert numbers == [f"{n:012d}" for n in range(1, approved + 1)]
    reserved = sorted(row.number for row in db.session.query(ReservedNumber))
    assert reserved == numbers
    counter = db.session.get(NumberCounter, 1, populate_existing=True)
    assert (counter.next_value if counter else 1) == approved + 1
    return approved
