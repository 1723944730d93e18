"""The pages of imports: upload, bar, preview, accept, downloads."""

import io
import os
import re
import resource
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.models import AuditEntry, Job, Member, RosterImport
from portal.db.queries import intake as intake_q
from portal.db.session import db
from portal.files.workbook import read_sheets
from portal.jobs.runner import run_job
from tests import packages
from tests.cast import Cast
from tests.make import make_member
from tests.packages import package, person, workbook

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def clerk(cast: Cast, client_of: Browser) -> FlaskClient:
    """Give the browser of a1's data entry officer."""
    return client_of(cast.actor("a1"))


def send(
    browser: FlaskClient, data: bytes, *, unit_id: int, name: str = "goi.zip"
) -> TestResponse:
    return browser.post(
        "/nhap/",
        data={"unit": str(unit_id), "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def work(app: Flask) -> None:
    """Do what the worker does: every queued job."""
    with app.app_context():
        for (job_id,) in db.session.query(Job.id).filter(Job.state == "queued").all():
            run_job(job_id)


def bring(app: Flask, browser: FlaskClient, data: bytes, *, unit_id: int) -> str:
    """Upload, let the worker evaluate, give the address of the import."""
    answer = send(browser, data, unit_id=unit_id)
    assert answer.status_code == 303
    work(app)
    return answer.headers["Location"]


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found, "no form to accept with"
    return found[1]


def test_the_form_chooses_the_officers_own_unit(clerk: FlaskClient, cast: Cast):
    page = clerk.get("/nhap/").text
    assert "<h1>Nhập danh sách Excel và ảnh</h1>" in page
    chosen = f'<option selected value="{cast.unit_ids["a1"]}">'
    assert chosen in page
    assert "CĐCS Muối Cà Ná" not in page


def test_an_upper_officer_chooses_among_the_units_below(cast: Cast, client_of: Browser):
    page = client_of(cast.actor("f85")).get("/nhap/").text
    assert "CĐCS Muối Cà Ná" in page
    assert "CĐCS Mỏ Đá Xanh" not in page
    assert "– Chọn đơn vị –" in page


def test_an_upload_is_queued_and_its_page_polls_until_it_is_read(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    answer = send(
        clerk, workbook([person(1)]), unit_id=cast.unit_ids["a1"], name="a.xlsx"
    )
    here = answer.headers["Location"]
    waiting = clerk.get(here, headers={"HX-Request": "true"})
    assert waiting.status_code == 200
    assert 'hx-trigger="every 1s"' in waiting.text
    assert "0/0" not in waiting.text
    work(app)
    ready = clerk.get(here, headers={"HX-Request": "true"})
    assert ready.status_code == 286
    assert "hx-trigger" not in ready.text
    assert "Nhận 1 dòng tốt" in ready.text
    assert clerk.get(here).status_code == 200


def test_the_preview_shows_counts_repairs_problems_and_photos(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    rows = [
        person(1, photo="a.jpg", citizen_id=58090000001),
        person(2, birth="31/02/1990"),
    ]
    data = package(workbook(rows), {"a.jpg": packages.photo(), "thua.jpg": b"x"})
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    page = clerk.get(here).text
    assert "1 mới, 1 lỗi." in page
    assert "đã thêm số 0 ở đầu" in page
    assert "Không có ngày 31/02/1990" in page
    assert "Ghép 1 ảnh chưa có người" in page
    assert packages.citizen_id(1) not in page, "identity numbers are masked"
    image = re.search(r'src="([^"]+/anh/\d+\.jpg)"', page)
    assert image
    shown = clerk.get(image[1])
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"


def test_the_chips_filter_the_rows(app: Flask, clerk: FlaskClient, cast: Cast):
    rows = [person(1, "Nguyễn Tốt"), person(2, "Trần Lỗi", birth="31/02/1990")]
    here = bring(app, clerk, package(workbook(rows)), unit_id=cast.unit_ids["a1"])
    page = clerk.get(f"{here}?loai=error").text
    assert "Trần Lỗi" in page
    assert "Nguyễn Tốt" not in page


def test_long_lists_come_in_pages_of_fifty(app: Flask, clerk: FlaskClient, cast: Cast):
    data = package(workbook([person(n) for n in range(1, 61)]))
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    first, second = clerk.get(here).text, clerk.get(f"{here}?trang=2").text
    assert first.count('class="cell-title"') == 50
    assert second.count('class="cell-title"') == 10
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def test_accepting_writes_the_good_rows_once(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    data = package(workbook([person(1), person(2)]))
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    version = version_on(clerk.get(here).text)
    answer = clerk.post(f"{here}/nhan", data={"version": version})
    assert answer.status_code == 303
    again = clerk.post(f"{here}/nhan", data={"version": version})
    assert again.status_code == 409
    assert "đang được nhận" in again.text
    work(app)
    late = clerk.post(f"{here}/nhan", data={"version": version})
    assert late.status_code == 409
    assert "đã được nhận rồi" in late.text
    assert "Đã thêm <strong>2</strong> đoàn viên mới" in clerk.get(here).text
    with app.app_context():
        assert db.session.query(Member).count() == 2


def test_an_accepted_list_says_what_is_left_to_do(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    data = package(workbook([person(1), person(2, birth="31/02/1990")]))
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    clerk.post(f"{here}/nhan", data={"version": version_on(clerk.get(here).text)})
    work(app)
    page = clerk.get(here).text
    assert "Còn 1 dòng chưa nhận" in page
    assert "1 người chưa có ảnh" in page
    left = re.search(r'href="([^"]*filter=no_photo[^"]*)"', page)
    assert left is not None
    assert clerk.get(unescape(left[1])).status_code == 200


def test_a_stale_preview_is_not_accepted(app: Flask, clerk: FlaskClient, cast: Cast):
    here = bring(
        app, clerk, package(workbook([person(1)])), unit_id=cast.unit_ids["a1"]
    )
    for stale in ({"version": "1"}, {}, {"version": "x"}):
        assert clerk.post(f"{here}/nhan", data=stale).status_code == 409
    with app.app_context():
        assert db.session.query(Member).count() == 0


def test_a_bad_file_tells_its_sentence_and_can_be_fetched_back(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    data = packages.encrypted(workbook([person(1)]))
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    page = clerk.get(here).text
    assert "Chưa nhập được tệp này" in page
    assert "mật khẩu" in page
    back = clerk.get(f"{here}/tep-goc")
    assert back.data == data
    assert back.headers["Content-Disposition"].startswith("attachment")
    back.close()


def test_the_refused_rows_come_with_their_reason(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    data = package(workbook([person(1, birth="31/02/1990"), person(2)]))
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    (sheet,) = read_sheets(clerk.get(f"{here}/dong-loi.xlsx").data, "a.xlsx")
    cells = [str(cell) for row in sheet.rows for cell in row if cell]
    assert any("Không có ngày 31/02/1990" in cell for cell in cells)
    assert packages.citizen_id(1) in cells
    assert packages.citizen_id(2) not in cells
    with app.app_context():
        actions = [action for (action,) in db.session.query(AuditEntry.action)]
    assert "import.download" in actions


def test_giving_up_leaves_the_members_as_they_were(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    here = bring(
        app, clerk, package(workbook([person(1)])), unit_id=cast.unit_ids["a1"]
    )
    assert clerk.post(f"{here}/bo").status_code == 303
    assert "đã được bỏ" in clerk.get(here).text
    assert clerk.get(f"{here}/tep-goc").status_code == 409
    with app.app_context():
        assert db.session.query(Member).count() == 0


@pytest.mark.parametrize("kind", ["standard", "linked"])
def test_the_templates_can_be_read_back(clerk: FlaskClient, kind: str):
    data = clerk.get(f"/nhap/mau/{kind}.xlsx").data
    assert any("Họ và tên" in row for row in read_sheets(data, "a.xlsx")[0].rows)


@pytest.mark.parametrize(
    ("unit", "sentence"), [("a2", "Chọn đơn vị nhận"), ("", "Chọn đơn vị nhận")]
)
def test_a_unit_outside_the_scope_comes_back_on_the_form(
    app: Flask, clerk: FlaskClient, cast: Cast, unit: str, sentence: str
):
    answer = send(clerk, b"PK", unit_id=cast.unit_ids.get(unit, 0))
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert db.session.query(RosterImport).count() == 0


def test_no_file_comes_back_on_the_form(clerk: FlaskClient, cast: Cast):
    answer = clerk.post("/nhap/", data={"unit": str(cast.unit_ids["a1"])})
    assert answer.status_code == 422
    assert "Chọn tệp .zip hoặc danh sách Excel" in answer.text


def test_other_units_see_nothing_of_an_import(
    app: Flask, clerk: FlaskClient, cast: Cast, client_of: Browser
):
    data = package(workbook([person(1, photo="a.jpg")]), {"a.jpg": packages.photo()})
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    with app.app_context():
        import_id = int(here.rsplit("/", 1)[1])
        scope = Scope(cast.paths["a1"])
        photo_id = intake_q.rows(import_id, scope=scope)[0].photo_id
    places = ("", "/dong-loi.xlsx", "/tep-goc", f"/anh/{photo_id}.jpg")
    for code in ("a2", "upper_b", "s1"):
        stranger = client_of(cast.actor(code))
        assert [stranger.get(here + place).status_code for place in places] == [404] * 4
        assert stranger.post(f"{here}/nhan", data={"version": "2"}).status_code == 404
        assert stranger.post(f"{here}/bo").status_code == 404
        assert "goi.zip" not in stranger.get("/nhap/").text
    assert client_of(cast.actor("upper_a")).get(here).status_code == 200


def test_a_photo_is_shown_only_through_its_own_import(
    app: Flask, clerk: FlaskClient, cast: Cast, client_of: Browser
):
    data = package(workbook([person(1, photo="a.jpg")]), {"a.jpg": packages.photo()})
    bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    neighbour = client_of(cast.actor("a2"))
    own = bring(
        app, neighbour, package(workbook([person(2)])), unit_id=cast.unit_ids["a2"]
    )
    with app.app_context():
        rows = intake_q.rows(1, scope=Scope(cast.paths["a1"]))
    assert neighbour.get(f"{own}/anh/{rows[0].photo_id}.jpg").status_code == 404


def test_an_upper_officers_import_tells_the_unit_nothing_of_its_neighbours(
    app: Flask, clerk: FlaskClient, cast: Cast, client_of: Browser
):
    with app.app_context():
        make_member(
            unit_id=cast.unit_ids["a2"],
            full_name="Chim Hoàng Yến",
            citizen_id=packages.citizen_id(1),
        )
    upper = client_of(cast.actor("upper_a"))
    here = bring(
        app, upper, package(workbook([person(1)])), unit_id=cast.unit_ids["a1"]
    )
    page = clerk.get(here).text
    assert "đã là đoàn viên ở đơn vị khác" in page
    assert "Chim Hoàng" not in page
    assert "Muối Cà Ná" not in page


@pytest.mark.parametrize("role", [Role.APPROVER, Role.PRINTER, Role.READ_ONLY])
def test_whoever_may_not_import_is_told_so(cast: Cast, client_of: Browser, role: Role):
    browser = client_of(cast.actor("a1", role))
    assert browser.get("/nhap/").status_code == 403
    assert send(browser, b"PK", unit_id=cast.unit_ids["a1"]).status_code == 403


def test_a_full_disk_is_told_and_keeps_nothing_by_halves(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        answer = send(clerk, os.urandom(300_000), unit_id=cast.unit_ids["a1"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.status_code == 507
    assert "Ổ đĩa" in answer.text
    with app.app_context():
        assert db.session.query(RosterImport).count() == 0
