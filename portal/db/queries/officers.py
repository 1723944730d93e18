"""Officers and their posts, within a scope; and posts as plain actors."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.models import Officer, Post, SignInSession, Unit
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.collation import name_sort_key
from portal.domain.errors import NotFound
from portal.domain.text import search_text, search_words
from portal.domain.union_units import ancestor_ids, levels_acted_for

# The account in whose name the server's own commands act; it cannot sign in and
# no page shows it.
COMMAND_LINE = "dong-lenh"


class Standing(StrEnum):
    """By what a list of officers is filtered."""

    NEW = "new"
    SUSPENDED = "suspended"


def live_session(token_hash: str, *, now: datetime) -> SignInSession | None:
    """Find a session that has neither ended nor expired."""
    return db.session.scalar(
        select(SignInSession).where(
            SignInSession.token_hash == token_hash,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
        )
    )


def live_posts(officer_id: int, *, on: date) -> list[Post]:
    """List the posts that an officer holds today, nothing for a suspended one."""
    query = (
        select(Post)
        .join(Officer, Post.officer_id == Officer.id)
        .join(Unit, Post.unit_id == Unit.id)
        .where(
            Post.officer_id == officer_id,
            _acting(on),
        )
        .order_by(Post.id)
    )
    return list(db.session.scalars(query))


def listed(
    *,
    scope: Scope,
    unit_id: int | None = None,
    standing: Standing | None = None,
    text: str = "",
) -> list[int]:
    """List the ids of the officers with a post in the scope, by given name."""
    query = select(Officer.id, Officer.full_name, Officer.sign_in_name).where(
        Officer.id.in_(_seen(scope, unit_id))
    )
    if standing is Standing.NEW:
        query = query.where(_never_in(), Officer.suspended_at.is_(None))
    if standing is Standing.SUSPENDED:
        query = query.where(Officer.suspended_at.is_not(None))
    words = search_words(text)
    rows = db.session.execute(query).all()
    return [
        officer_id
        for officer_id, name, sign_in_name in sorted(
            rows, key=lambda row: (name_sort_key(row.full_name), row.id)
        )
        if all(word in search_text(name, sign_in_name) for word in words)
    ]


def count_new(*, scope: Scope) -> int:
    """Count the officers of the scope who have not chosen a password yet."""
    query = select(func.count(Officer.id)).where(
        Officer.id.in_(_seen(scope, None)),
        _never_in(),
        Officer.suspended_at.is_(None),
    )
    return db.session.scalar(query) or 0


def with_posts(ids: Iterable[int], *, scope: Scope) -> list[tuple[Officer, list[Post]]]:
    """Give officers in the order of ``ids``, each with their posts in the scope."""
    wanted = list(ids)
    query = (
        select(Post)
        .where(Post.officer_id.in_(wanted), within(scope, Post.unit_path))
        .options(joinedload(Post.officer), joinedload(Post.unit))
        .order_by(Post.id)
    )
    found: dict[int, list[Post]] = {officer_id: [] for officer_id in wanted}
    for post in db.session.scalars(query):
        found[post.officer_id].append(post)
    return [(posts[0].officer, posts) for posts in found.values() if posts]


def get(officer_id: int, *, scope: Scope) -> tuple[Officer, list[Post]]:
    """Give an officer and their posts in the scope; NotFound where there is none."""
    found = with_posts([officer_id], scope=scope)
    if not found or found[0][0].sign_in_name == COMMAND_LINE:
        raise NotFound
    return found[0]


def get_post(post_id: int, *, scope: Scope) -> Post:
    """Give a post at a unit of the scope; NotFound for any other."""
    post = db.session.scalar(
        select(Post).where(Post.id == post_id, within(scope, Post.unit_path))
    )
    if post is None or post.officer.sign_in_name == COMMAND_LINE:
        raise NotFound
    return post


def holds_post_outside(officer_id: int, *, scope: Scope, on: date) -> bool:
    """Say whether an officer has a post, not yet ended, that the scope lacks."""
    query = select(Post.id).where(
        Post.officer_id == officer_id,
        or_(Post.valid_to.is_(None), Post.valid_to >= on),
        ~within(scope, Post.unit_path),
    )
    return db.session.scalar(query.limit(1)) is not None


def name_taken(sign_in_name: str) -> bool:
    """Say whether an account of the installation has this sign-in name."""
    query = select(Officer.id).where(Officer.sign_in_name == sign_in_name)
    return db.session.scalar(query) is not None


def named(name: str, *, scope: Scope) -> list[Officer]:
    """List the accounts in the scope with this sign-in name, else this full name."""
    people = select(Officer).where(Officer.id.in_(_seen(scope, None)))
    for same in (Officer.sign_in_name == name, Officer.full_name == name):
        found = list(db.session.scalars(people.where(same).order_by(Officer.id)))
        if found:
            return found
    return []


def namesakes(full_name: str, *, phone: str, unit_id: int) -> list[Officer]:
    """List accounts with this name and phone that hold a post at the unit."""
    query = (
        select(Officer)
        .join(Post, Post.officer_id == Officer.id)
        .where(
            Post.unit_id == unit_id,
            Officer.full_name == full_name,
            Officer.phone == phone,
        )
    )
    return list(db.session.scalars(query))


def same_post(officer_id: int, *, unit_id: int, role: Role, on: date) -> Post | None:
    """Find a post of this role at this unit that the officer holds or will hold."""
    query = select(Post).where(
        Post.officer_id == officer_id,
        Post.unit_id == unit_id,
        Post.role == role,
        or_(Post.valid_to.is_(None), Post.valid_to >= on),
    )
    return db.session.scalar(query.limit(1))


def nearest_holder(
    unit_path: str, *, roles: Iterable[Role], on: date, name: str = ""
) -> Post | None:
    """Find who may act at a unit: the post there, or nearest above it.

    ``name`` limits it to one account, by sign-in name or by full name.
    """
    query = (
        select(Post)
        .join(Officer, Post.officer_id == Officer.id)
        .where(
            Post.unit_id.in_(ancestor_ids(unit_path)),
            Post.role.in_(list(roles)),
            Officer.sign_in_name != COMMAND_LINE,
            _acting(on),
        )
        .order_by(func.length(Post.unit_path).desc(), Post.id)
    )
    if name:
        query = query.where(
            or_(Officer.sign_in_name == name, Officer.full_name == name)
        )
    return db.session.scalar(query.limit(1))


def actor_of(post: Post) -> Actor:
    """Give the post as the plain value that services take."""
    unit = post.unit
    return Actor(
        officer_id=post.officer_id,
        name=post.officer.full_name,
        post_id=post.id,
        role=post.role,
        unit_id=unit.id,
        unit_path=unit.path,
        unit_name=unit.name,
        level=unit.level,
        levels=levels_acted_for(unit.level, is_top=unit.parent_id is None),
    )


def _acting(on: date) -> ColumnElement[bool]:
    return and_(
        Officer.suspended_at.is_(None),
        Post.suspended_at.is_(None),
        Post.valid_from <= on,
        or_(Post.valid_to.is_(None), Post.valid_to >= on),
    )


def _never_in() -> ColumnElement[bool]:
    return Officer.password_hash.is_(None)


def _seen(scope: Scope, unit_id: int | None) -> Select[tuple[int]]:
    query = (
        select(Post.officer_id)
        .join(Officer, Post.officer_id == Officer.id)
        .where(within(scope, Post.unit_path), Officer.sign_in_name != COMMAND_LINE)
    )
    return query if unit_id is None else query.where(Post.unit_id == unit_id)
