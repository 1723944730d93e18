"""Photos: the one of a member, and who else has the same picture."""

from collections.abc import Collection

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import ImportPhoto, ImportRow, Member, Photo, RosterImport
from portal.db.models.intake import ImportState
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


def hashes_of_import(session: Session, import_id: int) -> set[str]:
    """Give the files of all photos of an import; of an import found in scope."""
    of_import = or_(
        *(
            Photo.id.in_(select(model.photo_id).where(model.import_id == import_id))
            for model in (ImportRow, ImportPhoto)
        )
    )
    query = select(Photo.original_hash, Photo.card_hash, Photo.print_hash)
    return {digest for row in session.execute(query.where(of_import)) for digest in row}


def unused_hashes(session: Session, hashes: Collection[str]) -> set[str]:
    """Give those of some files that no photo has any more.

    Nothing while a list is being read: its photos are on the disk before their rows
    are written, and may be the same.
    """
    reading = exists().where(RosterImport.state == ImportState.UPLOADED)
    if session.scalar(select(reading)):
        return set()
    used: set[str] = set()
    for column in (Photo.original_hash, Photo.card_hash, Photo.print_hash):
        used |= set(session.scalars(select(column).where(column.in_(list(hashes)))))
    return set(hashes) - used
