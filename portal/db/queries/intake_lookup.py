"""The members that rows of a list may mean, told apart by what one may know."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.scope import Scope
from portal.db.models import DifferentPeople, Member, RosterImport
from portal.db.queries.members import fixed_by
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.likeness import Traits, person_keys, traits_of
from portal.domain.renewal import State

IDENTITY_COLUMNS = {
    "citizen_id": Member.citizen_id,
    "id_card_number": Member.id_card_number,
    "passport_number": Member.passport_number,
}

# SQLite takes 32,766 values in one statement, PostgreSQL 65,535; both like fewer.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A member as far as likeness goes."""

    member_id: int
    full_name: str
    traits: Traits


@dataclass(slots=True)
class World:
    """The members that a batch of rows may mean, looked up in ``scope``.

    ``holders`` are members within the scope by (field, number). Of members outside
    only the bare fact is told: ``taken_elsewhere`` holds their (field, number),
    ``strangers`` the traits of those who share a name and a birth date, by name.
    ``fixed`` tells of members who must stay the same person where their request
    stands; ``different`` of people who were said to be two.
    """

    scope: Scope
    holders: dict[tuple[str, str], list[Member]] = field(
        default_factory=lambda: defaultdict(list)
    )
    taken_elsewhere: set[tuple[str, str]] = field(default_factory=set)
    fixed: dict[int, State] = field(default_factory=dict)
    different: set[frozenset[str]] = field(default_factory=set)
    strangers: dict[str, list[Traits]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _near: dict[object, dict[int, Known]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, known: Known) -> None:
        """Let a member be found by name, birth date and phone."""
        traits = known.traits
        for key in (traits.name, traits.birth, traits.phone):
            if key:
                self._near[key][known.member_id] = known

    def neighbours(self, traits: Traits) -> Iterator[Known]:
        """Give the members who share a name, birth date or phone, each once."""
        found: dict[int, Known] = {}
        for key in (traits.name, traits.birth, traits.phone):
            if key and key in self._near:
                found |= self._near[key]
        return iter(found.values())


def look_up(
    *,
    numbers: Iterable[tuple[str, str]],
    people: Iterable[Traits] = (),
    scope: Scope,
) -> World:
    """Find whom identity numbers, (field, number), belong to, and who is alike.

    Members who hold a number come whole, with their photos; those who are only
    like one of ``people`` as ``Known``; of members outside the scope nothing but
    what was asked for.
    """
    world = World(scope)
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
    _add_alike(world, list(people), scope=scope)
    return world


def different_people(
    *, scope: Scope, keys: Collection[str] | None = None
) -> set[frozenset[str]]:
    """Give the decisions that two are two people, of some keys or all in the scope."""
    pair = DifferentPeople.first_key, DifferentPeople.second_key
    query = select(*pair).where(within(scope, DifferentPeople.unit_path))
    if keys is None:
        return {frozenset(row) for row in db.session.execute(query)}
    found: set[frozenset[str]] = set()
    for batch in _batches(sorted(keys)):
        some = query.where(or_(*(column.in_(batch) for column in pair)))
        found |= {frozenset(row) for row in db.session.execute(some)}
    return found


def add_different(
    session: Session,
    pair: tuple[str, str],
    *,
    found: RosterImport,
    by: int,
    at: datetime,
) -> None:
    """Write one decision, made in an import, that two are two people; twice is once."""
    first, second = pair
    there = select(DifferentPeople.id).where(
        DifferentPeople.first_key == first, DifferentPeople.second_key == second
    )
    if first == second or session.scalar(there) is not None:
        return
    session.add(
        DifferentPeople(
            unit_id=found.unit_id,
            unit_path=found.unit_path,
            first_key=first,
            second_key=second,
            decided_by_id=by,
            decided_at=at,
        )
    )
    session.flush()


def drop_different(session: Session, pair: tuple[str, str], *, scope: Scope) -> None:
    """Take one decision back."""
    session.execute(
        delete(DifferentPeople).where(
            DifferentPeople.first_key == pair[0],
            DifferentPeople.second_key == pair[1],
            within(scope, DifferentPeople.unit_path),
        )
    )


def member(member_id: int, *, scope: Scope) -> Member:
    """Give one member of the scope whole, with their photo."""
    return next(_members(Member.id == member_id, scope=scope))


def _add_alike(world: World, people: Sequence[Traits], *, scope: Scope) -> None:
    """Add who shares a birth date, a phone or a folded name with one of the people."""
    births = {person.birth for person in people if person.birth}
    asked: tuple[tuple[Any, Collection[Any]], ...] = (
        (Member.birth_date, births),
        (Member.phone, {person.phone for person in people if person.phone}),
        (Member.folded_name, {person.folded for person in people if person.folded}),
    )
    inside = within(scope, Member.unit_path)
    for column, wanted in asked:
        for batch in _batches(sorted(wanted)):
            for row in db.session.execute(_LIGHT.where(column.in_(batch), inside)):
                world.add(_known(row))
    for batch in _batches(sorted(asked[2][1])):
        query = _LIGHT.where(
            Member.folded_name.in_(batch), not_(within(scope, Member.unit_path))
        )
        for row in db.session.execute(query):
            if row.birth_date in births:
                traits = _known(row).traits
                world.strangers[traits.name].append(traits)
    if world._near:
        keys = {key for person in people for key in person_keys(person)}
        world.different = different_people(scope=scope, keys=keys)


_LIGHT = select(
    Member.id,
    Member.full_name,
    Member.folded_name,
    Member.birth_date,
    Member.birth_year_only,
    Member.phone,
    *IDENTITY_COLUMNS.values(),
)


def _known(row: Any) -> Known:
    return Known(row.id, row.full_name, traits_of(row._mapping, folded=row.folded_name))


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
