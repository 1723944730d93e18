"""Rows for tests, straight into the database: keyword-only, sensible defaults."""

import itertools
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import (
    Campaign,
    CardRequest,
    Member,
    Officer,
    Photo,
    Post,
    Roster,
    SignInSession,
    Unit,
)
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.membership import DuesStanding, Sex
from portal.domain.renewal import State
from portal.domain.text import search_text
from portal.domain.union_units import UnionLevel, path_of
from portal.services.sign_in import ABSOLUTE_LIMIT, token_hash

_serial = itertools.count(1)

LONG_AGO = date(2000, 1, 1)


def make_unit(
    *,
    code: str,
    level: UnionLevel,
    name: str = "",
    parent_id: int | None = None,
    province_code: str | None = None,
) -> Unit:
    """Write one unit under its parent."""
    with transaction() as session:
        parent = session.get_one(Unit, parent_id) if parent_id else None
        unit = Unit(
            code=code,
            name=name or code,
            search_text=search_text(name or code, code),
            level=level,
            parent_id=parent_id,
            path=f"new-{code}",
            province_code=province_code,
            valid_from=LONG_AGO,
        )
        session.add(unit)
        session.flush()
        unit.path = path_of(unit.id, parent_path=parent.path if parent else "")
    return unit


def make_officer(
    *, name: str, unit_id: int, role: Role, suspended: bool = False
) -> Post:
    """Write one officer with one post; no password: tests sign in by session row."""
    now = clock.now()
    with transaction() as session:
        unit = session.get_one(Unit, unit_id)
        officer = Officer(
            sign_in_name=name.replace(" ", "."),
            full_name=name,
            created_at=now,
            suspended_at=now if suspended else None,
        )
        session.add(officer)
        session.flush()
        post = Post(
            officer_id=officer.id,
            unit_id=unit.id,
            unit_path=unit.path,
            role=role,
            valid_from=LONG_AGO,
        )
        session.add(post)
        session.flush()
        post.unit = unit
        post.officer = officer
    return post


def make_session(actor: Actor, *, token: str) -> None:
    """Write a live sign-in session for the actor's post."""
    now = clock.now()
    with transaction() as session:
        session.add(
            SignInSession(
                token_hash=token_hash(token),
                officer_id=actor.officer_id,
                post_id=actor.post_id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + ABSOLUTE_LIMIT,
            )
        )


def make_photo() -> Photo:
    """Write a photo row; its hashes name no bytes."""
    serial = next(_serial)
    with transaction() as session:
        photo = Photo(
            original_hash=f"{serial:064x}",
            card_hash=f"{serial:064x}",
            print_hash=f"{serial:064x}",
            width_px=472,
            height_px=708,
            crop=[0.0, 0.0, 1.0, 1.0],
            created_at=clock.now(),
        )
        session.add(photo)
    return photo


def make_member(
    *, unit_id: int, full_name: str = "Nguyễn Văn An", **fields: Any
) -> Member:
    """Write one active, dues-paying member with an identity number of its own."""
    serial = next(_serial)
    now = clock.now() - timedelta(days=1)
    values: dict[str, Any] = {
        "full_name": full_name,
        "birth_date": date(1990, 2, 3),
        "sex": Sex.MALE,
        "citizen_id": f"058090{serial:06d}",
        "dues_standing": DuesStanding.PAYING,
        "created_at": now,
        "updated_at": now,
        **fields,
    }
    with transaction() as session:
        unit = session.get_one(Unit, unit_id)
        member = Member(unit_id=unit.id, unit_path=unit.path, **values)
        session.add(member)
        session.flush()
        member.unit = unit
    return member


def make_request(
    *,
    member: Member,
    announced_by: int,
    state: State = State.DECLARED,
    kind: CardKind = CardKind.STANDARD,
    **fields: Any,
) -> CardRequest:
    """Write one request, with a campaign and a roster made where none is yet."""
    now = clock.now()
    with transaction() as session:
        campaign = session.scalar(
            select(Campaign).where(Campaign.unit_id == announced_by)
        )
        if campaign is None:
            unit = session.get_one(Unit, announced_by)
            campaign = Campaign(
                unit_id=unit.id,
                unit_path=unit.path,
                name="Đợt thử",
                card_kinds=[kind.value for kind in CardKind],
                opened_at=now,
            )
            session.add(campaign)
            session.flush()
        where = {"unit_id": member.unit_id, "unit_path": member.unit_path}
        roster = session.scalar(
            select(Roster).where(
                Roster.campaign_id == campaign.id, Roster.unit_id == member.unit_id
            )
        )
        if roster is None:
            roster = Roster(campaign_id=campaign.id, created_at=now, **where)
            session.add(roster)
            session.flush()
        request = CardRequest(
            campaign_id=campaign.id,
            roster_id=roster.id,
            member_id=member.id,
            kind=kind,
            state=state,
            created_at=now,
            **where,
            **fields,
        )
        session.add(request)
    return request
