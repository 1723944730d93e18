"""Whether two records may be one person: by number surely, by name perhaps.

In this order: the same CCCD or CMND; the same folded name and birth date; then a
name that is near (one letter, another order) with the same birth date or phone.
Nothing here merges anybody: it finds who has to be looked at.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from typing import Any

from portal.domain.dates import PartialDate
from portal.domain.member_fields import IDENTITY_FIELDS
from portal.domain.text import fold

# A family's phone stands in many rows, a lazy date in more: above so many each
# is compared with those of nearly its own name only.
_MOST_COMPARED = 40


class Likeness(StrEnum):
    """How two records are alike."""

    NUMBER = auto()  # the same CCCD, CMND or passport
    NAMESAKE = auto()  # the same folded name and birth date
    NEAR = auto()  # a near name, with the same birth date or phone


@dataclass(frozen=True, slots=True)
class Traits:
    """What a person is compared by.

    ``folded`` is the name without accents, ``name`` its letters alone, ``words`` its
    words in order of the alphabet.
    """

    folded: str
    name: str
    words: str
    birth: date | None = None
    year_only: bool = False
    phone: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)


def traits_of(values: Mapping[str, Any], *, folded: str | None = None) -> Traits:
    """Take a person's traits from a read row or a member's fields.

    ``folded`` saves the work where the name is known without accents.
    """
    if folded is None:
        folded = fold(str(values.get("full_name") or ""))
    birth: Any = values.get("birth_date")
    year_only = bool(values.get("birth_year_only"))
    if isinstance(birth, PartialDate):
        birth, year_only = birth.date, birth.year_only
    return Traits(
        folded=folded,
        name=_bare(folded),
        words=" ".join(sorted(folded.replace("'", "").split())),
        birth=birth,
        year_only=year_only,
        phone=str(values.get("phone") or ""),
        numbers={
            name: str(number)
            for name in IDENTITY_FIELDS
            if (number := values.get(name))
        },
    )


def likeness(one: Traits, other: Traits) -> Likeness | None:
    """Say how two people are alike; None where nobody has to look.

    Numbers of one kind that are clearly different make two people, unless name and
    birth date are the same: then the number may be the mistake.
    """
    if any(other.numbers.get(kind) == no for kind, no in one.numbers.items()):
        return Likeness.NUMBER
    born = _same_birth(one, other)
    if one.name == other.name and one.name and born:
        return Likeness.NAMESAKE
    if not born and not (one.phone and one.phone == other.phone):
        return None
    if _papers_differ(one, other) or not _near(one, other):
        return None
    return Likeness.NEAR


def papers_differ(one: Traits, other: Traits) -> bool:
    """Say whether both state a number of one kind, and not the same."""
    return any(other.numbers.get(kind, no) != no for kind, no in one.numbers.items())


def alike_pairs(people: Sequence[Traits]) -> Iterator[tuple[int, int, Likeness]]:
    """Find the places of those who may be one person, each pair once, in order."""
    seen: set[tuple[int, int]] = set()
    for group in _groups(people):
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                pair = (first, second)
                if pair in seen:
                    continue
                seen.add(pair)
                found = likeness(people[first], people[second])
                if found is not None:
                    yield first, second, found


def person_keys(traits: Traits) -> tuple[str, ...]:
    """Name a person for remembering a decision; of two records one key is enough.

    Digests, so that the memory of a decision holds nobody's number.
    """
    named = [f"{kind}:{number}" for kind, number in sorted(traits.numbers.items())]
    if not named:
        named = [f"name:{traits.name}:{traits.birth}:{traits.phone}"]
    return tuple(hashlib.sha256(text.encode()).hexdigest()[:32] for text in named)


def within_one_letter(one: str, other: str) -> bool:
    """Say whether one letter was changed, left out, added or swapped with the next."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return (
        a[1:] == b[1:]
        or a[1:] == b
        or a == b[1:]
        or (a[:2] == b[1::-1] and a[2:] == b[2:])
    )


def _bare(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))


def _same_birth(one: Traits, other: Traits) -> bool:
    if one.birth is None or other.birth is None:
        return False
    if one.year_only or other.year_only:
        # A year is shared by too many: it counts with the very same name alone.
        return one.birth.year == other.birth.year and one.name == other.name
    return one.birth == other.birth


def _near(one: Traits, other: Traits) -> bool:
    return one.words == other.words or within_one_letter(one.name, other.name)


def _papers_differ(one: Traits, other: Traits) -> bool:
    """Say whether two numbers of one kind are more than a slip apart."""
    return any(
        kind in other.numbers and not within_one_letter(number, other.numbers[kind])
        for kind, number in one.numbers.items()
    )


def _groups(people: Sequence[Traits]) -> Iterator[list[int]]:
    """Give groups within which people are compared pair by pair."""
    by_key: dict[tuple[str, object], list[int]] = defaultdict(list)
    for at, person in enumerate(people):
        for kind, number in person.numbers.items():
            by_key[kind, number].append(at)
        if person.birth and person.name:
            by_key["name and year", (person.name, person.birth.year)].append(at)
            if not person.year_only:
                by_key["birth", person.birth].append(at)
        if person.phone:
            by_key["phone", person.phone].append(at)
    for group in by_key.values():
        if len(group) <= _MOST_COMPARED:
            if len(group) > 1:
                yield group
        else:
            yield from _near_groups(people, group)


def _near_groups(people: Sequence[Traits], group: Sequence[int]) -> Iterator[list[int]]:
    """Part a big group so that only near names meet: a letter less, the same words."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for at in group:
        name = people[at].name
        shorter = {name[:cut] + name[cut + 1 :] for cut in range(len(name))}
        for key in {name, people[at].words, *shorter}:
            by_name[key].append(at)
    for near in by_name.values():
        # Hundreds of one name on one date are no list of people any more.
        yield near[:_MOST_COMPARED]
