"""The number counter, the numbers ever given, and who holds what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, union
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import (
    CardRequest,
    Member,
    NumberCounter,
    ReservedNumber,
)
from portal.db.queries.renewals import sliced
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.numbering import LARGEST_NUMBER, number_text
from portal.domain.renewal import NUMBER_WAITING_STATES

_NARROWEST_WINDOW = 1000
_WIDEST_WINDOW = 20_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """One number to keep for ever, and for whom it was given."""

    number: str
    member_id: int
    request_id: int | None
    source: str


def counter(session: Session, *, first_value: int) -> NumberCounter:
    """Give the counter's row, made at the first use."""
    row = session.get(NumberCounter, 1, with_for_update=True)
    if row is None:
        row = NumberCounter(id=1, next_value=first_value)
        session.add(row)
        session.flush()
    return row


def next_value(*, first_value: int) -> int:
    """Give the next value without taking it."""
    row = db.session.get(NumberCounter, 1, populate_existing=True)
    return row.next_value if row else first_value


def free_values(start: int, how_many: int) -> list[int]:
    """Give the next values from ``start`` on whose numbers nobody ever had.

    Raises Invalid where the range of 12 digits ends.
    """
    found: list[int] = []
    value, width = start, max(how_many, _NARROWEST_WINDOW)
    while len(found) < how_many:
        first = number_text(value)
        window = range(value, min(value + width, LARGEST_NUMBER + 1))
        taken = _known_between(first, number_text(window[-1]))
        found += [one for one in window if number_text(one) not in taken]
        value = window.stop
        # The approval waits on this inside the write lock: cross a long taken
        # stretch in few steps.
        width = min(2 * width, _WIDEST_WINDOW)
    return found[:how_many]


def _known_between(first: str, last: str) -> set[str]:
    # A member may hold a number that came with the data and was never reserved.
    query = union(
        select(ReservedNumber.number).where(ReservedNumber.number.between(first, last)),
        select(Member.member_number).where(Member.member_number.between(first, last)),
    )
    return set(db.session.scalars(query))


def reserve(session: Session, given: Sequence[Reservation], *, at: datetime) -> None:
    """Keep these numbers for ever; one that is kept already stays as it was."""
    known = reserved([one.number for one in given])
    rows = [
        {
            "number": one.number,
            "member_id": one.member_id,
            "request_id": one.request_id,
            "source": one.source,
            "at": at,
        }
        for one in given
        if one.number not in known
    ]
    if rows:
        session.execute(insert(ReservedNumber), rows)


def reserved(numbers: Sequence[str]) -> dict[str, int | None]:
    """Give those of the numbers that were ever given, with whom they went to."""
    found: dict[str, int | None] = {}
    for part in sliced(numbers):
        query = select(ReservedNumber.number, ReservedNumber.member_id).where(
            ReservedNumber.number.in_(part)
        )
        found.update({row.number: row.member_id for row in db.session.execute(query)})
    return found


def holders(numbers: Sequence[str]) -> dict[str, int]:
    """Give who holds these numbers now, wherever they are: ids alone, no names."""
    found: dict[str, int] = {}
    for part in sliced(numbers):
        query = select(Member.member_number, Member.id).where(
            Member.member_number.in_(part)
        )
        found.update({row[0]: row[1] for row in db.session.execute(query)})
    return found


def vpoint_holders(codes: Sequence[str]) -> dict[str, int]:
    """Give who holds these Vpoint codes now: ids alone, no names."""
    found: dict[str, int] = {}
    for part in sliced(codes):
        query = select(Member.vpoint_code, Member.id).where(
            Member.vpoint_code.in_(part)
        )
        found.update({row[0]: row[1] for row in db.session.execute(query)})
    return found


def members_by_id(member_ids: Collection[int], *, scope: Scope) -> dict[int, Member]:
    """Give these members of the scope for writing."""
    found: dict[int, Member] = {}
    for part in sliced(sorted(member_ids)):
        query = select(Member).where(
            Member.id.in_(part), within(scope, Member.unit_path)
        )
        found.update({member.id: member for member in db.session.scalars(query)})
    return found


def members_by_citizen_id(
    citizen_ids: Sequence[str], *, scope: Scope
) -> dict[str, Member]:
    """Find members of the scope by their identity number."""
    found: dict[str, Member] = {}
    for part in sliced([one for one in citizen_ids if one]):
        query = select(Member).where(
            Member.citizen_id.in_(part), within(scope, Member.unit_path)
        )
        found.update(
            {member.citizen_id: member for member in db.session.scalars(query)}
        )
    return found


def members_by_old_number(numbers: Sequence[str], *, scope: Scope) -> dict[str, Member]:
    """Find members of the scope by a number that they hold or once held."""
    found: dict[str, Member] = {}
    wanted = [one for one in numbers if one]
    for part in sliced(wanted):
        once = (
            select(ReservedNumber.number, Member)
            .join(Member, ReservedNumber.member_id == Member.id)
            .where(ReservedNumber.number.in_(part), within(scope, Member.unit_path))
        )
        found.update({row[0]: row[1] for row in db.session.execute(once)})
        now = select(Member).where(
            Member.member_number.in_(part), within(scope, Member.unit_path)
        )
        found.update({str(one.member_number): one for one in db.session.scalars(now)})
    return found


def waiting_requests(member_ids: Sequence[int], *, scope: Scope) -> list[int]:
    """Give the requests of these members that TLĐ's numbers may come to."""
    found: list[int] = []
    for part in sliced(member_ids):
        query = select(CardRequest.id).where(
            CardRequest.member_id.in_(part),
            CardRequest.state.in_(NUMBER_WAITING_STATES),
            within(scope, CardRequest.unit_path),
        )
        found += db.session.scalars(query)
    return found
