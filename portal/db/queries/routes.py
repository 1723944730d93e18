"""The way up from a unit: its approval levels, and the union that cards name."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.db.models import Unit
from portal.db.queries.renewals import sliced
from portal.db.session import db
from portal.domain.union_units import UnionLevel, ancestor_ids, route_of


def routes(paths: Iterable[str]) -> dict[str, frozenset[UnionLevel]]:
    """Give for each unit path the approval levels on its way up."""
    by_path = {path: ancestor_ids(path) for path in set(paths)}
    wanted = sorted({unit_id for ids in by_path.values() for unit_id in ids})
    levels: dict[int, UnionLevel] = {}
    for part in sliced(wanted):
        query = select(Unit.id, Unit.level).where(Unit.id.in_(part))
        levels.update({row.id: row.level for row in db.session.execute(query)})
    return {
        path: route_of(levels[unit_id] for unit_id in ids)
        for path, ids in by_path.items()
    }


def grassroots_names(paths: Iterable[str]) -> dict[str, str]:
    """Give for each unit path the name of the grassroots union on it.

    A path without one (staff listed at a higher unit) gives its own unit's name.
    """
    by_path = {path: ancestor_ids(path) for path in set(paths)}
    wanted = sorted({unit_id for ids in by_path.values() for unit_id in ids})
    units: dict[int, tuple[str, UnionLevel]] = {}
    for part in sliced(wanted):
        query = select(Unit.id, Unit.name, Unit.level).where(Unit.id.in_(part))
        units.update(
            {row.id: (row.name, row.level) for row in db.session.execute(query)}
        )
    found = {}
    for path, ids in by_path.items():
        of_grassroots = [
            units[unit_id][0]
            for unit_id in ids
            if units[unit_id][1] is UnionLevel.GRASSROOTS
        ]
        found[path] = of_grassroots[-1] if of_grassroots else units[ids[-1]][0]
    return found
