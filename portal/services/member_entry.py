"""Save what an officer typed about a member: doubts, duplicates, stale forms."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import AuditEntry, Member, Unit
from portal.db.queries import audit as audit_q
from portal.db.queries import members as members_q
from portal.db.queries.members import Holder
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.dates import PartialDate, birth_doubts
from portal.domain.errors import NotFound, Problem
from portal.domain.identity import citizen_id_doubts
from portal.domain.renewal import person_is_fixed
from portal.domain.text import fold
from portal.services.member_history import (
    HistoryEntry,
    entry_of,
    label_of,
    value_shown,
)
from portal.services.members import (
    IDENTITY,
    MEMBER_LEVELS,
    PERSON,
    Changes,
    apply_values,
    create_member,
    masked_value,
    plain,
    record_changes,
    shown_value,
)

# The fields that doubts are about.
DOUBTFUL = frozenset({"full_name", "birth_date", "sex", "citizen_id"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was read: values to write, what is wrong with the others.

    A field that has no entry in ``values`` stays as it is.
    """

    values: dict[str, Any]
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two officers changed: what each of them wrote."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Stale:
    """What others changed since the form was opened.

    ``take_over`` holds, as plain values, the fields that only they changed;
    ``clashes`` those that both did. Saving the form drawn anew with ``version``
    writes the officer's own values over theirs. ``unit_id`` is the unit that they
    moved the member to, where the officer did not choose another.
    """

    version: int
    entries: tuple[HistoryEntry, ...]
    clashes: tuple[Clash, ...]
    take_over: dict[str, Any]
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a save: ``member_id`` where it was written, else why not."""

    member_id: int | None = None
    changes: Changes = field(default_factory=dict)
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    doubts: tuple[Problem, ...] = ()
    stale: Stale | None = None


def add(draft: Draft, *, confirmed: str, by: Actor) -> Outcome:
    """Add a member; doubts must be ``confirmed`` by their ``doubts_key``."""
    by.require(Action.MEMBER_EDIT)
    with transaction() as session:
        unit = _unit(session, draft.unit_id, by=by)
        refused = _refused(draft, None, unit=unit, confirmed=confirmed, by=by)
        if refused or unit is None:
            return refused or Outcome()
        member = create_member(
            session, unit_id=unit.id, unit_path=unit.path, values=draft.values, by=by
        )
    return Outcome(member_id=member.id)


def edit(
    member_id: int, draft: Draft, *, version: int, confirmed: str, by: Actor
) -> Outcome:
    """Change a member; a form older than the record's fields comes back as stale."""
    by.require(Action.MEMBER_EDIT)
    with transaction() as session:
        member = members_q.get(member_id, scope=by.scope)
        if member is None:
            raise NotFound
        stale = _stale(member, draft, version=version, by=by)
        if stale:
            return Outcome(stale=stale)
        unit = _unit(session, draft.unit_id, by=by) if draft.unit_id else member.unit
        refused = _refused(draft, member, unit=unit, confirmed=confirmed, by=by)
        if refused or unit is None:
            return refused or Outcome()
        changes = apply_values(member, draft.values)
        if unit.id != member.unit_id:
            changes["unit"] = [member.unit.name, unit.name]
            member.unit_id, member.unit_path = unit.id, unit.path
            member.unit = unit
        if changes:
            record_changes(session, member, changes, by=by)
    return Outcome(member_id=member.id, changes=changes)


def remarks(
    draft: Draft, *, member_id: int | None, by: Actor
) -> tuple[dict[str, Holder], tuple[Problem, ...]]:
    """Look at a form being filled: who has its numbers already, what is doubtful.

    Raises NotFound for a member outside the officer's scope.
    """
    by.require(Action.MEMBER_EDIT)
    member = None
    if member_id is not None:
        member = members_q.get(member_id, scope=by.scope)
        if member is None:
            raise NotFound
    return _holders(draft, member, by=by), _doubts(draft, member, by=by)


def fixed_person(member: Member, *, by: Actor) -> Problem | None:
    """Say why this member must stay the same person for now; None: they need not."""
    by.require(Action.MEMBER_EDIT)
    state = members_q.fixed_by([member.id], scope=by.scope).get(member.id)
    return person_is_fixed(state) if state else None


def doubts_key(doubts: tuple[Problem, ...]) -> str:
    """Name a set of doubts, so that a tick confirms these and no others."""
    text = "\n".join(sorted(str(doubt) for doubt in doubts))
    return hashlib.sha256(text.encode()).hexdigest()[:16] if doubts else ""


def _unit(session: Any, unit_id: int | None, *, by: Actor) -> Unit | None:
    unit = session.get(Unit, unit_id) if unit_id else None
    if unit is not None and not by.scope.covers(unit.path):
        raise NotFound
    return unit


def _refused(
    draft: Draft, member: Member | None, *, unit: Unit | None, confirmed: str, by: Actor
) -> Outcome | None:
    problems = (
        _unit_problems(member, unit, by=by)
        | _fixed_problems(draft, member, by=by)
        | draft.problems
    )
    if not any(_merged(draft, member, name) for name in IDENTITY):
        problems.setdefault("citizen_id", (_NO_IDENTITY,))
    holders = _holders(draft, member, by=by)
    doubts = _doubts(draft, member, by=by)
    unconfirmed = doubts and confirmed != doubts_key(doubts)
    if problems or holders or unconfirmed:
        return Outcome(problems=problems, holders=holders, doubts=doubts)
    return None


_NO_IDENTITY = Problem(
    "Chưa có số giấy tờ.",
    "Số CCCD",
    "Nhập số CCCD; chưa có thì nhập số CMND hoặc hộ chiếu.",
)


def _unit_problems(
    member: Member | None, unit: Unit | None, *, by: Actor
) -> dict[str, tuple[Problem, ...]]:
    if unit is None:
        problem = Problem("Chưa chọn đơn vị.", "Đơn vị", "Chọn đơn vị của đoàn viên.")
    elif unit.level not in MEMBER_LEVELS:
        problem = Problem(
            f"{unit.name} là cấp trên, không có đoàn viên trực tiếp.",
            "Đơn vị",
            "Chọn công đoàn cơ sở hoặc bộ phận của công đoàn cơ sở.",
        )
    elif unit.valid_to is not None and (member is None or unit.id != member.unit_id):
        problem = Problem(
            f"{unit.name} đã ngừng hoạt động.", "Đơn vị", "Chọn đơn vị khác."
        )
    elif (
        member is not None
        and unit.id != member.unit_id
        and members_q.is_on_the_way(member.id, scope=by.scope)
    ):
        problem = Problem(
            "Đoàn viên đang có trong danh sách đề nghị của đơn vị cũ.",
            "Đơn vị",
            "Giữ đơn vị cũ cho đến khi thẻ được in, rồi mới chuyển.",
        )
    else:
        return {}
    return {"unit": (problem,)}


def _fixed_problems(
    draft: Draft, member: Member | None, *, by: Actor
) -> dict[str, tuple[Problem, ...]]:
    """Refuse another name or number for whom a list on its way up is about."""
    if member is None:
        return {}
    changed = [name for name in PERSON if _differs(draft, member, name)]
    if not changed:
        return {}
    state = members_q.fixed_by([member.id], scope=by.scope).get(member.id)
    return dict.fromkeys(changed, (person_is_fixed(state),)) if state else {}


def _holders(draft: Draft, member: Member | None, *, by: Actor) -> dict[str, Holder]:
    found: dict[str, Holder] = {}
    for name in IDENTITY:
        number = draft.values.get(name)
        if not number:
            continue
        holder = members_q.holder_of(
            name, number, scope=by.scope, besides=member.id if member else None
        )
        if holder:
            found[name] = holder
    return found


def _doubts(draft: Draft, member: Member | None, *, by: Actor) -> tuple[Problem, ...]:
    """Name what is odd about the person; nothing where an edit leaves it alone."""
    if member is not None and not _touches_person(draft, member):
        return ()
    birth = _birth(draft, member)
    found: list[Problem] = []
    if birth is not None:
        found += birth_doubts(birth, today=clock.today())
    citizen_id = _merged(draft, member, "citizen_id")
    for doubt in citizen_id_doubts(
        citizen_id or "",
        sex=_merged(draft, member, "sex") or None,
        birth_year=birth.date.year if birth else None,
    ):
        text = doubt.text.replace("danh sách ghi", "ở đây ghi")
        found.append(Problem(text, doubt.where, doubt.fix))
    full_name = _merged(draft, member, "full_name")
    if full_name and birth is not None:
        besides = member.id if member else None
        for other in members_q.lookalikes(
            fold(full_name), birth.date, scope=by.scope, besides=besides
        ):
            found.append(_lookalike(other, birth))
    return tuple(found)


def _lookalike(other: Holder, birth: PartialDate) -> Problem:
    return Problem(
        f"{other.full_name}, sinh {birth}, đã có ở {other.unit_name}.",
        "Trùng họ tên và ngày sinh",
        "Mở hồ sơ kia để xem có phải cùng một người không.",
    )


def _touches_person(draft: Draft, member: Member) -> bool:
    return any(_differs(draft, member, name) for name in DOUBTFUL)


def _differs(draft: Draft, member: Member, name: str) -> bool:
    return name in draft.values and plain(name, draft.values[name]) != shown_value(
        member, name
    )


def _birth(draft: Draft, member: Member | None) -> PartialDate | None:
    if "birth_date" in draft.values:
        value = draft.values["birth_date"]
        return value if isinstance(value, PartialDate) else None
    if member is None or member.birth_date is None:
        return None
    return PartialDate(member.birth_date, year_only=member.birth_year_only)


def _merged(draft: Draft, member: Member | None, name: str) -> Any:
    if name in draft.values:
        return draft.values[name]
    return shown_value(member, name) if member is not None else ""


def _stale(member: Member, draft: Draft, *, version: int, by: Actor) -> Stale | None:
    if version == member.version:
        return None
    known = audit_q.of_subject("member", member.id, scope=by.scope)
    later = [entry for entry in known if entry.detail.get("version", 0) > version]
    theirs = [entry for entry in later if entry.detail.get("changes")]
    before = _values_before(theirs)
    if not before:
        # A photo alone came meanwhile: no field was touched.
        return None if later else _unexplained(member, draft)
    clashes: list[Clash] = []
    take_over: dict[str, Any] = {}
    for name, base in before.items():
        if name == "unit" or name not in draft.values:
            continue
        mine, now = plain(name, draft.values[name]), shown_value(member, name)
        if mine == now:
            continue
        if mine == base:
            take_over[name] = now
        else:
            clashes.append(_clash(name, theirs=now, mine=mine))
    moved = "unit" in before
    chosen = draft.unit_id not in {None, member.unit_id}
    if moved and chosen:
        mine = members_q.unit_name(draft.unit_id or 0, scope=by.scope)
        if mine != before["unit"]:
            clashes.append(Clash("Đơn vị", theirs=member.unit.name, mine=mine))
            moved = False
    return Stale(
        version=member.version,
        entries=tuple(entry_of(entry) for entry in theirs),
        clashes=tuple(clashes),
        take_over=take_over,
        unit_id=member.unit_id if moved else None,
    )


def _unexplained(member: Member, draft: Draft) -> Stale | None:
    """Show every difference where the record does not tell who made which."""
    clashes = tuple(
        _clash(name, theirs=shown_value(member, name), mine=plain(name, value))
        for name, value in draft.values.items()
        if _differs(draft, member, name)
    )
    moves = draft.unit_id not in {None, member.unit_id}
    if not clashes and not moves:
        return None
    return Stale(version=member.version, entries=(), clashes=clashes, take_over={})


def _values_before(newest_first: list[AuditEntry]) -> dict[str, Any]:
    """Give each changed field's value as it was when the form was opened."""
    before: dict[str, Any] = {}
    for entry in newest_first:
        for name, (old, _new) in entry.detail["changes"].items():
            before[name] = old
    return before


def _clash(name: str, *, theirs: Any, mine: Any) -> Clash:
    return Clash(
        label_of(name),
        theirs=value_shown(name, masked_value(name, theirs)),
        mine=value_shown(name, masked_value(name, mine)),
    )
