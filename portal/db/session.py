"""Connections and the one way to write: ``transaction()``."""

import enum
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pysqlite3.dbapi2
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Enum as EnumType
from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry

from portal.domain.errors import Conflict

# Writers on PostgreSQL queue on this advisory lock as they queue on SQLite's file
# lock: the number counter and the audit chain need one writer at a time anyway,
# and one rule for both databases is one rule to prove.
WRITER_LOCK = 8_501_985

# How long a writer waits for the one before, and one that nobody would miss.
_PATIENCE_MS = 10_000
_SMALL_PATIENCE_MS = 200

# SQLite 3.7.0–3.51.2 can corrupt a WAL database that two processes write.
SAFE_SQLITE = (3, 51, 3)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every model."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        # Short text with the enum's values: readable in SQL, extended without ALTER.
        type_annotation_map={
            enum.Enum: EnumType(
                enum.Enum,
                native_enum=False,
                length=32,
                values_callable=lambda members: [member.value for member in members],
            )
        },
    )


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False},
    disable_autonaming=True,
)


def init_database(app: Flask) -> None:
    """Bind the database to the app with the settings that keep data safe."""
    options: dict[str, Any] = {"pool_pre_ping": True}
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options = {
            "module": pysqlite3.dbapi2,
            "connect_args": {
                "timeout": _PATIENCE_MS / 1000,
                "check_same_thread": False,
            },
        }
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    # SQLAlchemy's own BEGIN must be ours, or a transaction starts as a reader.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "mmap_size=0",
        f"busy_timeout={_PATIENCE_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once with
    # "database is locked" when another one wrote meanwhile.
    options = connection.get_execution_options()
    if "patience_ms" in options:
        _begin_soon(connection, options["patience_ms"])
    else:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN"
        )


def _begin_soon(connection: Connection, patience_ms: int) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience_ms}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:  # the connection goes back to the pool
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE_MS}")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if "patience_ms" in options:
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {int(options['patience_ms'])}"
        )
    if options.get("writes", False):
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK}
        )


@contextmanager
def transaction(*, patience_ms: int | None = None) -> Iterator[Session]:
    """Open the one write transaction of a use-case; commit at its end.

    Everything read before is forgotten, so that the rule is checked against what
    is true now. Raises RuntimeError when one is already open: a use-case is one
    transaction, and shared steps take the session instead of opening their own.
    No rendering, hashing or network inside. Callables that a step leaves in
    ``session.info["after_commit"]`` run once the commit has succeeded.
    ``patience_ms`` waits for another writer no longer than that.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        msg = "transaction() inside transaction()"
        raise RuntimeError(msg)
    session.rollback()
    session.expire_all()
    options: dict[str, Any] = {"writes": True}
    if patience_ms is not None:
        options["patience_ms"] = patience_ms
    session.connection(execution_options=options)
    session.info["in_transaction"] = True
    session.info["after_commit"] = []
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False
    for call in session.info["after_commit"]:
        call()


def write_if_possible(write: Callable[[Session], None]) -> bool:
    """Write what nobody would miss; False where the database takes no write now.

    For what a mere reading notes down: a busy writer, a full or a broken disk must
    not keep anybody from reading.
    """
    try:
        with transaction(patience_ms=_SMALL_PATIENCE_MS) as session:
            write(session)
    except (OperationalError, InternalError):
        db.session.rollback()
        return False
    return True


def check_version(*, shown: int, current: int) -> None:
    """Raise Conflict where the page was drawn from an older version of the row."""
    if shown != current:
        raise Conflict(
            "Người khác vừa sửa mục này. Hãy xem lại thay đổi của họ rồi lưu lại."
        )
