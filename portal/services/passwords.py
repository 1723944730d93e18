"""Passwords: judged, hashed with argon2id, compared in the same time for anybody."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from portal.domain.text import fold

SHORTEST = 10
LONGEST = 200

# 48 MiB and two passes: about 60 ms of one core. Two at a time, so that a crowd
# at the door neither fills the memory of a small server nor takes all its cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=48 * 1024, parallelism=1)
_DOOR = threading.BoundedSemaphore(2)

_EASY_WORDS = frozenset(
    {
        "",
        "abc",
        "abcdefghij",
        "admin",
        "administrator",
        "anhyeuem",
        "congdoan",
        "congdoanvietnam",
        "doanvien",
        "matkhau",
        "matkhaumoi",
        "password",
        "qwerty",
        "qwertyuiop",
        "quantri",
        "vietnam",
        "xinchao",
    }
)


def weakness(password: str, *, sign_in_name: str, full_name: str) -> str:
    """Say in one sentence why a password is too easy to guess; empty = good."""
    typed = _normal(password)
    letters = "".join(c for c in fold(typed) if c.isalpha())
    own = {_letters(sign_in_name), _letters(full_name)}
    if len(typed) < SHORTEST:
        return (
            f"Mật khẩu cần ít nhất {SHORTEST} ký tự; bạn mới nhập {len(typed)}."
            " Một câu ngắn dễ nhớ là tốt nhất."
        )
    if len(typed) > LONGEST:
        return f"Mật khẩu dài quá {LONGEST} ký tự. Hãy chọn câu ngắn hơn."
    if len(set(typed)) < 5 or letters in _EASY_WORDS | own:
        return (
            "Mật khẩu này dễ đoán (chỉ có chữ số, lặp lại, từ quen thuộc hoặc tên"
            " của bạn). Hãy ghép vài từ không liên quan với nhau."
        )
    return ""


def hash_password(password: str) -> str:
    """Give what the database keeps of a password."""
    with _DOOR:
        return _HASHER.hash(_normal(password))


def matches(password: str, stored: str | None) -> bool:
    """Compare; without a stored hash the same work is done and the answer is no."""
    against = stored or _decoy()
    with _DOOR:
        try:
            equal = _HASHER.verify(against, _normal(password)[: LONGEST + 1])
        except VerificationError:
            equal = False
    return equal and stored is not None


@cache
def _decoy() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def _normal(password: str) -> str:
    # One phone sends "ậ" as one character, another as three.
    return unicodedata.normalize("NFC", password)


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalpha())
