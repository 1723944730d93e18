"""A list's way up, for tests that begin somewhere on it."""

import itertools

from portal.access.policy import Role
from portal.db.models import Campaign, CardRequest, Member
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import Move
from portal.services import approvals, campaigns, renewals, rosters
from tests.cast import Cast
from tests.make import make_member, make_photo

_serial = itertools.count(1)

BOTH_KINDS = (CardKind.STANDARD, CardKind.LINKED)


def announce(cast: Cast, *, unit: str = "f85", name: str = "Đợt 1") -> Campaign:
    """Open a campaign for both kinds of card."""
    return campaigns.announce(
        name=name, card_kinds=BOTH_KINDS, by=cast.actor(unit, Role.APPROVER)
    )


def eligible(
    cast: Cast, count: int, *, unit: str = "a1", **fields: object
) -> list[Member]:
    """Write members whom nothing keeps off a list, of either kind of card."""
    return [
        make_member(
            unit_id=cast.unit_ids[unit],
            **{
                "full_name": f"Trần Thị Số {next(_serial)}",
                "photo_id": make_photo().id,
                "phone": "0901234567",
                "permanent_address": "12 Đường Biển",
                **fields,
            },
        )
        for _ in range(count)
    ]


def submitted(cast: Cast, campaign: Campaign, *, unit: str = "a1") -> list[int]:
    """Put everyone eligible of a unit on its list and send it; give request ids."""
    by = cast.actor(unit, Role.DATA_ENTRY)
    rosters.declare(campaign.id, cast.unit_ids[unit], by=by)
    done = rosters.submit(campaign.id, cast.unit_ids[unit], by=by).done
    return [line.id for line in done]


def registered(cast: Cast, campaign: Campaign, *, unit: str = "a1") -> list[int]:
    """Bring a unit's list up to the Confederation's desk; give request ids."""
    ids = submitted(cast, campaign, unit=unit)
    upper = cast.actor("upper_b" if unit == "b1" else "upper_a", Role.APPROVER)
    renewals.forward_chosen(ids, move=Move.FORWARD, by=upper)
    by = cast.actor("f85", Role.APPROVER)
    renewals.forward_chosen(ids, move=Move.REGISTER, by=by)
    return ids


def approved(cast: Cast, campaign: Campaign, *, unit: str = "a1") -> list[int]:
    """Bring a unit's list to its numbers; give request ids."""
    ids = registered(cast, campaign, unit=unit)
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    return ids


def states_of(ids: list[int]) -> list[str]:
    """Read the states of requests from the database, in the order of the ids."""
    db.session.rollback()
    db.session.expire_all()
    return [db.session.get_one(CardRequest, one).state.value for one in ids]
