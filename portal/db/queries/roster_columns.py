"""What units call the columns of their lists."""

from sqlalchemy import select

from portal.access.scope import Scope
from portal.db.models import RosterColumn
from portal.db.scoping import within
from portal.db.session import db


def of_unit(unit_id: int, *, scope: Scope) -> list[RosterColumn]:
    """List the words that a unit of the scope has explained."""
    query = select(RosterColumn).where(
        RosterColumn.unit_id == unit_id, within(scope, RosterColumn.unit_path)
    )
    return list(db.session.scalars(query))
