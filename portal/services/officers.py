"""Accounts and posts: made by the level above, ended at once when they must be."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import ROLE_LABELS, Action, Role
from portal.db.models import Officer, Post, Unit
from portal.db.queries import officers as officers_q
from portal.db.queries import sign_in as sign_in_q
from portal.db.queries import units as units_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, Problem
from portal.domain.text import clean, fold
from portal.services import audit, sign_in
from portal.services.units import read_contact

FIRST_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(days=1)

_SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDraft:
    """One role at one unit, from a day on, perhaps to a day."""

    unit_id: int
    role: Role
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDraft:
    """What is stated about a person who gets an account."""

    full_name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What the officer is handed: a link that works once; nobody sees a password."""

    full_name: str
    sign_in_name: str
    unit_name: str
    role_label: str
    path: str
    until: datetime
    first: bool


def create_officer(draft: OfficerDraft, post: PostDraft, *, by: Actor) -> Officer:
    """Make an account with its first post at a unit of the officer's subtree.

    Raises NotFound for a unit outside it, Invalid with one Problem a field.
    """
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        unit = units_q.get(post.unit_id, scope=by.scope)
        draft = _checked(draft)
        check_dates(post.valid_from, post.valid_to)
        _refuse_namesake(draft, unit)
        officer = write_officer(
            session,
            full_name=draft.full_name,
            sign_in_name=free_sign_in_name(draft.full_name),
            phone=draft.phone,
            email=draft.email,
        )
        written = write_post(
            session,
            officer=officer,
            unit=unit,
            role=post.role,
            valid_from=post.valid_from,
            valid_to=post.valid_to,
        )
        record(session, "officer.add", written, by)
    return officer


def edit_officer(officer_id: int, draft: OfficerDraft, *, by: Actor) -> Officer:
    """Correct the name or contact of an officer whose posts all lie in the subtree."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        officer, posts = _whole(officer_id, by)
        draft = _checked(draft)
        before = officer.full_name
        officer.full_name = draft.full_name
        officer.phone, officer.email = draft.phone, draft.email
        record(session, "officer.edit", posts[0], by, {"name_before": before})
    return officer


def suspend(officer_id: int, *, by: Actor) -> Officer:
    """Shut an account at once: its sessions and one-time links end."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        officer, posts = _whole(officer_id, by)
        if officer.id == by.officer_id:
            raise NotAllowed("Bạn không thể tự tạm dừng tài khoản của mình.")
        if rises_by(officer, by):
            officer.suspended_at = officer.suspended_at or clock.now()
            officer.suspended_by_unit_id = by.unit_id
            sign_in_q.end_sessions(session, officer.id, at=clock.now())
            sign_in_q.void_codes(session, officer.id, at=clock.now())
            record(session, "officer.suspend", posts[0], by)
    return officer


def resume(officer_id: int, *, by: Actor) -> Officer:
    """Open a suspended account again; not for a level below the one that shut it."""
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        officer, posts = _whole(officer_id, by)
        refuse_below(officer, by)
        if officer.suspended_at is not None:
            officer.suspended_at = officer.suspended_by_unit_id = None
            record(session, "officer.resume", posts[0], by)
    return officer


def make_slip(officer_id: int, *, by: Actor, token: str = "") -> Slip:
    """Make the one-time link of a first sign-in or a reset; earlier ones die.

    The present password works until the link is used. ``token`` is the link's
    secret where the caller must be able to show it on a later page.
    """
    by.require(Action.OFFICER_MANAGE)
    with transaction() as session:
        officer, posts = _whole(officer_id, by)
        if officer.id == by.officer_id:
            raise NotAllowed(
                "Đây là tài khoản của bạn: hãy đổi mật khẩu ở “Tài khoản của tôi”."
            )
        live = officers_q.live_posts(officer.id, on=clock.today())
        if not live:
            raise Conflict(
                "Tài khoản đang tạm dừng hoặc không còn nhiệm vụ nào, nên chưa lập"
                " phiếu được. Hãy cho tài khoản làm việc lại trước."
            )
        first = officer.password_hash is None
        token, until = sign_in.add_code(
            session,
            officer_id=officer.id,
            purpose="first" if first else "reset",
            lifetime=FIRST_LIFETIME if first else RESET_LIFETIME,
            by_officer_id=by.officer_id,
            token=token,
        )
        record(session, "officer.slip", posts[0], by)
        return _slip(officer, live[0], token, until=until, first=first)


def open_slip(officer_id: int, token: str, *, by: Actor) -> Slip | None:
    """Give the slip of a link that still works, to show it; None where it does not."""
    by.require(Action.OFFICER_MANAGE)
    officer, _posts = _whole(officer_id, by)
    code = sign_in_q.live_code(sign_in.token_hash(token), now=clock.now())
    live = officers_q.live_posts(officer.id, on=clock.today())
    if code is None or code.officer_id != officer.id or not live:
        return None
    return _slip(
        officer,
        live[0],
        token,
        until=code.expires_at,
        first=officer.password_hash is None,
    )


def _slip(
    officer: Officer, post: Post, token: str, *, until: datetime, first: bool
) -> Slip:
    return Slip(
        full_name=officer.full_name,
        sign_in_name=officer.sign_in_name,
        unit_name=post.unit.name,
        role_label=ROLE_LABELS[post.role],
        path=f"/lan-dau/{token}",
        until=until,
        first=first,
    )


def write_officer(
    session: Any,
    *,
    full_name: str,
    sign_in_name: str,
    password_hash: str | None = None,
    phone: str = "",
    email: str = "",
) -> Officer:
    """Write an account inside the caller's transaction."""
    problems = account_problems(full_name=full_name, sign_in_name=sign_in_name)
    if problems:
        raise Invalid("Thông tin tài khoản chưa đúng.", problems)
    officer = Officer(
        full_name=full_name,
        sign_in_name=sign_in_name,
        password_hash=password_hash,
        phone=phone,
        email=email,
        created_at=clock.now(),
    )
    session.add(officer)
    session.flush()
    return officer


def write_post(
    session: Any,
    *,
    officer: Officer,
    unit: Unit,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
) -> Post:
    """Write a post inside the caller's transaction."""
    post = Post(
        officer_id=officer.id,
        unit_id=unit.id,
        unit_path=unit.path,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    post.officer, post.unit = officer, unit
    session.add(post)
    session.flush()
    return post


def account_problems(*, full_name: str, sign_in_name: str) -> tuple[Problem, ...]:
    """Name all that keeps an account from being written."""
    problems = []
    if not _SIGN_IN_NAME.fullmatch(sign_in_name):
        text = "Tên đăng nhập gồm 3–40 chữ thường không dấu, chữ số, dấu . _ hoặc -."
        problems.append(Problem(text, "sign_in_name", "Ví dụ: lan.nt"))
    elif officers_q.name_taken(sign_in_name):
        text = f"Tên đăng nhập “{sign_in_name}” đã có người dùng."
        problems.append(Problem(text, "sign_in_name", "Hãy chọn tên khác."))
    if not fold(full_name) or len(full_name) > _LONGEST_NAME:
        problems.append(Problem("Nhập họ và tên đầy đủ của cán bộ.", "full_name"))
    return tuple(problems)


def free_sign_in_name(full_name: str) -> str:
    """Make a short name that is free: "Nguyễn Thị Lan" → lan.nt, lan.nt2 …"""
    words = re.findall(r"[a-z0-9]+", fold(full_name).replace("'", ""))
    given, initials = words[-1] if words else "", "".join(w[0] for w in words[:-1])
    base = f"{given}.{initials}"[:30].strip(".")
    if len(base) < 3:
        base = f"cb.{base}".strip(".")
    name, serial = base, 1
    while officers_q.name_taken(name):
        serial += 1
        name = f"{base}{serial}"
    return name


def check_dates(valid_from: date, valid_to: date | None) -> None:
    """Raise Invalid where a post would end before it begins."""
    if valid_to is not None and valid_to < valid_from:
        text = "Ngày kết thúc đứng trước ngày bắt đầu."
        raise Invalid(text, (Problem(text, "valid_to", "Sửa lại một trong hai ngày."),))


def record(
    session: Any,
    action: str,
    post: Post,
    by: Actor,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit row of an act on an officer in one of their posts."""
    audit.record(
        session,
        action,
        by=by,
        subject="officer",
        subject_id=post.officer_id,
        unit_path=post.unit_path,
        detail={
            "officer": post.officer.full_name,
            "unit": post.unit.name,
            "role": post.role.value,
            "from": iso(post.valid_from),
            "to": iso(post.valid_to),
            **(detail or {}),
        },
    )


def iso(day: date | None) -> str | None:
    """Write a day as the audit record keeps it."""
    return day.isoformat() if day else None


def rises_by(suspended: Officer | Post, by: Actor) -> bool:
    """Say whether a suspension by this officer says more than what stands.

    It does where nothing is suspended, and where a lower level suspended it.
    """
    return suspended.suspended_at is None or (
        suspended.suspended_by_unit_id != by.unit_id and not _is_below(suspended, by)
    )


def refuse_below(suspended: Officer | Post, by: Actor) -> None:
    """Raise NotAllowed where a level above this officer's suspended it."""
    if suspended.suspended_at is not None and _is_below(suspended, by):
        raise NotAllowed(
            "Cấp trên đã tạm dừng người này. Chỉ cấp đó hoặc cấp cao hơn cho làm lại"
            " được; hãy liên hệ người quản trị của cấp trên."
        )


def _is_below(suspended: Officer | Post, by: Actor) -> bool:
    unit_id = suspended.suspended_by_unit_id
    return unit_id is not None and not units_q.is_within(unit_id, scope=by.scope)


def _whole(officer_id: int, by: Actor) -> tuple[Officer, list[Post]]:
    """Give an officer whose account is this administrator's to rule.

    Whoever can reset an account can become its owner: so every post of it must
    lie within the administrator's own subtree.
    """
    officer, posts = officers_q.get(officer_id, scope=by.scope)
    if officers_q.holds_post_outside(officer.id, scope=by.scope, on=clock.today()):
        raise NotAllowed(
            "Cán bộ này còn giữ nhiệm vụ ở đơn vị khác, nên tài khoản"
            " do cấp trên quản lý. Bạn vẫn có thể tạm dừng nhiệm vụ ở đơn vị mình."
        )
    return officer, posts


def _checked(draft: OfficerDraft) -> OfficerDraft:
    phone, email, problems = read_contact(draft.phone, draft.email)
    full_name = clean(draft.full_name)
    if not fold(full_name) or len(full_name) > _LONGEST_NAME:
        missing = Problem("Nhập họ và tên đầy đủ của cán bộ.", "full_name")
        problems = (missing, *problems)
    if problems:
        raise Invalid("Thông tin cán bộ chưa đúng.", problems)
    return OfficerDraft(full_name=full_name, phone=phone, email=email)


def _refuse_namesake(draft: OfficerDraft, unit: Unit) -> None:
    for other in officers_q.namesakes(
        draft.full_name, phone=draft.phone, unit_id=unit.id
    ):
        text = (
            f"{unit.name} đã có tài khoản của {other.full_name}"
            f" (tên đăng nhập {other.sign_in_name})."
        )
        fix = "Nếu là người khác trùng tên, hãy ghi số điện thoại để phân biệt."
        raise Invalid(text, (Problem(text, "full_name", fix),))
