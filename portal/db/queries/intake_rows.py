"""The rows of an import as officers work through them: filtered, found, related."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select, update
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import ImportRow, RosterImport
from portal.db.models.intake import RowChoice, RowState
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.errors import NotFound

GOOD = (RowState.NEW, RowState.CHANGED)
BAD = (RowState.DUPLICATE, RowState.ERROR)

# Values in one statement: SQLite takes 32,766, PostgreSQL 65,535.
_BATCH = 500


class RowFilter(StrEnum):
    """Which rows a page shows; the states, and what cuts across them."""

    ALL = ""
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    ERROR = "error"
    DOUBTFUL = "doubtful"
    LEFT_OUT = "left_out"
    BAD = "bad"


def find(import_id: int, row_id: int, *, scope: Scope) -> ImportRow:
    """Give one row of an import in the scope; else NotFound."""
    found = db.session.scalar(
        _of(import_id, scope)
        .where(ImportRow.id == row_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def by_ids(
    import_id: int, row_ids: Collection[int], *, scope: Scope
) -> list[ImportRow]:
    """Give rows of an import by id, in the order of the list."""
    found: list[ImportRow] = []
    ids = sorted(row_ids)
    for at in range(0, len(ids), _BATCH):
        part = _of(import_id, scope).where(ImportRow.id.in_(ids[at : at + _BATCH]))
        found += db.session.scalars(part)
    return sorted(found, key=lambda row: row.position)


def page(
    import_id: int,
    *,
    scope: Scope,
    only: RowFilter = RowFilter.ALL,
    offset: int = 0,
    limit: int | None = None,
) -> list[ImportRow]:
    """List the rows that a filter lets through, in the order of the list."""
    query = _of(import_id, scope).where(*_conditions(only))
    query = query.order_by(ImportRow.position).offset(offset).limit(limit)
    return list(db.session.scalars(query))


def count(import_id: int, *, scope: Scope, only: RowFilter) -> int:
    """Count the rows that a filter lets through."""
    query = _of(import_id, scope).where(*_conditions(only))
    return db.session.scalar(query.with_only_columns(func.count(ImportRow.id))) or 0


def next_bad(import_id: int, *, after: int, scope: Scope) -> ImportRow | None:
    """Give the next row to mend after a position, from the top once at the end."""
    query = _of(import_id, scope).where(*_conditions(RowFilter.BAD))
    query = query.order_by(ImportRow.position <= after, ImportRow.position).limit(1)
    return db.session.scalar(query)


def bearing(
    import_id: int, numbers: Mapping[str, Collection[str]], *, scope: Scope
) -> list[ImportRow]:
    """List the rows not left out that bear one of these numbers, by field."""
    found: dict[int, ImportRow] = {}
    for name, values in numbers.items():
        ordered = sorted(values)
        for at in range(0, len(ordered), _BATCH):
            query = _of(import_id, scope).where(
                ImportRow.values[name].as_string().in_(ordered[at : at + _BATCH]),
                ImportRow.choice != RowChoice.SKIP,
            )
            found |= {row.id: row for row in db.session.scalars(query)}
    return list(found.values())


def born_on(
    import_id: int, dates: Collection[str], *, scope: Scope, limit: int
) -> list[ImportRow]:
    """List rows not left out with one of these birth dates, as stored."""
    query = _of(import_id, scope).where(
        ImportRow.values["birth_date"].as_string().in_(sorted(dates)[:_BATCH]),
        ImportRow.choice != RowChoice.SKIP,
    )
    return list(db.session.scalars(query.order_by(ImportRow.position).limit(limit)))


def rows_of_member(import_id: int, member_id: int, *, scope: Scope) -> list[ImportRow]:
    """List the rows of an import, not left out, that mean one member."""
    query = _of(import_id, scope).where(
        ImportRow.member_id == member_id, ImportRow.choice != RowChoice.SKIP
    )
    return list(db.session.scalars(query.order_by(ImportRow.position)))


def mended(import_id: int, *, scope: Scope) -> list[ImportRow]:
    """List the rows of an import with a cell mended by hand."""
    query = _of(import_id, scope).where(cast(ImportRow.mended, String) != "{}")
    return list(db.session.scalars(query.order_by(ImportRow.position)))


def at_places(
    session: Session, import_id: int, places: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], ImportRow]:
    """Find rows by sheet and row number; the caller has the import in its scope."""
    wanted = set(places)
    numbers = sorted({number for _sheet, number in wanted})
    found: dict[tuple[str, int], ImportRow] = {}
    for at in range(0, len(numbers), _BATCH):
        query = select(ImportRow).where(
            ImportRow.import_id == import_id,
            ImportRow.row_number.in_(numbers[at : at + _BATCH]),
        )
        found |= {(row.sheet, row.row_number): row for row in session.scalars(query)}
    return {place: row for place, row in found.items() if place in wanted}


def choose_for_all(
    session: Session, import_id: int, only: RowFilter, choice: RowChoice
) -> int:
    """Set the choice of every row of a kind not yet written; say of how many."""
    result = session.execute(
        update(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.accepted_at.is_(None),
            ImportRow.choice != choice,
            *_conditions(only),
        )
        .values(choice=choice)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def counts(session: Session, import_id: int) -> dict[str, int]:
    """Count what cuts across the states: rows to mend, to doubt, left out."""
    doubtful, left_out = _conditions(RowFilter.DOUBTFUL), RowFilter.LEFT_OUT
    asked = {
        "bad": _conditions(RowFilter.BAD),
        "doubtful": doubtful,
        "left_out": [*_conditions(left_out), ImportRow.state.in_(GOOD)],
        "skipped_rows": _conditions(left_out),
    }
    return {
        name: session.scalar(
            select(func.count(ImportRow.id)).where(
                ImportRow.import_id == import_id, *conditions
            )
        )
        or 0
        for name, conditions in asked.items()
    }


def without_photo(
    import_id: int, *, scope: Scope, limit: int | None = None
) -> list[tuple[int, int, str, int]]:
    """List (id, row number, name, position) of rows that no photo was found for."""
    name = ImportRow.values["full_name"].as_string()
    query = (
        _of(import_id, scope)
        .with_only_columns(
            ImportRow.id,
            ImportRow.row_number,
            func.coalesce(name, ""),
            ImportRow.position,
        )
        .where(ImportRow.photo_id.is_(None), ImportRow.choice != RowChoice.SKIP)
        .order_by(ImportRow.position)
        .limit(limit)
    )
    return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]


def _of(import_id: int, scope: Scope) -> Select[Any]:
    return (
        select(ImportRow)
        .join(RosterImport, ImportRow.import_id == RosterImport.id)
        .where(ImportRow.import_id == import_id, within(scope, RosterImport.unit_path))
    )


def _conditions(only: RowFilter) -> Sequence[ColumnElement[bool]]:
    if only is RowFilter.ALL:
        return []
    if only is RowFilter.DOUBTFUL:
        # Stored as JSON text on both databases: an empty list has one spelling.
        return [cast(ImportRow.warnings, String) != "[]"]
    if only is RowFilter.LEFT_OUT:
        return [ImportRow.choice == RowChoice.SKIP]
    if only is RowFilter.BAD:
        return [ImportRow.state.in_(BAD), ImportRow.choice != RowChoice.SKIP]
    return [ImportRow.state == RowState(only.value)]
