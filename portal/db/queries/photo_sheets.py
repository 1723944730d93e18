"""The photos of a unit as one sheet: what wants a look first, then by name."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, String, case, cast, func, or_, select
from sqlalchemy.orm import joinedload

from portal.access.scope import Scope
from portal.db.models import Member, Photo
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.membership import MemberStatus

LEAST_DPI = 300


class Only(StrEnum):
    """Which photos a sheet shows."""

    ALL = ""
    RED = "red"
    MISSING = "missing"
    WAITING = "waiting"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class SheetMember:
    """A member on the sheet; ``twice`` where another of the scope has the picture."""

    member: Member
    twice: bool


def page(
    *, scope: Scope, only: Only = Only.ALL, offset: int = 0, limit: int
) -> list[SheetMember]:
    """List active members with their photos, red ones first."""
    twice = _twice(scope)
    order = case(
        (_red(twice), 0), (Member.photo_id.is_(None), 1), (_waiting(), 2), else_=3
    )
    query = (
        select(Member, twice)
        .outerjoin(Photo, Member.photo_id == Photo.id)
        .options(joinedload(Member.photo), joinedload(Member.unit))
        .where(*_shown(scope, only, twice))
        .order_by(order, Member.sort_key, Member.id)
        .offset(offset)
        .limit(limit)
    )
    return [
        SheetMember(member, bool(same)) for member, same in db.session.execute(query)
    ]


def counts(*, scope: Scope) -> dict[Only, int]:
    """Count the members of each kind of sheet."""
    twice = _twice(scope)
    asked = {
        only: func.count(case((condition, 1)))
        for only, condition in (
            (Only.RED, _red(twice)),
            (Only.MISSING, Member.photo_id.is_(None)),
            (Only.WAITING, _waiting()),
            (Only.APPROVED, Photo.approved_at.is_not(None)),
        )
    }
    query = (
        select(func.count(Member.id), *asked.values())
        .select_from(Member)
        .outerjoin(Photo, Member.photo_id == Photo.id)
        .where(*_shown(scope, Only.ALL, twice))
    )
    row = db.session.execute(query).one()
    return dict(zip((Only.ALL, *asked), row, strict=True))


def one(member_id: int, *, scope: Scope) -> SheetMember | None:
    """Find one member of the sheet within the scope."""
    twice = _twice(scope)
    query = (
        select(Member, twice)
        .outerjoin(Photo, Member.photo_id == Photo.id)
        .options(joinedload(Member.photo), joinedload(Member.unit))
        .where(Member.id == member_id, within(scope, Member.unit_path))
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(query).first()
    return SheetMember(row[0], bool(row[1])) if row else None


def with_photo(member_ids: Collection[int], *, scope: Scope) -> list[Member]:
    """Give the members of the scope among these who have a photo."""
    query = (
        select(Member)
        .options(joinedload(Member.photo))
        .where(
            Member.id.in_(sorted(member_ids)),
            Member.photo_id.is_not(None),
            within(scope, Member.unit_path),
        )
        .order_by(Member.id)
    )
    return list(db.session.scalars(query))


def _shown(
    scope: Scope, only: Only, twice: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    conditions = [
        within(scope, Member.unit_path),
        Member.status == MemberStatus.ACTIVE,
    ]
    if only is Only.RED:
        conditions.append(_red(twice))
    elif only is Only.MISSING:
        conditions.append(Member.photo_id.is_(None))
    elif only is Only.WAITING:
        conditions.append(_waiting())
    elif only is Only.APPROVED:
        conditions.append(Photo.approved_at.is_not(None))
    return conditions


def _twice(scope: Scope) -> ColumnElement[bool]:
    """Say whether several members of the scope bear the picture."""
    shared = (
        select(Photo.original_hash)
        .join(Member, Member.photo_id == Photo.id)
        .where(within(scope, Member.unit_path))
        .group_by(Photo.original_hash)
        .having(func.count(Member.id) > 1)
    )
    return func.coalesce(Photo.original_hash, "").in_(shared)


def _red(twice: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say what needs a hand: refused, shared, too small, or doubted until approved."""
    doubted = (cast(Photo.warnings, String) != "[]") & Photo.approved_at.is_(None)
    return Member.photo_id.is_not(None) & or_(
        Photo.refused_reason != "",
        twice,
        func.coalesce(Photo.dpi, LEAST_DPI) < LEAST_DPI,
        doubted,
    )


def _waiting() -> ColumnElement[bool]:
    return (
        Member.photo_id.is_not(None)
        & Photo.approved_at.is_(None)
        & (Photo.refused_reason == "")
    )
