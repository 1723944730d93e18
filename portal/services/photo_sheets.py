"""A unit's photos worked through together: turned, approved, refused."""

from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import Member, Unit
from portal.db.queries import members as members_q
from portal.db.queries import photo_sheets as sheets_q
from portal.db.queries.photo_sheets import LEAST_DPI, Only, SheetMember
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.text import clean
from portal.files.images import turned
from portal.services import audit, stores
from portal.services.members import unit_in_scope
from portal.services.photos import add_photo, give_photo, prepare_photo

PAGE_PHOTOS = 48
MOST_AT_ONCE = 500
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """One member on the sheet: the photo, what is to be said of it, how it stands."""

    member_id: int
    name: str
    unit: str
    photo_id: int | None
    dpi: int | None
    problems: list[str]
    approved: bool

    @property
    def tone(self) -> str:
        """Give the frame's tone: bad, good, or none yet."""
        if self.problems:
            return "bad"
        return "good" if self.approved else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the sheet, the counts behind its filters, and the unit."""

    cards: list[PhotoCard]
    counts: dict[Only, int]
    unit: Unit


def sheet(*, unit_code: str, only: Only, page: int, by: Actor) -> Sheet:
    """Read one page of the photos of the officer's unit, or of one below it."""
    by.require(Action.MEMBER_VIEW)
    unit = unit_in_scope(unit_code, by=by)
    scope = Scope(unit.path)
    rows = sheets_q.page(
        scope=scope, only=only, offset=(page - 1) * PAGE_PHOTOS, limit=PAGE_PHOTOS
    )
    return Sheet([_card(row) for row in rows], sheets_q.counts(scope=scope), unit)


def card(member_id: int, *, by: Actor) -> PhotoCard:
    """Read one member's card anew; NotFound outside the scope."""
    by.require(Action.MEMBER_VIEW)
    found = sheets_q.one(member_id, scope=by.scope)
    if found is None:
        raise NotFound
    return _card(found)


def turn(member_id: int, *, quarters: int, photo_id: int, by: Actor) -> None:
    """Turn a photo by quarters clockwise; the picture before stays kept.

    ``photo_id`` is the photo that was seen: another one is not turned (Conflict).
    """
    by.require(Action.MEMBER_EDIT)
    member = _member(member_id, by=by)
    if member.photo is None:
        raise NotFound
    if member.photo_id != photo_id:
        raise Conflict("Ảnh này vừa được đổi. Hãy xem lại ảnh mới.")
    # The work on pixels is done before the transaction.
    original = stores.photos().read(member.photo.original_hash)
    prepared = prepare_photo(turned(original, quarters=quarters % 4), name="Ảnh")
    with transaction() as session:
        member = _member(member_id, by=by)
        if member.photo_id != photo_id:
            raise Conflict("Ảnh này vừa được đổi. Hãy xem lại ảnh mới.")
        give_photo(session, member, add_photo(session, prepared), by=by)


def approve(photo_ids: dict[int, int], *, by: Actor) -> int:
    """Approve photos as they were seen, member id → photo id; say of how many.

    A photo that was changed meanwhile is left alone. Approving stops nobody's card:
    a photo without it is only pointed out before printing.
    """
    by.require(Action.PHOTO_APPROVE)
    if len(photo_ids) > MOST_AT_ONCE:
        raise Invalid(f"Mỗi lần duyệt được nhiều nhất {MOST_AT_ONCE} ảnh.")
    with transaction() as session:
        chosen = [
            member
            for member in sheets_q.with_photo(photo_ids, scope=by.scope)
            if member.photo_id == photo_ids[member.id]
            and member.photo.approved_at is None
        ]
        for member in chosen:
            member.photo.approved_at = clock.now()
            member.photo.approved_by_id = by.officer_id
            member.photo.refused_reason = ""
        session.flush()
        acts = [_act("member.photo_approved", member, {}) for member in chosen]
        audit.record_all(session, acts, by=by)
    return len(chosen)


def refuse(member_id: int, *, photo_id: int, reason: str, by: Actor) -> None:
    """Say why a photo is not fit for a card; its unit finds it among the red ones."""
    by.require(Action.PHOTO_APPROVE)
    told = clean(reason)[:_LONGEST_REASON]
    with transaction() as session:
        member = _member(member_id, by=by)
        if not told:
            raise Invalid("Ghi lý do ảnh chưa đạt, để đơn vị biết phải sửa gì.")
        if member.photo is None or member.photo_id != photo_id:
            raise Conflict("Ảnh này vừa được đổi. Hãy xem lại ảnh mới.")
        member.photo.approved_at = member.photo.approved_by_id = None
        member.photo.refused_reason = told
        session.flush()
        act = _act("member.photo_refused", member, {"reason": told})
        audit.record_all(session, [act], by=by)


def _member(member_id: int, *, by: Actor) -> Member:
    member: Member | None = members_q.get(member_id, scope=by.scope)
    if member is None:
        raise NotFound
    return member


def _card(row: SheetMember) -> PhotoCard:
    member, photo = row.member, row.member.photo
    problems: list[str] = []
    if photo is None:
        problems.append("Chưa có ảnh.")
    else:
        if photo.refused_reason:
            problems.append(f"Chưa đạt: {photo.refused_reason}")
        if row.twice:
            problems.append("Cùng một ảnh với người khác. Xem lại ảnh của ai.")
        if photo.dpi is not None and photo.dpi < LEAST_DPI:
            problems.append("Ảnh nhỏ, in sẽ mờ.")
        if photo.approved_at is None:
            problems += photo.warnings
    return PhotoCard(
        member_id=member.id,
        name=member.full_name,
        unit=member.unit.name,
        photo_id=member.photo_id,
        dpi=photo.dpi if photo else None,
        problems=problems,
        approved=photo is not None and photo.approved_at is not None,
    )


def _act(action: str, member: Member, detail: dict[str, Any]) -> audit.Act:
    return audit.Act(
        action=action,
        subject="member",
        subject_id=member.id,
        unit_path=member.unit_path,
        detail={**detail, "photo": member.photo.card_hash[:12]},
    )
