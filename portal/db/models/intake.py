"""One uploaded roster: its evaluated rows and photos, until it is accepted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.columns import UtcDateTime
from portal.db.models.units import InUnit
from portal.db.session import db


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    READY = "ready"
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    ABORTED = "aborted"
    FAILED = "failed"


class RowState(StrEnum):
    """What accepting a row would do; every row in has exactly one."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    ERROR = "error"


class PhotoMatch(StrEnum):
    """How a row and the photos of its package found each other."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    MISSING = "missing"


class RosterImport(InUnit, db.Model):
    """An uploaded file for one unit, evaluated by a job, accepted once."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    file_hash: Mapped[str]
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    # rows_in, one count per RowState, and photos; written by the evaluation.
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    skipped: Mapped[list[str]] = mapped_column(JSON, default=list)
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    evaluated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class ImportRow(db.Model):
    """One row of the roster as read, cleaned and judged."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        Index("ix_import_row_import_id_state", "import_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("roster_import.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    sheet: Mapped[str]
    row_number: Mapped[int]
    state: Mapped[RowState]
    # The cells as typed, and the same cleaned (dates in ISO form).
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    repairs: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    # For a changed row: field → [old, new].
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    photo_match: Mapped[PhotoMatch | None]
    photo_name: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    # The member met by identity number, and its version when the row was judged.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    member_version: Mapped[int | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportPhoto(db.Model):
    """One photo of the package: its verdict and the row it went to."""

    __tablename__ = "import_photo"
    __table_args__ = (UniqueConstraint("import_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("roster_import.id", ondelete="CASCADE")
    )
    name: Mapped[str]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    row_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_row.id", ondelete="CASCADE"), index=True
    )
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
