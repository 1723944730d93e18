"""The bank's page: who is ready, who lacks what, the list and its downloads."""

import io

import openpyxl
import pytest

from portal.access.policy import Role
from portal.db.models import Member
from portal.db.session import db, transaction
from portal.domain.card_kinds import CardKind
from tests.cast import Cast
from tests.road import announce, approved, eligible, states_of


@pytest.fixture
def ids(app, cast: Cast) -> list[int]:
    with app.app_context():
        eligible(cast, 1, full_name="Đủ Thông Tin", card_kind=CardKind.LINKED)
        [lacking] = eligible(
            cast, 1, full_name="Thiếu Điện Thoại", card_kind=CardKind.LINKED
        )
        found = approved(cast, announce(cast))
        with transaction() as session:
            session.get_one(Member, lacking.id).phone = ""
        db.session.remove()
        return found


def test_the_page_parts_who_is_ready_from_who_lacks_something(
    cast, client_of, ids
) -> None:
    page = client_of(cast.actor("f85", Role.APPROVER)).get("/the-lien-ket/").text
    assert "Xuất danh sách 1 thẻ" in page
    assert "1 người còn thiếu" in page
    assert "CĐCS May Ánh Dương bổ sung: <strong>Số điện thoại</strong>." in page
    assert "đang khóa" not in page


def test_the_list_goes_out_once_the_consents_are_vouched_for(
    app, cast, client_of, ids
) -> None:
    browser = client_of(cast.actor("f85", Role.APPROVER))
    refused = browser.post("/the-lien-ket/xuat")
    assert refused.status_code == 422
    assert "Đánh dấu ô này" in refused.text
    assert browser.post("/the-lien-ket/xuat", data={"consent": "y"}).status_code == 303
    with app.app_context():
        assert sorted(states_of(ids)) == ["approved", "sent_to_bank"]
        db.session.remove()
    answer = browser.get("/the-lien-ket/danh-sach/1")
    assert answer.headers["Content-Disposition"].isascii()
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet["B4"].value == "Đủ Thông Tin"
    assert sheet["B5"].value is None


@pytest.mark.parametrize("unit", ["sector", "a1", "upper_a"])
def test_a_list_is_there_only_for_its_own_federation_and_above(
    cast, client_of, ids, unit
) -> None:
    owner = client_of(cast.actor("f85", Role.APPROVER))
    owner.post("/the-lien-ket/xuat", data={"consent": "y"})
    browser = client_of(cast.actor(unit, Role.APPROVER))
    assert browser.get("/the-lien-ket/danh-sach/1").status_code == 404


@pytest.mark.parametrize("unit", ["a1", "upper_a"])
def test_lower_units_see_their_own_but_cannot_export(
    app, cast, client_of, ids, unit
) -> None:
    browser = client_of(cast.actor(unit, Role.APPROVER))
    assert "Đủ Thông Tin" in browser.get("/the-lien-ket/").text
    answer = browser.post("/the-lien-ket/xuat", data={"consent": "y"})
    assert answer.status_code == 403
    with app.app_context():
        assert states_of(ids) == ["approved", "approved"]
        db.session.remove()


def test_another_federation_sees_nobody(cast, client_of, ids) -> None:
    page = client_of(cast.actor("sector", Role.APPROVER)).get("/the-lien-ket/").text
    assert "Thông Tin" not in page
    assert "Chưa có thẻ liên kết nào" in page
