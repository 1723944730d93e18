"""Three hundred strings in every cell: read or refused, never an exception."""

import unicodedata
from datetime import date
from time import process_time

import pytest

from portal.domain.legacy_encoding import LEGACY
from portal.domain.member_fields import MEMBER_FIELDS
from portal.domain.roster_cells import read_cell
from portal.domain.roster_rows import SheetCells, read_roster
from tests.data.strings import strings

TODAY = date(2026, 11, 22)
STRINGS = strings(300)


def test_there_are_three_hundred_of_them():
    assert len(set(STRINGS)) == 300


@pytest.mark.parametrize("known", MEMBER_FIELDS, ids=lambda known: known.name)
def test_a_field_takes_any_string(known):
    began = process_time()
    for text in STRINGS:
        found = read_cell(known, text, today=TODAY)
        for told in (*found.problems, *found.warnings):
            assert len(str(told)) < 1000
        for value in found.values.values():
            if isinstance(value, str):
                assert value == unicodedata.normalize("NFC", value)
                assert not any(
                    unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in value
                )
    assert process_time() - began < 5


def test_a_list_of_nothing_else_is_accounted_for():
    header = [known.label for known in MEMBER_FIELDS]
    rows = [[text] * len(header) for text in STRINGS[::6]]
    reading = read_roster([SheetCells("A", [header, *rows])], today=TODAY)
    # The header is told as skipped, too.
    assert len(reading.rows) + len(reading.skipped) == 51


@pytest.mark.parametrize("encoding", LEGACY)
def test_any_string_in_an_old_font_is_read(encoding):
    name = MEMBER_FIELDS[1]
    for text in STRINGS:
        read_cell(name, text, today=TODAY, encoding=encoding, rescue=encoding)
