"""Campaigns, rosters, card requests, numbers, print batches, bank lists."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db.columns import UtcDateTime
from portal.db.models.members import Member
from portal.db.models.units import InUnit
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import Move, State


class Campaign(InUnit, db.Model):
    """A round of renewal, announced by a unit for all units below it."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    card_kinds: Mapped[list[str]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class Roster(InUnit, db.Model):
    """The list of one grassroots union in one campaign; it may be sent again."""

    __tablename__ = "roster"
    __table_args__ = (UniqueConstraint("campaign_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship()
    requests: Mapped[list["CardRequest"]] = relationship(back_populates="roster")


class CardRequest(InUnit, db.Model):
    """One member's request for one card."""

    __tablename__ = "card_request"
    __table_args__ = (
        Index("ix_card_request_unit_path_state", "unit_path", "state"),
        UniqueConstraint("campaign_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[CardKind]
    state: Mapped[State] = mapped_column(default=State.DECLARED, index=True)
    # Why it was returned or rejected; emptied by the next submission.
    reason: Mapped[str] = mapped_column(default="")
    # The name that the card bears stays as it was when the number was given.
    unit_name_on_card: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank_export_id: Mapped[int | None] = mapped_column(
        ForeignKey("bank_export.id"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    campaign: Mapped[Campaign] = relationship()
    roster: Mapped[Roster] = relationship(back_populates="requests")
    member: Mapped[Member] = relationship()
    events: Mapped[list["RequestEvent"]] = relationship(order_by="RequestEvent.id")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class RequestEvent(db.Model):
    """One move of a request: the history that resubmission keeps."""

    __tablename__ = "request_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("card_request.id"), index=True)
    move: Mapped[Move]
    from_state: Mapped[State]
    to_state: Mapped[State]
    reason: Mapped[str] = mapped_column(default="")
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    officer_name: Mapped[str]
    unit_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NumberCounter(db.Model):
    """The next number to allot: one row, taken inside the approval."""

    __tablename__ = "number_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    # Twelve digits do not fit the 32 bits of PostgreSQL's integer.
    next_value: Mapped[int] = mapped_column(BigInteger)


class ReservedNumber(db.Model):
    """A number that was ever given, kept for ever so that none is given twice."""

    __tablename__ = "reserved_number"

    number: Mapped[str] = mapped_column(primary_key=True)
    # No cascade: the tombstone outlives an anonymised member.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("card_request.id"))
    source: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BatchState(StrEnum):
    """Where a print batch stands."""

    WAITING = "waiting"
    RENDERED = "rendered"
    DOWNLOADED = "downloaded"
    FAILED = "failed"


class PrintCardState(StrEnum):
    """Where one card of a batch stands."""

    PENDING = "pending"
    DRAWN = "drawn"
    REFUSED = "refused"


class PrintBatch(InUnit, db.Model):
    """A set of standard cards to print, with the design and profile it pins."""

    __tablename__ = "print_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    # A built-in design, or the name that the pinned version bore.
    design: Mapped[str]
    design_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("design_version.id"), index=True
    )
    design_hash: Mapped[str]
    profile: Mapped[str]
    dpi: Mapped[int]
    sides: Mapped[list[str]] = mapped_column(JSON)
    overprint: Mapped[bool]
    state: Mapped[BatchState] = mapped_column(default=BatchState.WAITING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    rendered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When somebody who had read the warnings said to print all the same.
    warnings_accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    cards: Mapped[list["PrintCard"]] = relationship(
        back_populates="batch", order_by="PrintCard.position"
    )
    files: Mapped[list["BatchFile"]] = relationship(order_by="BatchFile.id")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class PrintCard(db.Model):
    """One card of a batch; a request stands in one batch at a time."""

    __tablename__ = "print_card"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        Index(
            "uq_print_card_request_id_live",
            "request_id",
            unique=True,
            sqlite_where=text("state <> 'refused'"),
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("print_batch.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("card_request.id"), index=True)
    position: Mapped[int]
    state: Mapped[PrintCardState] = mapped_column(default=PrintCardState.PENDING)
    reason: Mapped[str] = mapped_column(default="")
    # What the print gate doubts about a drawn card.
    warnings: Mapped[str] = mapped_column(default="")
    # The values drawn, so that the card can be drawn the same again.
    card: Mapped[dict[str, Any]] = mapped_column(JSON)
    # side → content hash of its PNG.
    images: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    batch: Mapped[PrintBatch] = relationship(back_populates="cards")
    request: Mapped[CardRequest] = relationship()


class BatchFile(db.Model):
    """One file made for a batch: images as zip, PDF, manifest."""

    __tablename__ = "batch_file"
    __table_args__ = (UniqueConstraint("batch_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("print_batch.id"))
    name: Mapped[str]
    content_hash: Mapped[str]
    size_bytes: Mapped[int]


class BankExport(InUnit, db.Model):
    """One list of linked requests handed to the bank."""

    __tablename__ = "bank_export"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    content_hash: Mapped[str]
    rows: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
