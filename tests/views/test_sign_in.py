"""The door as a browser meets it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import Officer
from portal.db.session import transaction
from portal.domain import clock
from portal.services import officers, passwords, posts, sign_in_lock
from portal.views.sign_in import way_back
from tests.cast import Cast
from tests.conftest import new_client

PASSWORD = "con mèo trèo cây cau"
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def lan(app: Flask, cast: Cast, password_hash: str) -> Actor:
    """The data entry officer of a1, with a password."""
    actor = cast.actor("a1")
    with app.app_context(), transaction() as session:
        session.get_one(Officer, actor.officer_id).password_hash = password_hash
    return actor


def enter(
    browser: FlaskClient, password: str = PASSWORD, next_page: str = ""
) -> TestResponse:
    form = {"name": "data_entry.a1", "password": password, "next": next_page}
    return browser.post("/dang-nhap", data=form)


def test_a_stranger_is_sent_to_the_door_and_back_to_the_page(
    client: FlaskClient, lan: Actor
) -> None:
    answer = client.get("/tai-khoan/")
    assert answer.status_code == 302
    assert answer.location == "/dang-nhap?next=/tai-khoan/"
    assert 'value="/tai-khoan/"' in client.get(answer.location).text
    inside = enter(client, next_page="/tai-khoan/")
    assert (inside.status_code, inside.location) == (303, "/tai-khoan/")
    assert client.get("/tai-khoan/").status_code == 200


def test_a_wrong_password_comes_back_beside_the_field(
    client: FlaskClient, lan: Actor
) -> None:
    answer = enter(client, "sai mật khẩu rồi")
    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.text
    assert "sai mật khẩu rồi" not in answer.text


def test_htmx_gets_the_form_alone(client: FlaskClient, lan: Actor) -> None:
    form = {"name": "data_entry.a1", "password": "sai mật khẩu rồi"}
    answer = client.post("/dang-nhap", data=form, headers=HTMX)
    assert answer.status_code == 422
    assert answer.text.strip().startswith('<form id="sign-in"')


def test_the_sixth_try_is_told_when_to_come_back(
    client: FlaskClient, lan: Actor
) -> None:
    for _ in range(sign_in_lock.WRONG_TRIES):
        enter(client, "sai mật khẩu rồi")
    answer = enter(client)
    assert answer.status_code == 429
    assert "hãy chờ đến" in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        None,
    ],
)
def test_the_way_back_never_leaves_the_portal(wanted: str | None) -> None:
    assert way_back(wanted) == "/"


def test_the_way_back_keeps_a_page_of_ours_with_its_filters() -> None:
    assert way_back("/doan-vien/?q=lan&unit=a1") == "/doan-vien/?q=lan&unit=a1"


def test_a_copied_cookie_is_dead_after_signing_out(
    app: Flask, client: FlaskClient, lan: Actor
) -> None:
    enter(client)
    cookie = client.get_cookie("__Host-portal")
    assert cookie is not None
    thief = new_client(app)
    thief.set_cookie("__Host-portal", cookie.value, secure=True)
    assert thief.get("/tai-khoan/").status_code == 200
    assert client.post("/dang-xuat").location == "/dang-nhap"
    assert thief.get("/tai-khoan/").status_code == 302
    assert client.get("/tai-khoan/").status_code == 302


def test_the_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(
    client: FlaskClient, lan: Actor
) -> None:
    header = enter(client).headers["Set-Cookie"]
    assert header.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {
        part.strip() for part in header.split(";")
    }


def test_signing_in_takes_a_new_cookie(client: FlaskClient, lan: Actor) -> None:
    client.get("/dang-nhap")
    with client.session_transaction(base_url="https://localhost") as before:
        before["planted"] = "by somebody else"
    enter(client)
    with client.session_transaction(base_url="https://localhost") as after:
        assert "planted" not in after


def test_a_suspended_officer_is_out_at_the_next_click(
    app: Flask, cast: Cast, client: FlaskClient, lan: Actor
) -> None:
    enter(client)
    assert client.get("/tai-khoan/").status_code == 200
    with app.app_context():
        officers.suspend(lan.officer_id, by=cast.actor("a1", Role.ADMINISTRATOR))
    assert client.get("/tai-khoan/").status_code == 302


def test_signing_out_by_a_link_does_nothing(client: FlaskClient, lan: Actor) -> None:
    enter(client)
    assert client.get("/dang-xuat").location == "/"
    assert client.get("/tai-khoan/").status_code == 200


@pytest.fixture
def slip(app: Flask, cast: Cast) -> str:
    with app.app_context():
        made = officers.make_slip(
            cast.actor("a1").officer_id, by=cast.actor("upper_a", Role.ADMINISTRATOR)
        )
    return made.path


def test_a_slip_leads_to_a_password_and_in(client: FlaskClient, slip: str) -> None:
    assert "data_entry.a1" in client.get(slip).text
    answer = client.post(slip, data={"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/tai-khoan/").status_code == 200


def test_looking_at_a_slip_does_not_spend_it(client: FlaskClient, slip: str) -> None:
    """A messenger's preview opens links before people do."""
    for _ in range(3):
        assert client.get(slip).status_code == 200


def test_a_spent_slip_says_so(client: FlaskClient, slip: str) -> None:
    client.post(slip, data={"password": PASSWORD, "again": PASSWORD})
    answer = client.get(slip)
    assert answer.status_code == 404
    assert "<h1>Phiếu này đã dùng rồi hoặc đã hết hạn</h1>" in answer.text
    assert "phiếu mới" in answer.text
    assert 'href="/dang-nhap"' in answer.text


def test_an_unknown_slip_answers_like_a_spent_one(
    client: FlaskClient, slip: str
) -> None:
    client.post(slip, data={"password": PASSWORD, "again": PASSWORD})
    client.post("/dang-xuat")
    client.get("/dang-nhap")
    spent, unknown = client.get(slip), client.get("/lan-dau/nothing")
    assert spent.status_code == unknown.status_code == 404
    assert spent.text.partition("<main")[2] == unknown.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("1234567890", "1234567890", "dễ đoán"),
        ("ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "khác hẳn đi mà", "không giống nhau"),
    ],
)
def test_a_password_to_mend_comes_back_beside_the_field(
    client: FlaskClient, slip: str, first: str, second: str, said: str
) -> None:
    answer = client.post(slip, data={"password": first, "again": second})
    assert answer.status_code == 422
    assert said in answer.text


def test_both_mistakes_of_a_new_password_are_told_at_once(
    client: FlaskClient, slip: str, lan: Actor
) -> None:
    answer = client.post(slip, data={"password": "ngắn", "again": "khác"})
    assert "ít nhất 10 ký tự" in answer.text
    assert "không giống nhau" in answer.text
    enter(client)
    own = client.post(
        "/tai-khoan/mat-khau",
        data={"current": PASSWORD, "password": "ngắn", "again": "khác"},
    )
    assert "ít nhất 10 ký tự" in own.text
    assert "không giống nhau" in own.text


def test_a_first_sign_in_repeats_the_name_to_remember(
    client: FlaskClient, slip: str
) -> None:
    client.post(slip, data={"password": PASSWORD, "again": PASSWORD})
    page = client.get("/tai-khoan/").text
    assert "note-success" in page
    assert "“data_entry.a1”" in page


def test_changing_the_password_needs_the_present_one(
    client: FlaskClient, lan: Actor
) -> None:
    enter(client)
    new = {"password": "bốn con ngựa ô", "again": "bốn con ngựa ô"}
    wrong = client.post("/tai-khoan/mat-khau", data={**new, "current": "không phải"})
    assert wrong.status_code == 422
    assert "Mật khẩu hiện tại không đúng." in wrong.text
    right = client.post("/tai-khoan/mat-khau", data={**new, "current": PASSWORD})
    assert right.status_code == 303
    assert client.get("/tai-khoan/").status_code == 200


def test_one_sees_and_ends_ones_own_devices_only(
    app: Flask,
    cast: Cast,
    client: FlaskClient,
    lan: Actor,
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    other = client_of(cast.actor("a2"))
    enter(client)
    second = new_client(app)
    enter(second)
    assert second.get("/tai-khoan/").text.count("/phien/") == 2
    assert client.post("/tai-khoan/phien/1/ket-thuc").status_code == 404
    assert other.get("/tai-khoan/").status_code == 200
    assert second.post("/tai-khoan/phien/ket-thuc").status_code == 303
    assert client.get("/tai-khoan/").status_code == 302


def test_after_signing_in_the_way_back_may_hold_vietnamese_letters(
    client: FlaskClient, lan: Actor
) -> None:
    """Servers send headers as latin-1, which has no “đ”."""
    form = {"name": "data_entry.a1", "password": PASSWORD}
    answer = client.post(
        "/dang-nhap", data={**form, "next": "/doan-vien?q=đỗ ậ"}, headers=HTMX
    )
    target = answer.headers["HX-Redirect"]
    assert target.encode("latin-1").isascii()
    assert urlsplit(target).path == "/doan-vien"
    assert parse_qs(urlsplit(target).query) == {"q": ["đỗ ậ"]}


def test_switching_posts_changes_what_the_page_allows(
    app: Flask, cast: Cast, client_of: Callable[[Actor], FlaskClient]
) -> None:
    entry = cast.actor("a1")
    with app.app_context():
        post = posts.add_post(
            entry.officer_id,
            officers.PostDraft(
                unit_id=entry.unit_id,
                role=Role.ADMINISTRATOR,
                valid_from=clock.today(),
            ),
            by=cast.actor("upper_a", Role.ADMINISTRATOR),
        )
    browser = client_of(entry)
    assert browser.get("/can-bo/").status_code == 403
    browser.post("/tai-khoan/nhiem-vu", data={"post_id": post.id})
    assert browser.get("/can-bo/").status_code == 200
