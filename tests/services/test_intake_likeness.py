"""People who look alike are asked about, and the answer is remembered."""

import io

import pytest
from flask import Flask

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.db.models import ImportRow, RosterImport
from portal.db.models.intake import RowChoice, RowState
from portal.db.queries import evaluated as evaluated_q
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_lookup
from portal.domain.likeness import Likeness
from portal.services import intake
from portal.services.intake.choices import choose
from portal.services.intake.columns import keep_as_typed
from portal.services.progress import Unwatched
from tests.cast import Cast, build_cast
from tests.make import make_member
from tests.packages import person, workbook


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Give the tree."""
    return build_cast()


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    """Give the data entry officer of a1."""
    return cast.actor("a1")


def bring(clerk: Actor, *rows: list[object], headers: tuple[str, ...] | None = None):
    data = workbook(rows, headers=headers) if headers else workbook(rows)
    received = intake.receive(
        io.BytesIO(data),
        file_name="a.xlsx",
        unit_id=clerk.unit_id,
        by=clerk,
        in_background=False,
    )
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    return intake_q.get(received.id, scope=clerk.scope)


def rows_of(found: RosterImport) -> list[ImportRow]:
    return intake_q.rows(found.id, scope=Scope(found.unit_path))


def known(clerk: Actor, **more: str):
    """Write a member who is known by an old CMND alone."""
    facts = {"full_name": "Nguyễn Văn Hùng", "citizen_id": "", **more}
    return make_member(unit_id=clerk.unit_id, id_card_number="264123456", **facts)


def test_a_name_one_letter_off_with_the_same_birth_date_waits(clerk: Actor):
    member = known(clerk)
    found = bring(clerk, person(1, "Nguyễn Văn Hùnh"))
    (row,) = rows_of(found)
    assert row.state is RowState.DUPLICATE
    assert "Nguyễn Văn Hùng" in row.problems[0]
    likes = evaluated_q.likenesses(found.id, [row.id], scope=clerk.scope)
    (like,) = likes[row.id]
    assert (like[0].id, like[2]) == (member.id, Likeness.NEAR)


def test_the_same_words_in_another_order_wait_as_well(clerk: Actor):
    known(clerk)
    assert rows_of(bring(clerk, person(1, "Hùng Nguyễn Văn")))[0].state is (
        RowState.DUPLICATE
    )


def test_two_different_numbers_and_near_names_are_two_people(clerk: Actor):
    make_member(
        unit_id=clerk.unit_id, full_name="Nguyễn Văn Hùng", citizen_id="058090999999"
    )
    (row,) = rows_of(bring(clerk, person(1, "Nguyễn Văn Hùnh")))
    assert (row.state, row.warnings) == (RowState.NEW, [])


def test_of_a_namesake_elsewhere_only_the_fact_is_told(cast: Cast, clerk: Actor):
    make_member(
        unit_id=cast.unit_ids["b1"],
        full_name="Nguyễn Văn Hùng",
        citizen_id="",
        id_card_number="264123456",
    )
    found = bring(clerk, person(1, "Nguyễn Văn Hùng"))
    (row,) = rows_of(found)
    assert row.state is RowState.NEW
    assert any("đơn vị khác" in told for told in row.warnings)
    assert evaluated_q.likenesses(found.id, [row.id], scope=clerk.scope) == {}


def test_another_person_is_remembered_when_the_list_comes_again(clerk: Actor):
    known(clerk)
    list_sent = person(1, "Nguyễn Văn Hùnh")
    found = bring(clerk, list_sent)
    (row,) = rows_of(found)
    choose(found.id, row.id, RowChoice.OTHER_PERSON, by=clerk)
    (again,) = rows_of(bring(clerk, list_sent))
    assert (again.state, again.problems) == (RowState.NEW, [])


def test_a_decision_can_be_taken_back(clerk: Actor):
    known(clerk)
    list_sent = person(1, "Nguyễn Văn Hùnh")
    found = bring(clerk, list_sent)
    (row,) = rows_of(found)
    choose(found.id, row.id, RowChoice.OTHER_PERSON, by=clerk)
    choose(found.id, row.id, RowChoice.TAKE, by=clerk)
    assert intake_lookup.different_people(scope=clerk.scope) == set()
    assert rows_of(bring(clerk, list_sent))[0].state is RowState.DUPLICATE


def test_a_column_is_read_as_typed_where_the_officer_says_so(clerk: Actor):
    headers = ("STT", "Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "Sè CCCD", "Quª qu¸n")
    rows = [[*person(n, "NguyÔn V¨n Hïng")[:5], "Hµ Néi"] for n in (1, 2)]
    found = bring(clerk, *rows, headers=headers)
    (place,) = [one for one in found.columns if one["field"] == "native_place"]
    assert place["samples"] == [["Hµ Néi", "Hà Nội"]]
    assert rows_of(found)[0].values["native_place"] == "Hà Nội"
    keep_as_typed(found.id, [("DS", "x"), (place["sheet"], place["header"])], by=clerk)
    intake.evaluate(found.id, by=clerk, progress=Unwatched())
    read = rows_of(found)[0].values
    assert (read["native_place"], read["full_name"]) == ("Hµ Néi", "Nguyễn Văn Hùng")
