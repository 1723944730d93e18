"""The same person twice in one list: by number for certain, by name perhaps."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from portal.domain.errors import Problem
from portal.domain.likeness import (
    Likeness,
    Traits,
    alike_pairs,
    person_keys,
    traits_of,
)
from portal.domain.member_fields import FIELDS_BY_NAME, IDENTITY_FIELDS
from portal.domain.roster_types import CleanRow, RosterProblem

# Two people that an officer said are two: the keys of both.
Different = Collection[frozenset[str]]

_ALIKE = {
    Likeness.NAMESAKE: "Cùng họ tên và ngày sinh với {others}.",
    Likeness.NEAR: "Họ tên gần giống, cùng ngày sinh hoặc số điện thoại với {others}.",
}


def with_duplicates(
    rows: list[CleanRow], *, different: Different = ()
) -> tuple[CleanRow, ...]:
    """Mark rows that share a number; name those that are alike in name and birth.

    ``different`` are those of whom somebody has said that they are two people.
    """
    problems: dict[int, list[Problem]] = defaultdict(list)
    warnings: dict[int, list[Problem]] = defaultdict(list)
    for name in (*IDENTITY_FIELDS, "member_number"):
        label = FIELDS_BY_NAME[name].label
        for group in _groups(rows, _value_of(name)):
            for index in group:
                rest = [rows[i] for i in group if i != index]
                others = _places(rows[index], rest, named=True)
                lower = f"{label[:1].lower()}{label[1:]}"
                text = f"Trùng {lower} với {others}."
                fix = "Giữ một dòng, hoặc sửa số cho đúng người."
                problems[index].append(RosterProblem(text, label, fix, "duplicate"))
    for (index, how), partners in _alike(rows, different).items():
        others = _places(rows[index], [rows[i] for i in sorted(partners)])
        text = _ALIKE[how].format(others=others)
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


def _alike(
    rows: Sequence[CleanRow], different: Different
) -> dict[tuple[int, Likeness], set[int]]:
    """Return (row, how it is alike) → the rows it is alike with, by name only."""
    people = [traits_of(row.values) for row in rows]
    found: dict[tuple[int, Likeness], set[int]] = defaultdict(set)
    for one, other, how in alike_pairs(people):
        if how is Likeness.NUMBER or are_different(
            people[one], people[other], different
        ):
            continue
        found[one, how].add(other)
        found[other, how].add(one)
    return found


def are_different(one: Traits, other: Traits, different: Different) -> bool:
    """Say whether somebody has decided that these are two people."""
    return bool(different) and any(
        frozenset((mine, theirs)) in different
        for mine in person_keys(one)
        for theirs in person_keys(other)
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
