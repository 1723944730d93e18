"""Card designs as a unit sees them, their edits, versions and use."""

from collections import Counter

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.scope import Scope
from portal.db.models import (
    CardDesign,
    DesignDraft,
    DesignEdit,
    DesignVersion,
    Member,
    PrintBatch,
    Unit,
)
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.errors import NotFound
from portal.domain.union_units import ancestor_paths

# Steps of editing that a side keeps for undoing.
KEPT_EDITS = 300


def readable(scope: Scope) -> ColumnElement[bool]:
    """Give the condition that the unit at the scope's root may use a design.

    Its own and those of its subordinates as they stand; of its superiors' those
    that were published. Never a sibling's.
    """
    published = exists(
        select(DesignVersion.id).where(DesignVersion.design_id == CardDesign.id)
    )
    return or_(
        within(scope, CardDesign.unit_path),
        and_(CardDesign.unit_path.in_(ancestor_paths(scope.root)), published),
    )


def get(design_id: int, *, scope: Scope) -> CardDesign:
    """Give one design that the unit may use, with unit and versions; or NotFound."""
    design = db.session.scalar(
        select(CardDesign)
        .where(CardDesign.id == design_id, readable(scope))
        .options(joinedload(CardDesign.unit), selectinload(CardDesign.versions))
        # A version may have been published in this very session.
        .execution_options(populate_existing=True)
    )
    if design is None:
        raise NotFound
    return design


def listed(*, scope: Scope) -> list[CardDesign]:
    """List the designs that the unit may use: from the top down, then by name."""
    query = (
        select(CardDesign)
        .where(readable(scope))
        .options(joinedload(CardDesign.unit), selectinload(CardDesign.versions))
        .order_by(
            CardDesign.retired_at.is_not(None),
            func.length(CardDesign.unit_path),
            CardDesign.name,
            CardDesign.id,
        )
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def offered(kind: CardKind, *, scope: Scope) -> list[DesignVersion]:
    """List the latest version of each design of a kind that a batch may begin with."""
    designs = (design for design in listed(scope=scope) if design.retired_at is None)
    latest = (design.latest for design in designs)
    return [version for version in latest if version and version.kind is kind]


def draft_of(design_id: int) -> DesignDraft:
    """Give the draft of a design that the caller has found in scope."""
    return db.session.get_one(DesignDraft, design_id)


def version(version_id: int) -> DesignVersion:
    """Give a version that a batch in scope pins, whatever became of its design."""
    return db.session.get_one(DesignVersion, version_id)


def last_edit(design_id: int, side: str, *, undone: bool) -> DesignEdit | None:
    """Give the step to take back next, or the one to do again next."""
    order = DesignEdit.id.asc() if undone else DesignEdit.id.desc()
    query = (
        select(DesignEdit)
        .where(
            DesignEdit.design_id == design_id,
            DesignEdit.side == side,
            DesignEdit.undone == undone,
        )
        .order_by(order)
        .limit(1)
    )
    return db.session.scalar(query)


def add_edit(session: Session, edit: DesignEdit) -> None:
    """Keep a step; what was taken back before it, and the oldest, is forgotten."""
    own = (DesignEdit.design_id == edit.design_id, DesignEdit.side == edit.side)
    session.execute(delete(DesignEdit).where(*own, DesignEdit.undone))
    session.add(edit)
    session.flush()
    kept = select(DesignEdit.id).where(*own).order_by(DesignEdit.id.desc())
    oldest = session.scalar(kept.offset(KEPT_EDITS - 1).limit(1))
    if oldest is not None:
        session.execute(delete(DesignEdit).where(*own, DesignEdit.id < oldest))


def batches_by_version(*, scope: Scope) -> Counter[int]:
    """Count the scope's print batches by the version that they pin."""
    query = (
        select(PrintBatch.design_version_id, func.count())
        .where(
            within(scope, PrintBatch.unit_path),
            PrintBatch.design_version_id.is_not(None),
        )
        .group_by(PrintBatch.design_version_id)
    )
    return Counter(dict(iter(db.session.execute(query))))


def batches_by_built_in(*, scope: Scope) -> Counter[str]:
    """Count the scope's print batches by the built-in design that they use."""
    query = (
        select(PrintBatch.design, func.count())
        .where(
            within(scope, PrintBatch.unit_path), PrintBatch.design_version_id.is_(None)
        )
        .group_by(PrintBatch.design)
    )
    return Counter(dict(iter(db.session.execute(query))))


def members_with_long_texts(*, scope: Scope, limit: int) -> list[Member]:
    """List the members with the longest names, and some of the longest-named units.

    At most ``limit`` of each: letters are counted here, widths measured elsewhere.
    """
    found: dict[int, Member] = {}
    for text in (Member.full_name, Unit.name):
        query = (
            select(Member)
            .join(Unit, Member.unit_id == Unit.id)
            .where(within(scope, Member.unit_path))
            .options(joinedload(Member.unit), joinedload(Member.photo))
            .order_by(func.length(text).desc(), Member.id)
            .limit(limit)
        )
        found |= {member.id: member for member in db.session.scalars(query)}
    return list(found.values())
