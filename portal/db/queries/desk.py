"""What waits, counted within a scope."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select

from portal.access.scope import Scope
from portal.db.models import (
    Campaign,
    CardRequest,
    Member,
    Officer,
    Post,
    Roster,
    RosterImport,
    Unit,
)
from portal.db.models.intake import ImportState
from portal.db.queries.officers import COMMAND_LINE
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.membership import MemberStatus
from portal.domain.renewal import (
    MOVES,
    Move,
    Standing,
    State,
    move_up,
    moves_open,
    states_sent_on,
)
from portal.domain.union_units import UnionLevel, ancestor_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginnings:
    """Which of the first steps have left a trace in the scope."""

    lower_units: bool
    other_officers: bool
    members: bool
    photos: bool
    submitted: bool


def imports_ready(*, scope: Scope) -> int:
    """Count the imports that wait for somebody to accept them."""
    return _count(
        select(func.count(RosterImport.id)).where(
            within(scope, RosterImport.unit_path),
            RosterImport.state == ImportState.READY,
        )
    )


def returned_by_roster(*, scope: Scope) -> list[tuple[int, int, str, int]]:
    """Count the requests that came back with a reason, the most first.

    Each is (campaign, grassroots union, its name, requests).
    """
    query = (
        select(Roster.campaign_id, Unit.id, Unit.name, func.count(CardRequest.id))
        .join(Roster, CardRequest.roster_id == Roster.id)
        .join(Unit, Roster.unit_id == Unit.id)
        .where(
            within(scope, CardRequest.unit_path), CardRequest.state == State.RETURNED
        )
        .group_by(Roster.campaign_id, Unit.id, Unit.name)
        .order_by(func.count(CardRequest.id).desc(), Unit.id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def requests_rejected(*, scope: Scope) -> int:
    """Count the requests that were turned down in campaigns still open."""
    return _count(
        select(func.count(CardRequest.id))
        .join(Campaign, CardRequest.campaign_id == Campaign.id)
        .where(
            within(scope, CardRequest.unit_path),
            CardRequest.state == State.REJECTED,
            Campaign.closed_at.is_(None),
        )
    )


def requests_open_to(
    levels: Collection[UnionLevel],
    moves: Collection[Move],
    *,
    scope: Scope,
    kind: CardKind | None = None,
) -> int:
    """Count the requests on which these levels can make one of the moves now.

    The table of moves decides, with each request's own way up the tree. With
    ``kind``, a card to be made, those whose member has paused or left are held.
    """
    states = {state for state, move in MOVES if move in moves}
    found = _standings(states, scope=scope, kind=kind)
    wanted = set(moves)
    return sum(
        count
        for standing, count in found
        if wanted & set(moves_open(standing, by=levels))
    )


def waiting_for(
    levels: Collection[UnionLevel], *, scope: Scope, allots_numbers: bool
) -> Counter[Move]:
    """Count what waits for these levels by the move that sends it on.

    A unit that both checks and approves has each request once, under its
    furthest move.
    """
    states = states_sent_on(allots_numbers=allots_numbers)
    found: Counter[Move] = Counter()
    for standing, count in _standings(states, scope=scope):
        move = move_up(standing, by=levels)
        if move is not None:
            found[move] += count
    return found


def _standings(
    states: Collection[State], *, scope: Scope, kind: CardKind | None = None
) -> list[tuple[Standing, int]]:
    """Count the requests in these states by where they stand on which way."""
    query = (
        select(
            CardRequest.unit_path,
            CardRequest.state,
            CardRequest.kind,
            func.count(CardRequest.id),
        )
        .where(within(scope, CardRequest.unit_path), CardRequest.state.in_(states))
        .group_by(CardRequest.unit_path, CardRequest.state, CardRequest.kind)
    )
    if kind is not None:
        query = query.join(Member, CardRequest.member_id == Member.id).where(
            CardRequest.kind == kind, Member.status == MemberStatus.ACTIVE
        )
    groups = db.session.execute(query).all()
    if not groups:
        return []
    level_of = dict(iter(db.session.execute(select(Unit.id, Unit.level))))
    return [
        (
            Standing(
                state=state,
                kind=card_kind,
                route=frozenset(level_of[unit_id] for unit_id in ancestor_ids(path)),
            ),
            count,
        )
        for path, state, card_kind, count in groups
    ]


def beginnings(*, scope: Scope, officer_id: int) -> Beginnings:
    """Tell which first steps have been taken in the scope by anybody."""
    return Beginnings(
        lower_units=_any(
            select(Unit.id).where(within(scope, Unit.path), Unit.path != scope.root)
        ),
        other_officers=_any(
            select(Post.id)
            .join(Officer, Post.officer_id == Officer.id)
            .where(
                within(scope, Post.unit_path),
                Post.officer_id != officer_id,
                Officer.sign_in_name != COMMAND_LINE,
            )
        ),
        members=_any(select(Member.id).where(within(scope, Member.unit_path))),
        photos=_any(
            select(Member.id).where(
                within(scope, Member.unit_path), Member.photo_id.is_not(None)
            )
        ),
        submitted=_any(
            select(CardRequest.id).where(
                within(scope, CardRequest.unit_path),
                CardRequest.state != State.DECLARED,
            )
        ),
    )


def _count(query: Select[tuple[int]]) -> int:
    return db.session.scalar(query) or 0


def _any(query: Select[tuple[int]]) -> bool:
    return bool(db.session.scalar(select(exists(query))))
