"""Members: the list that stays quick at 200,000, one record, duplicates, units.

The list reads ids from one covering index in the order people see, and only then
the fifty rows it shows. A scope of few members goes through the index of its
units instead, and is sorted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from portal.access.scope import Scope
from portal.db.models import CardRequest, Member, Unit
from portal.db.queries.member_search import has_word, is_found_by
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.membership import DuesStanding, MemberStatus, Sex
from portal.domain.renewal import PERSON_FIXED_STATES, UNFINISHED_STATES, State
from portal.domain.union_units import UnionLevel

PAGE_ROWS = 50
# Search results are counted up to here: a number above it helps nobody to choose.
MOST_COUNTED = 1000
# Sorting this many rows costs some milliseconds; above it the sorted index is read.
_FEW = 5000


class Only(StrEnum):
    """The quick filters of the list."""

    ALL = ""
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    NO_PHOTO = "no_photo"
    NO_NUMBER = "no_number"
    DUES = "dues"


def _conditions(*, through_list: bool = False) -> dict[Only, ColumnElement[bool]]:
    """Give the filters' conditions, by the indexes of their own columns or not.

    An expression over a column tells every database the same: do not start from
    this column and sort 190,000 active members, walk through the sorted index.
    """
    status, dues = Member.status, Member.dues_standing
    photo, number = Member.photo_id, Member.member_number
    if through_list:
        status = func.coalesce(status, MemberStatus.LEFT)
        dues = func.coalesce(dues, DuesStanding.UNKNOWN)
        photo, number = func.nullif(photo, 0), func.nullif(number, "")
    return {
        Only.ACTIVE: status == MemberStatus.ACTIVE,
        Only.PAUSED: status == MemberStatus.PAUSED,
        Only.LEFT: status == MemberStatus.LEFT,
        Only.NO_PHOTO: and_(photo.is_(None), status != MemberStatus.LEFT),
        Only.NO_NUMBER: number.is_(None),
        Only.DUES: dues.in_([DuesStanding.ARREARS, DuesStanding.UNKNOWN]),
    }


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What one line of the list shows."""

    id: int
    full_name: str
    birth_date: date | None
    birth_year_only: bool
    sex: Sex | None
    citizen_id: str
    id_card_number: str
    passport_number: str
    member_number: str | None
    has_photo: bool
    status: MemberStatus
    dues_standing: DuesStanding
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One page of the list; the ids beside it are the cursors of its neighbours.

    ``total`` counts a search up to MOST_COUNTED + 1, on its first page only.
    """

    rows: tuple[MemberRow, ...]
    before: int | None
    after: int | None
    total: int | None


def page(
    *,
    scope: Scope,
    terms: Sequence[str] = (),
    only: Only = Only.ALL,
    after: int | None = None,
    before: int | None = None,
) -> MemberPage:
    """Read one page by given name, beginning behind or ending before a member.

    A cursor that is gone or out of scope begins at the first page.
    """
    place = _place(after or before, scope=scope)
    backwards = place is not None and after is None
    most = MOST_COUNTED + 1 if terms and place is None else PAGE_ROWS + 1
    few = _has_few(scope)
    query = _in_order(scope, backwards=backwards, few=few).limit(most)
    for condition in _matching(terms, only, scope=scope, few=few):
        query = query.where(condition)
    if place is not None:
        key = tuple_(Member.sort_key, Member.id)
        query = query.where(key < place if backwards else key > place)
    found = list(db.session.scalars(query))
    ids = found[:PAGE_ROWS]
    more = len(found) > PAGE_ROWS
    if backwards:
        ids.reverse()
    has_before = more if backwards else place is not None
    has_after = True if backwards else more
    return MemberPage(
        rows=_rows(ids, scope=scope),
        before=ids[0] if ids and has_before else None,
        after=ids[-1] if ids and has_after else None,
        total=len(found) if terms and place is None else None,
    )


def counts(*, scope: Scope) -> dict[Only, int]:
    """Count the members behind every quick filter, each from an index of its own.

    Nearly everybody is active: they are what is left of all, not counted.
    """
    found = {
        only: _count(scope, condition)
        for only, condition in _conditions().items()
        if only is not Only.ACTIVE
    }
    everybody = _count(scope)
    gone = found[Only.PAUSED] + found[Only.LEFT]
    return {Only.ALL: everybody, Only.ACTIVE: everybody - gone, **found}


def without_photo(*, scope: Scope) -> int:
    """Count whom the filter "no photo" shows: those who left need none."""
    return _count(scope, _conditions()[Only.NO_PHOTO])


def get(member_id: int, *, scope: Scope, session: Session | None = None) -> Any:
    """Find one member with unit and photo; None outside the scope."""
    query = (
        select(Member)
        .where(Member.id == member_id, within(scope, Member.unit_path))
        .options(joinedload(Member.unit), joinedload(Member.photo))
    )
    return (session or db.session).scalar(query)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an identity number already; unnamed where outside the scope."""

    member_id: int | None
    full_name: str
    unit_name: str


def holder_of(
    field: str, number: str, *, scope: Scope, besides: int | None = None
) -> Holder | None:
    """Find the member with this identity number anywhere in the tree.

    ``field`` is citizen_id, id_card_number or passport_number. Of somebody outside
    the scope nothing is told but that they exist: the same person may not be
    entered twice (P2, 5).
    """
    query = (
        select(Member.id, Member.full_name, Member.unit_path, Unit.name)
        .join(Unit, Member.unit_id == Unit.id)
        .where(getattr(Member, field) == number, Member.id != (besides or 0))
        .order_by(Member.id)
        .limit(1)
    )
    found = db.session.execute(query).first()
    if found is None:
        return None
    if not scope.covers(found.unit_path):
        return Holder(None, "", "")
    return Holder(found.id, found.full_name, found.name)


def lookalikes(
    folded_name: str, birth_date: date, *, scope: Scope, besides: int | None = None
) -> list[Holder]:
    """List members of the scope with the same unaccented name and birth date."""
    query = (
        select(Member.id, Member.full_name, Unit.name)
        .join(Unit, Member.unit_id == Unit.id)
        .where(
            Member.folded_name == folded_name,
            Member.birth_date == birth_date,
            Member.id != (besides or 0),
            _inside(scope),
        )
        .order_by(Member.id)
        .limit(5)
    )
    return [Holder(*row) for row in db.session.execute(query)]


def requests_of(member_id: int, *, scope: Scope) -> list[CardRequest]:
    """List a member's card requests, the newest first, with campaign and roster."""
    query = (
        select(CardRequest)
        .where(CardRequest.member_id == member_id, within(scope, CardRequest.unit_path))
        .options(joinedload(CardRequest.campaign), joinedload(CardRequest.roster))
        .order_by(CardRequest.id.desc())
    )
    return list(db.session.scalars(query))


def is_on_the_way(member_id: int, *, scope: Scope) -> bool:
    """Say whether a card is asked for and not yet made: the unit must stay then."""
    query = select(CardRequest.id).where(
        CardRequest.member_id == member_id,
        CardRequest.state.in_(UNFINISHED_STATES),
        within(scope, CardRequest.unit_path),
    )
    return db.session.scalar(query.limit(1)) is not None


def fixed_by(member_ids: Iterable[int], *, scope: Scope) -> dict[int, State]:
    """Give for members who must stay the same person where their request stands."""
    query = (
        select(CardRequest.member_id, CardRequest.state)
        .join(Member, CardRequest.member_id == Member.id)
        .where(
            CardRequest.member_id.in_(list(member_ids)),
            CardRequest.state.in_(PERSON_FIXED_STATES),
            within(scope, Member.unit_path),
        )
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def unit_by_code(code: str, *, scope: Scope) -> Unit | None:
    """Find a unit of the scope by its code."""
    return db.session.scalar(
        select(Unit).where(Unit.code == code, within(scope, Unit.path))
    )


def unit_by_id(unit_id: int, *, scope: Scope) -> Unit | None:
    """Find a unit of the scope by its id."""
    return db.session.scalar(
        select(Unit).where(Unit.id == unit_id, within(scope, Unit.path))
    )


def unit_name(unit_id: int, *, scope: Scope) -> str:
    """Give the name of a unit of the scope; "" for any other."""
    unit = unit_by_id(unit_id, scope=scope)
    return unit.name if unit else ""


def steps_from(unit: Unit, *, scope: Scope, most: int = 300) -> list[Unit]:
    """List the units one step away: those above it in scope, itself, its children."""
    above = [int(part) for part in unit.path.split(".") if part]
    query = (
        select(Unit)
        .where(
            or_(Unit.id.in_(above), Unit.parent_id == unit.id),
            within(scope, Unit.path),
            Unit.valid_to.is_(None),
        )
        .order_by(func.length(Unit.path), Unit.path != unit.path, Unit.name)
        .limit(most)
    )
    return list(db.session.scalars(query))


def holding_units(
    levels: Sequence[UnionLevel],
    *,
    scope: Scope,
    terms: Sequence[str] = (),
    most: int = 200,
) -> list[Unit]:
    """List units of these levels, in the tree's order, found by words of name, code."""
    query = (
        select(Unit)
        .where(
            Unit.level.in_(levels), Unit.valid_to.is_(None), within(scope, Unit.path)
        )
        .order_by(Unit.path)
        .limit(most)
    )
    for term in terms:
        query = query.where(has_word(Unit.search_text, term))
    return list(db.session.scalars(query))


def _count(scope: Scope, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Member).where(_inside(scope), *conditions)
    return db.session.scalar(query) or 0


def _place(member_id: int | None, *, scope: Scope) -> tuple[str, int] | None:
    """Give the order key behind a cursor: the address holds an id, never a name."""
    if member_id is None:
        return None
    row = db.session.execute(
        select(Member.sort_key, Member.id).where(
            Member.id == member_id, _inside(scope, by_units=False)
        )
    ).first()
    return (row.sort_key, row.id) if row else None


def _in_order(scope: Scope, *, backwards: bool, few: bool) -> Select[tuple[int]]:
    order = (Member.sort_key, Member.id)
    query = select(Member.id).order_by(
        *(column.desc() for column in order) if backwards else order
    )
    return query.where(_inside(scope, by_units=few))


def _inside(scope: Scope, *, by_units: bool = True) -> ColumnElement[bool]:
    """Give the scope's condition; not ``by_units`` keeps the sorted index in use."""
    return within(scope, Member.unit_path if by_units else Member.unit_path + "")


def _has_few(scope: Scope) -> bool:
    few = select(Member.id).where(_inside(scope)).limit(_FEW + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(few)) or 0) <= _FEW


def _matching(
    terms: Sequence[str], only: Only, *, scope: Scope, few: bool
) -> list[ColumnElement[bool]]:
    conditions = [is_found_by(term, scope=scope) for term in terms]
    if only is not Only.ALL:
        conditions.append(_conditions(through_list=not few)[only])
    return conditions


def _rows(ids: Sequence[int], *, scope: Scope) -> tuple[MemberRow, ...]:
    query = (
        select(
            Member.id,
            Member.full_name,
            Member.birth_date,
            Member.birth_year_only,
            Member.sex,
            Member.citizen_id,
            Member.id_card_number,
            Member.passport_number,
            Member.member_number,
            Member.photo_id.is_not(None),
            Member.status,
            Member.dues_standing,
            Unit.code,
            Unit.name,
        )
        .join(Unit, Member.unit_id == Unit.id)
        .where(and_(Member.id.in_(ids), _inside(scope, by_units=False)))
    )
    found = {row[0]: MemberRow(*row) for row in db.session.execute(query)}
    return tuple(found[member_id] for member_id in ids if member_id in found)
