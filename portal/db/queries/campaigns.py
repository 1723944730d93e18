"""Campaigns as a unit sees them, and where its lists stand in each."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from portal.access.scope import Scope
from portal.db.models import Campaign, CardRequest, Member, Roster, Unit
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.errors import NotFound
from portal.domain.renewal import State
from portal.domain.union_units import ancestor_paths


def visible(scope: Scope) -> ColumnElement[bool]:
    """Give the condition that a campaign concerns the unit at the scope's root.

    A campaign is announced for all units below the one that owns it, so a unit
    sees its own, those of its superiors and those of its subordinates, never a
    sibling's.
    """
    return or_(
        within(scope, Campaign.unit_path),
        Campaign.unit_path.in_(ancestor_paths(scope.root)),
    )


def get(campaign_id: int, *, scope: Scope) -> Campaign:
    """Give one campaign that the unit sees; NotFound otherwise."""
    campaign = db.session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id, visible(scope))
        .options(joinedload(Campaign.unit))
    )
    if campaign is None:
        raise NotFound
    return campaign


def get_for_list(campaign_id: int, unit: Unit, *, scope: Scope) -> Campaign:
    """Give a campaign that the unit sees, or in which a unit in scope has a list.

    A unit that moved to another federation keeps the lists it sent before.
    """
    listed_there = select(Roster.id).where(
        Roster.campaign_id == Campaign.id,
        Roster.unit_id == unit.id,
        within(scope, Roster.unit_path),
    )
    campaign = db.session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id, or_(visible(scope), listed_there.exists()))
        .options(joinedload(Campaign.unit))
    )
    if campaign is None:
        raise NotFound
    return campaign


def requests_left_behind(states: Collection[State], *, scope: Scope) -> list[int]:
    """List requests whose campaign is not announced for where they stand now."""
    query = (
        select(CardRequest.id)
        .join(Campaign, CardRequest.campaign_id == Campaign.id)
        .join(Member, CardRequest.member_id == Member.id)
        .where(
            within(scope, CardRequest.unit_path),
            within(scope, Member.unit_path),
            CardRequest.state.in_(states),
            ~CardRequest.unit_path.startswith(Campaign.unit_path),
        )
        .order_by(CardRequest.id)
    )
    return list(db.session.scalars(query))


def listed(*, scope: Scope) -> list[Campaign]:
    """List the campaigns that the unit sees, open ones first, then the newest."""
    query = (
        select(Campaign)
        .where(visible(scope))
        .options(joinedload(Campaign.unit))
        .order_by(Campaign.closed_at.is_not(None), Campaign.id.desc())
    )
    return list(db.session.scalars(query))


def latest_open(*, scope: Scope) -> Campaign | None:
    """Give the newest open campaign that the unit sees."""
    query = (
        select(Campaign)
        .where(visible(scope), Campaign.closed_at.is_(None))
        .order_by(Campaign.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def states_by_campaign(*, scope: Scope) -> dict[int, Counter[State]]:
    """Count the scope's requests by campaign and state."""
    query = (
        select(CardRequest.campaign_id, CardRequest.state, func.count())
        .where(within(scope, CardRequest.unit_path))
        .group_by(CardRequest.campaign_id, CardRequest.state)
    )
    found: dict[int, Counter[State]] = defaultdict(Counter)
    for campaign_id, state, number in db.session.execute(query):
        found[campaign_id][state] = number
    return found


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """Where the list of one grassroots union stands in a campaign."""

    unit_id: int
    unit_name: str
    last_submitted_at: datetime | None
    states: Counter[State]


def standings(campaign_id: int, *, scope: Scope) -> list[UnitStanding]:
    """List the grassroots unions of the scope, those that sent nothing first."""
    units = db.session.execute(
        select(Unit.id, Unit.name, Roster.last_submitted_at)
        .outerjoin(
            Roster, (Roster.unit_id == Unit.id) & (Roster.campaign_id == campaign_id)
        )
        .where(
            within(scope, Unit.path),
            within(_announced_for(campaign_id), Unit.path),
            Unit.level == "grassroots",
            Unit.valid_to.is_(None),
        )
        .order_by(Roster.last_submitted_at.is_not(None), Unit.name)
    )
    counted: dict[int, Counter[State]] = defaultdict(Counter)
    rows = db.session.execute(
        select(Roster.unit_id, CardRequest.state, func.count())
        .join(CardRequest, CardRequest.roster_id == Roster.id)
        .where(
            Roster.campaign_id == campaign_id,
            within(scope, CardRequest.unit_path),
            CardRequest.state != State.LEFT_OUT,
        )
        .group_by(Roster.unit_id, CardRequest.state)
    )
    for unit_id, state, number in rows:
        counted[unit_id][state] = number
    return [
        UnitStanding(unit_id, name, sent_at, counted[unit_id])
        for unit_id, name, sent_at in units
    ]


def _announced_for(campaign_id: int) -> Scope:
    return Scope(
        db.session.execute(
            select(Campaign.unit_path).where(Campaign.id == campaign_id)
        ).scalar_one()
    )
