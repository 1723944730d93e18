"""The members of a grassroots union beside their requests in a campaign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.access.scope import Scope
from portal.db.models import (
    Campaign,
    CardRequest,
    Member,
    RequestEvent,
    Roster,
    Unit,
)
from portal.db.queries.renewals import ADDRESS, sliced
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.bank_needs import bank_lacks
from portal.domain.card_kinds import CardKind, card_kind_for
from portal.domain.errors import Problem
from portal.domain.membership import Candidate, DuesStanding, MemberStatus, Sex
from portal.domain.renewal import UNFINISHED_STATES, State
from portal.domain.union_units import (
    APPROVAL_LEVELS,
    UnionLevel,
    ancestor_ids,
    levels_acted_for,
)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One member of the unit, with the request in this campaign if there is one."""

    member_id: int
    full_name: str
    birth_date: date | None
    birth_year_only: bool
    unit_id: int
    unit_path: str
    unit_name: str
    wish: CardKind | None
    full_time_official: bool
    union_staff: bool
    status: MemberStatus
    dues: DuesStanding
    photo_id: int | None
    citizen_id: str
    id_card_number: str
    passport_number: str
    member_number: str | None
    request_id: int | None
    state: State | None
    reason: str | None
    elsewhere: str | None
    sex: Sex | None
    phone: str
    address: str
    updated_at: datetime
    request_kind: CardKind | None

    @property
    def kind(self) -> CardKind:
        """The kind of card to ask for."""
        return card_kind_for(
            self.wish,
            full_time_official=self.full_time_official,
            union_staff=self.union_staff,
        )

    @property
    def bank_lacks(self) -> tuple[Problem, ...]:
        """What the bank would send a linked card's row back for."""
        linked = self.request_kind is CardKind.LINKED
        return bank_lacks(self) if linked else ()

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


def members(unit: Unit, *, campaign_id: int, scope: Scope) -> list[RosterLine]:
    """List the members of a unit and its sections, in the order of their names.

    Those who have left the union show only where they still have a request.
    """
    here, other, campaign = CardRequest, aliased(CardRequest), aliased(Campaign)
    query = (
        select(
            Member.id,
            Member.full_name,
            Member.birth_date,
            Member.birth_year_only,
            Member.unit_id,
            Member.unit_path,
            Unit.name,
            Member.card_kind,
            Member.full_time_official,
            Member.union_staff,
            Member.status,
            Member.dues_standing,
            Member.photo_id,
            Member.citizen_id,
            Member.id_card_number,
            Member.passport_number,
            Member.member_number,
            here.id,
            here.state,
            here.reason,
            campaign.name,
            Member.sex,
            Member.phone,
            ADDRESS,
            Member.updated_at,
            here.kind,
        )
        .join(Unit, Member.unit_id == Unit.id)
        .outerjoin(
            here, and_(here.member_id == Member.id, here.campaign_id == campaign_id)
        )
        .outerjoin(
            other,
            and_(
                other.member_id == Member.id,
                other.campaign_id != campaign_id,
                other.state.in_(UNFINISHED_STATES),
            ),
        )
        .outerjoin(campaign, other.campaign_id == campaign.id)
        .where(
            within(scope, Member.unit_path),
            within(Scope(unit.path), Member.unit_path),
            or_(Member.status != MemberStatus.LEFT, here.id.is_not(None)),
        )
        .order_by(Member.sort_key, Member.id)
    )
    return [RosterLine(*row) for row in db.session.execute(query)]


def units_above(code: str) -> list[Unit]:
    """List the units from the top down to the one with this code, none if unknown.

    For the server's own commands, which know no scope; a unit is no personal data.
    """
    path = db.session.scalar(
        select(Unit.path).where(func.lower(Unit.code) == code.strip().lower())
    )
    if path is None:
        return []
    query = select(Unit).where(Unit.id.in_(ancestor_ids(path)))
    return list(db.session.scalars(query.order_by(func.length(Unit.path))))


def top_code() -> str:
    """Give the code of the installation's highest unit, "" where there is none."""
    found = db.session.scalar(select(Unit.code).where(Unit.parent_id.is_(None)))
    return found or ""


def levels_of(unit: Unit) -> frozenset[UnionLevel]:
    """Give the approval levels that a unit acts for."""
    return levels_acted_for(unit.level, is_top=unit.parent_id is None)


def grassroots(*, scope: Scope) -> list[Unit]:
    """List the living grassroots unions of the scope in the order of the tree."""
    query = (
        select(Unit)
        .where(
            within(scope, Unit.path),
            Unit.level == "grassroots",
            Unit.valid_to.is_(None),
        )
        .order_by(Unit.path)
    )
    return list(db.session.scalars(query))


def checker_of(unit: Unit) -> str:
    """Name the unit that looks at this union's list first, "" where none is above.

    For whoever sends the list; a unit's name is no personal data.
    """
    above = ancestor_ids(unit.path)[:-1]
    query = (
        select(Unit.name)
        .where(Unit.id.in_(above), Unit.level.in_(APPROVAL_LEVELS))
        .order_by(func.length(Unit.path).desc())
        .limit(1)
    )
    return db.session.scalar(query) or ""


def roster_of(campaign_id: int, unit_id: int, *, scope: Scope) -> Roster | None:
    """Give the unit's list in the campaign, if one was begun."""
    return db.session.scalar(
        select(Roster).where(
            Roster.campaign_id == campaign_id,
            Roster.unit_id == unit_id,
            within(scope, Roster.unit_path),
        )
    )


def add_requests(
    session: Session,
    lines: Iterable[RosterLine],
    *,
    roster: Roster,
    at: datetime,
    event: dict[str, object],
) -> list[int]:
    """Write one declared request for each line, with its first event."""
    ids: list[int] = []
    for part in sliced(lines):
        rows = [
            {
                "campaign_id": roster.campaign_id,
                "roster_id": roster.id,
                "member_id": line.member_id,
                "unit_id": line.unit_id,
                "unit_path": line.unit_path,
                "kind": line.kind,
                "state": State.DECLARED,
                "created_at": at,
            }
            for line in part
        ]
        new = list(session.scalars(insert(CardRequest).returning(CardRequest.id), rows))
        session.execute(insert(RequestEvent), [{**event, "request_id": i} for i in new])
        ids += new
    return ids


def set_kind(session: Session, request_ids: Sequence[int], kind: CardKind) -> None:
    """Write the kind of card that these requests ask for now."""
    for part in sliced(request_ids):
        session.execute(
            update(CardRequest)
            .where(CardRequest.id.in_(part))
            .values(kind=kind, version=CardRequest.version + 1)
        )
