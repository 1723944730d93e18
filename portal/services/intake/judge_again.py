"""Judge stored rows anew: after a cell was mended, a row chosen, or the world moved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.access.scope import Scope
from portal.db.models import ImportRow, Member, Photo, RosterImport
from portal.db.models.intake import RowChoice, RowState
from portal.db.queries import intake_lookup, intake_rows
from portal.db.queries.intake_lookup import World
from portal.db.queries.members import fixed_by
from portal.domain.errors import Problem
from portal.domain.member_fields import FIELDS_BY_NAME, IDENTITY_FIELDS
from portal.domain.renewal import person_is_fixed
from portal.domain.roster_duplicates import with_duplicates
from portal.domain.roster_rows import CleanRow
from portal.domain.text import fold
from portal.services.intake import row_photos
from portal.services.intake.judge import (
    Values,
    Verdict,
    alike_to,
    judge,
    world_of,
)
from portal.services.intake.row_cells import read_again
from portal.services.intake.row_values import differences, from_json, to_json
from portal.services.members import PERSON

# Rows that share one of these are judged together.
_KEYS = (*IDENTITY_FIELDS, "member_number")

# Rows with one birth date that are held against each other: lists of bare years
# have hundreds of them.
_MOST_ALIKE = 300


def judge_again(
    session: Any,
    found: RosterImport,
    rows: Iterable[ImportRow],
    *,
    mended: Mapping[int, Mapping[str, str]] | None = None,
    scope: Scope,
) -> list[ImportRow]:
    """Judge rows against the list and the world as they are now; give all touched.

    ``mended`` holds newly typed cells by row id. Rows that shared a number or a
    person with one of them, or do so now, are judged as well. The caller holds the
    transaction and ``found`` in ``scope``; members are looked up as at evaluation.
    """
    typed = mended or {}
    own = {row.id: row for row in rows}
    old = [dict(row.values) for row in own.values()]
    read = {row.id: _reread(row, typed.get(row.id, {})) for row in own.values()}
    session.flush()
    now = [row.values for row in own.values()]
    near = _sharing(found, [*old, *now], scope=scope)
    touched = {row.id: row for row in (*near, *own.values())}
    told = _told(found, touched, read, scope=scope)
    chosen = [row for row in touched.values() if row.accepted_at is None]
    values = {row.id: from_json(row.values) for row in chosen}
    world = world_of(values.values(), scope=Scope(found.unit_path))
    for row in sorted(chosen, key=lambda row: row.position):
        verdict = judge_as_chosen(values[row.id], world, row.choice)
        _settle(session, found, row, told[row.id], verdict, scope=scope)
    session.flush()
    return sorted(touched.values(), key=lambda row: row.position)


def judge_as_chosen(
    values: Values,
    world: World,
    choice: RowChoice,
    *,
    ours: Collection[int] = (),
) -> Verdict:
    """Judge one readable row with what the officer said about who it is."""
    if choice not in {RowChoice.SAME_PERSON, RowChoice.OTHER_PERSON}:
        return judge(values, world, ours=ours)
    alike = alike_to(values, world)
    if choice is RowChoice.OTHER_PERSON:
        known = {one.member_id for one in alike}
        return judge(values, world, ours={*ours, *known})
    verdict = judge(values, world, ours=ours)
    undecided = verdict.state is RowState.DUPLICATE and verdict.member is None
    if not undecided or len(alike) != 1 or _taken(values, world):
        return verdict
    member = intake_lookup.member(alike[0].member_id, scope=world.scope)
    return _as_member(values, member)


def may_be_told_apart(row: ImportRow) -> bool:
    """Say whether the officer is asked who the row is: a member looks like them."""
    return row.choice in {RowChoice.SAME_PERSON, RowChoice.OTHER_PERSON} or (
        row.state is RowState.DUPLICATE
        and any(problem.startswith("Có thể là ") for problem in row.problems)
    )


def _reread(row: ImportRow, mended: Mapping[str, str]) -> CleanRow:
    """Read the row with its new cells, and keep on it what was read."""
    clean = read_again(row, mended)
    if not mended:
        return clean
    kept = [repair for repair in row.repairs if repair["field"] not in mended]
    seen = {(repair["field"], repair["after"]) for repair in kept}
    fresh = [
        {"field": r.field, "before": r.before, "after": r.after, "reason": r.reason}
        for r in clean.repairs
        if (r.field, r.after) not in seen
    ]
    came = {name: row.raw.get(name, "") for name in mended if name not in row.mended}
    row.mended = {**row.mended, **came}
    raw = {**row.raw, **mended}
    row.raw = {name: text for name, text in raw.items() if text}
    row.repairs = [*kept, *fresh]
    row.values = to_json(clean.values)
    return clean


def _told(
    found: RosterImport,
    touched: Mapping[int, ImportRow],
    read: Mapping[int, CleanRow],
    *,
    scope: Scope,
) -> dict[int, CleanRow]:
    """Read the touched rows and mark those that the list has twice.

    A row that is left out stands in nobody's way and is judged by itself.
    """
    known = {key: read.get(key) or read_again(row, {}) for key, row in touched.items()}
    values = [row.values for row in touched.values()]
    around = _sharing(found, values, scope=scope, same_birth=True)
    context = {row.id: row for row in around} | {
        key: row for key, row in touched.items() if row.choice is not RowChoice.SKIP
    }
    ordered = sorted(context.values(), key=lambda row: row.position)
    clean = [known.get(row.id) or read_again(row, {}) for row in ordered]
    decided = intake_lookup.different_people(scope=Scope(found.unit_path))
    marked = with_duplicates(clean, different=decided)
    return known | dict(zip((row.id for row in ordered), marked, strict=True))


def _sharing(
    found: RosterImport,
    values: Sequence[Mapping[str, Any]],
    *,
    scope: Scope,
    same_birth: bool = False,
) -> list[ImportRow]:
    """Find rows of the list with one of the numbers, or the same name and birth.

    ``same_birth`` asks for the same birth date alone, a page of them at most.
    """
    numbers: dict[str, set[str]] = defaultdict(set)
    for one in values:
        for name in _KEYS:
            if one.get(name):
                numbers[name].add(str(one[name]))
    births = {str(one["birth_date"]) for one in values if one.get("birth_date")}
    people = {_person(one) for one in values}
    alike = intake_rows.born_on(found.id, births, scope=scope, limit=_MOST_ALIKE)
    return [
        *intake_rows.bearing(found.id, numbers, scope=scope),
        *(row for row in alike if same_birth or _person(row.values) in people),
    ]


def _person(values: Mapping[str, Any]) -> tuple[str, str]:
    return fold(values.get("full_name", "")), str(values.get("birth_date", ""))


def _settle(
    session: Any,
    found: RosterImport,
    row: ImportRow,
    clean: CleanRow,
    verdict: Verdict,
    *,
    scope: Scope,
) -> None:
    """Write the verdict on the row; what the list says prevails over the tree."""
    if clean.problems:
        duplicate = clean.is_duplicate or verdict.state is RowState.DUPLICATE
        only = all(getattr(p, "code", "") == "duplicate" for p in clean.problems)
        verdict.state = RowState.DUPLICATE if duplicate and only else RowState.ERROR
        verdict.problems = [*map(str, clean.problems), *verdict.problems]
        verdict.changes = {}
    elif verdict.member is not None and row.choice is not RowChoice.SKIP:
        _met_before(found, row, verdict, scope=scope)
    member = verdict.member
    row.state, row.problems = verdict.state, verdict.problems
    row.changes = verdict.changes
    row.member_id = member.id if member else None
    row.member_version = member.version if member else None
    photo = row_photos.doubts(session, row, member)
    row.warnings = [*map(str, clean.warnings), *verdict.warnings, *photo]
    _note_photo(session, row, member)


def _met_before(
    found: RosterImport, row: ImportRow, verdict: Verdict, *, scope: Scope
) -> None:
    member = verdict.member
    others = intake_rows.rows_of_member(found.id, member.id, scope=scope)  # type: ignore[union-attr]
    first = next((other for other in others if other.id != row.id), None)
    if first is None or first.position > row.position:
        return
    verdict.state, verdict.changes = RowState.DUPLICATE, {}
    verdict.problems.append(
        f"Dòng này và dòng {first.row_number} là cùng một đoàn viên. Giữ một dòng."
    )


def _note_photo(session: Any, row: ImportRow, member: Member | None) -> None:
    """Count a photo that the member does not have yet as a change."""
    if row.photo_id is None or member is None:
        return
    if row.state not in {RowState.SAME, RowState.CHANGED}:
        return
    known, brought = member.photo, session.get(Photo, row.photo_id)
    if known is not None and brought.original_hash == known.original_hash:
        return
    scope = Scope(member.unit_path)
    if known is not None and member.id in fixed_by([member.id], scope=scope):
        return
    row.state = RowState.CHANGED
    had = "ảnh đang có" if known is not None else ""
    row.changes = {**row.changes, "photo": [had, row_photos.base_name(row.photo_name)]}


def _taken(values: Values, world: World) -> bool:
    return any(
        (name, values[name]) in world.taken_elsewhere
        for name in IDENTITY_FIELDS
        if values.get(name)
    )


def _as_member(values: Values, member: Member) -> Verdict:
    """Judge a row of which the officer said that it is this member."""
    changes = differences(member, values)
    fixed = fixed_by([member.id], scope=Scope(member.unit_path)).get(member.id)
    if fixed is not None and any(name in changes for name in PERSON):
        labels = [FIELDS_BY_NAME[name].label for name in PERSON if name in changes]
        problem: Problem = replace(person_is_fixed(fixed), where=", ".join(labels))
        return Verdict(RowState.ERROR, member, problems=[str(problem)])
    state = RowState.CHANGED if changes else RowState.SAME
    return Verdict(state, member, changes)
