"""The append-only record of who did what, chained by hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, Index, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.columns import ByteText, UtcDateTime
from portal.db.session import db


class AuditEntry(db.Model):
    """One act: state change, view of masked data, export, print, download.

    ``hash`` covers the row and the hash before it. No foreign keys: the record
    outlives what it speaks of.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    officer_id: Mapped[int | None] = mapped_column(index=True)
    officer_name: Mapped[str]
    officer_unit: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    unit_path: Mapped[str] = mapped_column(ByteText, index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


# Statements that make the table append-only, also used by the migration.
APPEND_ONLY_SQLITE = tuple(
    f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb.upper()} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
    for verb in ("update", "delete")
)
APPEND_ONLY_POSTGRESQL = (
    "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
    "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
    "ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()",
)


def append_only_statements(dialect: str) -> tuple[str, ...]:
    """Give the statements that guard the table on this database."""
    return APPEND_ONLY_SQLITE if dialect == "sqlite" else APPEND_ONLY_POSTGRESQL


def _guard(_table: Table, connection: Any, **_kw: Any) -> None:
    for statement in append_only_statements(connection.dialect.name):
        connection.execute(DDL(statement.replace("%", "%%")))


event.listen(AuditEntry.__table__, "after_create", _guard)
