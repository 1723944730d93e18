"""The members that rows of a list may mean, told apart by what one may know."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import not_, select
from sqlalchemy.orm import joinedload

from portal.access.scope import Scope
from portal.db.models import Member
from portal.db.queries.members import fixed_by
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.renewal import State

IDENTITY_COLUMNS = {
    "citizen_id": Member.citizen_id,
    "id_card_number": Member.id_card_number,
    "passport_number": Member.passport_number,
}

# SQLite takes 32,766 values in one statement, PostgreSQL 65,535; both like fewer.
_BATCH = 500


@dataclass(slots=True)
class World:
    """The members that a batch of rows may mean.

    ``holders`` and ``namesakes`` are members within the scope, by (field, number)
    and by (folded name, birth date). Of members outside only the bare fact is told:
    ``taken_elsewhere`` holds their (field, number). ``fixed`` tells of members who
    must stay the same person where their request stands.
    """

    holders: dict[tuple[str, str], list[Member]] = field(
        default_factory=lambda: defaultdict(list)
    )
    taken_elsewhere: set[tuple[str, str]] = field(default_factory=set)
    fixed: dict[int, State] = field(default_factory=dict)
    namesakes: dict[tuple[str, date], list[Member]] = field(
        default_factory=lambda: defaultdict(list)
    )


def look_up(
    *,
    numbers: Iterable[tuple[str, str]],
    names: Iterable[str],
    scope: Scope,
) -> World:
    """Find whom identity numbers, (field, number), and folded names belong to.

    Members within the scope come whole, with their photos; of members outside it
    nothing but the numbers asked for.
    """
    world = World()
    by_field: dict[str, set[str]] = defaultdict(set)
    for name, number in numbers:
        by_field[name].add(number)
    for name, wanted in by_field.items():
        column = IDENTITY_COLUMNS[name]
        for batch in _batches(sorted(wanted)):
            for member in _members(column.in_(batch), scope=scope):
                world.holders[name, getattr(member, name)].append(member)
            elsewhere = select(column).where(
                column.in_(batch), not_(within(scope, Member.unit_path))
            )
            world.taken_elsewhere |= {
                (name, number) for number in db.session.scalars(elsewhere)
            }
    held = sorted({m.id for holders in world.holders.values() for m in holders})
    for batch in _batches(held):
        world.fixed |= fixed_by(batch, scope=scope)
    for batch in _batches(sorted(set(names))):
        for member in _members(Member.folded_name.in_(batch), scope=scope):
            if member.birth_date is not None:
                key = member.folded_name, member.birth_date
                world.namesakes[key].append(member)
    return world


def _members(condition: object, *, scope: Scope) -> Iterator[Member]:
    query = (
        select(Member)
        .options(joinedload(Member.photo))
        .where(condition, within(scope, Member.unit_path))  # type: ignore[arg-type]
    )
    return iter(db.session.scalars(query))


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(values), _BATCH):
        yield values[at : at + _BATCH]
