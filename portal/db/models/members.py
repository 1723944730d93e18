"""Members and their photos."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db.columns import ByteText, UtcDateTime
from portal.db.models.units import InUnit
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.collation import name_sort_key
from portal.domain.identity import mask_citizen_id
from portal.domain.membership import DuesStanding, MemberStatus, Sex
from portal.domain.text import fold, search_text


class Photo(db.Model):
    """One photo, kept by content hash: the original and its two card sizes."""

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    original_hash: Mapped[str] = mapped_column(index=True)
    card_hash: Mapped[str]
    print_hash: Mapped[str]
    width_px: Mapped[int]
    height_px: Mapped[int]
    # Fractions of the turned original: left, top, width, height.
    crop: Mapped[list[float]] = mapped_column(JSON)
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Dots per inch that the cut really has on 20 × 30 mm; none for older photos.
    dpi: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Looked at by somebody with the right: fit for a card, or why it is not.
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    refused_reason: Mapped[str] = mapped_column(default="")


class Member(InUnit, db.Model):
    """One union member, with everything that the declaration asks (P2)."""

    __tablename__ = "member"
    __table_args__ = (
        Index("ix_member_unit_path_sort_key", "unit_path", "sort_key", "id"),
        # The list of a wide scope reads ids, in the order shown, from this index
        # alone: filters and search included.
        Index(
            "ix_member_list",
            "sort_key",
            "id",
            "unit_path",
            "status",
            "dues_standing",
            "photo_id",
            "member_number",
            "search_text",
        ),
        # The counts beside the list's filters: each reads only what it counts.
        Index("ix_member_status_unit_path", "status", "unit_path"),
        Index("ix_member_dues_standing_unit_path", "dues_standing", "unit_path"),
        Index("ix_member_photo_id", "photo_id", "unit_path", "status"),
        # Who was born on the days of a list's rows, to find people entered twice.
        Index("ix_member_birth_date", "birth_date", "unit_path"),
        # How many members the units of a tree have, and how many with a number.
        Index("ix_member_headcount", "unit_path", "status", "member_number"),
        # The same identity number twice is the same person twice.
        Index(
            "uq_member_citizen_id",
            "citizen_id",
            unique=True,
            sqlite_where=text("citizen_id <> ''"),
            postgresql_where=text("citizen_id <> ''"),
        ),
        Index(
            "uq_member_member_number",
            "member_number",
            unique=True,
            sqlite_where=text("member_number IS NOT NULL"),
            postgresql_where=text("member_number IS NOT NULL"),
        ),
        CheckConstraint(
            "citizen_id = '' OR length(citizen_id) = 12", name="citizen_id_12"
        ),
        CheckConstraint(
            "member_number IS NULL OR length(member_number) = 12",
            name="member_number_12",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)

    full_name: Mapped[str]
    birth_date: Mapped[date | None]
    # Old papers often state the year alone; the date is then its first of January.
    birth_year_only: Mapped[bool] = mapped_column(default=False)
    sex: Mapped[Sex | None]
    citizen_id: Mapped[str] = mapped_column(default="")
    id_card_number: Mapped[str] = mapped_column(default="", index=True)
    passport_number: Mapped[str] = mapped_column(default="", index=True)
    nationality: Mapped[str] = mapped_column(default="")
    id_issued_on: Mapped[date | None]
    id_issued_at: Mapped[str] = mapped_column(default="")
    native_place: Mapped[str] = mapped_column(default="")
    ethnicity: Mapped[str] = mapped_column(default="")
    religion: Mapped[str] = mapped_column(default="")
    party_member: Mapped[bool | None]
    permanent_address: Mapped[str] = mapped_column(default="")
    current_address: Mapped[str] = mapped_column(default="")
    education_level: Mapped[str] = mapped_column(default="")
    qualification: Mapped[str] = mapped_column(default="")
    political_theory: Mapped[str] = mapped_column(default="")
    occupation: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
    union_title: Mapped[str] = mapped_column(default="")
    joined_union_on: Mapped[date | None]
    joined_union_at: Mapped[str] = mapped_column(default="")
    old_card_number: Mapped[str] = mapped_column(default="")
    division_name: Mapped[str] = mapped_column(default="")
    group_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="", index=True)
    email: Mapped[str] = mapped_column(default="")
    # The wish on the declaration; the request holds what is really asked for.
    card_kind: Mapped[CardKind | None]
    bank_account: Mapped[str] = mapped_column(default="")
    bank_branch: Mapped[str] = mapped_column(default="")
    salary_via_vietinbank: Mapped[bool] = mapped_column(default=False)
    full_time_official: Mapped[bool] = mapped_column(default=False)
    union_staff: Mapped[bool] = mapped_column(default=False)

    status: Mapped[MemberStatus] = mapped_column(default=MemberStatus.ACTIVE)
    dues_standing: Mapped[DuesStanding] = mapped_column(default=DuesStanding.UNKNOWN)
    member_number: Mapped[str | None]
    number_is_provisional: Mapped[bool] = mapped_column(default=False)
    vpoint_code: Mapped[str | None] = mapped_column(unique=True)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))

    # Made from the fields above at each write, by ``derive`` below.
    folded_name: Mapped[str] = mapped_column(index=True)
    search_text: Mapped[str]
    sort_key: Mapped[str] = mapped_column(ByteText)

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    photo: Mapped[Photo | None] = relationship()

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


def derive(member: Member) -> None:
    """Make the columns that finding and sorting use from the ones people fill.

    Of an identity number only what its mask shows is found by part: who searches
    digit by digit must not learn the rest. ``queries.members`` finds it whole.
    """
    member.folded_name = fold(member.full_name)
    member.sort_key = name_sort_key(member.full_name)
    member.search_text = search_text(
        member.full_name,
        mask_citizen_id(member.citizen_id or ""),
        mask_citizen_id(member.id_card_number or ""),
        mask_citizen_id(member.passport_number or ""),
        member.phone,
        member.member_number,
        member.old_card_number,
    )


@event.listens_for(Member, "before_insert")
@event.listens_for(Member, "before_update")
def _derive(_mapper: object, _connection: object, member: Member) -> None:
    derive(member)
