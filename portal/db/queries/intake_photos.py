"""The photos of a package: those on rows, and those on the side list."""

from sqlalchemy import String, cast, exists, func, select, update
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import ImportPhoto, ImportRow, Member, Photo, RosterImport
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.errors import NotFound


def refusals(session: Session, row_id: int) -> list[str]:
    """Give why the photo of a row cannot be used; of a row found in scope."""
    query = select(ImportPhoto.problems).where(
        ImportPhoto.row_id == row_id, ImportPhoto.photo_id.is_(None)
    )
    return [text for problems in session.scalars(query) for text in problems]


def has_any(session: Session, import_id: int) -> bool:
    """Say whether the package brought photos; of an import found in scope."""
    return bool(
        session.scalar(select(exists().where(ImportPhoto.import_id == import_id)))
    )


def was_brought_before(session: Session, member: Member, original_hash: str) -> bool:
    """Say whether an accepted list once gave a member this picture.

    The caller has found the member in scope.
    """
    query = (
        select(ImportRow.id)
        .join(Photo, ImportRow.photo_id == Photo.id)
        .where(
            ImportRow.member_id == member.id,
            ImportRow.accepted_at.is_not(None),
            Photo.original_hash == original_hash,
        )
        .limit(1)
    )
    return session.scalar(query) is not None


def same_picture(session: Session, row: ImportRow, photo: Photo) -> int | None:
    """Give the row number of another row with the very same picture, if any."""
    query = (
        select(ImportRow.row_number)
        .join(Photo, ImportRow.photo_id == Photo.id)
        .where(
            ImportRow.import_id == row.import_id,
            ImportRow.id != row.id,
            Photo.original_hash == photo.original_hash,
        )
        .order_by(ImportRow.position)
        .limit(1)
    )
    return session.scalar(query)


def let_go(session: Session, row_id: int) -> None:
    """Make the photos of a row loose; of a row found in scope."""
    session.execute(
        update(ImportPhoto).where(ImportPhoto.row_id == row_id).values(row_id=None)
    )


def find(import_id: int, image_id: int, *, scope: Scope) -> ImportPhoto:
    """Give one photo of a package in the scope; else NotFound."""
    query = (
        select(ImportPhoto)
        .join(RosterImport, ImportPhoto.import_id == RosterImport.id)
        .where(
            ImportPhoto.id == image_id,
            ImportPhoto.import_id == import_id,
            within(scope, RosterImport.unit_path),
        )
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def loose(
    import_id: int, *, scope: Scope, offset: int = 0, limit: int | None = None
) -> list[ImportPhoto]:
    """List the photos on no row: those that may be of several rows come first."""
    query = (
        select(ImportPhoto)
        .join(RosterImport, ImportPhoto.import_id == RosterImport.id)
        .where(
            ImportPhoto.import_id == import_id,
            ImportPhoto.row_id.is_(None),
            within(scope, RosterImport.unit_path),
        )
        .order_by(
            cast(ImportPhoto.candidates, String) == "[]",
            ImportPhoto.name,
            ImportPhoto.id,
        )
        .offset(offset)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def count_loose(import_id: int, *, scope: Scope) -> int:
    """Count the photos on no row."""
    query = (
        select(func.count(ImportPhoto.id))
        .join(RosterImport, ImportPhoto.import_id == RosterImport.id)
        .where(
            ImportPhoto.import_id == import_id,
            ImportPhoto.row_id.is_(None),
            within(scope, RosterImport.unit_path),
        )
    )
    return db.session.scalar(query) or 0


def count_refused_on_rows(session: Session, import_id: int) -> int:
    """Count the photos that belong to a row and cannot be used."""
    query = select(func.count(ImportPhoto.id)).where(
        ImportPhoto.import_id == import_id,
        ImportPhoto.row_id.is_not(None),
        ImportPhoto.photo_id.is_(None),
    )
    return session.scalar(query) or 0


def picture(import_id: int, photo_id: int, *, scope: Scope) -> Photo:
    """Give a photo that the import shows, on a row or beside; NotFound outside."""
    on_a_row = exists().where(
        ImportRow.photo_id == photo_id, ImportRow.import_id == import_id
    )
    beside = exists().where(
        ImportPhoto.photo_id == photo_id, ImportPhoto.import_id == import_id
    )
    seen = exists().where(
        RosterImport.id == import_id, within(scope, RosterImport.unit_path)
    )
    found = db.session.scalar(
        select(Photo).where(Photo.id == photo_id, on_a_row | beside, seen)
    )
    if found is None:
        raise NotFound
    return found
