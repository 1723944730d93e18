"""Run migrations on the app's own engine, inside one write transaction."""

from alembic import context
from flask import current_app

import portal.db.models  # noqa: F401 - fills the metadata
from portal.db.session import db


def run() -> None:
    """Migrate the database of the current app."""
    options = current_app.extensions["migrate"].configure_args
    engine = db.engine.execution_options(writes=True)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
