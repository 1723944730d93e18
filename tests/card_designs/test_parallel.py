"""Many processes give what one gives, and outlive a child that dies."""

import csv
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from card_designs import load_design
from card_designs.output import Order, print_run
from card_designs.parallel import Crew, Limits, Lost
from card_designs.roster import Row
from tests.card_designs.cards import make_card, make_photo

ORDER = Order(
    sides=("front",), dpi=300, profile="cr80", overprint=False, png=True, pdf=False
)
STANDARD = load_design("standard")


def double(task: int) -> int:
    time.sleep(0.002 * (task % 3))
    return task * 2


def die_at(fatal: int, once: Path | None, task: int) -> int:
    if task == fatal and not (once and once.exists()):
        if once:
            once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def fail(task: int) -> int:
    raise OSError(28, "đầy")


def sleep_at(slow: int, task: int) -> int:
    if task == slow:
        time.sleep(60)
    return task


def rows(count: int, *, first: int = 0) -> list[Row]:
    photo = make_photo(size=(236, 354))
    return [
        Row(n + 2, make_card(member_number=f"{n:012d}", photo=photo), ())
        for n in range(first, first + count)
    ]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_results_come_in_the_order_of_the_tasks():
    with Crew(double, workers=3) as crew:
        assert list(crew.results(range(50))) == [2 * n for n in range(50)]


def test_tasks_are_taken_only_as_far_ahead_as_needed():
    taken = []

    def source():
        for number in range(1000):
            taken.append(number)
            yield number

    with Crew(double, workers=2) as crew:
        results = crew.results(source())
        assert next(results) == 0
        assert len(taken) < 40


def test_a_child_that_dies_costs_its_task_a_second_try(tmp_path):
    with Crew(partial(die_at, 7, tmp_path / "died"), workers=2) as crew:
        assert list(crew.results(range(20))) == list(range(20))


def test_a_task_that_kills_every_child_is_lost_and_the_others_are_not():
    with Crew(partial(die_at, 7, None), workers=2) as crew:
        found = list(crew.results(range(20)))
    assert found == [Lost(7) if n == 7 else n for n in range(20)]


def test_what_the_work_raises_is_raised_to_the_caller():
    with (
        pytest.raises(OSError, match="đầy"),
        Crew(fail, workers=2) as crew,
    ):
        list(crew.results(range(5)))


def test_a_child_beyond_its_time_is_ended_and_its_task_lost():
    limits = Limits(seconds=4, memory_mb=4000)
    with Crew(partial(sleep_at, 2), workers=1, limits=limits) as crew:
        assert list(crew.results(range(4))) == [0, 1, Lost(2), 3]


def test_many_processes_write_the_same_bytes_as_one(tmp_path):
    for workers in (1, 3):
        print_run(STANDARD, rows(7), tmp_path / str(workers), ORDER, workers=workers)
    assert files(tmp_path / "1") == files(tmp_path / "3")
    assert len(files(tmp_path / "1")) == 7 + 2


def test_doubled_numbers_are_refused_by_many_processes_too(tmp_path):
    bad = Row(2, make_card(member_number=f"{5:012d}", full_name="王"), ())
    doubled = [bad, *rows(6), *rows(3)]
    for index, row in enumerate(doubled):
        object.__setattr__(row, "number", index + 2)
    accounts = [
        print_run(STANDARD, doubled, tmp_path / str(n), ORDER, workers=n)
        for n in (1, 2)
    ]
    assert accounts[0] == accounts[1]
    assert accounts[0].drawn == 6
    assert [number for number, _ in accounts[0].refused] == [2, 9, 10, 11]
    assert "dòng 3" in accounts[0].refused[1][1]


class Interrupting:
    """Rows that end in Ctrl-C."""

    def __init__(self, found):
        self.found = found

    def __iter__(self):
        yield from self.found
        raise KeyboardInterrupt


def test_after_ctrl_c_what_is_done_stays_and_resume_goes_on(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    print_run(STANDARD, rows(6), whole, ORDER)
    with pytest.raises(KeyboardInterrupt):
        print_run(STANDARD, Interrupting(rows(4)), broken, ORDER)
    assert len(list(broken.glob("*.png"))) == 4
    assert not list(broken.glob("*.part"))
    drawn = {path: path.stat().st_mtime_ns for path in broken.glob("*.png")}
    account = print_run(STANDARD, rows(6), broken, ORDER, resume=True)
    assert (account.drawn, account.resumed) == (6, 4)
    assert all(path.stat().st_mtime_ns == then for path, then in drawn.items())
    assert files(broken) == files(whole)


def test_a_spoilt_journal_costs_only_its_cards(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        print_run(STANDARD, Interrupting(rows(3)), tmp_path, ORDER)
    with (tmp_path / ".progress.csv").open("ab") as journal:
        journal.write(b"\xff\xfe,x")
    account = print_run(STANDARD, rows(3), tmp_path, ORDER, resume=True)
    assert account.drawn == 3


def test_resume_draws_again_what_is_broken_or_no_longer_the_same(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        print_run(STANDARD, Interrupting(rows(3)), tmp_path, ORDER)
    (tmp_path / f"{0:012d}-front.png").write_bytes(b"half")
    (tmp_path / f"{1:012d}-front.png").unlink()
    changed = rows(3)
    new = Row(4, make_card(member_number=f"{2:012d}", full_name="Khác"), ())
    changed[2] = new
    account = print_run(STANDARD, changed, tmp_path, ORDER, resume=True)
    assert (account.drawn, account.resumed) == (3, 0)
    print_run(STANDARD, changed, tmp_path / "new", ORDER)
    assert all(
        (tmp_path / name).read_bytes() == content
        for name, content in files(tmp_path / "new").items()
    )


@pytest.mark.parametrize(("sign", "code"), [("SIGKILL", -9), ("SIGINT", 130)])
def test_a_run_that_was_stopped_goes_on_from_where_it_was(tmp_path, sign, code):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(make_photo())
    data = tmp_path / "cards.csv"
    lines = [f"{n:012d},An,1985,CĐCS A,28/07/2026,a.jpg" for n in range(60)]
    head = "member_number,full_name,birth_date,unit_name,issue_date,photo"
    data.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    command = [sys.executable, "-m", "card_designs", "render", "--design", "standard"]
    command += ["--data", data, "--photos", photos, "--out", out, "--workers", "2"]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    while not (out / ".progress.csv").exists():
        assert run.poll() is None
        time.sleep(0.005)
    run.send_signal(signal.Signals[sign])
    _, told = run.communicate()
    assert run.returncode == code
    assert ("--resume" in told) == (code == 130)
    assert (out / "manifest.csv").exists() == (code == 130)
    ended = subprocess.run([*command, "--resume"], capture_output=True)
    assert ended.returncode == 0
    with (out / "manifest.csv").open(encoding="utf-8", newline="") as file:
        manifest = list(csv.DictReader(file))
    assert len(manifest) == 120
    names = {path.name for path in out.iterdir() if not path.name.endswith(".part")}
    assert names == {row["file"] for row in manifest} | {"manifest.csv", "refused.csv"}
