"""One chunk of good rows becomes members, with what taking it back would need."""

from typing import Any

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.db.models import ImportRow, Member, Photo, RosterImport
from portal.db.models.intake import RowChoice, RowState
from portal.db.queries import intake as intake_q
from portal.db.queries.member_writing import insert_members
from portal.domain import clock
from portal.services import audit
from portal.services.intake.judge import Verdict, world_of
from portal.services.intake.judge_again import judge_as_chosen
from portal.services.intake.row_values import from_json
from portal.services.intake.world_changes import what_happened
from portal.services.members import (
    apply_values,
    blank_member,
    recordable,
    shown_value,
)


def accept_rows(
    session: Any, chosen: RosterImport, rows: list[ImportRow], *, by: Actor
) -> None:
    """Write rows inside the caller's transaction: few statements for all of them.

    Each row is judged first against the members as they are; where the world has
    changed the row is not written, and stays with its reason.
    """
    values = [from_json(row.values) for row in rows]
    world = world_of(values, scope=Scope(chosen.unit_path))
    ours = intake_q.accepted_member_ids(session, chosen.id)
    photo_ids = [row.photo_id for row in rows if row.photo_id is not None]
    photos = intake_q.photos_by_id(session, photo_ids)
    written: list[tuple[ImportRow, Member, list[audit.Act]]] = []
    for row, cleaned in zip(rows, values, strict=True):
        verdict = judge_as_chosen(cleaned, world, row.choice, ours=ours)
        reason = what_happened(row, verdict)
        if reason:
            _turn_down(row, verdict, reason)
            continue
        member, changes = _write(chosen, row, cleaned, verdict)
        photo = photos.get(row.photo_id) if row.photo_id is not None else None
        replaced = _hang(row, member, photo, fixed=member.id in world.fixed)
        written.append((row, member, [*changes, *replaced]))
    insert_members(session, [member for _r, member, _a in written if not member.id])
    session.flush()
    for row, member, _acts in written:
        row.member_id, row.member_version = member.id, member.version
        row.accepted_at = clock.now()
    audit.record_all(
        session,
        [_of_member(act, member) for _r, member, acts in written for act in acts],
        by=by,
    )


def _write(
    chosen: RosterImport, row: ImportRow, values: dict[str, Any], verdict: Verdict
) -> tuple[Member, list[audit.Act]]:
    """Make or change the member; say in acts what was done."""
    if row.state is RowState.NEW:
        member = blank_member(unit_id=chosen.unit_id, unit_path=chosen.unit_path)
        changes = apply_values(member, values)
        return member, [_act("member.create", {"changes": recordable(changes)})]
    member = verdict.member
    assert member is not None  # noqa: S101 (what_happened has seen to it)
    names = [name for name in verdict.changes if _is_wanted(row, verdict, name)]
    row.before = {name: shown_value(member, name) for name in names}
    changes = apply_values(member, {name: values[name] for name in names})
    if not changes:
        return member, []
    member.updated_at = clock.now()
    return member, [_act("member.edit", {"changes": recordable(changes)})]


def _is_wanted(row: ImportRow, verdict: Verdict, name: str) -> bool:
    return row.choice is not RowChoice.FILL or not verdict.changes[name][0]


def _hang(
    row: ImportRow, member: Member, photo: Photo | None, *, fixed: bool
) -> list[audit.Act]:
    """Give the member the row's photo where it is another than they have.

    ``fixed``: the photo they have was sent with a list, and stays.
    """
    had = member.photo_id
    stays = had is not None and (fixed or row.choice is RowChoice.FILL)
    if photo is None or photo.id == had or stays:
        if row.state is RowState.CHANGED and not row.before:
            row.state = RowState.SAME  # everything stood there already
        return []
    if row.state is RowState.CHANGED:
        row.before = {**row.before, "photo_id": had}
    member.photo_id, member.photo = photo.id, photo
    member.updated_at = clock.now()
    detail = {"photo": photo.card_hash[:12], "replaced": had is not None}
    return [_act("member.photo", detail)]


def _turn_down(row: ImportRow, verdict: Verdict, reason: str) -> None:
    duplicate = verdict.state is RowState.DUPLICATE or row.state is RowState.NEW
    row.state = RowState.DUPLICATE if duplicate else RowState.ERROR
    row.problems = [*row.problems, reason]


def _act(action: str, detail: dict[str, Any]) -> audit.Act:
    return audit.Act(
        action=action, subject="member", subject_id=0, unit_path="", detail=detail
    )


def _of_member(act: audit.Act, member: Member) -> audit.Act:
    """Name the member once they have an id."""
    return audit.Act(
        action=act.action,
        subject=act.subject,
        subject_id=member.id,
        unit_path=member.unit_path,
        detail={**act.detail, "version": member.version, "source": "import"},
    )
