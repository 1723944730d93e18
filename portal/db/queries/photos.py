"""Photos: the one of a member, and who else has the same picture."""

from sqlalchemy import select

from portal.access.scope import Scope
from portal.db.models import Member, Photo
from portal.db.scoping import within
from portal.db.session import db


def of_member(member_id: int, *, scope: Scope) -> Photo | None:
    """Find the photo of a member of the scope."""
    return db.session.scalar(
        select(Photo)
        .join(Member, Member.photo_id == Photo.id)
        .where(Member.id == member_id, within(scope, Member.unit_path))
    )


def others_with(original_hash: str, *, scope: Scope, besides: int) -> list[Member]:
    """List members of the scope who bear the very same picture."""
    query = (
        select(Member)
        .join(Photo, Member.photo_id == Photo.id)
        .where(
            Photo.original_hash == original_hash,
            Member.id != besides,
            within(scope, Member.unit_path),
        )
        .order_by(Member.id)
        .limit(5)
    )
    return list(db.session.scalars(query))
