"""Posts of officers: given, changed, stopped at once."""

from datetime import date
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import ROLE_LABELS, Action, Role
from portal.db.models import Officer, Post, Unit
from portal.db.queries import officers as officers_q
from portal.db.queries import sign_in as sign_in_q
from portal.db.queries import units as units_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Invalid, NotAllowed, Problem
from portal.services.officers import (
    PostDraft,
    check_dates,
    iso,
    record,
    refuse_below,
    rises_by,
    write_post,
)

OWN_POSTS = (
    "Bạn không thể tự giao, sửa hay tạm dừng nhiệm vụ của chính mình. Hãy nhờ một"
    " quản trị viên khác. Nếu đơn vị chỉ có bạn quản trị, hãy tạo tài khoản cho một"
    " cán bộ khác và giao nhiệm vụ đó cho người ấy."
)


def get_post(post_id: int, *, by: Actor) -> Post:
    """Give a post at a unit of the subtree; NotFound for any other."""
    by.require(Action.OFFICER_MANAGE)
    return officers_q.get_post(post_id, scope=by.scope)


def add_post(officer_id: int, draft: PostDraft, *, by: Actor) -> Post:
    """Give an officer one more post at a unit of the subtree."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        officer, _posts = officers_q.get(officer_id, scope=by.scope)
        unit = units_q.get(draft.unit_id, scope=by.scope)
        _refuse_own(officer.id, by)
        check_dates(draft.valid_from, draft.valid_to)
        _refuse_same_post(officer, unit, draft.role, but=None)
        post = write_post(
            session,
            officer=officer,
            unit=unit,
            role=draft.role,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
        )
        _void_slips_from_below(session, post)
        record(session, "post.add", post, by)
    return post


def change_post(
    post_id: int,
    *,
    role: Role,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
) -> Post:
    """Change the role or the dates of a post; its holder's sessions end at once."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        post = officers_q.get_post(post_id, scope=by.scope)
        _refuse_own(post.officer_id, by)
        refuse_below(post, by)
        check_dates(valid_from, valid_to)
        _refuse_same_post(post.officer, post.unit, role, but=post.id)
        detail = {"role_before": post.role.value, "until_before": iso(post.valid_to)}
        post.role, post.valid_from, post.valid_to = role, valid_from, valid_to
        sign_in_q.end_sessions(session, post.officer_id, at=clock.now())
        _void_slips_from_below(session, post)
        record(session, "post.edit", post, by, detail)
    return post


def suspend_post(post_id: int, *, by: Actor) -> Post:
    """Stop a post at once; its holder's sessions end."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        post = officers_q.get_post(post_id, scope=by.scope)
        _refuse_own(post.officer_id, by)
        if rises_by(post, by):
            post.suspended_at = post.suspended_at or clock.now()
            post.suspended_by_unit_id = by.unit_id
            sign_in_q.end_sessions(session, post.officer_id, at=clock.now())
            record(session, "post.suspend", post, by)
    return post


def resume_post(post_id: int, *, by: Actor) -> Post:
    """Let a suspended post work again; not below the level that suspended it."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        post = officers_q.get_post(post_id, scope=by.scope)
        _refuse_own(post.officer_id, by)
        refuse_below(post, by)
        if post.suspended_at is not None:
            post.suspended_at = post.suspended_by_unit_id = None
            _void_slips_from_below(session, post)
            record(session, "post.resume", post, by)
    return post


def _void_slips_from_below(session: Any, post: Post) -> None:
    """Void the open slips of whoever could not have made one for this post.

    Its maker holds the link and may yet use it: that would make an administrator
    of a lower unit the holder of a post further up.
    """
    now = clock.now()
    session.flush()
    for code in sign_in_q.open_codes(post.officer_id, now=now):
        made_by = officers_q.live_posts(code.created_by_id or 0, on=clock.today())
        makers = [officers_q.actor_of(one) for one in made_by]
        if not any(
            maker.may(Action.OFFICER_MANAGE) and maker.scope.covers(post.unit_path)
            for maker in makers
        ):
            code.used_at = now


def _refuse_same_post(
    officer: Officer, unit: Unit, role: Role, *, but: int | None
) -> None:
    held = officers_q.same_post(
        officer.id, unit_id=unit.id, role=role, on=clock.today()
    )
    if held is not None and held.id != but:
        label = ROLE_LABELS[role]
        text = f"{officer.full_name} đã có nhiệm vụ “{label}” ở {unit.name}."
        raise Invalid(text, (Problem(text, "role", "Hãy chọn vai trò khác."),))


def _refuse_own(officer_id: int, by: Actor) -> None:
    # Whoever hands out accounts must not hand out numbers: nor to himself.
    if officer_id == by.officer_id:
        raise NotAllowed(OWN_POSTS)
