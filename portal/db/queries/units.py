"""The union tree: one unit, its children, its search, and moving a subtree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import Member, Officer, Post, Unit
from portal.db.queries.officers import COMMAND_LINE
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.errors import NotFound
from portal.domain.membership import MemberStatus
from portal.domain.text import search_words
from portal.domain.union_units import UnionLevel, ancestor_ids, inherited


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many members a subtree has (those who left aside), and with a number."""

    members: int = 0
    with_number: int = 0


def any_unit() -> bool:
    """Say whether the installation has been founded."""
    return bool(db.session.scalar(select(exists(select(Unit.id)))))


def get(unit_id: int, *, scope: Scope) -> Unit:
    """Give a unit of the scope; NotFound for any other."""
    unit = db.session.scalar(
        select(Unit).where(Unit.id == unit_id, within(scope, Unit.path))
    )
    if unit is None:
        raise NotFound
    return unit


def is_within(unit_id: int, *, scope: Scope) -> bool:
    """Say whether a unit is one of the scope."""
    found = select(Unit.id).where(Unit.id == unit_id, within(scope, Unit.path))
    return db.session.scalar(found) is not None


def by_code(code: str) -> Unit | None:
    """Find a unit of the whole installation by its code, whatever the case."""
    return db.session.scalar(
        select(Unit).where(func.lower(Unit.code) == code.strip().lower())
    )


def children_of(unit_id: int, *, scope: Scope) -> list[Unit]:
    """List the units right below one, by name."""
    query = (
        select(Unit)
        .where(
            Unit.parent_id == unit_id,
            Unit.valid_to.is_(None),
            within(scope, Unit.path),
        )
        .order_by(Unit.search_text, Unit.id)
    )
    return list(db.session.scalars(query))


def ancestors_of(path: str, *, scope: Scope) -> list[Unit]:
    """List the units from the scope's root down to the path, both included."""
    query = (
        select(Unit)
        .where(Unit.id.in_(ancestor_ids(path)), within(scope, Unit.path))
        .order_by(func.length(Unit.path))
    )
    return list(db.session.scalars(query))


def search(text: str, *, scope: Scope, limit: int = 50) -> list[Unit]:
    """Find units by name or code: all words, any order, accents or not."""
    query = select(Unit).where(within(scope, Unit.path), Unit.valid_to.is_(None))
    for word in search_words(text):
        query = query.where(Unit.search_text.contains(word, autoescape=True))
    query = query.order_by(func.length(Unit.path), Unit.search_text, Unit.id)
    return list(db.session.scalars(query.limit(limit)))


def of_levels(
    levels: Iterable[UnionLevel], *, scope: Scope, text: str = "", limit: int = 300
) -> list[Unit]:
    """List units of some levels, by name: what a move may choose from."""
    query = select(Unit).where(
        within(scope, Unit.path), Unit.valid_to.is_(None), Unit.level.in_(list(levels))
    )
    for word in search_words(text):
        query = query.where(Unit.search_text.contains(word, autoescape=True))
    return list(
        db.session.scalars(query.order_by(Unit.search_text, Unit.id).limit(limit))
    )


def in_tree_order(*, scope: Scope, limit: int) -> list[Unit]:
    """List the units of a scope, the highest first, then by name."""
    query = (
        select(Unit)
        .where(within(scope, Unit.path), Unit.valid_to.is_(None))
        .order_by(_rank(), Unit.search_text, Unit.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def headcounts(paths: Iterable[str], *, scope: Scope) -> dict[str, Headcount]:
    """Count the members of several subtrees at once; {path: headcount}."""
    wanted = set(paths)
    query = (
        select(
            Member.unit_path,
            func.count(),
            func.count(Member.member_number),
        )
        .where(within(scope, Member.unit_path), Member.status != MemberStatus.LEFT)
        .group_by(Member.unit_path)
    )
    members: dict[str, int] = defaultdict(int)
    numbers: dict[str, int] = defaultdict(int)
    for path, count, with_number in db.session.execute(query):
        for prefix in _prefixes(path):
            if prefix in wanted:
                members[prefix] += count
                numbers[prefix] += with_number
    return {path: Headcount(members[path], numbers[path]) for path in wanted}


def officers_at(unit_id: int, *, scope: Scope, on: date) -> list[Post]:
    """List the posts held at one unit, not those below it; ended ones aside."""
    query = (
        select(Post)
        .join(Officer, Post.officer_id == Officer.id)
        .where(
            Post.unit_id == unit_id,
            within(scope, Post.unit_path),
            Officer.sign_in_name != COMMAND_LINE,
            or_(Post.valid_to.is_(None), Post.valid_to >= on),
        )
        .order_by(Officer.full_name, Post.id)
    )
    return list(db.session.scalars(query))


def province_code_for(unit_path: str) -> str | None:
    """Give the plate code that a unit has or inherits; None where no unit has one.

    Printing asks for it with the path of the member's unit.
    """
    query = (
        select(Unit.province_code)
        .where(Unit.id.in_(ancestor_ids(unit_path)))
        .order_by(func.length(Unit.path))
    )
    return inherited(db.session.scalars(query))


def move_subtree(session: Session, *, old_path: str, new_path: str) -> int:
    """Rewrite the path of a unit, of all below it and of every row they own.

    Every table with a ``unit_path`` beside its ``unit_id`` is found from the
    models, so that a new table cannot be forgotten. The audit record keeps the
    paths of its time. Returns the number of units moved.
    """
    moved = _rewrite(session, Unit.__table__.c.path, old_path, new_path)
    for table in db.metadata.sorted_tables:
        if {"unit_id", "unit_path"} <= set(table.c.keys()):
            _rewrite(session, table.c.unit_path, old_path, new_path)
    session.expire_all()
    return moved


def _rewrite(session: Session, column: object, old: str, new: str) -> int:
    path = column
    result = session.execute(
        update(path.table)  # type: ignore[attr-defined]
        .where(within(Scope(old), path))
        .values({path: new + func.substr(path, len(old) + 1)})
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _prefixes(path: str) -> Iterable[str]:
    end = path.find(".")
    while end >= 0:
        yield path[: end + 1]
        end = path.find(".", end + 1)


def _rank() -> ColumnElement[int]:
    order = {level: rank for rank, level in enumerate(UnionLevel)}
    return case(order, value=Unit.level, else_=len(order))
