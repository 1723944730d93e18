"""A read row as plain JSON, and back into the values that members take."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.db.models import Member
from portal.domain.dates import PartialDate, show_date
from portal.domain.member_fields import FIELDS_BY_NAME, FieldKind
from portal.services.members import EDITABLE, shown_value

Values = dict[str, Any]


def to_json(values: Mapping[str, object]) -> Values:
    """Write dates in ISO form, a year alone as "1990"; the rest is plain already."""
    return {
        name: _iso(value) if isinstance(value, PartialDate) else value
        for name, value in values.items()
    }


def from_json(values: Mapping[str, Any]) -> Values:
    """Read the stored values of a row as members take them."""
    return {
        name: _partial(value) if _is_date(name) else value
        for name, value in values.items()
    }


def differences(member: Member, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give field → [old, new] for what a row would change, as people read it.

    ``values`` are those of ``from_json``. Cells left empty change nothing, nor does
    a bare year where the very day is known.
    """
    found: dict[str, list[Any]] = {}
    for name in EDITABLE:
        if name not in values:
            continue
        before, after = shown_value(member, name), _shown(values[name])
        if before == after or _says_less(member, name, values[name]):
            continue
        found[name] = [before, after]
    return found


def _iso(value: PartialDate) -> str:
    return f"{value.date.year:04d}" if value.year_only else value.date.isoformat()


def _partial(text: str) -> PartialDate:
    if len(text) == 4:
        return PartialDate(date(int(text), 1, 1), year_only=True)
    return PartialDate(date.fromisoformat(text))


def _is_date(name: str) -> bool:
    return FIELDS_BY_NAME[name].kind is FieldKind.DATE


def _shown(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return show_date(value.date, year_only=value.year_only)
    return value


def _says_less(member: Member, name: str, value: Any) -> bool:
    if not isinstance(value, PartialDate) or not value.year_only:
        return False
    known = getattr(member, name)
    return known is not None and known.year == value.date.year
