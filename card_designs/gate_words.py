"""Whether the name and the dates of a card can be what they say they are."""

import re
import unicodedata
from datetime import date

from card_designs.card_data import CardData
from card_designs.fields import CARD_FIELDS
from card_designs.findings import Finding, error
from card_designs.fonts import metrics

_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_BETWEEN_NAMES = frozenset("'’ʼ‘.,-–()")
_LOOK_LIKE_LETTERS = frozenset("ªº")
"""Unicode counts them as letters; in a name they are TCVN3 that nobody converted."""


def name_findings(card: CardData) -> list[Finding]:
    """Refuse signs that no name has: mostly a list in an old font, read as Unicode."""
    missing = metrics(bold=True).missing(card.full_name)
    # What the font cannot draw is told as such.
    odd = [
        letter
        for letter in dict.fromkeys(card.full_name)
        if letter not in missing and not _stands_in_names(letter)
    ]
    if not odd:
        return []
    label = CARD_FIELDS["full_name"].label
    letters = ", ".join(f"“{letter}”" for letter in odd)
    message = (
        f"{label} “{card.full_name}” có ký tự lạ {letters}, có thể là chữ phông cũ"
        " (TCVN3, VNI) chưa chuyển sang Unicode."
    )
    return [error("name-odd", label, message)]


def date_findings(card: CardData) -> list[Finding]:
    """A date on a card is a day that there is, or a year alone; birth comes first."""
    found = []
    spans = {}
    for name in ("birth_date", "issue_date"):
        text, label = getattr(card, name), CARD_FIELDS[name].label
        spans[name] = _span(text)
        if text and spans[name] is None:
            message = (
                f"{label} “{text}” không phải ngày có thật; ghi ngày/tháng/năm, năm đủ"
                " bốn chữ số, ví dụ 02/09/1985."
            )
            found.append(error("date-invalid", label, message))
    born, issued = spans["birth_date"], spans["issue_date"]
    if born and issued and born[0] > issued[1]:
        label = CARD_FIELDS["birth_date"].label
        message = f"{label} {card.birth_date} sau ngày cấp thẻ {card.issue_date}."
        found.append(error("date-order", label, message))
    return found


def _stands_in_names(letter: str) -> bool:
    if letter in _LOOK_LIKE_LETTERS:
        return False
    # Letters, marks, numbers, blanks.
    return letter in _BETWEEN_NAMES or unicodedata.category(letter)[0] in "LMNZ"


def _span(text: str) -> tuple[date, date] | None:
    """Give the first and the last day that the text may mean; None for no date."""
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    parts = _DATE.fullmatch(text)
    if parts is None:
        return None
    try:
        day = date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        return None
    return day, day
