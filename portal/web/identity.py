"""From the cookie to the officer: one session row per signed-in browser."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, session
from flask_login import UserMixin, current_user, login_user, logout_user

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.domain.errors import NotAllowed
from portal.extensions import login_manager
from portal.services import sign_in as sign_in_service

_OUT_OF_REACH = "officer_out_of_reach"


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """What Flask-Login calls the user: a live session and its officer in a post."""

    token: str
    session_id: int
    actor: Actor

    def get_id(self) -> str:
        """Give the session's secret, which the signed cookie carries."""
        return self.token


def init_identity(app: Flask) -> None:
    """Resolve the officer from the session table at every request."""
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    # The session table ends sessions; a second mechanism would only confuse.
    login_manager.session_protection = None


def current_actor() -> Actor:
    """Give the officer who asks; views behind ``@requires`` always have one."""
    if not current_user.is_authenticated:
        raise NotAllowed("Bạn chưa đăng nhập.")
    actor: Actor = current_user.actor
    return actor


def current_scope() -> Scope:
    """Give the subtree of the post that the officer acts in."""
    return current_actor().scope


def begin_session(token: str) -> None:
    """Sign the browser in with the secret of a fresh session row."""
    session.clear()
    signed_in = _load(token)
    if signed_in is not None:
        login_user(signed_in)


def end_session() -> None:
    """Forget the session in this browser; the service has ended its row."""
    logout_user()
    session.clear()


def _load(token: str) -> SignedIn | None:
    # The page that tells of a database out of reach must not ask it again.
    if g.get(_OUT_OF_REACH):
        return None
    setattr(g, _OUT_OF_REACH, True)
    found: Any = sign_in_service.find_session(token)
    setattr(g, _OUT_OF_REACH, False)
    if found is None:
        return None
    g.session_id = found.session_id
    return SignedIn(token=token, session_id=found.session_id, actor=found.actor)
