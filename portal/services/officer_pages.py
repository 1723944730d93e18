"""What the pages of accounts show: the list, and one officer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import AuditEntry, Officer, Post, Unit
from portal.db.queries import audit as audit_q
from portal.db.queries import officers as officers_q
from portal.db.queries import sign_in as sign_in_q
from portal.db.queries import units as units_q
from portal.db.queries.officers import Standing
from portal.domain import clock

PAGE = 50
_DIGITS = 9

HISTORY_LABELS = {
    "officer.add": "Tạo tài khoản",
    "officer.edit": "Sửa thông tin",
    "officer.password": "Tự đặt mật khẩu",
    "officer.resume": "Cho tài khoản làm việc lại",
    "officer.slip": "Lập phiếu đăng nhập",
    "officer.suspend": "Tạm dừng tài khoản",
    "post.add": "Giao nhiệm vụ",
    "post.edit": "Sửa nhiệm vụ",
    "post.resume": "Cho nhiệm vụ làm việc lại",
    "post.suspend": "Tạm dừng nhiệm vụ",
    "sign_in.open": "Đăng nhập",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of officers is asked for."""

    text: str = ""
    unit_id: int | None = None
    standing: Standing | None = None
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """Read it from a query string; what makes no sense is left out."""
        unit, page, state = (query.get(key, "") for key in ("unit", "page", "state"))
        known = {standing.value for standing in Standing}
        return cls(
            text=query.get("q", "").strip(),
            unit_id=_whole(unit),
            standing=Standing(state) if state in known else None,
            page=_whole(page) or 1,
        )

    def query(self, **changed: Any) -> dict[str, Any]:
        """Write it as a query string, with some of it changed."""
        own = {"q": self.text, "unit": self.unit_id, "state": self.standing or ""}
        merged = {**own, **changed}
        return {key: value for key, value in merged.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerList:
    """One page of a list of officers, each with their posts in the subtree."""

    rows: list[tuple[Officer, list[Post]]]
    total: int
    shown: int
    has_next: bool
    unit: Unit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPage:
    """Everything that the page of one officer shows."""

    officer: Officer
    posts: list[Post]
    # False: posts outside the subtree, so the level above rules the account.
    rules_account: bool
    is_self: bool
    has_open_slip: bool
    history: list[AuditEntry]


def list_page(wanted: Wanted, *, by: Actor) -> OfficerList:
    """List officers of the subtree, a page at a time."""
    by.require(Action.OFFICER_MANAGE)
    unit = units_q.get(wanted.unit_id, scope=by.scope) if wanted.unit_id else None
    ids = officers_q.listed(
        scope=by.scope,
        unit_id=wanted.unit_id,
        standing=wanted.standing,
        text=wanted.text,
    )
    start = (wanted.page - 1) * PAGE
    chosen = ids[start : start + PAGE]
    return OfficerList(
        rows=officers_q.with_posts(chosen, scope=by.scope),
        total=len(ids),
        shown=len(chosen),
        has_next=len(ids) > start + PAGE,
        unit=unit,
    )


def page_of(officer_id: int, *, by: Actor) -> OfficerPage:
    """Gather the page of an officer; NotFound without a post in the subtree."""
    by.require(Action.OFFICER_MANAGE)
    officer, posts = officers_q.get(officer_id, scope=by.scope)
    outside = officers_q.holds_post_outside(
        officer.id, scope=by.scope, on=clock.today()
    )
    return OfficerPage(
        officer=officer,
        posts=posts,
        rules_account=not outside,
        is_self=officer.id == by.officer_id,
        has_open_slip=sign_in_q.has_code(officer.id, now=clock.now()),
        history=audit_q.of_subject("officer", officer.id, scope=by.scope, limit=20),
    )


def _whole(text: str) -> int | None:
    # A number of more digits is no row or page of ours.
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None
