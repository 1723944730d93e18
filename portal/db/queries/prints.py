"""Print batches: what can be printed, what a batch holds, always in a scope."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.access.scope import Scope
from portal.db.models import CardRequest, Member, Photo, PrintBatch, PrintCard, Unit
from portal.db.models.cards import PrintCardState
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.errors import NotFound
from portal.domain.membership import MemberStatus
from portal.domain.renewal import State


def printable(
    *, scope: Scope, unit_path: str | None = None, limit: int | None = None
) -> list[CardRequest]:
    """List approved standard requests that have their number, by unit and name.

    Whoever has paused or left is not among them: ``held_back`` lists those.
    ``unit_path`` narrows the scope to one unit and those below it.
    """
    query = (
        select(CardRequest)
        .join(Member, CardRequest.member_id == Member.id)
        .where(*_printable(scope, unit_path))
        .options(
            joinedload(CardRequest.member).joinedload(Member.photo),
            joinedload(CardRequest.unit),
        )
        .order_by(CardRequest.unit_path, Member.sort_key, CardRequest.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def printable_by_unit(*, scope: Scope) -> list[tuple[Unit, int]]:
    """Count what can be printed for each unit, in the order of the tree."""
    query = (
        select(Unit, func.count(CardRequest.id))
        .join(CardRequest, CardRequest.unit_id == Unit.id)
        .join(Member, CardRequest.member_id == Member.id)
        .where(*_printable(scope, None))
        .group_by(Unit.id)
        .order_by(Unit.path)
    )
    return [(unit, number) for unit, number in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class HeldCard:
    """An approved card that stays unprinted, and how its member stands."""

    request_id: int
    full_name: str
    status: MemberStatus


def held_back(*, scope: Scope) -> list[HeldCard]:
    """List what could be printed but for its member, who has paused or left."""
    query = (
        select(CardRequest.id, Member.full_name, Member.status)
        .join(Member, CardRequest.member_id == Member.id)
        .where(*_approved(scope), Member.status != MemberStatus.ACTIVE)
        .order_by(CardRequest.unit_path, Member.sort_key, CardRequest.id)
    )
    return [HeldCard(*row) for row in db.session.execute(query)]


def inactive_members(request_ids: Collection[int]) -> dict[int, MemberStatus]:
    """Give those of a batch's requests whose member has paused or left: id → which.

    The caller has found the batch in scope.
    """
    query = (
        select(CardRequest.id, Member.status)
        .join(Member, CardRequest.member_id == Member.id)
        .where(CardRequest.id.in_(request_ids), Member.status != MemberStatus.ACTIVE)
    )
    return dict(iter(db.session.execute(query)))


def photos_to_look_at(*, scope: Scope) -> tuple[int, int]:
    """Count the printable cards whose photo was refused, and those nobody approved."""
    refused = Photo.refused_reason != ""
    query = (
        select(
            func.count(case((refused, 1))),
            func.count(case((~refused & Photo.approved_at.is_(None), 1))),
        )
        .select_from(CardRequest)
        .join(Member, CardRequest.member_id == Member.id)
        .join(Photo, Member.photo_id == Photo.id)
        .where(*_printable(scope, None))
    )
    refused_count, unseen = db.session.execute(query).one()
    return refused_count, unseen


def being_printed(*, scope: Scope) -> bool:
    """Say whether a request in the scope stands in a batch that is not drawn yet."""
    query = (
        select(CardRequest.id)
        .where(
            within(scope, CardRequest.unit_path), CardRequest.state == State.IN_PRINT
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None


def linked_with_number(*, scope: Scope) -> list[CardRequest]:
    """List linked requests whose member has a number, by unit and name."""
    query = (
        select(CardRequest)
        .join(Member, CardRequest.member_id == Member.id)
        .where(
            within(scope, CardRequest.unit_path),
            CardRequest.state.in_((State.APPROVED, State.SENT_TO_BANK)),
            CardRequest.kind == CardKind.LINKED,
            Member.member_number.is_not(None),
        )
        .options(joinedload(CardRequest.member).joinedload(Member.photo))
        .order_by(CardRequest.unit_path, Member.sort_key, CardRequest.id)
    )
    return list(db.session.scalars(query))


def _printable(scope: Scope, unit_path: str | None) -> tuple:
    return (
        *_approved(scope),
        within(Scope(unit_path), CardRequest.unit_path) if unit_path else true(),
        Member.status == MemberStatus.ACTIVE,
    )


def _approved(scope: Scope) -> tuple:
    return (
        within(scope, CardRequest.unit_path),
        CardRequest.state == State.APPROVED,
        CardRequest.kind == CardKind.STANDARD,
        Member.member_number.is_not(None),
    )


def latest_batches(*, scope: Scope, limit: int = 50) -> list[PrintBatch]:
    """List the newest batches in the scope."""
    query = (
        select(PrintBatch)
        .where(within(scope, PrintBatch.unit_path))
        .options(joinedload(PrintBatch.unit))
        .order_by(PrintBatch.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def get_batch(batch_id: int, *, scope: Scope) -> PrintBatch:
    """Give one batch with its files; NotFound outside the scope."""
    batch = db.session.scalar(
        select(PrintBatch)
        .where(PrintBatch.id == batch_id, within(scope, PrintBatch.unit_path))
        .options(selectinload(PrintBatch.files), joinedload(PrintBatch.unit))
        # The job that made the files may be this very process.
        .execution_options(populate_existing=True)
    )
    if batch is None:
        raise NotFound
    return batch


def get_card(card_id: int, *, scope: Scope) -> PrintCard:
    """Give one card of a batch in the scope; NotFound otherwise."""
    card = db.session.scalar(
        select(PrintCard)
        .join(PrintBatch, PrintCard.batch_id == PrintBatch.id)
        .where(PrintCard.id == card_id, within(scope, PrintBatch.unit_path))
    )
    if card is None:
        raise NotFound
    return card


def counts_of(batch_id: int) -> dict[PrintCardState, int]:
    """Count a batch's cards by state; the caller has found the batch in scope."""
    query = (
        select(PrintCard.state, func.count())
        .where(PrintCard.batch_id == batch_id)
        .group_by(PrintCard.state)
    )
    found = dict(iter(db.session.execute(query)))
    return {state: found.get(state, 0) for state in PrintCardState}


def cards_of(
    batch_id: int,
    *,
    state: PrintCardState | None = None,
    after: int = -1,
    limit: int | None = None,
) -> list[PrintCard]:
    """List a batch's cards in printing order, from behind a position."""
    query = (
        select(PrintCard)
        .where(
            PrintCard.batch_id == batch_id,
            PrintCard.position > after,
            PrintCard.state == state if state else true(),
        )
        .order_by(PrintCard.position)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def doubtful_cards(batch_id: int) -> list[PrintCard]:
    """List a batch's drawn cards that have warnings, in printing order."""
    query = (
        select(PrintCard)
        .where(
            PrintCard.batch_id == batch_id,
            PrintCard.state == PrintCardState.DRAWN,
            PrintCard.warnings != "",
        )
        .order_by(PrintCard.position)
    )
    return list(db.session.scalars(query))


def numbers_in(*, scope: Scope) -> list[str]:
    """List the member numbers given in the scope, in order."""
    query = (
        select(Member.member_number)
        .where(within(scope, Member.unit_path), Member.member_number.is_not(None))
        .order_by(Member.member_number)
    )
    return [number for number in db.session.scalars(query) if number]
