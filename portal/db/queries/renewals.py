"""Requests as the lines that lists, queues and moves work on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, insert, select, tuple_, update
from sqlalchemy.orm import Session, joinedload

from portal.access.scope import Scope
from portal.db.models import (
    CardRequest,
    Member,
    PrintBatch,
    PrintCard,
    RequestEvent,
    Roster,
    Unit,
)
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, NotFound
from portal.domain.membership import Candidate, DuesStanding, MemberStatus, Sex
from portal.domain.renewal import MOVES_BEFORE_APPROVAL, Move, State

# Both databases limit the parameters of one statement.
_SLICE = 500


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request with what rules and lists need of its member."""

    id: int
    campaign_id: int
    roster_id: int
    unit_id: int
    unit_path: str
    kind: CardKind
    state: State
    reason: str
    member_id: int
    full_name: str
    birth_date: date | None
    birth_year_only: bool
    photo_id: int | None
    citizen_id: str
    id_card_number: str
    passport_number: str
    status: MemberStatus
    dues: DuesStanding
    wish: CardKind | None
    full_time_official: bool
    union_staff: bool
    member_number: str | None
    number_is_provisional: bool
    vpoint_code: str | None
    sex: Sex | None
    phone: str
    address: str

    @property
    def candidate(self) -> Candidate:
        """What the eligibility rule looks at."""
        return Candidate(
            status=self.status,
            dues=self.dues,
            has_photo=self.photo_id is not None,
            has_identity_number=bool(
                self.citizen_id or self.id_card_number or self.passport_number
            ),
        )

    @property
    def lasting_number(self) -> str | None:
        """The number that the member keeps; a provisional one is none."""
        return None if self.number_is_provisional else self.member_number


# One address is enough; that of the papers goes first.
ADDRESS = func.coalesce(
    func.nullif(Member.permanent_address, ""), Member.current_address
)

_LINE = (
    CardRequest.id,
    CardRequest.campaign_id,
    CardRequest.roster_id,
    CardRequest.unit_id,
    CardRequest.unit_path,
    CardRequest.kind,
    CardRequest.state,
    CardRequest.reason,
    Member.id,
    Member.full_name,
    Member.birth_date,
    Member.birth_year_only,
    Member.photo_id,
    Member.citizen_id,
    Member.id_card_number,
    Member.passport_number,
    Member.status,
    Member.dues_standing,
    Member.card_kind,
    Member.full_time_official,
    Member.union_staff,
    Member.member_number,
    Member.number_is_provisional,
    Member.vpoint_code,
    Member.sex,
    Member.phone,
    ADDRESS,
)


def lines(
    *,
    scope: Scope,
    states: Collection[State] = (),
    campaign_id: int | None = None,
    roster_ids: Collection[int] | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[RequestLine]:
    """List requests by roster and name; empty ``states`` means every state."""
    query = _lines(scope)
    if states:
        query = query.where(CardRequest.state.in_(states))
    if campaign_id is not None:
        query = query.where(CardRequest.campaign_id == campaign_id)
    if roster_ids is not None:
        query = query.where(CardRequest.roster_id.in_(roster_ids))
    return _read(
        query.order_by(CardRequest.roster_id, Member.sort_key, CardRequest.id)
        .offset(offset)
        .limit(limit)
    )


def lines_by_id(request_ids: Iterable[int], *, scope: Scope) -> list[RequestLine]:
    """List these requests in the order of their ids.

    Raises NotFound where one lies outside the scope: the caller named it, so a
    silent skip would hide a mistake.
    """
    wanted = sorted(set(request_ids))
    found: list[RequestLine] = []
    for part in sliced(wanted):
        query = _lines(scope).where(CardRequest.id.in_(part))
        found += _read(query.order_by(CardRequest.id))
    if len(found) != len(wanted):
        raise NotFound
    return found


def lines_of_batch(
    batch_id: int, request_ids: Collection[int], *, scope: Scope
) -> list[RequestLine]:
    """List these requests of a print batch that lies in the scope, by their ids.

    They belong to the batch wherever they stand now: a member or a unit that has
    moved away since leaves its card behind in the batch.
    """
    found: list[RequestLine] = []
    for part in sliced(sorted(request_ids)):
        query = (
            select(*_LINE)
            .join(Member, CardRequest.member_id == Member.id)
            .join(PrintCard, PrintCard.request_id == CardRequest.id)
            .join(PrintBatch, PrintCard.batch_id == PrintBatch.id)
            .where(
                PrintBatch.id == batch_id,
                within(scope, PrintBatch.unit_path),
                CardRequest.id.in_(part),
            )
            .order_by(CardRequest.id)
        )
        found += _read(query)
    return found


def _lines(scope: Scope) -> Select[Any]:
    # A member who moved out of the scope is no longer this officer's to read.
    return (
        select(*_LINE)
        .join(Member, CardRequest.member_id == Member.id)
        .where(within(scope, CardRequest.unit_path), within(scope, Member.unit_path))
    )


def _read(query: Select[Any]) -> list[RequestLine]:
    return [RequestLine(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """The requests of one roster that stand in one state."""

    roster_id: int
    campaign_id: int
    unit_id: int
    unit_name: str
    unit_path: str
    state: State
    requests: int


def groups(*, scope: Scope, states: Collection[State]) -> list[QueueGroup]:
    """Count requests by roster and state, in the order of the lists' arrival."""
    query = (
        select(
            Roster.id,
            Roster.campaign_id,
            Unit.id,
            Unit.name,
            Unit.path,
            CardRequest.state,
            func.count(),
        )
        .join(Roster, CardRequest.roster_id == Roster.id)
        .join(Unit, Roster.unit_id == Unit.id)
        .join(Member, CardRequest.member_id == Member.id)
        .where(
            within(scope, CardRequest.unit_path),
            within(scope, Member.unit_path),
            CardRequest.state.in_(states),
        )
        .group_by(
            Roster.id,
            Roster.campaign_id,
            Unit.id,
            Unit.name,
            Unit.path,
            CardRequest.state,
        )
        .order_by(Roster.last_submitted_at, Roster.id)
    )
    return [QueueGroup(*row) for row in db.session.execute(query)]


def lines_of_groups(
    chosen: Sequence[QueueGroup],
    *,
    scope: Scope,
    offset: int = 0,
    limit: int | None = None,
) -> list[RequestLine]:
    """List the requests of these groups by roster and name."""
    pairs = [(group.roster_id, group.state) for group in chosen]
    query = (
        _lines(scope)
        .where(tuple_(CardRequest.roster_id, CardRequest.state).in_(pairs))
        .order_by(CardRequest.roster_id, Member.sort_key, CardRequest.id)
        .offset(offset)
        .limit(limit)
    )
    return _read(query)


def write_move(
    session: Session,
    request_ids: Sequence[int],
    *,
    from_state: State,
    values: Mapping[str, Any],
    event: Mapping[str, Any],
    reasons: Mapping[int, str],
) -> None:
    """Set these requests to ``values`` and add one event to each.

    Raises Conflict where one has left ``from_state`` meanwhile; nothing of the
    transaction is then kept.
    """
    for part in sliced(request_ids):
        for reason in {reasons.get(request_id, "") for request_id in part}:
            ids = [i for i in part if reasons.get(i, "") == reason]
            done = session.execute(
                update(CardRequest)
                .where(CardRequest.id.in_(ids), CardRequest.state == from_state)
                .values(**values, reason=reason, version=CardRequest.version + 1),
                execution_options={"synchronize_session": False},
            )
            if done.rowcount != len(ids):
                raise Conflict(
                    "Người khác vừa xử lý một phần danh sách này. Chưa ghi gì;"
                    " hãy tải lại trang để xem bước hiện tại."
                )
        session.execute(
            insert(RequestEvent),
            [{**event, "request_id": i, "reason": reasons.get(i, "")} for i in part],
        )


def movers_before_approval(
    request_ids: Sequence[int], *, officer_id: int
) -> frozenset[int]:
    """Give those requests that this officer sent, forwarded or registered."""
    found: set[int] = set()
    for part in sliced(request_ids):
        found.update(
            db.session.scalars(
                select(RequestEvent.request_id).where(
                    RequestEvent.request_id.in_(part),
                    RequestEvent.officer_id == officer_id,
                    RequestEvent.move.in_(MOVES_BEFORE_APPROVAL),
                )
            )
        )
    return frozenset(found)


def get(request_id: int, *, scope: Scope) -> CardRequest:
    """Give one request with its member and events; NotFound outside the scope."""
    request = db.session.scalar(
        select(CardRequest)
        .join(Member, CardRequest.member_id == Member.id)
        .where(
            CardRequest.id == request_id,
            within(scope, CardRequest.unit_path),
            within(scope, Member.unit_path),
        )
        .options(
            joinedload(CardRequest.member),
            joinedload(CardRequest.unit),
            joinedload(CardRequest.campaign),
            joinedload(CardRequest.roster).joinedload(Roster.unit),
        )
    )
    if request is None:
        raise NotFound
    return request


def events_of(request_id: int, *, scope: Scope) -> list[RequestEvent]:
    """List the moves of a request in the scope, the oldest first."""
    query = (
        select(RequestEvent)
        .join(CardRequest, RequestEvent.request_id == CardRequest.id)
        .where(
            RequestEvent.request_id == request_id,
            within(scope, CardRequest.unit_path),
        )
        .order_by(RequestEvent.id)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class Returns:
    """How often a request was sent back, and what was asked for the last time."""

    times: int
    reason: str
    at: datetime


def returns_of(request_ids: Sequence[int], *, scope: Scope) -> dict[int, Returns]:
    """Give for each request that was ever returned how often and why."""
    found: dict[int, Returns] = {}
    for part in sliced(request_ids):
        rows = db.session.execute(
            select(RequestEvent.request_id, RequestEvent.reason, RequestEvent.at)
            .join(CardRequest, RequestEvent.request_id == CardRequest.id)
            .where(
                RequestEvent.request_id.in_(part),
                RequestEvent.move == Move.RETURN,
                within(scope, CardRequest.unit_path),
            )
            .order_by(RequestEvent.id)
        )
        for request_id, reason, at in rows:
            before = found.get(request_id)
            times = before.times if before else 0
            found[request_id] = Returns(times + 1, reason, at)
    return found


def sliced(values: Sequence[Any] | Iterable[Any]) -> Iterator[list[Any]]:
    """Cut a long list into parts that one statement takes."""
    rest = iter(values)
    while part := list(islice(rest, _SLICE)):
        yield part
