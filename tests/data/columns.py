"""Columns of text in every encoding that lists arrive in, with the truth of each."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.domain.legacy_encoding import TextEncoding
from tests.data.people import Someone, people
from tests.data.typing import in_cp1258, in_nfd, in_tcvn3, in_vni, without_marks

# How a column is typed, and what it must be judged as. cp1258's hanging tones are
# Unicode taken apart, as NFD is; text without any mark needs nothing at all.
TYPED: dict[str, tuple[Callable[[str], str], TextEncoding]] = {
    "Unicode": (str, TextEncoding.UNICODE),
    "NFD": (in_nfd, TextEncoding.NFD),
    "TCVN3": (in_tcvn3, TextEncoding.TCVN3),
    "VNI": (in_vni, TextEncoding.VNI),
    "cp1258": (in_cp1258, TextEncoding.NFD),
    "ASCII": (without_marks, TextEncoding.UNICODE),
}

_HOLDS: dict[str, Callable[[Someone], str]] = {
    "names": lambda p: p.full_name,
    "rare names": lambda p: _rare_name(p),
    "names in capitals": lambda p: p.full_name.upper(),
    "given names": lambda p: p.full_name.rpartition(" ")[2],
    "places": lambda p: p.native_place,
    "addresses": lambda p: f"{p.address}, {p.native_place}",
    "jobs": lambda p: p.job_title,
    "offices": lambda p: p.issued_at,
}


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """One column as it stands in a file, what it says, and how it was typed."""

    typing: str
    holds: str
    cells: tuple[str, ...]
    meant: tuple[str, ...]
    encoding: TextEncoding


@cache
def _syllables() -> tuple[str, ...]:
    path = Path(__file__).parent / "vi_syllables_icu_order.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def _rare_name(person: Someone) -> str:
    """Give a name of any three syllables there are, none of them a known name."""
    dice = random.Random(person.citizen_id)
    return " ".join(dice.choice(_syllables()).capitalize() for _ in range(3))


def columns(*, each: int, seed: int) -> Iterator[TypedColumn]:
    """Give so many columns of each typing and content, of 20 to 60 rows."""
    for typing, (spell, encoding) in TYPED.items():
        for holds, text_of in _HOLDS.items():
            for at in range(each):
                dice = random.Random(f"{seed}-{typing}-{holds}-{at}")
                found = people(dice.randint(20, 60), seed=dice.randrange(10**6))
                meant = tuple(map(text_of, found))
                cells = tuple(map(spell, meant))
                yield TypedColumn(typing, holds, cells, meant, encoding)
