"""People who look alike: whom a row may be, and who was said to be two people."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.columns import UtcDateTime
from portal.db.models.units import InUnit
from portal.db.session import db
from portal.domain.likeness import Likeness


class ImportLikeness(db.Model):
    """A member whom a row of a list may be, to be looked at before it is accepted."""

    __tablename__ = "import_likeness"
    __table_args__ = (UniqueConstraint("row_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("import_row.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    how: Mapped[Likeness]


class DifferentPeople(InUnit, db.Model):
    """Somebody's decision that two who look alike are two people ("khác người").

    The keys are those of ``domain/likeness.person_keys``, the smaller one first, so
    that it holds for the same list sent again and for the members it becomes.
    """

    __tablename__ = "different_people"
    __table_args__ = (UniqueConstraint("first_key", "second_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_key: Mapped[str]
    second_key: Mapped[str] = mapped_column(index=True)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
