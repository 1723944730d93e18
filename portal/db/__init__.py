"""The only home of SQLAlchemy: models, sessions, scoped queries, migrations."""
