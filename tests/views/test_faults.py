"""A busy or broken database: who reads goes on reading, who writes is told why."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import select, update

from portal.access.actor import Actor
from portal.db import session as db_session
from portal.db.models import SignInSession
from portal.db.session import db, transaction
from portal.domain import clock
from tests.cast import Cast

Fault = Callable[[Path], AbstractContextManager[None]]

NEW_MEMBER = {
    "full_name": "Trần Thị Hoà",
    "birth_date": "6/5/1988",
    "sex": "female",
    "citizen_id": "058 188 000 123",
    "unit": "a1",
    "card_kind": "standard",
}

A_WHILE = timedelta(minutes=10)


@pytest.fixture
def browser(
    app: Flask, cast: Cast, client_of: Callable[[Actor], FlaskClient]
) -> FlaskClient:
    """Give the browser of an officer who was last seen a while ago."""
    browser = client_of(cast.actor("a1"))
    # As the server does: an error that a handler raises becomes a bare 500.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context(), transaction() as session:
        long_ago = clock.now() - A_WHILE
        session.execute(update(SignInSession).values(last_seen_at=long_ago))
    return browser


@contextmanager
def a_long_writer(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@contextmanager
def a_full_disk(_folder: Path) -> Iterator[None]:
    """Let no file of this process grow, as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("fault", [a_long_writer, a_full_disk])
def test_who_reads_needs_no_write(
    fault: Fault, browser: FlaskClient, tmp_path: Path
) -> None:
    with fault(tmp_path):
        answer = browser.get("/doan-vien")

    assert answer.status_code == 200
    assert "Chưa có đoàn viên nào" in answer.text


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (a_long_writer, 503, "Có người khác đang ghi dữ liệu lớn."),
        (a_full_disk, 507, "Máy chủ không ghi được lên ổ đĩa"),
    ],
)
def test_who_writes_is_told_why_not(
    fault: Fault,
    status: int,
    sentence: str,
    app: Flask,
    browser: FlaskClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(db_session, "_PATIENCE_MS", 300)
    with app.app_context():
        db.engine.dispose()
        db.engine.connect().close()

    with fault(tmp_path):
        answer = browser.post("/doan-vien/them", data=NEW_MEMBER)

    assert (answer.status_code, sentence in answer.text) == (status, True)


def test_the_seen_time_is_written_when_nobody_else_writes(
    app: Flask, browser: FlaskClient
) -> None:
    browser.get("/doan-vien")

    with app.app_context():
        (seen,) = db.session.scalars(select(SignInSession.last_seen_at))
    assert clock.now() - seen < A_WHILE / 2


def test_a_database_out_of_reach_is_told_in_a_sentence(
    app: Flask, browser: FlaskClient, tmp_path: Path
) -> None:
    with app.app_context():
        db.engine.dispose()
    (tmp_path / "portal.sqlite3").write_bytes(b"not a database at all" * 500)

    answer = browser.get("/doan-vien")

    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.text
    assert "Internal Server Error" not in answer.text
