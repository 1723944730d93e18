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
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    ABORTED = "aborted"
    FAILED = "failed"


class RowState(StrEnum):
    """What accepting a row would do; every row in has exactly one."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    ERROR = "error"


class RowChoice(StrEnum):
    """What the officer wants done with a row; TAKE until they say otherwise.

    FILL writes only where the record is empty. SAME_PERSON and OTHER_PERSON answer
    the question whether a row is a member who looks like them.
    """

    TAKE = "take"
    FILL = "fill"
    SKIP = "skip"
    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"


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
    # {"sheet", "header", "field"} of each column read; field is "" where unused.
    columns: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # Columns, [sheet, header], that the officer said are in no old font.
    as_typed: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    # Cells mended by hand, kept while the file is read anew:
    # [sheet, row number, {field: text}].
    mends: Mapped[list[Any]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    evaluated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class ImportRow(db.Model):
    """One row of the roster as read, cleaned, judged and mended."""

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
    choice: Mapped[RowChoice] = mapped_column(default=RowChoice.TAKE)
    # Field → the cell as it came, for each cell that was mended by hand.
    mended: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # What accepting overwrote: field → what stood there, "photo_id" among them.
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
    # Positions of the rows that it may belong to, where a rule found several.
    candidates: Mapped[list[int]] = mapped_column(JSON, default=list)


class RosterColumn(InUnit, db.Model):
    """What a unit calls a column of its lists, as an officer once said."""

    __tablename__ = "roster_column"
    __table_args__ = (UniqueConstraint("unit_id", "header_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    header_key: Mapped[str]
    header: Mapped[str]
    # The member's field, "" for a column that is left unread.
    field: Mapped[str]
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
