"""Rights at the door: every route declares one, or the app does not start."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response

from portal.access.policy import Action, may
from portal.domain.errors import NotAllowed

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_MARK = "portal_right"


def requires(action: Action) -> Callable[[F], F]:
    """Declare the right that a view needs."""

    def mark(view: F) -> F:
        setattr(view, _MARK, action)
        return view

    return mark


def public(view: F) -> F:
    """Declare that a view is for anybody: it must say itself what it protects."""
    setattr(view, _MARK, PUBLIC)
    return view


def recorded(view: F) -> F:
    """Declare that each answer is a download on record.

    HEAD fetches nothing, so it is refused before anything is written down.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if request.method == "HEAD":
            raise MethodNotAllowed(valid_methods=["GET"])
        return view(*args, **kwargs)

    return cast("F", guarded)


def right_of(view: Callable[..., Any]) -> Action | str | None:
    """Give the right that a view declares, "public", or None where it forgot."""
    return getattr(view, _MARK, None)


def init_guard(app: Flask) -> None:
    """Check each request against its route's right, before anything else runs."""
    app.before_request(_check)


def refuse_unguarded(app: Flask) -> None:
    """Raise RuntimeError naming every route that declares no right."""
    open_routes = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if right_of(app.view_functions[rule.endpoint]) is None
    )
    if open_routes:
        msg = f"routes without a declared right: {', '.join(open_routes)}"
        raise RuntimeError(msg)


def _check() -> Response | None:
    _refuse_other_sites()
    if request.endpoint is None:  # no such page: 404 follows, for everybody alike
        return None
    right = right_of(current_app.view_functions[request.endpoint])
    if right == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("sign_in.sign_in", next=_way_back()))
    if not isinstance(right, Action) or not may(current_user.actor.role, right):
        raise NotAllowed("Vai trò của bạn không có quyền làm việc này.")
    return None


def _refuse_other_sites() -> None:
    """Refuse a form that another site sends; older browsers do not tell."""
    sent_by = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in _SAFE_METHODS and sent_by not in {"same-origin", "none"}:
        raise NotAllowed("Biểu mẫu này gửi từ một trang khác nên không được nhận.")


def _way_back() -> str | None:
    # Only a page that can be opened again; a form's target cannot.
    if request.method != "GET":
        return None
    return request.full_path if request.query_string else request.path
