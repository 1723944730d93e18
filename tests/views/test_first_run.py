"""The pages of an empty installation, and the desk it leads to."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.policy import ROLE_LABELS, Role
from portal.services import first_run
from tests.cast import Cast

FORM = {
    "level": "grassroots",
    "name": "Công đoàn cơ sở Lẻ Loi",
    "code": "CS1",
    "province_code": "",
    "full_name": "Lê Thị Mẫu",
    "sign_in_name": "mau.lt",
    "password": "con cá mè hoa",
    "again": "con cá mè hoa",
}


@pytest.fixture
def link(app: Flask) -> str:
    with app.app_context():
        return first_run.founding_link()


def test_an_empty_portal_says_where_the_link_is(client: FlaskClient) -> None:
    answer = client.get("/", follow_redirects=True)
    assert answer.request.path == "/bat-dau/"
    assert "python app.py" in answer.text


def test_a_lone_grassroots_union_is_founded_and_led_on(
    client: FlaskClient, link: str
) -> None:
    assert client.get(link).status_code == 200
    answer = client.post(link, data=FORM)
    assert (answer.status_code, answer.location) == (303, "/")
    desk = client.get("/").text
    steps = ("1. Đơn vị", "2. Tài khoản", "3. Danh sách", "4. Ảnh")
    assert all(step in desk for step in (*steps, "5. Mở đợt", "6. Gửi duyệt"))


def test_mistakes_come_back_beside_their_fields(client: FlaskClient, link: str) -> None:
    bad = {**FORM, "code": "a b", "password": "1234567890", "again": "1234567890"}
    answer = client.post(link, data=bad)
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert 'id="password-error"' in answer.text
    assert "1234567890" not in answer.text


def test_all_mistakes_are_told_in_one_round(client: FlaskClient, link: str) -> None:
    bad = {**FORM, "code": "a b", "name": "", "sign_in_name": "l n", "again": "khác"}
    answer = client.post(link, data=bad)
    assert answer.status_code == 422
    for field in ("code", "name", "sign_in_name", "again"):
        assert f'id="{field}-error"' in answer.text
    assert answer.text.count("Nhập tên đầy đủ") == 1


def test_the_late_founder_gets_a_sentence(client: FlaskClient, link: str) -> None:
    client.post(link, data=FORM)
    answer = client.post(link, data={**FORM, "sign_in_name": "khac"})
    assert answer.status_code == 409
    assert "thiết lập xong" in answer.text


def test_a_wrong_link_is_not_there(client: FlaskClient, link: str) -> None:
    assert client.get("/bat-dau/nothing").status_code == 404


def test_a_founded_portal_shows_no_founding_page(
    client: FlaskClient, cast: Cast
) -> None:
    assert client.get("/bat-dau/").location == "/dang-nhap"
    assert client.get("/bat-dau/nothing").status_code == 409


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_desk_and_the_table_of_rights(
    cast: Cast, client_of: object, role: Role
) -> None:
    browser = client_of(cast.actor("a1", role))  # type: ignore[operator]
    assert "<h1>Việc cần làm</h1>" in browser.get("/").text
    page = browser.get("/quyen/?action=member.edit&unit=b1").text
    assert all(label in page for label in ROLE_LABELS.values())
    assert "ngoài phạm vi" in page
    assert "Hoa Mai" not in page
