"""Member numbers and Vpoint codes: allotted here once, inside the approval."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from portal.access.actor import Actor
from portal.db.models import Member
from portal.db.queries import numbers as numbers_q
from portal.db.queries.numbers import Reservation
from portal.db.queries.renewals import RequestLine
from portal.domain import clock
from portal.domain.numbering import VPOINT_CODES, number_text, vpoint_text


def allots_numbers() -> bool:
    """Say whether this installation gives numbers itself, or waits for TLĐ's."""
    return bool(current_app.config["PORTAL_ALLOTS_NUMBERS"])


def first_value() -> int:
    """Give where this installation's numbers begin."""
    return int(current_app.config["PORTAL_FIRST_NUMBER"])


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that an approval would allot: how many, the first, the last."""

    count: int
    first: str = ""
    last: str = ""


def planned(how_many: int) -> Range:
    """Tell which numbers the next approval would allot; takes none."""
    if not how_many:
        return Range(0)
    start = numbers_q.next_value(first_value=first_value())
    values = numbers_q.free_values(start, how_many)
    return Range(how_many, number_text(values[0]), number_text(values[-1]))


def allot(session: Any, lines: Sequence[RequestLine], *, by: Actor) -> dict[int, str]:
    """Give each line's member a number and a Vpoint code; return request → number.

    A member who has a lasting number keeps it: a linked change and a reissue bear
    the same one. A provisional number is replaced and stays reserved. Everything
    is written in the caller's transaction, so a number is given with the approval
    or not at all.
    """
    wanting = [line for line in lines if line.lasting_number is None]
    new_numbers = iter(_take(session, len(wanting)))
    codes = iter(_new_vpoint_codes(sum(line.vpoint_code is None for line in lines)))
    members = numbers_q.members_by_id(
        {line.member_id for line in lines}, scope=by.scope
    )
    given: list[Reservation] = []
    found: dict[int, str] = {}
    for line in lines:
        member = members[line.member_id]
        number = line.lasting_number
        if number is None:
            number = next(new_numbers)
            given += replace_number(member, number, line.id, source="allotted")
        else:
            given.append(Reservation(number, member.id, line.id, "kept"))
        if member.vpoint_code is None:
            member.vpoint_code = next(codes)
        found[line.id] = number
    # The old number leaves the unique column before another member may get it.
    session.flush()
    numbers_q.reserve(session, given, at=clock.now())
    return found


def replace_number(
    member: Member, number: str, request_id: int | None, *, source: str
) -> list[Reservation]:
    """Write a member's lasting number; give what must stay reserved for ever."""
    kept = [Reservation(number, member.id, request_id, source)]
    if member.member_number is not None and member.member_number != number:
        kept.append(Reservation(member.member_number, member.id, None, "provisional"))
    member.member_number = number
    member.number_is_provisional = False
    member.updated_at = clock.now()
    return kept


def _take(session: Any, how_many: int) -> list[str]:
    if not how_many:
        return []
    row = numbers_q.counter(session, first_value=first_value())
    values = numbers_q.free_values(row.next_value, how_many)
    row.next_value = values[-1] + 1
    return [number_text(value) for value in values]


def _new_vpoint_codes(how_many: int) -> list[str]:
    codes: dict[str, None] = {}
    while len(codes) < how_many:
        drawn = {
            vpoint_text(secrets.randbelow(VPOINT_CODES)): None
            for _ in range(how_many - len(codes))
        }
        taken = numbers_q.vpoint_holders(list(drawn))
        codes |= {code: None for code in drawn if code not in taken}
    return list(codes)
