"""Sign-in: the door with its lock, and sessions that end at once when they must."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import Officer, OneTimeCode, Post, SignInSession
from portal.db.queries import officers as officers_q
from portal.db.queries import sign_in as sign_in_q
from portal.db.session import transaction, write_if_possible
from portal.domain import clock
from portal.domain.errors import Invalid, NotFound
from portal.domain.text import fold
from portal.services import audit, passwords, sign_in_lock

# A shared office PC is left open; a phone is lost.
IDLE_LIMIT = timedelta(hours=8)
ABSOLUTE_LIMIT = timedelta(days=7)

# How stale "last seen" may be: a write at every request would queue the readers.
_SEEN_STEP = timedelta(minutes=5)

CODE_GONE = (
    "Đường dẫn này đã được dùng, đã hết hạn hoặc không đúng."
    " Hãy nhờ người quản trị tài khoản lập cho bạn một phiếu mới."
)


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that may act now."""

    session_id: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What came of knocking: a session's secret, or why not (and which field)."""

    token: str = ""
    refusal: str = ""
    field: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where a browser speaks from; shown to the owner of the session."""

    address: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUse:
    """Whom a one-time link is for."""

    full_name: str
    sign_in_name: str
    unit_name: str


def token_hash(token: str) -> str:
    """Give what the database keeps of a secret: its SHA-256, as hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str) -> LiveSession | None:
    """Find the officer behind a session secret, in the post they act in.

    None where the session has ended or stood idle too long, and where no post
    is left: a suspended officer is out at the next request.
    """
    now = clock.now()
    row = officers_q.live_session(token_hash(token), now=now)
    if row is None or now - row.last_seen_at > IDLE_LIMIT:
        return None
    posts = officers_q.live_posts(row.officer_id, on=clock.today())
    if not posts:
        return None
    post = next((post for post in posts if post.id == row.post_id), posts[0])
    found = LiveSession(row.id, officers_q.actor_of(post))
    if now - row.last_seen_at > _SEEN_STEP:
        write_if_possible(
            lambda session: sign_in_q.note_seen(session, found.session_id, at=now)
        )
    return found


def open_session(name: str, password: str, *, visitor: Visitor) -> Opening:
    """Let an officer in by name and password.

    The try is written down before the password is compared, so that many tries
    at the same time cannot slip past the lock; a right one strikes it out again.
    Known, unknown and suspended names take the same path and the same work.
    """
    name = _as_kept(name)
    attempt_id, locked = sign_in_lock.note_try(name, visitor.address)
    if locked:
        return Opening(refusal=locked, locked=True)
    officer = sign_in_q.officer_by_name(name)
    stored = officer.password_hash if officer else None
    if not passwords.matches(password, stored) or officer is None:
        sign_in_lock.blame_address(attempt_id, visitor.address)
        return Opening(refusal="Tên đăng nhập hoặc mật khẩu không đúng.")
    with transaction() as session:
        # Tries from elsewhere still count: the owner's coming in is no pardon for
        # somebody who guesses meanwhile.
        sign_in_q.forget_attempts(session, name, address=visitor.address)
        posts = officers_q.live_posts(officer.id, on=clock.today())
        # A password changed while this one was compared opens nothing any more.
        if not posts or officer.password_hash != stored:
            return Opening(
                refusal="Tài khoản đang tạm dừng hoặc không còn nhiệm vụ nào."
                " Hãy liên hệ người quản trị của đơn vị bạn."
            )
        return Opening(token=add_session(session, posts[0], visitor))


def end_session(token: str) -> None:
    """End the session of this secret; a copy of its cookie is dead from now on."""
    now = clock.now()
    with transaction():
        row = officers_q.live_session(token_hash(token), now=now)
        if row is not None:
            row.ended_at = now


def own_sessions(*, by: Actor) -> list[SignInSession]:
    """List where the officer is signed in, the last used first."""
    by.require(Action.ACCOUNT_SELF)
    now = clock.now()
    return sign_in_q.sessions_of(by.officer_id, now=now, seen_since=now - IDLE_LIMIT)


def own_posts(*, by: Actor) -> list[Post]:
    """List the posts that the officer holds today."""
    by.require(Action.ACCOUNT_SELF)
    return officers_q.live_posts(by.officer_id, on=clock.today())


def end_own_session(session_id: int, *, by: Actor) -> None:
    """End one of the officer's own sessions; another's does not exist for them."""
    by.require(Action.ACCOUNT_SELF)
    with transaction() as session:
        row = session.get(SignInSession, session_id)
        if row is None or row.officer_id != by.officer_id:
            raise NotFound
        row.ended_at = row.ended_at or clock.now()


def end_other_sessions(*, but: int, by: Actor) -> None:
    """End all of the officer's sessions except the one they are in."""
    by.require(Action.ACCOUNT_SELF)
    with transaction() as session:
        sign_in_q.end_sessions(session, by.officer_id, at=clock.now(), but=but)


def switch_post(session_id: int, post_id: int, *, by: Actor) -> None:
    """Let the officer act in another of their posts from now on."""
    by.require(Action.ACCOUNT_SELF)
    with transaction() as session:
        row = session.get(SignInSession, session_id)
        held = {
            post.id for post in officers_q.live_posts(by.officer_id, on=clock.today())
        }
        if row is None or row.officer_id != by.officer_id or post_id not in held:
            raise NotFound
        row.post_id = post_id


def change_password(
    session_id: int, *, current: str, new: str, by: Actor, visitor: Visitor
) -> Opening:
    """Replace the officer's password; every other session ends.

    The session goes on under the fresh secret that is given back.
    """
    by.require(Action.ACCOUNT_SELF)
    with transaction() as session:
        officer = session.get_one(Officer, by.officer_id)
    weak = passwords.weakness(
        new, sign_in_name=officer.sign_in_name, full_name=officer.full_name
    )
    if weak:
        return Opening(refusal=weak, field="new")
    attempt_id, locked = sign_in_lock.note_try(officer.sign_in_name, visitor.address)
    if locked:
        return Opening(refusal=locked, field="current", locked=True)
    if not passwords.matches(current, officer.password_hash):
        sign_in_lock.blame_address(attempt_id, visitor.address)
        return Opening(refusal="Mật khẩu hiện tại không đúng.", field="current")
    new_hash = passwords.hash_password(new)
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        officer = session.get_one(Officer, by.officer_id)
        officer.password_hash = new_hash
        sign_in_q.forget_attempts(
            session, officer.sign_in_name, address=visitor.address
        )
        sign_in_q.end_sessions(session, officer.id, at=clock.now(), but=session_id)
        session.get_one(SignInSession, session_id).token_hash = token_hash(token)
        _record(session, "officer.password", by)
    return Opening(token=token)


def is_open(token: str) -> bool:
    """Say whether a one-time link still works; used, expired and unknown look alike."""
    code = sign_in_q.live_code(token_hash(token), now=clock.now())
    return (
        code is not None
        and code.officer_id is not None
        and bool(officers_q.live_posts(code.officer_id, on=clock.today()))
    )


def weakness_of_own(password: str, *, by: Actor) -> str:
    """Say why the officer should not choose this password; empty = good."""
    by.require(Action.ACCOUNT_SELF)
    with transaction() as session:
        officer = session.get_one(Officer, by.officer_id)
        return passwords.weakness(
            password, sign_in_name=officer.sign_in_name, full_name=officer.full_name
        )


def first_use(token: str) -> FirstUse:
    """Tell whom a one-time link is for; NotFound where it no longer works."""
    _code, officer, posts = _code_with_officer(token)
    return FirstUse(
        full_name=officer.full_name,
        sign_in_name=officer.sign_in_name,
        unit_name=posts[0].unit.name,
    )


def weakness_for(token: str, password: str) -> str:
    """Say why the holder of a link should not choose this password; empty = good."""
    officer = _code_with_officer(token)[1]
    return passwords.weakness(
        password, sign_in_name=officer.sign_in_name, full_name=officer.full_name
    )


def choose_password(token: str, password: str, *, visitor: Visitor) -> str:
    """Spend a one-time link: the officer's own password, and a first session.

    Raises NotFound where the link no longer works, Invalid for a weak password.
    """
    weak = weakness_for(token, password)
    if weak:
        raise Invalid(weak)
    password_hash = passwords.hash_password(password)
    now = clock.now()
    with transaction() as session:
        code, officer, posts = _code_with_officer(token)
        code.used_at = now
        officer.password_hash = password_hash
        sign_in_q.void_codes(session, officer.id, at=now)
        sign_in_q.end_sessions(session, officer.id, at=now)
        sign_in_q.forget_attempts(session, officer.sign_in_name)
        _record(session, "officer.password", officers_q.actor_of(posts[0]))
        return add_session(session, posts[0], visitor)


def add_code(
    session: Any,
    *,
    officer_id: int | None,
    purpose: str,
    lifetime: timedelta,
    by_officer_id: int | None,
    token: str = "",
) -> tuple[str, datetime]:
    """Write a one-time code and void the earlier ones; give its secret and end.

    ``token`` is a secret that the caller has made; else one is made here.
    """
    now = clock.now()
    token = token or secrets.token_urlsafe(24)
    sign_in_q.void_codes(session, officer_id, at=now)
    session.add(
        OneTimeCode(
            officer_id=officer_id,
            purpose=purpose,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + lifetime,
            created_by_id=by_officer_id,
        )
    )
    return token, now + lifetime


def add_session(session: Any, post: Post, visitor: Visitor) -> str:
    """Write a session for somebody who has just proved who they are."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            officer_id=post.officer_id,
            post_id=post.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT,
            address=visitor.address,
            device=visitor.device[:120],
        )
    )
    actor = officers_q.actor_of(post)
    _record(session, "sign_in.open", actor, {"address": visitor.address})
    return token


def _code_with_officer(token: str) -> tuple[OneTimeCode, Officer, list[Post]]:
    code = sign_in_q.live_code(token_hash(token), now=clock.now())
    if code is None or code.officer_id is None:
        raise NotFound(CODE_GONE)
    posts = officers_q.live_posts(code.officer_id, on=clock.today())
    if not posts:
        raise NotFound(CODE_GONE)
    return code, posts[0].officer, posts


def _record(
    session: Any, action: str, by: Actor, detail: dict[str, Any] | None = None
) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="officer",
        subject_id=by.officer_id,
        unit_path=by.unit_path,
        detail=detail,
    )


def _as_kept(name: str) -> str:
    # A name is found however a phone capitalises it, with or without accents.
    return fold(name)[:80]
