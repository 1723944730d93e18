"""Write evaluated rows by the hundred, and what hangs on them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import ImportLikeness, ImportRow, Member, RosterImport, Unit
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.likeness import Likeness


def insert_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one import, each with every column but the id."""
    if rows:
        session.execute(insert(ImportRow), [dict(row) for row in rows])


def ids_by_position(
    session: Session, import_id: int, positions: Sequence[int]
) -> dict[int, int]:
    """Give the ids of rows just inserted, by their place in the list."""
    query = select(ImportRow.position, ImportRow.id).where(
        ImportRow.import_id == import_id,
        ImportRow.position >= min(positions),
        ImportRow.position <= max(positions),
    )
    wanted = set(positions)
    return {at: row_id for at, row_id in session.execute(query) if at in wanted}


def insert_likenesses(
    session: Session, found: Sequence[tuple[int, int, Likeness]]
) -> None:
    """Note whom rows may be: (row id, member id, how)."""
    if found:
        session.execute(
            insert(ImportLikeness),
            [{"row_id": r, "member_id": m, "how": how} for r, m, how in found],
        )


def likenesses(
    import_id: int, row_ids: Sequence[int], *, scope: Scope
) -> dict[int, list[tuple[Member, str, Likeness]]]:
    """Give the members whom rows of an import may be, with their units' names.

    Those outside the scope are left out: a list must not name people of others.
    """
    query = (
        select(ImportLikeness.row_id, Member, Unit.name, ImportLikeness.how)
        .join(Member, ImportLikeness.member_id == Member.id)
        .join(Unit, Member.unit_id == Unit.id)
        .join(ImportRow, ImportLikeness.row_id == ImportRow.id)
        .join(RosterImport, ImportRow.import_id == RosterImport.id)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.id.in_(list(row_ids)),
            within(scope, RosterImport.unit_path),
            within(scope, Member.unit_path),
        )
        .order_by(ImportLikeness.id)
    )
    found: dict[int, list[tuple[Member, str, Likeness]]] = {}
    for row_id, member, unit_name, how in db.session.execute(query):
        found.setdefault(row_id, []).append((member, unit_name, how))
    return found
