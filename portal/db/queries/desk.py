"""What waits, counted within a scope."""

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
    RosterImport,
    Unit,
)
from portal.db.models.intake import ImportState
from portal.db.queries.officers import COMMAND_LINE
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import MOVES, Move, Standing, State, moves_open
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


def requests_returned(*, scope: Scope) -> int:
    """Count the requests that came back with a reason."""
    return _count(
        select(func.count(CardRequest.id)).where(
            within(scope, CardRequest.unit_path), CardRequest.state == State.RETURNED
        )
    )


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

    The table of moves decides, with each request's own way up the tree.
    """
    states = {state for state, move in MOVES if move in moves}
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
        query = query.where(CardRequest.kind == kind)
    groups = db.session.execute(query).all()
    if not groups:
        return 0
    level_of = dict(iter(db.session.execute(select(Unit.id, Unit.level))))
    total = 0
    for path, state, card_kind, count in groups:
        route = frozenset(level_of[unit_id] for unit_id in ancestor_ids(path))
        standing = Standing(state=state, kind=card_kind, route=route)
        if set(moves) & set(moves_open(standing, by=levels)):
            total += count
    return total


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
