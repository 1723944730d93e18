"""Imports, their evaluated rows and their photos."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, func, not_, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.access.scope import Scope
from portal.db.models import (
    ImportPhoto,
    ImportRow,
    Member,
    Officer,
    Photo,
    RosterImport,
    Unit,
)
from portal.db.models.intake import ImportState, RowChoice, RowState
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.errors import NotFound
from portal.domain.union_units import UnionLevel

# Ids in one statement: SQLite takes 32,766, PostgreSQL 65,535.
_BATCH = 500


def get(import_id: int, *, scope: Scope) -> RosterImport:
    """Give one import with its unit; NotFound outside the scope."""
    query = (
        select(RosterImport)
        .options(joinedload(RosterImport.unit))
        .where(RosterImport.id == import_id, within(scope, RosterImport.unit_path))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def latest(
    *, scope: Scope, offset: int = 0, limit: int = 30
) -> list[tuple[RosterImport, str]]:
    """List the newest imports in the scope, with their units and who brought them."""
    query = (
        select(RosterImport, Officer.full_name)
        .join(Officer, RosterImport.created_by_id == Officer.id)
        .options(joinedload(RosterImport.unit))
        .where(within(scope, RosterImport.unit_path))
        .order_by(RosterImport.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [(found, name) for found, name in db.session.execute(query)]


def units_to_import_into(
    *, scope: Scope, levels: Iterable[UnionLevel], on: date
) -> list[Unit]:
    """List the living units of these levels in the scope, in the tree's order."""
    query = (
        select(Unit)
        .where(
            within(scope, Unit.path),
            Unit.level.in_(list(levels)),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
        )
        .order_by(Unit.path)
    )
    return list(db.session.scalars(query))


def unit_id_of(code: str, *, scope: Scope) -> int:
    """Give the id behind a unit's code in any case; NotFound outside the scope."""
    found = db.session.scalar(
        select(Unit.id).where(
            func.lower(Unit.code) == code.strip().lower(), within(scope, Unit.path)
        )
    )
    if found is None:
        raise NotFound
    return found


def unit(unit_id: int, *, scope: Scope) -> Unit:
    """Give one unit; NotFound outside the scope."""
    found = db.session.scalar(
        select(Unit).where(Unit.id == unit_id, within(scope, Unit.path))
    )
    if found is None:
        raise NotFound
    return found


def rows(
    import_id: int,
    *,
    scope: Scope,
    states: Iterable[RowState] = (),
    offset: int = 0,
    limit: int | None = None,
) -> list[ImportRow]:
    """List the rows of an import in the order of the list; all states by default."""
    query = (
        select(ImportRow)
        .join(RosterImport, ImportRow.import_id == RosterImport.id)
        .where(ImportRow.import_id == import_id, within(scope, RosterImport.unit_path))
        .order_by(ImportRow.position)
        .offset(offset)
        .limit(limit)
    )
    chosen = list(states)
    if chosen:
        query = query.where(ImportRow.state.in_(chosen))
    return list(db.session.scalars(query))


def rows_to_accept(
    session: Session, import_id: int, *, after: int, limit: int
) -> list[ImportRow]:
    """List the next good rows that are not written yet, without their reasons.

    What only a page shows is read when it is asked for: it is most of a row.
    """
    query = (
        select(ImportRow)
        .options(
            defer(ImportRow.raw),
            defer(ImportRow.repairs),
            defer(ImportRow.warnings),
            defer(ImportRow.problems),
            defer(ImportRow.changes),
            defer(ImportRow.mended),
        )
        .where(
            ImportRow.import_id == import_id,
            ImportRow.position > after,
            ImportRow.accepted_at.is_(None),
            ImportRow.choice != RowChoice.SKIP,
            ImportRow.state.in_((RowState.NEW, RowState.CHANGED)),
        )
        .order_by(ImportRow.position)
        .limit(limit)
    )
    return list(session.scalars(query))


def accepted_member_ids(session: Session, import_id: int) -> set[int]:
    """Give the members that this import itself has written."""
    query = select(ImportRow.member_id).where(
        ImportRow.import_id == import_id,
        ImportRow.accepted_at.is_not(None),
        ImportRow.member_id.is_not(None),
    )
    return set(session.scalars(query))  # type: ignore[arg-type]


def photos_by_id(session: Session, photo_ids: Iterable[int]) -> dict[int, Photo]:
    """Give photo rows by id; the caller has their ids from rows in its scope."""
    query = select(Photo).where(Photo.id.in_(list(photo_ids)))
    return {photo.id: photo for photo in session.scalars(query)}


def count_states(session: Session, import_id: int) -> dict[RowState, int]:
    """Count the rows of an import by state, every state named."""
    query = (
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.state)
    )
    return dict.fromkeys(RowState, 0) | _pairs(session.execute(query))


def count_accepted(session: Session, import_id: int) -> dict[RowState, int]:
    """Count the written rows of an import by what they did."""
    query = (
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == import_id, ImportRow.accepted_at.is_not(None))
        .group_by(ImportRow.state)
    )
    return _pairs(session.execute(query))


def clear(session: Session, import_id: int) -> None:
    """Delete the evaluated rows of an import, and photos that hang on nothing else."""
    photo_ids: set[int | None] = set()
    for model in (ImportRow, ImportPhoto):
        query = select(model.photo_id).where(model.import_id == import_id)
        photo_ids |= set(session.scalars(query))
    session.execute(delete(ImportPhoto).where(ImportPhoto.import_id == import_id))
    session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    orphans = sorted(filter(None, photo_ids))
    for at in range(0, len(orphans), _BATCH):
        used = or_(
            *(
                exists().where(column == Photo.id)
                for column in (
                    Member.photo_id,
                    ImportRow.photo_id,
                    ImportPhoto.photo_id,
                )
            )
        )
        session.execute(
            delete(Photo).where(Photo.id.in_(orphans[at : at + _BATCH]), not_(used))
        )


def upload_is_shared(session: Session, roster_import: RosterImport) -> bool:
    """Say whether another import that lives on stands on the same uploaded file."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    RosterImport.file_hash == roster_import.file_hash,
                    RosterImport.id != roster_import.id,
                    RosterImport.state != ImportState.ABORTED,
                )
            )
        )
    )


def _pairs(result: Iterable[Any]) -> dict[RowState, int]:
    return dict(tuple(row) for row in result)
