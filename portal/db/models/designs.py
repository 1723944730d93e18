"""Card designs of units: the draft, its edits, and what was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db.columns import UtcDateTime
from portal.db.models.units import InUnit
from portal.db.session import db
from portal.domain.card_kinds import CardKind


class CardDesign(InUnit, db.Model):
    """A design of one unit; units below it may use what it has published."""

    __tablename__ = "card_design"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[CardKind]
    # Whether units below may begin a design of their own from it.
    may_copy: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    # No batch begins with it any more; those that pinned it keep it.
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    draft: Mapped["DesignDraft"] = relationship(back_populates="design")
    versions: Mapped[list["DesignVersion"]] = relationship(
        back_populates="design", order_by="DesignVersion.number.desc()"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    @property
    def latest(self) -> "DesignVersion | None":
        """The version published last."""
        return self.versions[0] if self.versions else None


class DesignDraft(db.Model):
    """The one draft of a design: its three texts as bytes, its pictures by hash.

    ``revision`` rises with every change of whatever side: an editor that names
    another one is told who changed the draft.
    """

    __tablename__ = "design_draft"

    design_id: Mapped[int] = mapped_column(
        ForeignKey("card_design.id"), primary_key=True, autoincrement=False
    )
    settings: Mapped[bytes] = mapped_column(LargeBinary)
    front: Mapped[bytes] = mapped_column(LargeBinary)
    # Empty where the design has one side only.
    back: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    # File name → content hash.
    pictures: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    # The revision that the latest version was made of.
    published_revision: Mapped[int | None]
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    edited_by_name: Mapped[str]

    design: Mapped[CardDesign] = relationship(back_populates="draft")


class DesignEdit(db.Model):
    """One step of editing a side, with the operations that take it back."""

    __tablename__ = "design_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("card_design.id"), index=True)
    side: Mapped[str]
    # Both in the order in which they are applied.
    operations: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    inverses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    undone: Mapped[bool] = mapped_column(default=False)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DesignVersion(db.Model):
    """What was published once, and stays as it is for the batches that pin it."""

    __tablename__ = "design_version"
    __table_args__ = (UniqueConstraint("design_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("card_design.id"))
    number: Mapped[int]
    name: Mapped[str]
    kind: Mapped[CardKind]
    # File name → content hash: design.toml, front.svg, back.svg and pictures.
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    digest: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    published_by_name: Mapped[str]

    design: Mapped[CardDesign] = relationship(back_populates="versions")
