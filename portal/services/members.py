"""Members: added, edited, revealed; each act in one transaction with its record."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import CardRequest, Member, Unit
from portal.db.queries import members as members_q
from portal.db.queries.member_search import search_terms
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.dates import PartialDate, show_date
from portal.domain.errors import NotFound
from portal.domain.identity import mask_account, mask_citizen_id
from portal.domain.member_fields import FIELDS_BY_NAME, ROW_FIELDS
from portal.domain.membership import DuesStanding, MemberStatus, Sex
from portal.domain.union_units import UnionLevel
from portal.services import audit

# The levels that have members of their own; those above have units below them.
MEMBER_LEVELS = frozenset(
    {
        UnionLevel.GRASSROOTS,
        UnionLevel.SUB_UNION,
        UnionLevel.DIVISION,
        UnionLevel.GROUP,
    }
)

# What a person may write. A member number is allotted, never typed.
_NOT_TYPED = ROW_FIELDS | {"member_number"}
EDITABLE = (*(name for name in FIELDS_BY_NAME if name not in _NOT_TYPED), "status")

_ENUMS: dict[str, type[StrEnum]] = {
    "sex": Sex,
    "card_kind": CardKind,
    "dues_standing": DuesStanding,
    "status": MemberStatus,
}
_NULLABLE = frozenset(
    {"birth_date", "id_issued_on", "joined_union_on", "party_member", "sex"}
    | {"card_kind"}
)
_FLAGS = frozenset({"salary_via_vietinbank", "full_time_official", "union_staff"})
_DEFAULTS: dict[str, Any] = {
    "status": MemberStatus.ACTIVE,
    "dues_standing": DuesStanding.UNKNOWN,
}

IDENTITY = ("citizen_id", "id_card_number", "passport_number")
# What makes somebody this person on paper; on a card it stands as it was approved.
PERSON = ("full_name", "birth_date", "sex", *IDENTITY)
SENSITIVE = tuple(name for name, known in FIELDS_BY_NAME.items() if known.sensitive)

Changes = dict[str, list[Any]]


REVEALABLE: dict[str, tuple[str, ...]] = {"identity": IDENTITY, "sensitive": SENSITIVE}


@dataclass(frozen=True, slots=True)
class Listing:
    """The list page: rows, counts behind the filters, the unit it is limited to.

    ``steps`` are the units one step away from it, those ``above`` it among them.
    """

    page: members_q.MemberPage
    counts: dict[members_q.Only, int]
    unit: Unit
    above: list[Unit]
    steps: list[Unit]

    @property
    def has_children(self) -> bool:
        """Say whether the members shown may belong to several units."""
        return len(self.steps) > len(self.above) + 1


def listing(
    *,
    by: Actor,
    query: str = "",
    only: members_q.Only = members_q.Only.ALL,
    unit_code: str = "",
    after: int | None = None,
    before: int | None = None,
) -> Listing:
    """Read one page of the members of the officer's unit, or of one below it.

    No counts while somebody searches: they would be the dearest part of each key.
    """
    by.require(Action.MEMBER_VIEW)
    unit = unit_in_scope(unit_code, by=by)
    scope = Scope(unit.path)
    terms = search_terms(query)
    found = members_q.page(
        scope=scope, terms=terms, only=only, after=after, before=before
    )
    steps = members_q.steps_from(unit, scope=by.scope)
    return Listing(
        page=found,
        counts={} if terms else members_q.counts(scope=scope),
        unit=unit,
        above=[step for step in steps if _is_above(step, unit)],
        steps=steps,
    )


def unit_in_scope(code: str, *, by: Actor) -> Unit:
    """Find a unit by code, the officer's own without one; else NotFound."""
    if code:
        unit = members_q.unit_by_code(code, scope=by.scope)
    else:
        unit = members_q.unit_by_id(by.unit_id, scope=by.scope)
    if unit is None:
        raise NotFound
    return unit


def find(member_id: int, *, by: Actor) -> Member:
    """Give a member of the officer's scope with unit and photo; else NotFound."""
    by.require(Action.MEMBER_VIEW)
    member: Member | None = members_q.get(member_id, scope=by.scope)
    if member is None:
        raise NotFound
    return member


def requests_of(member_id: int, *, by: Actor) -> list[CardRequest]:
    """List a member's card requests within the officer's scope."""
    by.require(Action.MEMBER_VIEW)
    return members_q.requests_of(member_id, scope=by.scope)


def steps_to(unit: Unit, *, by: Actor) -> list[Unit]:
    """List the units from the officer's own down to this one: the breadcrumb."""
    steps = members_q.steps_from(unit, scope=by.scope, most=20)
    return [step for step in steps if step.id == unit.id or _is_above(step, unit)]


def _is_above(step: Unit, unit: Unit) -> bool:
    return step.path != unit.path and unit.path.startswith(step.path)


def reveal(member_id: int, what: str, *, by: Actor) -> Member:
    """Give a member whose masked fields may now be shown, and record the view.

    ``what`` is a key of REVEALABLE. Only fields that hold something are recorded.
    """
    by.require(Action.MEMBER_REVEAL)
    if what not in REVEALABLE:
        raise NotFound
    with transaction() as session:
        member: Member | None = members_q.get(member_id, scope=by.scope)
        if member is None:
            raise NotFound
        filled = [name for name in REVEALABLE[what] if _is_filled(member, name)]
        audit.record(
            session,
            "member.reveal",
            by=by,
            subject="member",
            subject_id=member.id,
            unit_path=member.unit_path,
            detail={"fields": filled},
        )
    return member


def apply_values(member: Member, values: dict[str, Any]) -> Changes:
    """Write values onto the member; give what changed as field → [old, new].

    ``values`` are those of a read row or form: dates as ``PartialDate`` or date,
    flags as bool, enums by their stored value, other fields as text; None or ""
    empties a field, a field without entry stays. What steers a list (STT, file
    name, …) and the member number are left alone. Old and new are plain JSON
    values (dates as people write them) and hold full numbers: pass them through
    ``recordable`` before they go into a record.
    """
    changes: Changes = {}
    for name in EDITABLE:
        if name not in values:
            continue
        before = shown_value(member, name)
        _set(member, name, values[name])
        after = shown_value(member, name)
        if before != after:
            changes[name] = [before, after]
    return changes


def create_member(
    session: Any,
    *,
    unit_id: int,
    unit_path: str,
    values: dict[str, Any],
    by: Actor | None,
    source: str = "form",
) -> Member:
    """Add one member inside the caller's transaction, with its record.

    ``source`` says in the record where it came from: form, import.
    """
    member = blank_member(unit_id=unit_id, unit_path=unit_path)
    changes = apply_values(member, values)
    session.add(member)
    session.flush()
    audit.record(
        session,
        "member.create",
        by=by,
        subject="member",
        subject_id=member.id,
        unit_path=unit_path,
        detail={
            "changes": recordable(changes),
            "version": member.version,
            "source": source,
        },
    )
    return member


def blank_member(*, unit_id: int, unit_path: str) -> Member:
    """Give a member of a unit that nothing is known of yet, in no session."""
    now = clock.now()
    return Member(
        unit_id=unit_id,
        unit_path=unit_path,
        full_name="",
        citizen_id="",
        id_card_number="",
        passport_number="",
        created_at=now,
        updated_at=now,
        **_DEFAULTS,
    )


def edit_member(
    session: Any,
    member: Member,
    values: dict[str, Any],
    *,
    by: Actor | None,
    source: str = "form",
) -> Changes:
    """Change one member inside the caller's transaction, with its record.

    Writes nothing, and records nothing, where no value differs.
    """
    changes = apply_values(member, values)
    if changes:
        record_changes(session, member, changes, by=by, source=source)
    return changes


def record_changes(
    session: Any,
    member: Member,
    changes: Changes,
    *,
    by: Actor | None,
    source: str = "form",
) -> None:
    """Write changes already made to a member into the record, as "member.edit"."""
    member.updated_at = clock.now()
    session.flush()
    audit.record(
        session,
        "member.edit",
        by=by,
        subject="member",
        subject_id=member.id,
        unit_path=member.unit_path,
        detail={
            "changes": recordable(changes),
            "version": member.version,
            "source": source,
        },
    )


def shown_value(member: Member, name: str) -> Any:
    """Give a member's field as a plain JSON value, see ``plain``."""
    value = getattr(member, name)
    if name == "birth_date" and value is not None:
        value = PartialDate(value, year_only=bool(member.birth_year_only))
    return plain(name, value)


def plain(name: str, value: Any) -> Any:
    """Give a value as JSON: dates as people write them, enums as they are stored."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, StrEnum):
        return value.value
    if name in _FLAGS:
        return bool(value)
    return "" if value is None and name != "party_member" else value


def recordable(changes: Changes) -> Changes:
    """Hide what a record must not hold: identity numbers, sensitive fields."""
    return {
        name: [masked_value(name, value) for value in pair]
        for name, pair in changes.items()
    }


def masked_value(name: str, value: Any) -> Any:
    """Hide a plain value where it is an identity number or sensitive."""
    if name in IDENTITY and value:
        return mask_citizen_id(value)
    if name == "bank_account" and value:
        return mask_account(value)
    if name in SENSITIVE and value not in {"", None}:
        return "•••"
    return value


def _is_filled(member: Member, name: str) -> bool:
    return getattr(member, name) not in {None, ""}


def _set(member: Member, name: str, value: Any) -> None:
    if name == "birth_date":
        member.birth_year_only = isinstance(value, PartialDate) and value.year_only
    if isinstance(value, PartialDate):
        value = value.date
    if value in {"", None}:
        value = _empty(name)
    elif name in _ENUMS:
        value = _ENUMS[name](value)
    setattr(member, name, value)


def _empty(name: str) -> Any:
    if name in _NULLABLE:
        return None
    return False if name in _FLAGS else _DEFAULTS.get(name, "")
