"""What stands on the members of an import, and how they are taken off the book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import CardRequest, ImportRow, Member, RosterImport
from portal.db.models.intake import RowState
from portal.db.scoping import within
from portal.db.session import db

# Rows of imports, and whom they look like, are history; nothing is built by them.
_HISTORY = frozenset({ImportRow.__tablename__, "import_likeness"})


@dataclass(frozen=True, slots=True)
class Standing:
    """One written row that cannot be taken back; ``table`` names what stands on it.

    Without a table the record itself was changed, or has left the unit.
    """

    row_id: int
    row_number: int
    name: str
    member_id: int
    table: str = ""


def standing(
    import_id: int, *, scope: Scope, limit: int | None = None
) -> list[Standing]:
    """List what stands in the way of taking an import back, in the list's order."""
    found: dict[int, Standing] = {}
    for table, condition in _conditions():
        query = (
            select(ImportRow.id, ImportRow.row_number, Member.full_name, Member.id)
            .join(Member, ImportRow.member_id == Member.id)
            .join(RosterImport, ImportRow.import_id == RosterImport.id)
            .where(
                *_written(import_id), within(scope, RosterImport.unit_path), condition
            )
            .order_by(ImportRow.position)
            .limit(limit)
        )
        for row in db.session.execute(query):
            found.setdefault(row[0], Standing(*row, table=table))
    return list(found.values())[:limit]


def count_free(import_id: int, *, scope: Scope) -> int:
    """Count the written rows that nothing stands in the way of."""
    query = (
        select(func.count(ImportRow.id))
        .join(Member, ImportRow.member_id == Member.id)
        .join(RosterImport, ImportRow.import_id == RosterImport.id)
        .where(
            *_written(import_id),
            within(scope, RosterImport.unit_path),
            ~or_(*(condition for _table, condition in _conditions())),
        )
    )
    return db.session.scalar(query) or 0


def free_rows(session: Session, import_id: int, *, limit: int) -> list[ImportRow]:
    """Give the next written rows that can be taken back; import found in scope."""
    query = (
        select(ImportRow)
        .join(Member, ImportRow.member_id == Member.id)
        .where(
            *_written(import_id),
            ~or_(*(condition for _table, condition in _conditions())),
        )
        .order_by(ImportRow.position)
        .limit(limit)
    )
    return list(session.scalars(query))


def members_of(session: Session, rows: Sequence[ImportRow]) -> dict[int, Member]:
    """Give the members of rows by id; the rows were found in scope."""
    ids = [row.member_id for row in rows]
    query = select(Member).where(Member.id.in_(ids))
    return {member.id: member for member in session.scalars(query)}


def delete_members(session: Session, member_ids: Sequence[int]) -> None:
    """Delete members that nothing stands on; rows of imports let go of them."""
    session.execute(
        sql_update(ImportRow)
        .where(ImportRow.member_id.in_(member_ids))
        .values(member_id=None, member_version=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Member)
        .where(Member.id.in_(member_ids))
        .execution_options(synchronize_session=False)
    )


def count_taken_back(session: Session, import_id: int) -> int:
    """Count the rows of an import that were taken back; it was found in scope."""
    query = select(func.count(ImportRow.id)).where(
        ImportRow.import_id == import_id, ImportRow.taken_back_at.is_not(None)
    )
    return session.scalar(query) or 0


def _written(import_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ImportRow.import_id == import_id,
        ImportRow.accepted_at.is_not(None),
        ImportRow.taken_back_at.is_(None),
        ImportRow.state.in_((RowState.NEW, RowState.CHANGED)),
    )


def _conditions() -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Give what may stand in the way: any change, any row that names the member.

    Every table with a reference to members counts, those of later features as well.
    A member who was there before keeps what was there before the import.
    """
    yield "", Member.version != ImportRow.member_version
    for table in db.metadata.sorted_tables:
        if table.name in _HISTORY:
            continue
        for column in _references(table):
            stands = exists().where(column == Member.id)
            if table is CardRequest.__table__:
                later = exists().where(
                    column == Member.id,
                    CardRequest.created_at > ImportRow.accepted_at,
                )
                old = ImportRow.state == RowState.CHANGED
                yield table.name, or_(and_(~old, stands), and_(old, later))
            else:
                yield table.name, and_(ImportRow.state == RowState.NEW, stands)


def _references(table: Table) -> Iterator[ColumnElement[int]]:
    for key in table.foreign_keys:
        if key.column.table is Member.__table__:
            yield key.parent
