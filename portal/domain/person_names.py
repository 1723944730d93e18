"""What may stand in a full name: a wrong letter on plastic is a wasted card."""

import unicodedata
from functools import lru_cache
from itertools import pairwise

from portal.domain.errors import Problem
from portal.domain.spelling import inner_capital, is_letter
from portal.domain.syllables import is_vietnamese_letter
from portal.domain.text import APOSTROPHES

LONGEST_NAME = 120

# What to do about a name where it is typed. A list has its own advice.
LOOK_AGAIN = "Xem lại."


def name_problem(text: str, where: str) -> Problem | None:
    """Say what keeps a clean name off a card, the first reason only."""
    if len(text) > LONGEST_NAME:
        told = f"Ô dài hơn {LONGEST_NAME} ký tự (có {len(text)})."
        return Problem(told, where, "Ghi ngắn lại.")
    if not any(map(is_letter, text)):
        return Problem(f"“{text}” không phải họ tên.", where, _IN_FULL)
    odd = dict.fromkeys(c for c in text if not _belongs_in_name(c))
    if odd:
        shown = ", ".join(f"“{char}”" for char in odd)
        return Problem(f"Họ tên có ký tự lạ {shown}.", where, LOOK_AGAIN)
    for word in text.split():
        capital = inner_capital(word)
        if capital:
            told = f"Họ tên có ký tự lạ “{capital}” trong “{word}”."
            return Problem(told, where, LOOK_AGAIN)
    return None


def name_doubt(text: str, where: str) -> Problem | None:
    """Say what is odd about a name that may be right all the same."""
    foreign = dict.fromkeys(
        c for c in text if is_letter(c) and not is_vietnamese_letter(c)
    )
    if foreign:
        shown = ", ".join(f"“{char}”" for char in foreign)
        told = f"Họ tên có chữ không phải tiếng Việt: {shown}."
        return Problem(told, where, LOOK_AGAIN)
    for word in text.split():
        if any(a.islower() and b.isupper() for a, b in pairwise(word)):
            return Problem(f"Họ tên có chữ hoa giữa chữ “{word}”.", where, LOOK_AGAIN)
    if " " not in text:
        return Problem("Họ tên chỉ có một từ.", where, "Ghi đủ họ và tên.")
    return None


def case_suggestion(text: str) -> str:
    """Give a clean name as Vietnamese names are written, "" where it is so already.

    A question for whoever typed it, never done unasked: names with an apostrophe or
    a single letter in front (H'Hen Niê, Y Moan) and of other letters are left alone.
    """
    words = text.split()
    odd = any(c in APOSTROPHES or c in "-." for c in text)
    if len(words) < 2 or odd or len(words[0]) == 1:
        return ""
    if not all(is_vietnamese_letter(c) for word in words for c in word):
        return ""
    usual = " ".join(word[0].upper() + word[1:].lower() for word in words)
    return usual if usual != text else ""


def two_readings(first: str, second: str, where: str) -> Problem:
    """Say that nobody can tell which of two names a cell in an old font means."""
    return Problem(
        f"Không rõ họ tên là “{first}” hay “{second}”: cột này có cả chữ Unicode và "
        "chữ theo phông cũ.",
        where,
        "Đổi cả cột sang Unicode rồi tải lên lại, hoặc thêm người này bằng tay.",
    )


_IN_FULL = "Ghi đủ họ, chữ đệm và tên."


@lru_cache(maxsize=1024)
def _belongs_in_name(char: str) -> bool:
    return (
        is_letter(char)
        or unicodedata.combining(char) > 0
        or char in APOSTROPHES
        or char in " .-"
    )
