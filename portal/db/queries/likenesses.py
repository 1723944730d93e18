"""Members who may be the same person as another of the scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.access.scope import Scope
from portal.db.models import Member, Photo, Unit
from portal.db.queries.renewals import sliced
from portal.db.scoping import within
from portal.db.session import db


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another member of the scope who may be the same person."""

    member_id: int
    other_id: int
    other_name: str
    other_unit: str
    same_photo: bool


def likenesses(member_ids: Sequence[int], *, scope: Scope) -> list[Likeness]:
    """Find members with the same folded name and birth date, or the same photo.

    Only the scope is searched: a warning must not name people of other units.
    """
    other, photo, other_photo = aliased(Member), aliased(Photo), aliased(Photo)
    found: dict[tuple[int, int], Likeness] = {}
    named = (
        select(Member.id, other.id, other.full_name, Unit.name)
        .join(
            other,
            (other.folded_name == Member.folded_name)
            & (other.birth_date == Member.birth_date)
            & (other.id != Member.id),
        )
        .join(Unit, other.unit_id == Unit.id)
        .where(within(scope, Member.unit_path), within(scope, other.unit_path))
    )
    pictured = (
        select(Member.id, other.id, other.full_name, Unit.name)
        .join(photo, Member.photo_id == photo.id)
        .join(
            other_photo,
            other_photo.original_hash == photo.original_hash,
        )
        .join(other, (other.photo_id == other_photo.id) & (other.id != Member.id))
        .join(Unit, other.unit_id == Unit.id)
        .where(within(scope, Member.unit_path), within(scope, other.unit_path))
    )
    for part in sliced(member_ids):
        for query, same_photo in ((named, False), (pictured, True)):
            for row in db.session.execute(query.where(Member.id.in_(part))):
                found.setdefault((row[0], row[1]), Likeness(*row, same_photo))
    return list(found.values())
