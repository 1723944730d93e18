"""Approved linked requests as the bank needs them, and the lists handed over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.access.scope import Scope
from portal.db.models import BankExport, CardRequest, Member, Roster, Unit
from portal.db.queries.renewals import ADDRESS, sliced
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.errors import NotFound
from portal.domain.membership import MemberStatus, Sex
from portal.domain.renewal import State
from portal.domain.union_units import ancestor_ids, inherited


@dataclass(frozen=True, slots=True)
class BankLine:
    """One linked card for the bank to issue."""

    request_id: int
    member_id: int
    unit_path: str
    unit_name: str
    union_name: str
    full_name: str
    birth_date: date | None
    birth_year_only: bool
    sex: Sex | None
    citizen_id: str
    id_issued_on: date | None
    id_issued_at: str
    phone: str
    address: str
    member_number: str | None
    vpoint_code: str | None
    wished: bool
    bank_account: str
    bank_branch: str
    status: MemberStatus


def waiting(*, scope: Scope, under: str | None = None) -> list[BankLine]:
    """List approved linked requests by unit and name; ``under`` narrows the scope."""
    query = (
        select(
            CardRequest.id,
            Member.id,
            CardRequest.unit_path,
            CardRequest.unit_name_on_card,
            Unit.name,
            Member.full_name,
            Member.birth_date,
            Member.birth_year_only,
            Member.sex,
            Member.citizen_id,
            Member.id_issued_on,
            Member.id_issued_at,
            Member.phone,
            ADDRESS,
            Member.member_number,
            Member.vpoint_code,
            Member.card_kind == CardKind.LINKED,
            Member.bank_account,
            Member.bank_branch,
            Member.status,
        )
        .join(Member, CardRequest.member_id == Member.id)
        .join(Roster, CardRequest.roster_id == Roster.id)
        .join(Unit, Roster.unit_id == Unit.id)
        .where(
            within(scope, CardRequest.unit_path),
            within(scope, Member.unit_path),
            CardRequest.state == State.APPROVED,
            CardRequest.kind == CardKind.LINKED,
        )
        .order_by(CardRequest.unit_path, Member.sort_key, CardRequest.id)
    )
    if under is not None:
        query = query.where(within(Scope(under), CardRequest.unit_path))
    return [BankLine(*row) for row in db.session.execute(query)]


def lacking_by_roster(
    states: Collection[State], *, scope: Scope
) -> list[tuple[int, int, str, int]]:
    """Count the linked requests that the bank would send back, the most first.

    Each is (campaign, grassroots union, its name, requests). The conditions are
    those of ``bank_lacks``; a test compares both. Whoever has paused or left is
    held anyhow.
    """
    query = (
        select(Roster.campaign_id, Unit.id, Unit.name, func.count(CardRequest.id))
        .join(Roster, CardRequest.roster_id == Roster.id)
        .join(Unit, Roster.unit_id == Unit.id)
        .join(Member, CardRequest.member_id == Member.id)
        .where(
            within(scope, CardRequest.unit_path),
            within(scope, Member.unit_path),
            CardRequest.state.in_(states),
            CardRequest.kind == CardKind.LINKED,
            or_(
                Member.full_name == "",
                Member.birth_date.is_(None),
                Member.birth_year_only,
                Member.sex.is_(None),
                Member.citizen_id == "",
                Member.phone == "",
                ADDRESS == "",
            ),
            Member.status == MemberStatus.ACTIVE,
        )
        .group_by(Roster.campaign_id, Unit.id, Unit.name)
        .order_by(func.count(CardRequest.id).desc(), Unit.id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def province_codes(paths: set[str]) -> dict[str, str]:
    """Give the plate code that each unit path inherits, "" where it has none."""
    by_path = {path: ancestor_ids(path) for path in paths}
    wanted = sorted({unit_id for ids in by_path.values() for unit_id in ids})
    codes: dict[int, str | None] = {}
    for part in sliced(wanted):
        query = select(Unit.id, Unit.province_code).where(Unit.id.in_(part))
        codes.update({row.id: row.province_code for row in db.session.execute(query)})
    return {
        path: inherited(codes[unit_id] for unit_id in ids) or ""
        for path, ids in by_path.items()
    }


def exports(*, scope: Scope, limit: int = 50) -> list[BankExport]:
    """List the lists handed over within the scope, the newest first."""
    query = (
        select(BankExport)
        .where(within(scope, BankExport.unit_path))
        .options(joinedload(BankExport.unit))
        .order_by(BankExport.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def get_export(export_id: int, *, scope: Scope) -> BankExport:
    """Give one list within the scope; NotFound otherwise."""
    found = db.session.scalar(
        select(BankExport).where(
            BankExport.id == export_id, within(scope, BankExport.unit_path)
        )
    )
    if found is None:
        raise NotFound
    return found
