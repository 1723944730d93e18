"""The app on a fresh database, a client, and signing in as one of the cast."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from portal.access.actor import Actor
from portal.db.session import db
from portal.factory import create_app
from portal.services import passwords
from tests.cast import Cast, build_cast
from tests.make import make_session

# CI sets this: what the machine lacks is then a failure, not a skipped test.
REQUIRE_ALL = os.environ.get("PORTAL_REQUIRE_ALL") == "1"


def missing(what: str) -> None:
    """Skip a test for want of a program, or fail it where nothing may lack."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is missing, and PORTAL_REQUIRE_ALL=1")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords at the least cost, and give the hasher that the portal runs."""
    real = passwords._HASHER
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real
    passwords._HASHER = real


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty database once; each test gets a copy of the file."""
    instance = tmp_path_factory.mktemp("template")
    app = create_app({"PORTAL_INSTANCE": str(instance), "TESTING": True})
    with app.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
        db.engine.dispose()
    return instance / "portal.sqlite3"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Give the address of an empty database; tests/db and tests/services add PG."""
    shutil.copy(sqlite_template, tmp_path / "portal.sqlite3")
    return f"sqlite:///{tmp_path / 'portal.sqlite3'}"


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """Give the app with an instance folder and a database of its own."""
    app = create_app(
        {
            "PORTAL_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
        }
    )
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Give the fixed tree with its officers (see tests/cast.py)."""
    with app.app_context():
        return build_cast()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser that nobody has signed in with, over https."""
    return new_client(app)


@pytest.fixture
def client_of(app: Flask) -> Callable[[Actor], FlaskClient]:
    """Give a function that signs an actor in and gives their browser."""

    def sign_in(actor: Actor) -> FlaskClient:
        token = secrets.token_urlsafe(32)
        with app.app_context():
            make_session(actor, token=token)
        browser = new_client(app)
        with browser.session_transaction(base_url=ADDRESS) as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return browser

    return sign_in


ADDRESS = "https://localhost"


def new_client(app: Flask) -> FlaskClient:
    """Give a browser that speaks https, as the cookie demands."""
    app.config["PREFERRED_URL_SCHEME"] = "https"
    return app.test_client()
