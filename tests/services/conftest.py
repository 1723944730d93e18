"""Every test here runs on both databases."""

from tests.on_both_databases import app_context, database_url, postgres

__all__ = ["app_context", "database_url", "postgres"]
