"""Officers, their posts, and how they sign in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Role
from portal.db.columns import UtcDateTime
from portal.db.models.units import InUnit
from portal.db.session import db


class Officer(db.Model):
    """A named person with an account; what they may do is in their posts."""

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The unit that suspended it: it, or one above it, lets it work again.
    suspended_by_unit_id: Mapped[int | None]

    posts: Mapped[list["Post"]] = relationship(
        back_populates="officer", order_by="Post.id"
    )


class Post(InUnit, db.Model):
    """One role of one officer at one unit, dated."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    role: Mapped[Role]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_by_unit_id: Mapped[int | None]

    officer: Mapped[Officer] = relationship(back_populates="posts")


class SignInSession(db.Model):
    """One signed-in browser; the cookie holds the id, the row keeps its hash."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")

    officer: Mapped[Officer] = relationship()
    post: Mapped[Post | None] = relationship()


class OneTimeCode(db.Model):
    """A first sign-in or a reset: one use, short-lived, kept as a hash."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: the code that founds an empty installation.
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class SignInAttempt(db.Model):
    """A wrong password, counted per account and address for the lockout."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_name_at", "sign_in_name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in_name: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
