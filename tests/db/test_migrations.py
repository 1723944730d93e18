"""The migrations make the very tables that the models speak of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from portal.db.migrate import is_current, upgrade
from portal.db.session import db
from portal.domain.errors import DomainError
from portal.factory import create_app
from tests.postgres import new_database


@pytest.fixture
def empty(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str
) -> Iterator[Flask]:
    """Stand in an app whose database, of each kind in turn, has no tables."""
    url = ""
    if not database_url.startswith("sqlite"):
        address, _template = request.getfixturevalue("postgres")
        url = new_database(address)
    (tmp_path / "empty").mkdir()
    app = create_app({"PORTAL_INSTANCE": str(tmp_path / "empty"), "DATABASE_URL": url})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_migrated_database_has_the_tables_of_the_models(empty: Flask) -> None:
    upgrade()

    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, db.metadata) == []
    assert is_current()


def test_migrating_twice_changes_nothing(empty: Flask) -> None:
    upgrade()
    upgrade()

    assert is_current()


def test_the_first_migration_can_be_taken_back(empty: Flask) -> None:
    upgrade()
    db.session.remove()
    downgrade(revision="base")
    upgrade()

    assert "member" in inspect(db.engine).get_table_names()


def test_a_database_of_a_newer_program_is_left_alone(empty: Flask) -> None:
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DomainError, match="mới hơn"):
        upgrade()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"]
)
def test_a_migrated_audit_table_takes_no_change(empty: Flask, statement: str) -> None:
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entry (at, officer_name, officer_unit, action,"
                " subject, subject_id, unit_path, detail, previous_hash, hash)"
                " VALUES (CURRENT_TIMESTAMP, '', '', 'a', 's', 1, '1.', '{}', '', 'h')"
            )
        )

    with (
        pytest.raises(DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(statement))
