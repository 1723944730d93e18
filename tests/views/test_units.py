"""The pages of the union tree."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import Unit
from portal.db.session import db
from tests.cast import Cast

ClientOf = Callable[[Actor], FlaskClient]
ADMIN = Role.ADMINISTRATOR
OTHERS = ("Bắc Sơn", "Hoa Mai", "Mỏ Đá Xanh", "Năng Lượng", "Tổng Liên đoàn Lao động")


def test_the_tree_begins_at_ones_own_unit_and_names_no_others(
    cast: Cast, client_of: ClientOf
) -> None:
    page = client_of(cast.actor("upper_a", Role.READ_ONLY)).get("/don-vi/").text
    assert "<h1>CĐ huyện An Bình</h1>" in page
    assert "CĐCS Muối Cà Ná" in page
    assert not [name for name in OTHERS if name in page]


@pytest.mark.parametrize("code", ["tld", "f85", "upper_b", "b1", "s1"])
@pytest.mark.parametrize("page", ["", "/them", "/sua", "/chuyen"])
def test_units_outside_are_not_there(
    cast: Cast, client_of: ClientOf, code: str, page: str
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    address = f"/don-vi/{cast.unit_ids[code]}{page}"
    answer = browser.get(address)
    assert answer.status_code == 404
    assert not [name for name in OTHERS if name in answer.text]
    if page:
        assert browser.post(address, data={"name": "X"}).status_code == 404


def test_a_reader_may_look_and_not_change(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.actor("upper_a", Role.READ_ONLY))
    here = f"/don-vi/{cast.unit_ids['a1']}"
    assert "Thêm đơn vị" not in browser.get(here).text
    assert browser.get(f"{here}/sua").status_code == 403
    assert browser.post(f"{here}/them").status_code == 403


def test_a_unit_is_added_and_shown(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    answer = browser.post(
        f"/don-vi/{cast.unit_ids['upper_a']}/them",
        data={
            "level": "grassroots",
            "name": "CĐCS Mới",
            "code": "moi",
            "province_code": "",
            "phone": "0912 345 678",
        },
    )
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "<h1>CĐCS Mới</h1>" in page
    assert "0912345678" in page
    assert "85 (theo cấp trên)" in page


def test_what_is_wrong_comes_back_beside_its_field(
    cast: Cast, client_of: ClientOf
) -> None:
    answer = client_of(cast.actor("upper_a", ADMIN)).post(
        f"/don-vi/{cast.unit_ids['upper_a']}/them",
        data={
            "level": "grassroots",
            "name": "CĐCS Mới",
            "code": "s1",
            "phone": "12",
            "province_code": "",
        },
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert answer.text.strip().startswith('<form id="unit-form"')
    assert 'id="code-error"' in answer.text
    assert 'id="phone-error"' in answer.text
    assert "Mỏ Đá Xanh" not in answer.text


def test_a_stale_edit_is_refused(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.actor("upper_a", ADMIN)).post(
        f"/don-vi/{cast.unit_ids['a1']}/sua",
        data={"name": "CĐCS Khác", "code": "a1", "province_code": "", "version": 1},
    )
    assert answer.status_code == 409
    assert "Người khác vừa sửa" in answer.text


def test_a_move_offers_only_parents_that_fit(cast: Cast, client_of: ClientOf) -> None:
    page = (
        client_of(cast.actor("f85", ADMIN))
        .get(f"/don-vi/{cast.unit_ids['a1']}/chuyen")
        .text
    )
    assert "CĐ huyện Bắc Sơn (upper_b)" in page
    assert "LĐLĐ tỉnh Duyên Hải (f85)" in page
    assert "(a2)" not in page
    assert "(sector)" not in page


def test_a_unit_is_moved(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    unit_id = cast.unit_ids["a1"]
    answer = client_of(cast.actor("f85", ADMIN)).post(
        f"/don-vi/{unit_id}/chuyen",
        data={"new_parent": cast.unit_ids["upper_b"], "version": 2},
    )
    assert answer.status_code == 303
    with app.app_context():
        moved = db.session.get_one(Unit, unit_id)
        assert moved.path == f"{cast.paths['upper_b']}{unit_id}."


def test_an_officer_of_a_moved_unit_keeps_working(
    cast: Cast, client_of: ClientOf
) -> None:
    entry = client_of(cast.actor("a1"))
    client_of(cast.actor("f85", ADMIN)).post(
        f"/don-vi/{cast.unit_ids['a1']}/chuyen",
        data={"new_parent": cast.unit_ids["upper_b"], "version": 2},
    )
    assert "<h1>CĐCS May Ánh Dương</h1>" in entry.get("/don-vi/").text


def test_search_finds_without_accents_and_within_the_subtree(
    cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of(cast.actor("f85", Role.READ_ONLY))
    assert "CĐCS Muối Cà Ná" in browser.get("/don-vi/?q=ca na muoi").text
    assert "Không có đơn vị nào khớp" in browser.get("/don-vi/?q=mo da xanh").text
