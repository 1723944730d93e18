"""Write many new members with one statement; SQLite's ORM would take one for each."""

from collections.abc import Sequence

from sqlalchemy import func, insert, inspect, select
from sqlalchemy.orm import Session

from portal.db.models import Member
from portal.db.models.members import derive


def insert_members(session: Session, members: Sequence[Member]) -> None:
    """Insert members that no session holds yet, and give each its id and version.

    One writer at a time (``transaction()``) and ids that only grow: those above the
    highest one before are ours, in our order.
    """
    if not members:
        return
    columns = inspect(Member).columns
    highest = session.scalar(select(func.max(Member.id))) or 0
    rows = []
    for member in members:
        member.version = 1
        derive(member)
        set_here = member.__dict__
        rows.append({c.key: set_here[c.key] for c in columns if c.key in set_here})
    for batch in _alike(rows):
        session.execute(insert(Member), batch)
    ids = session.scalars(
        select(Member.id).where(Member.id > highest).order_by(Member.id)
    )
    for member, member_id in zip(members, ids, strict=True):
        member.id = member_id


def _alike(rows: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    """Part the rows where they fill other columns: one statement has one shape."""
    batches: list[list[dict[str, object]]] = []
    for row in rows:
        if batches and batches[-1][0].keys() == row.keys():
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches
