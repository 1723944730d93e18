"""What the door needs: accounts by name, wrong tries, sessions, one-time codes."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.db.models import Officer, OneTimeCode, SignInAttempt, SignInSession
from portal.db.session import db


def officer_by_name(sign_in_name: str) -> Officer | None:
    """Find an account by its exact sign-in name."""
    return db.session.scalar(
        select(Officer).where(Officer.sign_in_name == sign_in_name)
    )


def attempts_by_name(name: str, *, since: datetime) -> list[tuple[datetime, str]]:
    """List when and from where somebody tried this name in vain, the oldest first.

    The address is empty while the password is still being compared.
    """
    query = (
        select(SignInAttempt.at, SignInAttempt.address)
        .where(SignInAttempt.sign_in_name == name, SignInAttempt.at > since)
        .order_by(SignInAttempt.at)
    )
    return [(row.at, row.address) for row in db.session.execute(query)]


def attempts_by_address(address: str, *, since: datetime) -> list[datetime]:
    """List when somebody at this address tried in vain, the oldest first."""
    query = (
        select(SignInAttempt.at)
        .where(SignInAttempt.address == address, SignInAttempt.at > since)
        .order_by(SignInAttempt.at)
    )
    return list(db.session.scalars(query))


def came_in_from(name: str, *, address: str, since: datetime) -> bool:
    """Say whether the account was signed in from this address before."""
    query = (
        select(SignInSession.id)
        .join(Officer, SignInSession.officer_id == Officer.id)
        .where(
            Officer.sign_in_name == name,
            SignInSession.address == address,
            SignInSession.created_at > since,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def forget_attempts(session: Session, name: str, *, address: str | None = None) -> None:
    """Drop the wrong tries of an account whose owner has come in.

    With ``address`` those from there alone, and those still being compared.
    """
    tries = delete(SignInAttempt).where(SignInAttempt.sign_in_name == name)
    if address is not None:
        tries = tries.where(SignInAttempt.address.in_(("", address)))
    session.execute(tries)


def drop_attempts_before(session: Session, moment: datetime) -> None:
    """Drop wrong tries that no longer tell anything."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment))


def sessions_of(
    officer_id: int, *, now: datetime, seen_since: datetime
) -> list[SignInSession]:
    """List the live sessions of an officer, the last used first."""
    query = (
        select(SignInSession)
        .where(
            SignInSession.officer_id == officer_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.last_seen_at >= seen_since,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return list(db.session.scalars(query))


def note_seen(session: Session, session_id: int, *, at: datetime) -> None:
    """Write down when a session was last used."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id)
        .values(last_seen_at=at)
    )


def end_sessions(
    session: Session, officer_id: int, *, at: datetime, but: int | None = None
) -> None:
    """End every session of an officer, except the one with the id ``but``."""
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.officer_id == officer_id,
            SignInSession.ended_at.is_(None),
            SignInSession.id != (but or 0),
        )
        .values(ended_at=at)
    )


def live_code(token_hash: str, *, now: datetime) -> OneTimeCode | None:
    """Find a one-time code that is neither used nor expired."""
    return db.session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.token_hash == token_hash,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
    )


def open_codes(officer_id: int, *, now: datetime) -> list[OneTimeCode]:
    """List the codes of an officer that still work, for writing."""
    query = select(OneTimeCode).where(
        OneTimeCode.officer_id == officer_id,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > now,
    )
    return list(db.session.scalars(query))


def void_codes(session: Session, officer_id: int | None, *, at: datetime) -> None:
    """Make the open codes of an officer (None: the founder's) useless."""
    session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.officer_id.is_(None)
            if officer_id is None
            else OneTimeCode.officer_id == officer_id,
            OneTimeCode.used_at.is_(None),
        )
        .values(used_at=at)
    )


def has_code(officer_id: int, *, now: datetime) -> bool:
    """Say whether an officer holds a one-time code that still works."""
    query = select(func.count()).where(
        OneTimeCode.officer_id == officer_id,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > now,
    )
    return bool(db.session.scalar(query))
