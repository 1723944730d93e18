"""The pages on which a preview is mended, chosen from, and taken back."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.db.models import AuditEntry, ImportRow, Member
from portal.db.queries import intake as intake_q
from portal.db.session import db
from tests import packages
from tests.cast import Cast
from tests.packages import package, person, workbook
from tests.views.test_imports import bring, version_on, work

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def clerk(cast: Cast, client_of: Browser) -> FlaskClient:
    """Give the browser of a1's data entry officer."""
    return client_of(cast.actor("a1"))


@pytest.fixture
def here(app: Flask, clerk: FlaskClient, cast: Cast) -> str:
    """Bring a list of one good row and two bad ones; give its address."""
    rows = [
        person(1, "Nguyễn Tốt"),
        person(2, "Trần Sai", birth="31/02/1990"),
        person(3, "Lê Thiếu", sex=""),
    ]
    return bring(app, clerk, package(workbook(rows)), unit_id=cast.unit_ids["a1"])


def row_ids(app: Flask, cast: Cast) -> list[int]:
    with app.app_context():
        scope = Scope(cast.paths["a1"])
        return [row.id for row in intake_q.rows(1, scope=scope)]


def test_a_bad_cell_is_mended_where_it_stands(
    app: Flask, clerk: FlaskClient, here: str, cast: Cast
):
    wrong = row_ids(app, cast)[1]
    page = clerk.get(f"{here}?loai=error").text
    assert f'action="{here}/dong/{wrong}"' in page
    assert 'name="c-birth_date" value="31/02/1990"' in page
    form = {"c-birth_date": "28/02/1990", "trong-trang": "1", "loai": "error"}
    answer = clerk.post(f"{here}/dong/{wrong}", data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{here}?loai=error#row-{wrong}"
    assert "2 mới, 1 lỗi." in clerk.get(here).text


def test_scripts_get_the_preview_block_back(
    app: Flask, clerk: FlaskClient, here: str, cast: Cast
):
    wrong = row_ids(app, cast)[1]
    answer = clerk.post(
        f"{here}/dong/{wrong}",
        data={"c-birth_date": "28/02/1990"},
        headers={"HX-Request": "true"},
    )
    assert answer.text.lstrip().startswith('<div id="import-body"')
    assert "2 mới, 1 lỗi." in answer.text
    assert "Đã sửa tay: Ngày sinh." in answer.text


def test_one_walks_from_bad_row_to_bad_row(
    app: Flask, clerk: FlaskClient, here: str, cast: Cast
):
    _good, first, second = row_ids(app, cast)
    page = clerk.get(f"{here}/dong/{first}").text
    assert "Không có ngày 31/02/1990" in page
    form = {"c-birth_date": "28/02/1990", "tiep": "1"}
    answer = clerk.post(f"{here}/dong/{first}", data=form)
    assert answer.headers["Location"].startswith(f"{here}/dong/{second}")
    answer = clerk.post(f"{here}/dong/{second}", data={"c-sex": "Nữ", "tiep": "1"})
    assert answer.headers["Location"] == here
    assert "Không còn dòng nào cần sửa." in clerk.get(here).text


def test_the_grid_shows_whole_numbers_on_record(
    app: Flask, clerk: FlaskClient, here: str
):
    assert packages.citizen_id(2) not in clerk.get(here).text
    assert packages.citizen_id(2) in clerk.get(f"{here}/bang?loai=bad").text
    with app.app_context():
        seen = db.session.query(AuditEntry).filter_by(action="import.download").one()
        assert seen.detail["what"] == "cells"


def test_a_grid_saves_every_cell_that_was_typed(
    app: Flask, clerk: FlaskClient, here: str, cast: Cast
):
    _good, first, second = row_ids(app, cast)
    form = {
        f"c-{first}-birth_date": "28/02/1990",
        f"c-{first}-full_name": "Trần Sai",
        f"c-{second}-sex": "Nữ",
        "loai": "bad",
    }
    answer = clerk.post(f"{here}/bang", data=form)
    assert answer.headers["Location"].endswith("/bang?loai=bad&trang=1")
    page = clerk.get(answer.headers["Location"]).text
    assert "không còn gì cần sửa" in page
    assert "Không còn dòng nào ở đây" in page


def test_a_script_gets_the_verdicts_of_the_rows_it_touched(
    app: Flask, clerk: FlaskClient, here: str, cast: Cast
):
    good, first, _second = row_ids(app, cast)
    answer = clerk.post(
        f"{here}/bang",
        data={f"c-{first}-citizen_id": packages.citizen_id(1)},
        headers={"HX-Request": "true"},
    )
    touched = re.findall(r'data-state="state-(\d+)"', answer.text)
    assert touched == [str(good), str(first)]
    assert packages.citizen_id(1) not in answer.text


@pytest.mark.parametrize(
    "cells",
    [
        {"c-1-row_key": "x"},
        {"c-1-full_name": "\u202e\x00=1+1<b>"},
        {"c-1-phone": "9" * 5000},
        {"c-x-phone": "1", "c-1-": "2"},
    ],
)
def test_nothing_typed_into_a_cell_breaks_the_page(
    clerk: FlaskClient, here: str, cells: dict[str, str]
):
    assert clerk.post(f"{here}/bang", data=cells).status_code == 303
    assert clerk.get(f"{here}/bang").status_code == 200
    assert "<b>" not in clerk.get(here).text


def test_a_masked_number_left_alone_stays(app: Flask, clerk: FlaskClient, cast: Cast):
    rows = [person(1), person(2, citizen_id=packages.citizen_id(1))]
    here = bring(app, clerk, package(workbook(rows)), unit_id=cast.unit_ids["a1"])
    first = row_ids(app, cast)[0]
    page = clerk.get(here).text
    assert 'name="m-citizen_id" value="1"' in page
    clerk.post(f"{here}/dong/{first}", data={"c-citizen_id": "", "m-citizen_id": "1"})
    with app.app_context():
        kept = db.session.get(ImportRow, first)
        assert kept.raw["citizen_id"] == packages.citizen_id(1)


def test_rows_are_left_out_one_by_one_and_by_kind(
    app: Flask, clerk: FlaskClient, here: str, cast: Cast
):
    good = row_ids(app, cast)[0]
    clerk.post(f"{here}/dong/{good}/chon", data={"viec": "skip"})
    page = clerk.get(here).text
    assert "Nhận 1 dòng tốt" not in page
    assert "Đã bỏ qua" in page
    clerk.post(f"{here}/chon", data={"viec": "take", "loai": "left_out"})
    assert "Nhận 1 dòng tốt" in clerk.get(here).text
    assert clerk.post(f"{here}/chon", data={"viec": "fly"}).status_code == 422
    assert clerk.post(f"{here}/dong/{good}/chon", data={}).status_code == 422


def test_the_columns_are_shown_and_explained(app: Flask, clerk: FlaskClient, here: str):
    page = clerk.get(f"{here}/cot").text
    assert "Tên file ảnh" in page
    form = {"header": ["Tên file ảnh"], "field": [""]}
    assert clerk.post(f"{here}/cot", data=form).status_code == 303
    work(app)
    assert "Đã nhớ" in clerk.get(f"{here}/cot").text


def test_an_old_font_is_shown_before_and_after_and_can_be_denied(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    old = ["Phan Minh Dòng", "NguyÔn V¨n Hïng", "TrÇn Th¾ng", "Lª V¨n §øc"]
    rows = [person(at, name) for at, name in enumerate(old, 1)]
    here = bring(app, clerk, package(workbook(rows)), unit_id=cast.unit_ids["a1"])
    page = clerk.get(f"{here}/cot").text
    assert "Nguyễn Văn Hùng" in page
    choice = re.search(r'name="cot" id="cot-1" value="([^"]+)"', page)
    assert choice
    form = {"cot": choice[1].replace("&#9;", "\t")}
    assert clerk.post(f"{here}/phong-chu", data=form).status_code == 303
    work(app)
    page = clerk.get(f"{here}/cot").text
    assert "checked" in page
    assert "Nguyễn Văn Hùng" not in clerk.get(here).text


def test_a_file_without_a_header_leads_to_where_it_is_explained(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    data = package(workbook([["a", 1]], headers=("Danh tính", "Chào đời")))
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    assert f'href="{here}/cot"' in clerk.get(here).text
    assert "Chữ tiêu đề trong tệp" in clerk.get(f"{here}/cot").text
    form = {"header": ["Danh tính", ""], "field": ["full_name", "sex"]}
    assert clerk.post(f"{here}/cot", data=form).status_code == 303


def test_a_loose_photo_is_given_to_its_person_in_two_taps(
    app: Flask, clerk: FlaskClient, cast: Cast
):
    roster = workbook([person(1, "Nguyễn Tốt"), person(2, "Trần Sang")])
    data = package(roster, {"IMG_1.jpg": packages.photo()})
    here = bring(app, clerk, data, unit_id=cast.unit_ids["a1"])
    assert "Ghép 1 ảnh chưa có người" in clerk.get(here).text
    desk = clerk.get(f"{here}/anh").text
    image = re.search(r'href="([^"]+/anh/\d+/ghep)"', desk)
    assert image
    assert "Nguyễn Tốt" not in clerk.get(f"{image[1]}?q=sang").text
    people = clerk.get(f"{image[1]}?q=tran").text
    chosen = re.search(r'name="dong" value="(\d+)"', people)
    assert chosen
    answer = clerk.post(image[1], data={"dong": chosen[1]})
    assert "Đã ghép ảnh cho Trần Sang" in clerk.get(answer.headers["Location"]).text
    clerk.post(f"{here}/dong/{chosen[1]}/bo-anh")
    assert "IMG_1.jpg" in clerk.get(f"{here}/anh").text


def test_an_accepted_list_is_taken_back_and_read_again(
    app: Flask, clerk: FlaskClient, here: str
):
    clerk.post(f"{here}/nhan", data={"version": version_on(clerk.get(here).text)})
    work(app)
    assert "Lấy lại lần nhập này" in clerk.get(here).text
    assert "Không có gì vướng" in clerk.get(f"{here}/lay-lai").text
    assert clerk.post(f"{here}/lay-lai").status_code == 303
    work(app)
    page = clerk.get(here).text
    assert "Đã lấy lại <strong>1</strong> dòng" in page
    with app.app_context():
        assert db.session.query(Member).count() == 0
    clerk.post(f"{here}/doc-lai")
    work(app)
    assert "Nhận 1 dòng tốt" in clerk.get(here).text


def test_the_history_tells_who_brought_what(clerk: FlaskClient, here: str):
    page = clerk.get("/nhap/").text
    assert "data_entry a1" in page
    assert "goi.zip" in page
    assert "Đọc và đối chiếu xong" in clerk.get(here).text
