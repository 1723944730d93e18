"""The page of rights: every action under its part of the road, units by name."""

from collections.abc import Callable

from flask.testing import FlaskClient

from portal.access.actor import Actor
from portal.access.policy import ACTION_LABELS, Action
from portal.views.policy import parts_of_the_road
from tests.cast import Cast

ClientOf = Callable[[Actor], FlaskClient]


def test_every_action_stands_in_one_part_of_the_road() -> None:
    placed = [action for _title, actions in parts_of_the_road() for action in actions]
    assert sorted(placed) == sorted(Action)


def test_the_page_shows_all_of_them(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.actor("a1")).get("/quyen/").text
    for label in ACTION_LABELS.values():
        assert f'<td class="cell-title">{label}</td>' in page


def test_a_unit_is_asked_for_by_name_or_by_code(
    cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of(cast.actor("upper_a"))
    page = browser.get("/quyen/").text
    assert '<option value="CĐCS May Ánh Dương – a1">' in page
    for said in ("CĐCS May Ánh Dương – a1", "a1"):
        answer = browser.get(
            "/quyen/", query_string={"action": "member.edit", "unit": said}
        )
        assert "note-success" in answer.text
        assert "CĐCS May Ánh Dương" in answer.text
