"""The same person twice in one list: by number for certain, by name perhaps."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from portal.domain.errors import Problem
from portal.domain.member_fields import FIELDS_BY_NAME, IDENTITY_FIELDS
from portal.domain.roster_types import CleanRow, RosterProblem
from portal.domain.text import fold


def with_duplicates(rows: list[CleanRow]) -> tuple[CleanRow, ...]:
    """Mark rows that share a number; name those that share name and birth date."""
    problems: dict[int, list[Problem]] = defaultdict(list)
    warnings: dict[int, list[Problem]] = defaultdict(list)
    alike: set[tuple[int, ...]] = set()
    for name in (*IDENTITY_FIELDS, "member_number"):
        label = FIELDS_BY_NAME[name].label
        for group in _groups(rows, _value_of(name)):
            alike.add(tuple(group))
            for index in group:
                rest = [rows[i] for i in group if i != index]
                others = _places(rows[index], rest, named=True)
                lower = f"{label[:1].lower()}{label[1:]}"
                text = f"Trùng {lower} với {others}."
                fix = "Giữ một dòng, hoặc sửa số cho đúng người."
                problems[index].append(RosterProblem(text, label, fix, "duplicate"))
    for group in _groups(rows, _name_and_birth):
        if tuple(group) in alike:
            continue
        for index in group:
            others = _places(rows[index], [rows[i] for i in group if i != index])
            text = f"Cùng họ tên và ngày sinh với {others}."
            fix = "Xem có phải một người không."
            warnings[index].append(RosterProblem(text, "Họ và tên", fix, "lookalike"))
    return tuple(
        replace(
            row,
            problems=(*row.problems, *problems[index]),
            warnings=(*row.warnings, *warnings[index]),
        )
        if index in problems or index in warnings
        else row
        for index, row in enumerate(rows)
    )


def _groups(
    rows: Sequence[CleanRow], key: Callable[[CleanRow], object]
) -> list[list[int]]:
    """Return the places of rows that share a key, two or more of each."""
    by_key: dict[object, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        found = key(row)
        if found:
            by_key[found].append(index)
    return [group for group in by_key.values() if len(group) > 1]


def _value_of(name: str) -> Callable[[CleanRow], object]:
    return lambda row: row.values.get(name)


def _name_and_birth(row: CleanRow) -> object:
    name, birth = row.values.get("full_name"), row.values.get("birth_date")
    return (fold(str(name)), birth) if name and birth else None


def _places(row: CleanRow, others: Sequence[CleanRow], *, named: bool = False) -> str:
    shown = [_place(row, other, named=named) for other in others[:3]]
    more = len(others) - len(shown)
    return ", ".join(shown) + (f" và {more} dòng khác" if more else "")


def _place(row: CleanRow, other: CleanRow, *, named: bool) -> str:
    """Point at a row; by name too, since the rows handed back are counted anew."""
    sheet = "" if other.sheet == row.sheet else f" trang “{other.sheet}”"
    place = f"dòng {other.row}{sheet}"
    name = other.values.get("full_name")
    return f"{name} ({place} của tệp đã gửi)" if named and name else place
