"""The pages of card designs and what the editor's script is answered."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from PIL import Image

from portal.access.policy import Role
from portal.db.models import DesignDraft
from portal.db.session import db
from portal.services.designs import gallery, publishing
from tests.cast import Cast
from tests.conftest import ADDRESS
from tests.make import make_member


@pytest.fixture
def design_id(app: Flask, cast: Cast) -> int:
    """Give a design of the federation, begun from the standard one."""
    with app.app_context():
        by = cast.actor("f85", Role.DESIGNER)
        return gallery.create("Thẻ Duyên Hải", start="standard", by=by).id


@pytest.fixture
def designer(client_of: Callable[..., FlaskClient], cast: Cast) -> FlaskClient:
    return client_of(cast.actor("f85", Role.DESIGNER))


def get(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path, base_url=ADDRESS)
    assert response.status_code == status
    return response.get_data(as_text=True)


def send(client: FlaskClient, path: str, **form: object) -> object:
    return client.post(path, data=form, base_url=ADDRESS)


def state(client: FlaskClient, design_id: int, side: str = "front") -> dict:
    response = client.get(f"/mau-the/{design_id}/soan/{side}.json", base_url=ADDRESS)
    assert response.status_code == 200
    return response.get_json()


def operate(
    client: FlaskClient, design_id: int, *operations: dict, revision: int = 1
) -> tuple[int, dict]:
    response = client.post(
        f"/mau-the/{design_id}/soan/front/thao-tac",
        json={"revision": revision, "operations": operations},
        base_url=ADDRESS,
    )
    return response.status_code, response.get_json()


def test_a_designer_goes_from_nothing_to_a_published_design_without_script(
    designer: FlaskClient,
) -> None:
    made = send(designer, "/mau-the/moi", name="Thẻ mới", start="standard")
    assert made.status_code == 303
    here = made.headers["Location"]
    assert "Chưa phát hành" in get(designer, here)
    page = get(designer, f"{here}/phien-ban")
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    assert revision

    sent = send(designer, f"{here}/phat-hanh", note="Bản đầu", revision=revision[1])

    assert sent.status_code == 303
    page = get(designer, f"{here}/phien-ban")
    assert "Bản đầu" in page
    assert "chưa có gì để phát hành thêm" in page
    assert "Đã phát hành bản 1" in get(designer, "/mau-the/")
    assert "Bản 1 của Thẻ mới" in get(designer, f"{here}/phien-ban/1")
    assert "design.toml" not in get(designer, f"{here}/thu-in")


def test_what_a_form_lacks_is_said_beside_its_field(designer: FlaskClient) -> None:
    for path, form, said in (
        ("/mau-the/moi", {"start": "standard"}, "Đặt tên cho mẫu thẻ."),
        ("/mau-the/moi", {"name": "A", "start": "lạ"}, "Chọn mẫu để bắt đầu"),
        ("/mau-the/nhap", {}, "Chọn tệp .zip"),
        (
            "/mau-the/nhap",
            {"file": (io.BytesIO(b"<svg><script/></svg>"), "x.svg")},
            "x.svg, dòng 1",
        ),
    ):
        response = send(designer, path, **form)
        assert response.status_code == 422
        assert said in response.get_data(as_text=True)


def test_a_draft_with_errors_is_not_published_and_all_of_them_are_told(
    designer: FlaskClient,
) -> None:
    made = send(designer, "/mau-the/moi", name="Trống", start="blank", kind="linked")

    refused = send(designer, f"{made.headers['Location']}/phat-hanh", note="")

    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Họ và tên" in text
    assert "Mã số đoàn viên" in text


def test_units_below_see_what_is_published_and_cannot_change_it(
    app: Flask,
    cast: Cast,
    client_of: Callable[..., FlaskClient],
    design_id: int,
) -> None:
    below = client_of(cast.actor("a1", Role.DESIGNER))
    assert "Thẻ Duyên Hải" not in get(below, "/mau-the/")
    get(below, f"/mau-the/{design_id}", 404)
    with app.app_context():
        by = cast.actor("f85", Role.DESIGNER)
        publishing.publish(design_id, note="", revision=None, by=by)

    assert "Thẻ Duyên Hải" in get(below, "/mau-the/")
    page = get(below, f"/mau-the/{design_id}")
    assert "trình thiết kế" not in page.lower()
    assert "/sua" not in page
    get(below, f"/mau-the/{design_id}/soan", 403)
    get(below, f"/mau-the/{design_id}/soan/front.json", 403)
    get(client_of(cast.actor("s1", Role.DESIGNER)), f"/mau-the/{design_id}", 404)


def test_the_state_of_a_side_says_all_that_the_editor_shows(
    designer: FlaskClient, design_id: int
) -> None:
    found = state(designer, design_id)

    assert found["revision"] == 1
    assert (found["undo"], found["redo"]) == (False, False)
    assert found["safe_mm"] == 3
    assert found["edited_by"] == "designer f85"
    assert found["source"].startswith("<svg")
    names = {box["field"] for box in found["boxes"]}
    assert {"full_name", "photo", "member_number"} <= names
    root = etree.fromstring(found["svg"])
    at = {element.get("data-at") for element in root.iter(etree.Element)}
    assert {box["at"] for box in found["boxes"]} <= at


def test_an_operation_answers_with_the_new_state_and_undo_with_the_old(
    designer: FlaskClient, design_id: int
) -> None:
    before = state(designer, design_id)
    at = next(b["at"] for b in before["boxes"] if b["field"] == "full_name")

    status, after = operate(
        designer, design_id, {"op": "move", "at": [at], "dx": 1, "dy": 0.5}
    )

    assert status == 200
    assert after["revision"] == 2
    assert after["at"] == [at]
    old, new = (
        next(box for box in one["boxes"] if box["at"] == at) for one in (before, after)
    )
    assert new["x_mm"] - old["x_mm"] == pytest.approx(1, abs=0.01)
    assert new["y_mm"] - old["y_mm"] == pytest.approx(0.5, abs=0.01)
    undone = designer.post(
        f"/mau-the/{design_id}/soan/front/hoan-tac",
        json={"revision": 2},
        base_url=ADDRESS,
    ).get_json()
    assert undone["source"] == before["source"]
    assert (undone["revision"], undone["redo"]) == (3, True)


def test_refusals_are_json_with_a_sentence(
    designer: FlaskClient, design_id: int
) -> None:
    move = {"op": "move", "at": ["0"], "dx": 1, "dy": 0}
    status, told = operate(designer, design_id, move, revision=9)
    assert (status, told["revision"], told["edited_by"]) == (409, 1, "designer f85")
    bad = {"op": "replace", "svg": state(designer, design_id)["source"] + "<x"}
    status, told = operate(designer, design_id, bad)
    assert status == 422
    assert told["line"] > 1
    for sent in (
        b"{",
        b"[]",
        b'{"revision": "x", "operations": []}',
        b'{"revision": 1, "operations": "x"}',
        b'{"revision": 1, "operations": [{"op": 3}]}',
        b'{"revision": 1, "operations": []}',
    ):
        response = designer.post(
            f"/mau-the/{design_id}/soan/front/thao-tac",
            data=sent,
            content_type="application/json",
            base_url=ADDRESS,
        )
        assert response.status_code == 422
        assert response.get_json()["message"]
    gone = designer.get("/mau-the/99999/soan/front.json", base_url=ADDRESS)
    assert (gone.status_code, "message" in gone.get_json()) == (404, True)


def test_a_preview_is_a_picture_and_a_refused_card_a_list_of_reasons(
    designer: FlaskClient, design_id: int
) -> None:
    drawn = designer.get(f"/mau-the/{design_id}/soan/back.png", base_url=ADDRESS)
    assert Image.open(io.BytesIO(drawn.data)).size[0] > 500
    refused = designer.get(
        f"/mau-the/{design_id}/soan/front.png?mau=no-photo", base_url=ADDRESS
    )
    assert refused.status_code == 422
    assert any("ảnh" in one["text"].lower() for one in refused.get_json()["problems"])
    other = designer.get(f"/mau-the/{design_id}/soan/front.png?dpi=7", base_url=ADDRESS)
    assert other.status_code == 422


def test_a_source_is_checked_by_line_before_it_is_saved(
    app: Flask, designer: FlaskClient, design_id: int
) -> None:
    source = state(designer, design_id)["source"]

    def findings(text: str) -> list[dict]:
        return designer.post(
            f"/mau-the/{design_id}/soan/kiem-tra",
            json={"side": "front", "source": text},
            base_url=ADDRESS,
        ).get_json()["findings"]

    wrong = findings(source.replace('data-field="full_name"', 'data-field="ten"', 1))
    line = source[: source.index('data-field="full_name"')].count("\n") + 1
    assert any(one["line"] == line and one["level"] == "error" for one in wrong)
    assert findings(source.replace("<title>", "<script>1</script><title>", 1))
    with app.app_context():
        assert db.session.get_one(DesignDraft, design_id).revision == 1


def test_members_are_offered_to_who_may_see_them(
    app: Flask, cast: Cast, client_of: Callable[..., FlaskClient], design_id: int
) -> None:
    with app.app_context():
        near = make_member(unit_id=cast.unit_ids["a1"], full_name="Lê Thị Gần").id
        make_member(unit_id=cast.unit_ids["s1"], full_name="Lê Thị Gần Xa")
    path = f"/mau-the/{design_id}/soan/doan-vien.json?q=gan"

    printer = client_of(cast.actor("f85", Role.PRINTER))
    found = printer.get(path, base_url=ADDRESS).get_json()
    assert [one["id"] for one in found] == [near]
    designer = client_of(cast.actor("f85", Role.DESIGNER))
    assert designer.get(path, base_url=ADDRESS).get_json() == []
    refused = designer.get(
        f"/mau-the/{design_id}/soan/front.png?mau=member:{near}", base_url=ADDRESS
    )
    assert refused.status_code == 403


def test_an_uploaded_picture_is_shown_in_the_copy_and_served_to_its_own(
    designer: FlaskClient, design_id: int
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#0a2a63").save(out, "PNG")
    answer = designer.post(
        f"/mau-the/{design_id}/soan/front/hinh",
        data={
            "file": (io.BytesIO(out.getvalue()), "nền.png"),
            "revision": 1,
            "as": "background",
        },
        base_url=ADDRESS,
    ).get_json()

    (href,) = re.findall(r'href="(/mau-the/[^"]+\.png)"', answer["svg"])
    assert answer["at"] == ["3"]  # upon the paper, below all else
    served = designer.get(href, base_url=ADDRESS)
    assert served.mimetype == "image/png"
    assert Image.open(io.BytesIO(served.data)).size == (300, 200)
