"""Campaign, list, review desk and approval as officers use them."""

import io
import re

import pytest
from flask import Flask

from portal.access.policy import Role
from portal.db.models import Campaign, Member
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.renewal import Move
from portal.files.workbook import write_table
from portal.services import approvals, campaigns, renewals, rosters
from tests.cast import Cast
from tests.road import (
    announce,
    approved,
    eligible,
    registered,
    states_of,
    submitted,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def campaign(app: Flask, cast: Cast) -> Campaign:
    with app.app_context():
        return announce(cast)


def state(app: Flask, ids: list[int]) -> list[str]:
    with app.app_context():
        found = states_of(ids)
        db.session.remove()
        return found


def prepared(app: Flask, step, *args, **kwargs):
    """Do something in the app and leave no session behind."""
    with app.app_context():
        found = step(*args, **kwargs)
        db.session.remove()
        return found


def ticked(page: str, ids: list[int]) -> list[int]:
    """Give those of the requests whose box on the page is ticked."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    on = {
        int(re.findall(r'value="(\d+)"', box)[0]) for box in boxes if " checked" in box
    }
    return [one for one in ids if one in on]


def test_a_federation_opens_a_campaign_for_all_below(app, cast, client_of) -> None:
    answer = client_of(cast.actor("f85", Role.APPROVER)).post(
        "/doi-the/dot-moi", data={"name": "Đổi thẻ 2026", "card_kinds": ["standard"]}
    )
    assert answer.status_code == 303
    page = client_of(cast.actor("a1")).get("/doi-the/").text
    assert "Đổi thẻ 2026" in page
    assert "Danh sách của đơn vị" in page
    assert "Đổi thẻ 2026" not in client_of(cast.actor("s1")).get("/doi-the/").text


def test_a_campaign_without_name_or_kind_comes_back_on_the_form(
    cast, client_of
) -> None:
    answer = client_of(cast.actor("f85", Role.APPROVER)).post(
        "/doi-the/dot-moi", data={"name": " "}
    )
    assert answer.status_code == 422
    assert "Đặt tên cho đợt" in answer.text
    assert "Chọn ít nhất một loại thẻ" in answer.text


def test_a_list_is_compiled_and_sent_by_buttons_alone(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 2)
    browser = client_of(cast.actor("a1"))
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    assert "Đưa 2 người vào danh sách" in browser.get(here).text
    assert browser.post(f"{here}/lap", data={"all": "1"}).status_code == 303
    assert "Gửi 2 người lên cấp trên" in browser.get(here).text
    answer = browser.post(f"{here}/gui")
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "Đã gửi 2 người đến CĐ huyện An Bình; chờ nơi đó kiểm tra." in page
    assert 'aria-current="true">Đã gửi' in page


def test_a_returned_row_is_walked_from_the_list_to_its_record_and_back(
    app, cast, campaign, client_of
) -> None:
    """What was not touched since is told so; sending it again stays possible."""
    touched = prepared(app, lambda: eligible(cast, 2)[0].id)
    ids = prepared(app, submitted, cast, campaign)
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    with app.app_context():
        renewals.send_back(
            dict.fromkeys(ids, "Ảnh mờ"),
            move=Move.RETURN,
            by=cast.actor("upper_a", Role.APPROVER),
        )
        with transaction() as session:
            session.get_one(Member, touched).updated_at = clock.now()
        db.session.remove()
    browser = client_of(cast.actor("a1"))
    page = browser.get(f"{here}?phan=tra-lai").text
    assert page.count("Lý do trả: Ảnh mờ") == 2
    assert "1 người chưa sửa gì từ khi bị trả lại" in page
    assert page.count("Chưa sửa gì từ khi bị trả") == 1
    assert f"/doan-vien/{touched}/sua" in page
    assert f"/anh/{touched}" in page
    record = browser.get(f"/doan-vien/{touched}").text
    assert "Lý do: Ảnh mờ" in record
    assert f'href="{here}?phan=tra-lai"' in record
    assert "Về danh sách" in record
    assert browser.post(f"{here}/gui").status_code == 303
    assert state(app, ids) == ["submitted", "submitted"]


def test_a_row_that_came_again_tells_the_reviewer_what_it_came_back_for(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, submitted, cast, campaign)
    upper = cast.actor("upper_a", Role.APPROVER)
    with app.app_context():
        renewals.send_back({ids[0]: "Ảnh mờ"}, move=Move.RETURN, by=upper)
        rosters.submit(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))
        db.session.remove()
    page = client_of(upper).get("/doi-the/duyet").text
    assert page.count("Đã trả 1 lần") == 1
    request = client_of(upper).get(f"/doi-the/de-nghi/{ids[0]}").text
    assert "1 lần; lần cuối: Ảnh mờ" in request


def test_the_page_of_a_request_shows_who_it_is_about(
    app, cast, campaign, client_of
) -> None:
    [member] = prepared(app, eligible, cast, 1, citizen_id="058090123456")
    [request_id] = prepared(app, submitted, cast, campaign)
    page = (
        client_of(cast.actor("upper_a", Role.APPROVER))
        .get(f"/doi-the/de-nghi/{request_id}")
        .text
    )
    assert f"/anh/{member.id}/card" in page
    assert "03/02/1990" in page
    assert "058••••••456" in page
    assert "058090123456" not in page


def test_an_edit_under_review_says_first_what_is_locked(
    app, cast, campaign, client_of
) -> None:
    [member] = prepared(app, eligible, cast, 1)
    prepared(app, submitted, cast, campaign)
    page = client_of(cast.actor("a1")).get(f"/doan-vien/{member.id}/sua").text
    assert "đang khóa" in page
    assert "nhờ cấp trên trả lại đề nghị" in page


def test_who_lacks_something_is_shown_with_it(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 1, photo_id=None)
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    page = client_of(cast.actor("a1")).get(here).text
    assert "Chưa có ảnh." in page
    assert "Thêm ảnh cho đoàn viên." in page


def test_the_list_leads_to_who_lacks_something(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 1)
    prepared(app, eligible, cast, 1, photo_id=None)
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    page = client_of(cast.actor("a1")).get(here).text
    assert "1 người chưa đủ điều kiện – xem cần bổ sung gì" in page


def test_the_review_desk_shows_rows_under_their_union(
    app, cast, campaign, client_of
) -> None:
    [member] = prepared(app, eligible, cast, 1, full_name="Đinh Thị Ễ")
    prepared(app, submitted, cast, campaign)
    page = client_of(cast.actor("upper_a", Role.APPROVER)).get("/doi-the/duyet").text
    assert "Đinh Thị Ễ" in page
    assert "CĐCS May Ánh Dương" in page
    assert f"/anh/{member.id}/card" in page
    other = client_of(cast.actor("upper_b", Role.APPROVER)).get("/doi-the/duyet").text
    assert "Đinh Thị Ễ" not in other


def test_ticked_rows_go_back_each_with_its_reason(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 3)
    ids = prepared(app, submitted, cast, campaign)
    browser = client_of(cast.actor("upper_a", Role.APPROVER))
    answer = browser.post(
        "/doi-the/duyet/da-chon",
        data={
            "act": "return",
            "dong": ids[:2],
            f"ly-do-{ids[0]}": "Ảnh mờ",
            "ly-do": "Sai ngày sinh",
        },
    )
    assert answer.status_code == 303
    assert state(app, ids) == ["returned", "returned", "submitted"]
    page = client_of(cast.actor("a1")).get(f"/doi-the/de-nghi/{ids[1]}").text
    assert "Sai ngày sinh" in page


def test_a_return_without_reason_comes_back_beside_its_row(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, submitted, cast, campaign)
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon", data={"act": "return", "dong": ids}
    )
    assert answer.status_code == 422
    assert f'id="wanting-{ids[0]}"' in answer.text
    assert state(app, ids) == ["submitted"]


def test_a_mistake_loses_neither_ticks_nor_reasons(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 3)
    ids = prepared(app, submitted, cast, campaign)
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon",
        data={"act": "return", "dong": ids[:2], f"ly-do-{ids[0]}": "Ảnh mờ"},
    )
    assert answer.status_code == 422
    assert ticked(answer.text, ids) == ids[:2]
    assert 'value="Ảnh mờ"' in answer.text
    assert f'id="wanting-{ids[0]}"' not in answer.text
    assert f'id="wanting-{ids[1]}"' in answer.text
    assert state(app, ids) == ["submitted"] * 3


def test_the_reason_for_all_stays_when_nobody_was_ticked(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    prepared(app, submitted, cast, campaign)
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon", data={"act": "return", "ly-do": "Sai ngày sinh"}
    )
    assert answer.status_code == 422
    assert 'value="Sai ngày sinh"' in answer.text


def test_a_reason_of_its_own_marks_the_row(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, submitted, cast, campaign)
    browser = client_of(cast.actor("upper_a", Role.APPROVER))
    answer = browser.post(
        "/doi-the/duyet/da-chon",
        data={"act": "return", f"ly-do-{ids[1]}": "Ảnh mờ", f"ly-do-{ids[0]}": " "},
    )
    assert answer.status_code == 303
    assert state(app, ids) == ["submitted", "returned"]
    assert "Đã trả lại 1 đề nghị" in browser.get("/doi-the/duyet").text


def test_nobody_with_a_reason_to_go_back_is_sent_on(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, submitted, cast, campaign)
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon",
        data={"act": "forward", "dong": ids, f"ly-do-{ids[0]}": "Ảnh mờ"},
    )
    assert answer.status_code == 422
    assert "Bạn đang ghi lý do để trả lại" in answer.text
    assert 'value="Ảnh mờ"' in answer.text
    assert ticked(answer.text, ids) == ids
    assert state(app, ids) == ["submitted", "submitted"]


@pytest.mark.parametrize("own", [True, False])
def test_a_reason_too_long_is_called_so_and_stays(
    app, cast, campaign, client_of, own: bool
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, submitted, cast, campaign)
    long = "a" * 501
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon",
        data={
            "act": "return",
            "dong": ids,
            f"ly-do-{ids[0]}" if own else "ly-do": long,
        },
    )
    assert answer.status_code == 422
    assert "Lý do dài quá 500 chữ" in answer.text
    assert "cần một lý do" not in answer.text
    assert f'value="{long}"' in answer.text


def test_a_rejection_without_reason_speaks_of_rejection(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, registered, cast, campaign)
    answer = client_of(cast.actor("tld", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon", data={"act": "reject", "dong": ids}
    )
    assert answer.status_code == 422
    assert "Mỗi người không được duyệt cần một lý do" in answer.text
    assert "bị trả lại" not in answer.text


def test_to_return_and_to_reject_are_told_apart(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 1)
    prepared(app, registered, cast, campaign)
    page = client_of(cast.actor("tld", Role.APPROVER)).get("/doi-the/duyet").text
    assert "Không duyệt: dừng hẳn trong đợt này." in page
    [returning] = re.findall(r'(?s)value="return">.*?</button>', page)
    [rejecting] = re.findall(r'(?s)value="reject">.*?</button>', page)
    assert "#arrow-return-left" in returning
    assert "#x-circle-fill" in rejecting


def test_a_union_reads_why_somebody_was_turned_down(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, registered, cast, campaign)
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    entry = client_of(cast.actor("a1"))
    assert "phan=khong-duyet" not in entry.get(here).text
    browser = client_of(cast.actor("tld", Role.APPROVER))
    browser.post(
        "/doi-the/duyet/da-chon",
        data={"act": "reject", "dong": ids, "ly-do": "Đã nghỉ việc"},
    )
    assert "Đã ghi không duyệt 1 đề nghị" in browser.get("/doi-the/duyet").text
    assert "phan=khong-duyet" in entry.get(here).text
    assert (
        "Lý do không duyệt: Đã nghỉ việc" in entry.get(f"{here}?phan=khong-duyet").text
    )


def test_nothing_ticked_is_said_on_the_page(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 1)
    prepared(app, submitted, cast, campaign)
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/da-chon", data={"act": "forward"}
    )
    assert answer.status_code == 422
    assert "Chưa đánh dấu ai" in answer.text


def test_one_button_sends_all_clean_rows_on(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, submitted, cast, campaign)
    browser = client_of(cast.actor("upper_a", Role.APPROVER))
    page = browser.get("/doi-the/duyet").text
    assert "Chuyển tất cả 2 đề nghị không có cảnh báo" in page
    answer = browser.post("/doi-the/duyet/tat-ca", data={"act": "forward"})
    assert answer.status_code == 303
    assert state(app, ids) == ["forwarded", "forwarded"]
    told = browser.get("/doi-the/duyet").text
    assert "Đã chuyển 2 đề nghị lên cấp trên." in told


def test_ticks_reasons_and_every_button_stand_in_one_form(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    prepared(app, submitted, cast, campaign)
    page = client_of(cast.actor("upper_a", Role.APPROVER)).get("/doi-the/duyet").text
    [form] = re.findall(r"(?s)<form [^>]*da-chon.*?</form>", page)
    assert 'formaction="/doi-the/duyet/tat-ca"' in form
    assert 'name="dong"' in form
    assert 'name="ly-do"' in form


@pytest.mark.parametrize("mark", ["dong", "own", "common"])
def test_nobody_goes_on_by_one_button_while_somebody_is_marked(
    app, cast, campaign, client_of, mark: str
) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, submitted, cast, campaign)
    marked = {
        "dong": ({"dong": ids[0]}, f'value="{ids[0]}"'),
        "own": ({f"ly-do-{ids[0]}": "Ảnh mờ"}, 'value="Ảnh mờ"'),
        "common": ({"ly-do": "Sai ngày sinh"}, 'value="Sai ngày sinh"'),
    }
    data, echoed = marked[mark]
    browser = client_of(cast.actor("upper_a", Role.APPROVER))
    answer = browser.post("/doi-the/duyet/tat-ca", data={"act": "forward", **data})
    assert answer.status_code == 422
    assert "rồi chuyển tất cả." in answer.text
    assert echoed in answer.text
    assert ticked(answer.text, ids) == ([] if mark == "common" else ids[:1])
    assert state(app, ids) == ["submitted", "submitted"]


def test_who_is_marked_is_counted_before_all_are_sent_on(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, submitted, cast, campaign)
    answer = client_of(cast.actor("upper_a", Role.APPROVER)).post(
        "/doi-the/duyet/tat-ca", data={"act": "forward", "dong": ids[0]}
    )
    assert (
        "Bạn đang đánh dấu 1 người để trả lại. Trả lại người đó trước, hoặc bỏ đánh"
        " dấu, rồi chuyển tất cả." in answer.text
    )


def test_no_button_sends_on_what_all_has_warnings(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 2, full_name="Lê Thị Giống")
    prepared(app, submitted, cast, campaign)
    page = client_of(cast.actor("upper_a", Role.APPROVER)).get("/doi-the/duyet").text
    assert "Đề nghị nào cũng có cảnh báo" in page
    assert "/doi-the/duyet/tat-ca" not in page
    assert "Chuyển tất cả" not in page


def test_the_second_officer_gets_a_sentence_and_409(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, submitted, cast, campaign)
    by = cast.actor("upper_a", Role.APPROVER)
    browser = client_of(by)
    prepared(app, renewals.forward_chosen, ids, move=Move.FORWARD, by=by)
    answer = browser.post(
        "/doi-the/duyet/da-chon", data={"act": "forward", "dong": ids}
    )
    assert answer.status_code == 409
    assert "Đã kiểm tra, chuyển lên" in answer.text


def test_numbers_are_allotted_after_their_count_is_typed(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 2)
    ids = prepared(app, registered, cast, campaign)
    browser = client_of(cast.actor("tld", Role.APPROVER))
    page = browser.get("/doi-the/cap-ma").text
    assert "Sẽ cấp <strong>2 mã số</strong>" in page
    assert "0000 0000 0002" in page
    fingerprint = page.split('name="fingerprint" value="')[1].split('"')[0]
    wrong = browser.post(
        "/doi-the/cap-ma", data={"fingerprint": fingerprint, "typed": "3"}
    )
    assert wrong.status_code == 422
    assert "Gõ đúng số 2" in wrong.text
    assert state(app, ids) == ["registered", "registered"]
    done = browser.post(
        "/doi-the/cap-ma", data={"fingerprint": fingerprint, "typed": "2"}
    )
    assert done.status_code == 303
    assert state(app, ids) == ["approved", "approved"]
    assert "Đã duyệt 2 đề nghị" in browser.get("/doi-the/duyet").text


def test_a_single_number_is_named_as_one(app, cast, campaign, client_of) -> None:
    prepared(app, eligible, cast, 1)
    prepared(app, registered, cast, campaign)
    page = client_of(cast.actor("tld", Role.APPROVER)).get("/doi-the/cap-ma").text
    assert "0000 0000 0001" in page
    assert " đến <span" not in page


def test_numbers_are_asked_for_only_where_they_come_from_outside(
    app, cast, client_of
) -> None:
    browser = client_of(cast.actor("tld", Role.APPROVER))
    assert "Nhập mã số của TLĐ" not in browser.get("/doi-the/").text
    app.config["PORTAL_ALLOTS_NUMBERS"] = False
    assert "Nhập mã số của TLĐ" in browser.get("/doi-the/").text


def test_where_numbers_are_allotted_the_page_takes_no_sheet(
    app, cast, client_of
) -> None:
    browser = client_of(cast.actor("f85", Role.APPROVER))
    page = browser.get("/doi-the/nhap-ma-so").text
    assert "tự cấp mã số" in page
    assert 'type="file"' not in page
    data = {"file": (io.BytesIO(b"x"), "kq.csv")}
    answer = browser.post("/doi-the/nhap-ma-so", data=data)
    assert answer.status_code == 422
    assert "tự cấp mã số" in answer.text


def test_a_list_that_changed_is_shown_anew_before_any_number(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, registered, cast, campaign)
    browser = client_of(cast.actor("tld", Role.APPROVER))
    answer = browser.post(
        "/doi-the/cap-ma", data={"fingerprint": "older", "typed": "1"}
    )
    assert answer.status_code == 409
    assert "Danh sách vừa thay đổi" in answer.text
    assert state(app, ids) == ["registered"]


def test_the_answer_sheet_is_accounted_for_on_the_page(
    app, cast, campaign, client_of
) -> None:
    app.config["PORTAL_ALLOTS_NUMBERS"] = False
    [member] = prepared(app, eligible, cast, 1)
    ids = prepared(app, registered, cast, campaign)
    tld = cast.actor("tld", Role.APPROVER)
    prepared(app, approvals.approve, ids, by=tld)
    data = write_table(
        "KẾT QUẢ",
        ["Số CCCD", "Mã số đoàn viên"],
        [(member.citizen_id, "085000000001"), ("058099999999", "085000000002")],
    )
    browser = client_of(tld)
    answer = browser.post(
        "/doi-the/nhap-ma-so", data={"file": (io.BytesIO(data), "kq.xlsx", XLSX)}
    )
    assert answer.status_code == 200
    assert "dòng 5" in answer.text
    assert "Không có đoàn viên nào như vậy" in answer.text
    with app.app_context():
        assert db.session.get_one(Member, member.id).member_number == "085000000001"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("kq.csv", "Không thấy dòng tiêu đề"), ("kq.exe", "kq.exe không phải")],
)
def test_a_sheet_that_is_none_comes_back_on_the_form(
    app, cast, client_of, name: str, sentence: str
) -> None:
    app.config["PORTAL_ALLOTS_NUMBERS"] = False
    answer = client_of(cast.actor("f85", Role.APPROVER)).post(
        "/doi-the/nhap-ma-so", data={"file": (io.BytesIO(b"nothing"), name)}
    )
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("unit", ["a2", "upper_b", "s1", "sector"])
def test_a_request_of_others_is_not_there(
    app, cast, campaign, client_of, unit: str
) -> None:
    prepared(app, eligible, cast, 1, full_name="Tên Canh Giữ")
    ids = prepared(app, submitted, cast, campaign)
    browser = client_of(cast.actor(unit, Role.APPROVER))
    assert browser.get(f"/doi-the/de-nghi/{ids[0]}").status_code == 404
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    assert browser.get(here).status_code == 404
    answer = browser.post(
        "/doi-the/duyet/da-chon", data={"act": "forward", "dong": ids}
    )
    assert answer.status_code == 404
    assert "Tên Canh Giữ" not in answer.text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.DESIGNER, "/doi-the/", 403),
        (Role.DATA_ENTRY, "/doi-the/duyet", 403),
        (Role.ADMINISTRATOR, "/doi-the/cap-ma", 403),
        (Role.PRINTER, "/doi-the/nhap-ma-so", 403),
        (Role.READ_ONLY, "/doi-the/", 200),
        (Role.READ_ONLY, "/doi-the/dot-moi", 403),
    ],
)
def test_who_opens_which_page(cast, client_of, role, path, status) -> None:
    assert client_of(cast.actor("f85", role)).get(path).status_code == status


def test_a_section_sees_the_campaign_but_no_list(cast, campaign, client_of) -> None:
    browser = client_of(cast.actor("a1_division"))
    assert browser.get("/doi-the/").status_code == 200
    here = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1_division']}"
    assert browser.get(here).status_code == 404


@pytest.mark.parametrize("value", ["", "abc", "0", "-1", "1e3", "٣", "9" * 40])
@pytest.mark.parametrize("name", ["don-vi", "dong"])
def test_a_unit_or_request_that_cannot_be_read_never_means_all(
    app, cast, campaign, client_of, name: str, value: str
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, registered, cast, campaign)
    browser = client_of(cast.actor("tld", Role.APPROVER))
    assert browser.get("/doi-the/cap-ma", query_string={name: value}).status_code == 404
    page = browser.get("/doi-the/cap-ma").text
    fingerprint = page.split('name="fingerprint" value="')[1].split('"')[0]
    sent = {"fingerprint": fingerprint, "typed": "1", name: value}
    assert browser.post("/doi-the/cap-ma", data=sent).status_code == 404
    assert state(app, ids) == ["registered"]


@pytest.mark.parametrize("value", ["", "abc", "0"])
def test_one_button_sends_nothing_on_for_a_unit_that_cannot_be_read(
    app, cast, campaign, client_of, value: str
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, submitted, cast, campaign)
    browser = client_of(cast.actor("upper_a", Role.APPROVER))
    sent = {"act": "forward", "don-vi": value}
    assert browser.post("/doi-the/duyet/tat-ca", data=sent).status_code == 404
    sent = {"act": "forward", "dong": [*ids, value]}
    assert browser.post("/doi-the/duyet/da-chon", data=sent).status_code == 404
    assert browser.get("/doi-the/duyet?don-vi=" + value).status_code == 404
    assert state(app, ids) == ["submitted"]


def test_an_approved_request_is_sent_back_from_its_own_page(
    app, cast, campaign, client_of
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, approved, cast, campaign)
    here = f"/doi-the/de-nghi/{ids[0]}"
    assert (
        "Trả lại đề nghị này"
        not in client_of(cast.actor("f85", Role.APPROVER)).get(here).text
    )
    browser = client_of(cast.actor("tld", Role.APPROVER))
    assert "thẻ mang đúng mã số đó" in browser.get(here).text
    bare = browser.post(f"{here}/tra-lai", data={"ly-do": " "})
    assert bare.status_code == 422
    assert "Ghi điều đơn vị cần sửa" in bare.text
    assert state(app, ids) == ["approved"]
    done = browser.post(f"{here}/tra-lai", data={"ly-do": "Sai số CCCD"})
    assert done.status_code == 303
    assert state(app, ids) == ["returned"]
    assert "Sai số CCCD" in browser.get(here).text


@pytest.mark.parametrize(
    ("unit", "role", "status"),
    [
        ("f85", Role.APPROVER, 409),
        ("tld", Role.DATA_ENTRY, 403),
        ("sector", Role.APPROVER, 404),
    ],
)
def test_who_sends_no_approved_request_back(
    app, cast, campaign, client_of, unit: str, role: Role, status: int
) -> None:
    prepared(app, eligible, cast, 1)
    ids = prepared(app, approved, cast, campaign)
    answer = client_of(cast.actor(unit, role)).post(
        f"/doi-the/de-nghi/{ids[0]}/tra-lai", data={"ly-do": "Sai"}
    )
    assert answer.status_code == status
    assert state(app, ids) == ["approved"]


def test_a_name_on_its_way_comes_back_beside_the_field_with_the_way_out(
    app, cast, campaign, client_of
) -> None:
    [member] = prepared(app, eligible, cast, 1)
    prepared(app, submitted, cast, campaign)
    browser = client_of(cast.actor("a1"))
    page = browser.get(f"/doan-vien/{member.id}/sua").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    sent = {"full_name": "Người Khác", "version": version, "unit": "a1"}
    answer = browser.post(f"/doan-vien/{member.id}/sua", data=sent)
    assert answer.status_code == 422
    assert "nhờ cấp trên trả lại đề nghị" in answer.text


def test_a_closed_list_offers_what_still_can_be_done_with_its_rows(
    app, cast, client_of, campaign
) -> None:
    def closed_with_one_returned() -> None:
        eligible(cast, 1, full_name="Người Bị Trả")
        [request] = submitted(cast, campaign)
        eligible(cast, 1, full_name="Người Chưa Gửi")
        rosters.declare(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))
        eligible(cast, 1, full_name="Người Ngoài Danh Sách")
        owner = cast.actor("f85", Role.APPROVER)
        campaigns.close(campaign.id, version=campaign.version, by=owner)
        upper = cast.actor("upper_a", Role.APPROVER)
        renewals.send_back({request: "Ảnh mờ"}, move=Move.RETURN, by=upper)

    prepared(app, closed_with_one_returned)
    address = f"/doi-the/{campaign.id}/don-vi/{cast.unit_ids['a1']}"
    browser = client_of(cast.actor("a1"))
    page = browser.get(address, query_string={"phan": "trong"}).text
    assert "người bị trả lại vẫn sửa và gửi lại được" in page
    assert "Gửi 1 người lên cấp trên" in page
    assert "Bỏ người đã chọn khỏi danh sách" in page
    outside = browser.get(address, query_string={"phan": "du"}).text
    assert "Người Ngoài Danh Sách" in outside
    assert "vào danh sách</button>" not in outside
    assert browser.post(f"{address}/gui").status_code == 303
    assert "Gửi 1 người" not in browser.get(address).text
