"""The pages of the members: list, record, form."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.queries import audit as audit_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.union_units import UnionLevel
from portal.services import members
from tests.cast import Cast
from tests.make import make_member, make_unit

SignIn = Callable[[Actor], FlaskClient]
HTMX = {"HX-Request": "true"}


def text_of(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True))


def member_at(app: Flask, cast: Cast, unit: str = "a1", **fields: Any) -> int:
    with app.app_context():
        return make_member(unit_id=cast.unit_ids[unit], **fields).id


def sent(**changed: str) -> dict[str, str]:
    return {
        "full_name": "Trần Thị Hoà",
        "birth_date": "6/5/1988",
        "sex": "female",
        "citizen_id": "058 188 000 123",
        "unit": "a1",
        "card_kind": "standard",
    } | changed


@pytest.fixture
def browser(cast: Cast, client_of: SignIn) -> FlaskClient:
    """Give the browser of the data entry officer of a1."""
    return client_of(cast.actor("a1"))


def test_the_empty_list_says_what_to_do(browser: FlaskClient) -> None:
    page = text_of(browser.get("/doan-vien"))
    assert "Chưa có đoàn viên nào" in page
    assert "Thêm đoàn viên đầu tiên" in page


def test_the_list_masks_identity_numbers(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_at(app, cast, citizen_id="058190123456")
    page = text_of(browser.get("/doan-vien"))
    assert "058••••••456" in page
    assert "058190123456" not in page


def test_a_search_answers_htmx_with_the_list_alone(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_at(app, cast, full_name="Nguyễn Thị Hoà")
    member_at(app, cast, full_name="Lê Văn An")
    answer = browser.get("/doan-vien?q=hoa", headers=HTMX)
    page = text_of(answer)
    assert page.startswith('<div id="member-list">')
    assert "Nguyễn Thị Hoà" in page
    assert "Lê Văn An" not in page
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "address",
    ["/doan-vien?q=", "/doan-vien/don-vi?unit=", "/don-vi/?q=", "/can-bo/?q="],
)
@pytest.mark.parametrize(
    "typed",
    ["+".join(f"an{n}" for n in range(900)), "a" * 60_000],
    ids=["many words", "one long word"],
)
def test_a_search_without_end_is_answered_and_said_to_be_cut(
    address: str, typed: str, cast: Cast, client_of: SignIn
) -> None:
    admin = address.startswith("/can-bo")
    browser = client_of(
        cast.actor("a1", Role.ADMINISTRATOR) if admin else cast.actor("a1")
    )
    answer = browser.get(address + typed)
    assert answer.status_code == 200
    suggested = address.startswith("/doan-vien/don-vi")
    assert suggested or "chỉ tìm theo 10 từ đầu" in text_of(answer)


def test_filter_unit_and_search_stay_in_the_address_of_the_next_page(
    app: Flask, cast: Cast, client_of: SignIn
) -> None:
    for _ in range(51):
        member_at(app, cast)
    browser = client_of(cast.actor("f85"))
    page = text_of(browser.get("/doan-vien?q=nguyen&filter=active&unit=a1"))
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    for part in ("q=nguyen", "filter=active", "unit=a1", "after="):
        assert part in following
    assert "Nguy" not in following
    assert browser.get(following).status_code == 200


def test_the_list_can_be_limited_to_a_unit_of_the_scope(
    app: Flask, cast: Cast, client_of: SignIn
) -> None:
    member_at(app, cast, "a1", full_name="Lê Một")
    member_at(app, cast, "a2", full_name="Lê Hai")
    browser = client_of(cast.actor("upper_a"))
    page = text_of(browser.get("/doan-vien?unit=a2"))
    assert "Lê Hai" in page
    assert "Lê Một" not in page
    assert browser.get("/doan-vien?unit=b1").status_code == 404


def test_other_units_people_are_nowhere(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    stranger = member_at(app, cast, "b1", full_name="Lý Kín Đáo")
    assert "Lý Kín Đáo" not in text_of(browser.get("/doan-vien?q=ly"))
    for address in (f"/doan-vien/{stranger}", f"/doan-vien/{stranger}/sua"):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "Lý Kín Đáo" not in text_of(answer)
    for address in (
        f"/doan-vien/{stranger}/sua",
        f"/doan-vien/{stranger}/hien/identity",
    ):
        assert browser.post(address, data=sent()).status_code == 404
    answer = browser.post(
        "/doan-vien/kiem-tra/phone", data=sent(member_id=str(stranger))
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.APPROVER, Role.PRINTER])
def test_who_may_not_edit_sees_no_form(
    app: Flask, cast: Cast, client_of: SignIn, role: Role
) -> None:
    member_id = member_at(app, cast)
    browser = client_of(cast.actor("a1", role))
    for address in ("/doan-vien/them", f"/doan-vien/{member_id}/sua"):
        assert browser.get(address).status_code == 403
    assert browser.post("/doan-vien/them", data=sent()).status_code == 403
    assert "Sửa hồ sơ" not in text_of(browser.get(f"/doan-vien/{member_id}"))


def test_a_designer_sees_no_members(cast: Cast, client_of: SignIn) -> None:
    browser = client_of(cast.actor("a1", Role.DESIGNER))
    assert browser.get("/doan-vien").status_code == 403


def test_the_new_form_begins_at_the_officers_own_unit(browser: FlaskClient) -> None:
    page = text_of(browser.get("/doan-vien/them"))
    assert '<option selected value="a1">CĐCS May Ánh Dương</option>' in page
    assert "CĐCS Muối Cà Ná" not in page


def test_a_sent_form_leads_to_the_record(browser: FlaskClient) -> None:
    answer = browser.post("/doan-vien/them", data=sent())
    assert answer.status_code == 303
    page = text_of(browser.get(answer.headers["Location"]))
    assert "Đã thêm đoàn viên Trần Thị Hoà." in page
    assert "06/05/1988" in page


def test_everything_to_mend_comes_back_at_once_beside_its_field(
    browser: FlaskClient,
) -> None:
    data = sent(birth_date="31/02/1988", citizen_id="123", phone="12", sex="")
    answer = browser.post("/doan-vien/them", data=data)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Không có ngày 31/02/1988." in page
    assert "Số CCCD phải có 12 chữ số, ở đây có 3." in page
    assert "Chưa chọn giới tính." in page
    assert "không phải số điện thoại Việt Nam" in page
    assert 'value="Trần Thị Hoà"' in page


def test_a_lost_zero_of_a_phone_is_put_back_and_said(browser: FlaskClient) -> None:
    answer = browser.post("/doan-vien/them", data=sent(phone="912345678"))
    page = text_of(browser.get(answer.headers["Location"]))
    assert "Đã thêm số 0 ở đầu" in page
    assert "0912345678" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("264123456", "giống số CMND"),
        ("C1234567", "giống số hộ chiếu"),
        ("58188000123", "phải có 12 chữ số, ở đây có 11"),
    ],
)
def test_the_box_of_the_citizen_number_takes_nothing_else(
    app: Flask, cast: Cast, browser: FlaskClient, typed: str, told: str
) -> None:
    """What was typed stays where it is, and no other paper is written unasked."""
    member_id = member_at(app, cast, citizen_id="058190123456")
    data = sent(citizen_id=typed, version="1")
    for address in ("/doan-vien/them", f"/doan-vien/{member_id}/sua"):
        answer = browser.post(address, data=data)
        page = text_of(answer)
        assert answer.status_code == 422
        assert told in page
        assert f'value="{typed}"' in page
    with app.app_context():
        member = members.find(member_id, by=cast.actor("a1"))
        kept = (member.citizen_id, member.id_card_number, member.passport_number)
        assert kept == ("058190123456", "", "")


def test_an_old_number_is_taken_in_its_own_box(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    data = sent(citizen_id="", id_card_number="264123456")
    answer = browser.post("/doan-vien/them", data=data)
    member_id = int(answer.headers["Location"].rsplit("/", 1)[1])
    with app.app_context():
        member = members.find(member_id, by=cast.actor("a1"))
        assert (member.citizen_id, member.id_card_number) == ("", "264123456")


def test_a_doubt_is_shown_and_taken_once_ticked(browser: FlaskClient) -> None:
    asked = browser.post("/doan-vien/them", data=sent(sex="male"))
    page = text_of(asked)
    assert asked.status_code == 422
    assert "Số CCCD là của nữ" in page
    (key,) = re.findall(r'name="confirmed" value="([^"]+)"', page)
    taken = browser.post("/doan-vien/them", data=sent(sex="male", confirmed=key))
    assert taken.status_code == 303


def test_a_double_send_adds_nobody_twice(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    browser.post("/doan-vien/them", data=sent())
    again = browser.post("/doan-vien/them", data=sent())
    assert again.status_code == 422
    assert "Số này đã có ở hồ sơ" in text_of(again)


def test_a_number_known_elsewhere_names_nobody(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_at(app, cast, "b1", citizen_id="058188000123", full_name="Lý Kín Đáo")
    page = text_of(browser.post("/doan-vien/them", data=sent()))
    assert "đã là đoàn viên ở đơn vị khác" in page
    assert "Lý Kín Đáo" not in page
    assert "Hoa Mai" not in page


def test_a_field_is_looked_at_when_left(browser: FlaskClient) -> None:
    data = sent(phone="912345678", full_name="")
    answer = browser.post("/doan-vien/kiem-tra/phone", data=data, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 200
    assert page.startswith('<div id="phone-box"')
    assert 'value="0912345678"' in page
    assert "Đã thêm số 0 ở đầu" in page
    assert "Chưa nhập họ và tên" not in page


def test_a_name_in_odd_letters_is_asked_about_and_taken_as_typed(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    data = sent(full_name="phan thị MẬN")
    page = text_of(browser.post("/doan-vien/kiem-tra/full_name", data=data))
    assert "Viết là Phan Thị Mận?" in page
    assert 'value="phan thị MẬN"' in page
    answer = browser.post("/doan-vien/them", data=data)
    record = text_of(browser.get(answer.headers["Location"]))
    assert "<h1>phan thị MẬN</h1>" in record


def test_the_edit_form_shows_no_masked_value(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_id = member_at(
        app, cast, citizen_id="058190123456", religion="Phật giáo", phone="0912345678"
    )
    page = text_of(browser.get(f"/doan-vien/{member_id}/sua"))
    assert "058190123456" not in page
    assert "Phật giáo" not in page
    assert "0912345678" in page


def test_an_empty_masked_field_keeps_what_is_there_and_a_dash_clears(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_id = member_at(
        app, cast, citizen_id="058090123456", religion="Phật giáo", ethnicity="Kinh"
    )
    data = sent(
        version="1",
        citizen_id="",
        religion="",
        ethnicity="-",
        full_name="Nguyễn Văn An",
        birth_date="03/02/1990",
        sex="male",
    )
    assert browser.post(f"/doan-vien/{member_id}/sua", data=data).status_code == 303
    with app.app_context():
        member = members.find(member_id, by=cast.actor("a1"))
        assert member.citizen_id == "058090123456"
        assert (member.religion, member.ethnicity) == ("Phật giáo", "")


def test_a_stale_form_answers_409_and_loses_nothing(
    app: Flask, cast: Cast, browser: FlaskClient, client_of: SignIn
) -> None:
    member_id = member_at(app, cast, citizen_id="058090123456", phone="0912345678")
    same = {
        "full_name": "Nguyễn Văn An",
        "birth_date": "03/02/1990",
        "sex": "male",
        "citizen_id": "",
        "version": "1",
    }
    address = f"/doan-vien/{member_id}/sua"
    other = client_of(cast.actor("upper_a"))
    other.post(address, data=sent(phone="0900000001", email="moi@congty.vn", **same))
    answer = browser.post(
        address, data=sent(phone="0900000002", email="", occupation="Thợ may", **same)
    )
    page = text_of(answer)
    assert answer.status_code == 409
    assert "họ ghi “0900000001”, bạn ghi “0900000002”" in page
    assert "data_entry upper_a" in page
    assert 'value="Thợ may"' in page
    assert 'value="moi@congty.vn"' in page
    (version,) = re.findall(r'name="version" type="hidden" value="(\d+)"', page)
    saved = browser.post(
        address,
        data=sent(
            **(same | {"version": version}),
            phone="0900000002",
            email="moi@congty.vn",
            occupation="Thợ may",
        ),
    )
    assert saved.status_code == 303


def test_a_reveal_shows_the_number_and_is_recorded(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_id = member_at(app, cast, citizen_id="058190123456")
    assert "058190123456" not in text_of(browser.get(f"/doan-vien/{member_id}"))
    answer = browser.post(f"/doan-vien/{member_id}/hien/identity")
    assert "058190123456" in text_of(answer)
    with app.app_context():
        scope = cast.actor("a1").scope
        (entry,) = audit_q.of_subject("member", member_id, scope=scope)
        assert entry.action == "member.reveal"


def test_a_reader_sees_masks_and_no_way_past_them(
    app: Flask, cast: Cast, client_of: SignIn
) -> None:
    member_id = member_at(app, cast, citizen_id="058190123456")
    browser = client_of(cast.actor("a1", Role.READ_ONLY))
    assert "Xem đầy đủ" not in text_of(browser.get(f"/doan-vien/{member_id}"))
    answer = browser.post(f"/doan-vien/{member_id}/hien/identity")
    assert answer.status_code == 403


def test_the_record_tells_who_changed_what(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    answer = browser.post("/doan-vien/them", data=sent(phone="0912345678"))
    address = answer.headers["Location"]
    data = sent(version="1", citizen_id="", phone="0987654321")
    browser.post(f"{address}/sua", data=data)
    page = text_of(browser.get(address))
    assert "Sửa hồ sơ" in page
    assert "data_entry a1" in page
    assert re.search(r"Số điện thoại:.*0912345678.*→.*0987654321", page)


def test_many_units_are_typed_instead_of_chosen(
    app: Flask, cast: Cast, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.member_units.LONGEST_LIST", 2)
    browser = client_of(cast.actor("f85"))
    page = text_of(browser.get("/doan-vien/them"))
    assert 'list="unit-list"' in page
    assert "a2 – CĐCS Muối Cà Ná" in text_of(
        browser.get("/doan-vien/don-vi?unit=ca na")
    )
    wrong = browser.post("/doan-vien/them", data=sent(unit="đâu đó"))
    assert "Không có đơn vị nào khớp “đâu đó”" in text_of(wrong)
    right = browser.post("/doan-vien/them", data=sent(unit="a2 – CĐCS Muối Cà Ná"))
    assert right.status_code == 303


def test_a_section_may_have_members(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    answer = browser.post("/doan-vien/them", data=sent(unit="a1_division"))
    assert answer.status_code == 303


def test_script_in_a_name_stays_text(
    app: Flask, cast: Cast, browser: FlaskClient
) -> None:
    member_at(app, cast, full_name="<script>alert(1)</script>")
    raw = browser.get("/doan-vien").get_data(as_text=True)
    assert "<script>alert" not in raw


def test_a_unit_that_ended_takes_no_new_members(
    app: Flask, cast: Cast, client_of: SignIn
) -> None:
    with app.app_context():
        unit = make_unit(
            code="gone",
            level=UnionLevel.GRASSROOTS,
            parent_id=cast.unit_ids["upper_a"],
        )
        with transaction() as session:
            session.merge(unit).valid_to = clock.today()
    browser = client_of(cast.actor("upper_a"))
    answer = browser.post("/doan-vien/them", data=sent(unit="gone"))
    assert "đã ngừng hoạt động" in text_of(answer)
