"""People entered twice, and people who only look it, with the truth of each pair."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.dates import PartialDate
from tests.data.people import Someone, people
from tests.data.typing import without_marks

Row = dict[str, object]

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"


@dataclass(frozen=True)
class Doubles:
    """Rows in any order, and which places are one person, by how it can be known."""

    rows: list[Row]
    exact: set[tuple[int, int]]
    near: set[tuple[int, int]]


def doubles(*, persons: int, seed: int) -> Doubles:
    """Give a list of so many people in which a fifth stand twice.

    The second entry has the same number, or a name mistyped as people do it and no
    number to go by. Beside them stand twins with names a letter apart, relatives
    who share a phone, and namesakes of another age.
    """
    dice = random.Random(f"doubles-{seed}")
    known = people(persons, seed=seed)
    rows: list[tuple[int, str, Row]] = []
    for at, person in enumerate(known):
        rows.append((at, "", _row(person)))
        if at % 10 == 0:
            rows.append((at, "exact", _again(person, dice)))
        elif at % 10 == 1:
            rows.append((at, "near", _mistyped(person, dice)))
        elif at % 10 == 2:
            rows.append((-1, "", _relative(person, dice, at)))
    dice.shuffle(rows)
    found: dict[str, set[tuple[int, int]]] = {"exact": set(), "near": set()}
    first = {who: at for at, (who, how, _) in enumerate(rows) if who >= 0 and not how}
    for at, (who, how, _) in enumerate(rows):
        if how:
            pair = (min(first[who], at), max(first[who], at))
            found[how].add(pair)
    return Doubles([row for _, _, row in rows], found["exact"], found["near"])


def _row(person: Someone) -> Row:
    return {
        "full_name": person.full_name,
        "birth_date": PartialDate(person.birth_date),
        "sex": person.sex.value,
        "citizen_id": person.citizen_id,
        "phone": person.phone,
    }


def _again(person: Someone, dice: random.Random) -> Row:
    """Enter somebody again under the same number, whatever else is written."""
    row = _row(person)
    row["full_name"] = dice.choice(_SLIPS)(person.full_name, dice)
    if dice.random() < 0.3:
        row["birth_date"] = PartialDate(person.birth_date + timedelta(days=31))
    return row


def _mistyped(person: Someone, dice: random.Random) -> Row:
    """Enter somebody again with a slip in the name, and no number to go by."""
    row = _row(person)
    row["full_name"] = dice.choice(_SLIPS)(person.full_name, dice)
    match dice.randrange(4):
        case 0:
            del row["citizen_id"]
            row["id_card_number"] = f"2{dice.randrange(10**8):08d}"
        case 1:
            # The same phone tells, the birth date does not.
            del row["citizen_id"]
            row["birth_date"] = PartialDate(person.birth_date + timedelta(days=1))
        case 2:
            del row["citizen_id"]
            row["phone"] = ""
        case _:
            row["citizen_id"] = _slipped_digit(person.citizen_id, dice)
    return row


def _relative(person: Someone, dice: random.Random, at: int) -> Row:
    """Give somebody else who looks like the same person: twin, sibling, namesake."""
    row = _row(person)
    # Numbers are given out in no order: two people's differ in many digits.
    row["citizen_id"] = person.citizen_id[:6] + f"{dice.randrange(10**6):06d}"
    match at // 10 % 3:
        case 0:  # twins
            row["full_name"] = _other_letter(person.full_name, dice)
            row["phone"] = f"08{dice.randrange(10**8):08d}"
        case 1:  # one phone in the house
            row["full_name"] = f"{person.full_name.split()[0]} Thị Bảo Ngân"
            row["birth_date"] = PartialDate(person.birth_date + timedelta(days=900))
        case _:  # the same name, years apart
            row["birth_date"] = PartialDate(person.birth_date + timedelta(days=4000))
            row["phone"] = f"08{dice.randrange(10**8):08d}"
    return row


def _other_letter(name: str, dice: random.Random) -> str:
    places = [i for i, c in enumerate(name) if c.isalpha() and name[i - 1 : i] != " "]
    at = dice.choice(places[1:])
    return (
        name[:at] + dice.choice(_LETTERS.replace(name[at].lower(), "")) + name[at + 1 :]
    )


def _letter_left_out(name: str, dice: random.Random) -> str:
    at = dice.choice([i for i, c in enumerate(name) if c.isalpha() and i])
    return name[:at] + name[at + 1 :]


def _letters_swapped(name: str, dice: random.Random) -> str:
    places = [i for i in range(len(name) - 1) if name[i : i + 2].isalpha()]
    at = dice.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _given_first(name: str, dice: random.Random) -> str:
    *rest, given = name.split()
    return " ".join([given, *rest])


def _slipped_digit(number: str, dice: random.Random) -> str:
    at = dice.randrange(6, 12)
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


_SLIPS: tuple[Callable[[str, random.Random], str], ...] = (
    _other_letter,
    _letter_left_out,
    _letters_swapped,
    _given_first,
    lambda name, dice: without_marks(name),
    lambda name, dice: name.replace("oà", "òa").replace("uý", "úy").upper(),
)
