"""How values are written for people: dates, numbers, masked identity numbers."""

from datetime import date, datetime

from flask import Flask

from portal.domain.card_kinds import CARD_KIND_LABELS
from portal.domain.clock import VIETNAM
from portal.domain.identity import mask_citizen_id
from portal.domain.membership import DUES_LABELS, MEMBER_STATUS_LABELS, SEX_LABELS
from portal.domain.numbering import shown_number
from portal.domain.renewal import MOVE_LABELS, STATE_LABELS
from portal.domain.text import (
    MOST_SEARCH_LETTERS,
    MOST_SEARCH_WORDS,
    is_long_search,
)
from portal.domain.union_units import UNION_LEVEL_LABELS

_LABELS: dict[object, str] = {
    **CARD_KIND_LABELS,
    **DUES_LABELS,
    **MEMBER_STATUS_LABELS,
    **SEX_LABELS,
}


def init_filters(app: Flask) -> None:
    """Add the filters that templates use."""
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        count=count,
        vnd=vnd,
        number=number,
        search_note=search_note,
        masked=mask_citizen_id,
        label=label,
        level=UNION_LEVEL_LABELS.get,
        state=STATE_LABELS.get,
        move=MOVE_LABELS.get,
    )


def day(value: date | None, *, year_only: bool = False) -> str:
    """Write a date as dd/mm/yyyy, or the year alone."""
    if value is None:
        return ""
    return f"{value:%Y}" if year_only else f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """Write a moment in Việt Nam's time as dd/mm/yyyy HH:MM."""
    return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if value else ""


def count(value: int) -> str:
    """Write a whole number with dots: 1.248."""
    return f"{value:,}".replace(",", ".")


def vnd(value: int) -> str:
    """Write an amount of đồng: 50.000 đ."""
    return f"{count(value)} đ"


def number(value: str | None) -> str:
    """Write a member number in groups of four, or nothing."""
    return shown_number(value) if value else ""


def search_note(query: str) -> str:
    """Say that a search goes by the first words only, where it is too long; else ""."""
    if not is_long_search(query):
        return ""
    return (
        f"Câu tìm quá dài: chỉ tìm theo {MOST_SEARCH_WORDS} từ đầu, trong"
        f" {MOST_SEARCH_LETTERS} ký tự đầu. Gõ ít chữ hơn để tìm đúng."
    )


def label(value: object) -> str:
    """Give the Vietnamese label of a card kind, status, dues standing or sex."""
    return _LABELS.get(value, "")
