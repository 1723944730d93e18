"""The one write transaction."""

import threading
from contextlib import nullcontext

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.db.models import NumberCounter
from portal.db.session import db, transaction, write_if_possible


def test_a_transaction_inside_a_transaction_is_refused(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError), transaction():
        pass


def test_sqlite_writes_through_to_the_disk_and_holds_to_foreign_keys(
    app: Flask,
) -> None:
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW synchronous_commit")) == "on"
        return
    with db.engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "journal_mode")
        }
    # 2 is FULL: a commit that was told is on the disk when the power goes.
    assert read == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}


def spoil_the_counter() -> None:
    with transaction() as session:
        session.get_one(NumberCounter, 1).next_value = 99
        session.flush()
        session.add(NumberCounter(id=2, next_value=1))


def test_an_error_leaves_nothing_behind(app: Flask) -> None:
    with transaction() as session:
        session.add(NumberCounter(id=1, next_value=1))

    with pytest.raises(IntegrityError):
        spoil_the_counter()

    assert db.session.scalar(select(NumberCounter.next_value)) == 1


def test_writers_at_the_same_time_wait_for_each_other(app: Flask) -> None:
    with transaction() as session:
        session.add(NumberCounter(id=1, next_value=1))
    failures: list[BaseException] = []

    def count() -> None:
        try:
            for _ in range(10):
                with app.app_context(), transaction() as session:
                    counter = session.get_one(NumberCounter, 1)
                    counter.next_value += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert failures == []
    assert db.session.scalar(select(NumberCounter.next_value)) == 41


def test_a_transaction_forgets_what_was_read_before(app: Flask) -> None:
    with transaction() as session:
        session.add(NumberCounter(id=1, next_value=1))
    assert db.session.get_one(NumberCounter, 1).next_value == 1

    def elsewhere() -> None:
        with app.app_context(), transaction() as session:
            session.get_one(NumberCounter, 1).next_value = 7

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    with transaction() as session:
        assert session.get_one(NumberCounter, 1).next_value == 7


def test_what_nobody_would_miss_does_not_wait_for_a_writer(app: Flask) -> None:
    done: list[bool] = []

    def note() -> None:
        with app.app_context():
            done.append(write_if_possible(lambda session: None))

    for holds in (True, False):
        with transaction() if holds else nullcontext():
            thread = threading.Thread(target=note)
            thread.start()
            thread.join(timeout=5)
    assert done == [False, True]
