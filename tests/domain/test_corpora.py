"""Lists of known truth: every header is found, every column's font is told."""

from collections import Counter
from datetime import date

import pytest

from portal.domain.legacy_encoding import weigh
from portal.domain.likeness import Likeness, alike_pairs, traits_of
from portal.domain.photos import PhotoState, match_photos
from portal.domain.roster_rows import read_roster
from portal.domain.text import fold
from tests.data.columns import TYPED, columns
from tests.data.doubles import doubles
from tests.data.layouts import ListLayout, layouts
from tests.data.photo_names import named_photos

TODAY = date(2026, 11, 22)
LAYOUTS = layouts()


def test_there_are_layouts_enough():
    assert len(LAYOUTS) >= 40
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_is_read_as_it_is_meant(layout: ListLayout):
    reading = read_roster(layout.sheets, today=TODAY)
    known = {
        column.index: column.field.name for column in reading.columns if column.field
    }
    assert known == layout.fields
    assert [fold(str(row.values["full_name"])) for row in reading.rows] == [
        fold(person.full_name) for person in layout.people
    ]
    assert reading.rows[0].row > layout.first_row
    assert [row.values["citizen_id"] for row in reading.rows] == [
        person.citizen_id for person in layout.people
    ]
    assert [row.values.get("sex") for row in reading.rows] == [
        person.sex.value for person in layout.people
    ]
    assert all(not row.problems for row in reading.rows)


def test_the_font_of_a_column_is_told():
    """At least 99.5 of 100 columns, of every typing and content."""
    asked, right = Counter(), Counter()
    for column in columns(each=4, seed=85):
        asked[column.typing] += 1
        judged = weigh(column.cells).judge()
        # A column whose words have no marks is the same text in every encoding.
        right[column.typing] += (
            judged is column.encoding or column.cells == column.meant
        )
    assert set(asked) == set(TYPED)
    assert sum(right.values()) >= 0.995 * sum(asked.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_people_entered_twice_are_found(seed: int):
    """Every shared number; near names: 95 of 100 found, 90 of 100 found rightly."""
    listed = doubles(persons=1000, seed=seed)
    found: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    for one, other, how in alike_pairs([traits_of(row) for row in listed.rows]):
        found[how is Likeness.NUMBER].add((one, other))
    assert listed.exact == found[True]
    right = found[False] & listed.near
    assert len(right) >= 0.95 * len(listed.near)
    assert len(right) >= 0.90 * len(found[False])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_photo_goes_to_its_person_or_to_nobody(seed: int):
    """At least 99 of 100 where a rule applies; none to somebody else."""
    named = named_photos(persons=200, seed=seed)
    matching = match_photos(named.rows, named.files)
    given = {at: match.file for at, match in enumerate(matching.matches) if match.file}
    assert {at: file for at, file in given.items() if named.truth.get(at) != file} == {}
    assert len(given) >= 0.99 * len(named.truth)
    assert named.strays <= set(matching.unmatched)
    ambiguous = [m for m in matching.matches if m.state is PhotoState.AMBIGUOUS]
    assert {file for match in ambiguous for file in match.candidates} == named.doubtful
