"""Job rows: claimed once, taken over from the dead, stopped and run again."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role
from portal.db.models import Job, RosterImport
from portal.db.models.intake import ImportState
from portal.db.models.jobs import JobState
from portal.db.queries import jobs as jobs_q
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.errors import Conflict, NotAllowed, NotFound
from portal.jobs import handlers, runner
from portal.services import jobs, officers, posts
from tests.cast import Cast


def make_job(
    cast: Cast, unit: str = "a1", *, kind: str = "import.accept", **values: object
) -> Job:
    by = cast.actor(unit)
    with transaction() as session:
        job = jobs.enqueue(
            session,
            kind,
            subject_id=1,
            by=by,
            unit_id=by.unit_id,
            unit_path=by.unit_path,
        )
        for name, value in values.items():
            setattr(job, name, value)
    return job


def state_of(job: Job) -> JobState:
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True).state


def dead_runner() -> str:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return jobs.this_runner().rpartition(":")[0] + f":{process.pid}"


def test_the_newest_job_on_a_subject_is_sought_in_the_units_below_alone(
    cast: Cast,
) -> None:
    """Subjects of one number exist everywhere: an import 1, a batch 1."""
    own = make_job(cast, "a1")
    make_job(cast, "b1")
    for root, found in (("a1", own.id), ("upper_a", own.id), ("a2", None)):
        scope = cast.actor(root).scope
        job = jobs_q.latest_of("import.accept", 1, scope=scope)
        assert (job.id if job else None) == found


def test_a_job_is_known_by_its_file_and_a_list_that_failed_says_so(cast: Cast) -> None:
    """The work was done; the list was not readable, and whoever sent it must know."""
    by = cast.actor("a1")
    with transaction() as session:
        received = RosterImport(
            unit_id=by.unit_id,
            unit_path=by.unit_path,
            file_name="thu-moi.xlsx",
            file_hash="0" * 64,
            state=ImportState.FAILED,
            problems=["Không thấy dòng tiêu đề."],
            created_at=clock.now(),
            created_by_id=by.officer_id,
        )
        session.add(received)
    import_id = received.id
    work = make_job(
        cast, kind="import.evaluate", subject_id=import_id, state=JobState.DONE
    )
    told = jobs_q.subjects([work], scope=by.scope)[work.id]
    assert told == jobs_q.Subject(
        "thu-moi.xlsx", "CĐCS May Ánh Dương", "Không thấy dòng tiêu đề."
    )
    elsewhere = jobs_q.subjects([work], scope=cast.actor("b1").scope)[work.id]
    assert elsewhere.name == elsewhere.refused == ""


@pytest.mark.parametrize("stop", ["account", "post"])
def test_a_job_in_the_queue_is_not_done_in_the_name_of_a_suspended_officer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    done: list[str] = []
    monkeypatch.setitem(
        handlers.HANDLERS, "import.accept", lambda *_a, by, **_kw: done.append(by.name)
    )
    job, entry = make_job(cast), cast.actor("a1")
    admin = cast.actor("upper_a", Role.ADMINISTRATOR)
    if stop == "account":
        officers.suspend(entry.officer_id, by=admin)
    else:
        posts.suspend_post(entry.post_id, by=admin)
    runner.run_job(job.id)
    assert state_of(job) is JobState.FAILED
    assert "đã bị tạm dừng" in db.session.get_one(Job, job.id).error
    assert done == []
    other = cast.actor("upper_a", Role.DATA_ENTRY)
    jobs.retry(job.id, by=other)
    runner.run_job(job.id)
    assert done == [other.name]


def test_two_runners_at_once_leave_one_winner(app: Flask, cast: Cast) -> None:
    job = make_job(cast)
    won: list[str] = []

    def claim(name: str) -> None:
        with app.app_context():
            if jobs.claim(job.id, runner=name):
                won.append(name)

    threads = [threading.Thread(target=claim, args=(f"m:{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_a_job_of_a_living_runner_is_not_taken_over(cast: Cast) -> None:
    job = make_job(cast)
    assert jobs.claim(job.id, runner=jobs.this_runner())

    assert jobs.claim(job.id, runner="elsewhere:1") is None
    assert jobs.to_wake() == []


def test_a_job_of_a_dead_process_is_taken_over(cast: Cast) -> None:
    job = make_job(cast)
    assert jobs.claim(job.id, runner=dead_runner())

    assert jobs.to_wake() == [job.id]
    assert jobs.claim(job.id, runner=jobs.this_runner())


def test_a_runner_on_another_machine_is_dead_after_its_silence(cast: Cast) -> None:
    job = make_job(cast)
    assert jobs.claim(job.id, runner="other-machine:1")
    assert jobs.to_wake() == []
    with transaction() as session:
        session.get_one(Job, job.id).alive_at = clock.now() - timedelta(minutes=5)

    assert jobs.to_wake() == [job.id]


def test_a_job_that_kills_its_worker_is_given_up_after_three_times(cast: Cast) -> None:
    job = make_job(cast)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.claim(job.id, runner=dead_runner())

    assert jobs.claim(job.id, runner=jobs.this_runner()) is None
    assert state_of(job) is JobState.FAILED


def test_a_runner_that_lost_its_job_cannot_close_it(cast: Cast) -> None:
    job = make_job(cast)
    jobs.claim(job.id, runner=dead_runner())
    jobs.claim(job.id, runner=jobs.this_runner())

    jobs.finish(job.id, runner="m:1", state=JobState.FAILED)

    assert state_of(job) is JobState.RUNNING
    assert jobs.breathe(job.id, runner="m:1")[0] is False


def test_a_refusal_of_the_work_is_kept_as_its_sentence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_subject_id: int, /, **_kw: object) -> None:
        raise Conflict("Mẫu thẻ đã thay đổi.")

    monkeypatch.setitem(handlers.HANDLERS, "import.accept", refuse)
    job = make_job(cast)

    runner.run_job(job.id)

    assert state_of(job) is JobState.FAILED
    assert db.session.get_one(Job, job.id).error == "Mẫu thẻ đã thay đổi."


def test_an_unforeseen_error_shows_no_data(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_subject_id: int, /, **_kw: object) -> None:
        raise ValueError("Nguyễn Văn An 058090000001")

    monkeypatch.setitem(handlers.HANDLERS, "import.accept", break_down)
    job = make_job(cast)

    runner.run_job(job.id)

    assert state_of(job) is JobState.FAILED
    assert "058090000001" not in db.session.get_one(Job, job.id).error


def test_work_stops_where_it_reports_after_cancel(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []

    def work(subject_id: int, /, **kw: object) -> None:
        for step in range(3):
            steps.append(step)
            jobs.cancel(job.id, by=cast.actor("a1"))
            kw["progress"].report(3, 3)  # type: ignore[attr-defined]

    monkeypatch.setitem(handlers.HANDLERS, "import.accept", work)
    job = make_job(cast)

    runner.run_job(job.id)

    assert steps == [0]
    assert state_of(job) is JobState.CANCELLED


def test_a_stopped_job_runs_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handlers.HANDLERS, "import.accept", lambda *_a, **_k: None)
    job = make_job(cast)
    jobs.cancel(job.id, by=cast.actor("a1"))
    assert state_of(job) is JobState.CANCELLED

    jobs.retry(job.id, by=cast.actor("a1"))
    runner.run_job(job.id)

    assert state_of(job) is JobState.DONE


def test_a_finished_job_can_neither_stop_nor_run_again(cast: Cast) -> None:
    job = make_job(cast, state=JobState.DONE)

    with pytest.raises(Conflict):
        jobs.cancel(job.id, by=cast.actor("a1"))
    with pytest.raises(Conflict):
        jobs.retry(job.id, by=cast.actor("a1"))


def test_a_job_of_another_unit_does_not_exist(cast: Cast) -> None:
    job = make_job(cast, unit="a1")

    for act in (jobs.cancel, jobs.retry):
        with pytest.raises(NotFound):
            act(job.id, by=cast.actor("b1"))
    with pytest.raises(NotFound):
        jobs_q.get(job.id, scope=cast.actor("a2").scope)


def test_a_reader_may_not_stop_a_job(cast: Cast) -> None:
    job = make_job(cast)

    with pytest.raises(NotAllowed):
        jobs.cancel(job.id, by=cast.actor("a1", Role.READ_ONLY))


@pytest.mark.parametrize(
    ("kind", "role"),
    [("import.accept", Role.APPROVER), ("print.render", Role.APPROVER)],
)
def test_seeing_a_job_is_not_the_right_to_stop_it(
    cast: Cast, kind: str, role: Role
) -> None:
    job = make_job(cast, kind=kind)

    for act in (jobs.cancel, jobs.retry):
        with pytest.raises(NotAllowed):
            act(job.id, by=cast.actor("upper_a", role))
    assert state_of(job) is JobState.QUEUED


def test_a_job_run_again_runs_in_the_name_of_who_asked(cast: Cast) -> None:
    job = make_job(cast)
    jobs.cancel(job.id, by=cast.actor("a1"))

    jobs.retry(job.id, by=cast.actor("upper_a"))

    db.session.rollback()
    again = db.session.get_one(Job, job.id, populate_existing=True)
    assert jobs.actor_behind(again) == cast.actor("upper_a")


def test_the_worker_is_woken_only_after_the_commit(app: Flask, cast: Cast) -> None:
    woken: list[int] = []
    app.extensions["wake_worker"] = woken.append

    with pytest.raises(IntegrityError):
        make_job(cast, post_id=0)
    assert woken == []

    job = make_job(cast)
    assert woken == [job.id]
