"""Member numbers and Vpoint codes: their shape and how the next one is made."""

import re

from portal.domain.errors import Invalid

NUMBER_DIGITS = 12
LARGEST_NUMBER = 10**NUMBER_DIGITS - 1

# No vowels and no look-alikes: a code is read out over the phone.
_VPOINT_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
_VPOINT_LENGTH = 10
VPOINT_CODES = len(_VPOINT_ALPHABET) ** _VPOINT_LENGTH


def number_text(value: int) -> str:
    """Write a counter value as the 12 digits of a member number (P2, 4.1).

    Raises Invalid when the counter has left the range 1 … 999 999 999 999.
    """
    if not 1 <= value <= LARGEST_NUMBER:
        raise Invalid("Dãy mã số đoàn viên 12 chữ số đã hết. Hãy báo Tổng Liên đoàn.")
    return f"{value:0{NUMBER_DIGITS}d}"


def read_number(text: str) -> str | None:
    """Read a member number typed with or without blanks; None where it is none.

    Twelve zeros are none: no series gives them, a sheet fills an empty cell so.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    return digits if re.fullmatch(r"(?!0{12})[0-9]{12}", digits) else None


def shown_number(number: str) -> str:
    """Group a member number by fours for reading: 0850 0001 2345."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def vpoint_text(random_value: int) -> str:
    """Write a random whole number as an opaque Vpoint code of ten characters.

    The official form of the code is not public; this is a default that a result
    sheet from TLĐ replaces.
    """
    base = len(_VPOINT_ALPHABET)
    characters = []
    for _ in range(_VPOINT_LENGTH):
        random_value, digit = divmod(random_value, base)
        characters.append(_VPOINT_ALPHABET[digit])
    return "".join(characters)
