"""The pages of accounts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import OneTimeCode
from portal.db.session import db
from tests.cast import Cast

ClientOf = Callable[[Actor], FlaskClient]
ADMIN = Role.ADMINISTRATOR


def new_officer(cast: Cast, code: str, **fields: object) -> dict[str, object]:
    return {
        "full_name": "Lê Thị Mẫu",
        "unit_id": cast.unit_ids[code],
        "role": "data_entry",
        "valid_from": "1/2/2026",
        "valid_to": "",
        **fields,
    }


def test_the_road_from_account_to_slip(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    made = browser.post("/can-bo/moi", data=new_officer(cast, "a1"))
    assert made.status_code == 303
    page = browser.get(made.location).text
    assert "<h1>Lê Thị Mẫu</h1>" in page
    assert "01/02/2026" in page
    asked = browser.post(f"{made.location}/phieu")
    assert asked.status_code == 303
    assert asked.location == f"{made.location}/phieu"
    slip = browser.get(asked.location)
    assert slip.status_code == 200
    assert "mau.lt" in slip.text
    assert re.search(r"https?://localhost[:0-9]*/lan-dau/[\w-]{32}", slip.text)
    assert '<svg class="slip-qr"' in slip.text
    assert "no-store" in slip.headers["Cache-Control"]


def test_the_link_is_shown_on_the_slip_and_never_again(
    cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    here = f"/can-bo/{cast.actor('a1').officer_id}"
    browser.post(f"{here}/phieu")
    shown = re.findall(r"/lan-dau/([\w-]{32})", browser.get(f"{here}/phieu").text)
    assert len(set(shown)) == 1
    again = browser.get(f"{here}/phieu")
    assert again.status_code == 303
    page = browser.get(here).text
    assert "Phiếu chỉ hiện một lần" in page
    assert "/lan-dau/" not in page
    assert "Đã có một phiếu chưa dùng" in page


def test_loading_the_slip_again_makes_no_second_one(
    app: Flask, cast: Cast, client_of: ClientOf, client: FlaskClient
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    here = f"/can-bo/{cast.actor('a1').officer_id}/phieu"
    browser.post(here)
    link = re.findall(r"/lan-dau/[\w-]{32}", browser.get(here).text)[0]
    browser.get(here)
    assert client.get(link).status_code == 200
    with app.app_context():
        assert db.session.query(OneTimeCode).count() == 1


def test_a_slip_is_shown_to_nobody_else_and_on_no_other_page(
    cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    here = f"/can-bo/{cast.actor('a1').officer_id}/phieu"
    browser.post(here)
    other = client_of(cast.actor("a1", ADMIN))
    assert "/lan-dau/" not in other.get(here, follow_redirects=True).text
    elsewhere = f"/can-bo/{cast.actor('a2').officer_id}/phieu"
    assert "/lan-dau/" not in browser.get(elsewhere, follow_redirects=True).text
    assert client_of(cast.actor("b1", ADMIN)).get(here).status_code == 404


def test_a_form_sent_twice_makes_one_account(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    browser.post("/can-bo/moi", data=new_officer(cast, "a1"))
    again = browser.post("/can-bo/moi", data=new_officer(cast, "a1"))
    assert again.status_code == 422
    assert "đã có tài khoản của Lê Thị Mẫu" in again.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("full_name", "", "Nhập họ và tên"),
        ("phone", "12", "không phải số điện thoại"),
        ("valid_from", "31/02/2026", "31/02/2026"),
        ("valid_to", "1/1/2026", "đứng trước ngày bắt đầu"),
        ("role", "boss", "Chọn một mục"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field(
    cast: Cast, client_of: ClientOf, field: str, value: str, said: str
) -> None:
    answer = client_of(cast.actor("upper_a", ADMIN)).post(
        "/can-bo/moi", data=new_officer(cast, "a1", **{field: value})
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert said in answer.text


@pytest.mark.parametrize("code", ["tld", "f85", "b1"])
def test_no_account_is_made_outside_the_subtree(
    cast: Cast, client_of: ClientOf, code: str
) -> None:
    answer = client_of(cast.actor("upper_a", ADMIN)).post(
        "/can-bo/moi", data=new_officer(cast, code)
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("method", "page"),
    [
        ("GET", ""),
        ("GET", "/sua"),
        ("POST", "/sua"),
        ("GET", "/nhiem-vu"),
        ("POST", "/nhiem-vu"),
        ("POST", "/phieu"),
        ("POST", "/tam-dung"),
        ("POST", "/cho-lam-lai"),
    ],
)
def test_officers_of_other_units_are_not_there(
    cast: Cast, client_of: ClientOf, method: str, page: str
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    for code in ("b1", "f85", "s1"):
        address = f"/can-bo/{cast.actor(code).officer_id}{page}"
        answer = browser.open(address, method=method)
        assert answer.status_code == 404
        assert f"data_entry {code}" not in answer.text


@pytest.mark.parametrize("page", ["", "/tam-dung", "/cho-lam-lai"])
def test_posts_of_other_units_are_not_there(
    cast: Cast, client_of: ClientOf, page: str
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    address = f"/can-bo/nhiem-vu/{cast.actor('b1').post_id}{page}"
    assert browser.post(address).status_code == 404


def test_nobody_gives_themselves_a_post_by_the_form(
    cast: Cast, client_of: ClientOf
) -> None:
    admin = cast.actor("a1", ADMIN)
    browser = client_of(admin)
    here = f"/can-bo/{admin.officer_id}"
    assert f"{here}/nhiem-vu" not in browser.get(here).text
    wanted = {"unit_id": admin.unit_id, "role": "approver", "valid_from": "1/2/2026"}
    answer = browser.post(f"{here}/nhiem-vu", data=wanted)
    assert answer.status_code == 403
    assert "nhờ một quản trị viên khác" in answer.text
    assert "Kiểm tra, phê duyệt" not in browser.get(here).text


@pytest.mark.parametrize("role", [role for role in Role if role is not ADMIN])
def test_only_administrators_see_accounts(
    cast: Cast, client_of: ClientOf, role: Role
) -> None:
    assert client_of(cast.actor("a1", role)).get("/can-bo/").status_code == 403


def test_the_list_is_found_by_name_state_and_unit(
    cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of(cast.actor("f85", ADMIN))
    assert "suspended a1" in browser.get("/can-bo/?state=suspended").text
    assert "printer a1" not in browser.get("/can-bo/?state=suspended").text
    by_unit = browser.get(f"/can-bo/?unit={cast.unit_ids['b1']}&q=PRINTER").text
    assert "printer b1" in by_unit
    assert "printer a1" not in by_unit


def test_the_list_of_a_unit_outside_is_not_there(
    cast: Cast, client_of: ClientOf
) -> None:
    browser = client_of(cast.actor("upper_a", ADMIN))
    assert browser.get(f"/can-bo/?unit={cast.unit_ids['b1']}").status_code == 404


def test_suspending_takes_effect_at_the_next_click(
    cast: Cast, client_of: ClientOf
) -> None:
    entry = client_of(cast.actor("a1"))
    assert entry.get("/tai-khoan/").status_code == 200
    client_of(cast.actor("upper_a", ADMIN)).post(
        f"/can-bo/{cast.actor('a1').officer_id}/tam-dung"
    )
    assert entry.get("/tai-khoan/").status_code == 302


def test_a_changed_role_takes_effect_at_once(cast: Cast, client_of: ClientOf) -> None:
    entry = client_of(cast.actor("a1"))
    client_of(cast.actor("upper_a", ADMIN)).post(
        f"/can-bo/nhiem-vu/{cast.actor('a1').post_id}",
        data={"role": "read_only", "valid_from": "01/01/2026", "valid_to": ""},
    )
    assert entry.get("/tai-khoan/").status_code == 302
