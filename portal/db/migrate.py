"""Bring the database to the tables that this version of the portal knows."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade as run_downgrade
from flask_migrate import upgrade as run_upgrade

from portal.db.session import db
from portal.domain.errors import DomainError


def upgrade() -> None:
    """Apply what is missing; nothing is done where nothing is.

    Raises DomainError where the database is newer than the program.
    """
    heads, current = _heads(), _current()
    if current == heads:
        return
    known = {script.revision for script in _scripts().walk_revisions()}
    if not current <= known:
        raise DomainError(
            "Cơ sở dữ liệu đã được bản phần mềm mới hơn nâng cấp. Hãy cập nhật phần"
            " mềm rồi chạy lại; dữ liệu còn nguyên."
        )
    run_upgrade()
    db.session.remove()


def is_current() -> bool:
    """Say whether the database has the tables of this version."""
    return _current() == _heads()


def is_untouched() -> bool:
    """Say whether no version of the portal ever wrote to the database."""
    return not _current()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)


def _heads() -> set[str]:
    return set(_scripts().get_heads())


def _current() -> set[str]:
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def remove_everything() -> None:
    """Drop every table with its data; the demo's own way out."""
    db.session.remove()
    run_downgrade(revision="base")
    db.session.remove()
    db.engine.dispose()
