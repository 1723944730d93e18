"""The photos of a unit on one sheet: red frames first, turned, approved."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import AuditEntry, Member, Photo
from portal.db.session import db, transaction
from portal.services import photos, stores
from tests import packages
from tests.cast import Cast
from tests.make import make_member

Browser = Callable[[Actor], FlaskClient]


def wide_picture() -> bytes:
    """Give a picture that lies on its side, left half red."""
    image = Image.new("RGB", (1500, 1000), (20, 60, 200))
    image.paste((200, 30, 30), (0, 0, 750, 1000))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    """Write five of a1: no photo, the same one twice, one lying, one good."""
    clerk = cast.actor("a1")
    pictures = {
        "Không Ảnh": None,
        "Giống Một": packages.photo(1),
        "Giống Hai": packages.photo(1),
        "Nằm Ngang": wide_picture(),
        "Ảnh Tốt": packages.photo(2),
    }
    found = {}
    with app.app_context():
        for name, data in pictures.items():
            member = make_member(unit_id=clerk.unit_id, full_name=name)
            found[name] = member.id
            if data is not None:
                photos.upload(member.id, data, name="a.jpg", crop=None, by=clerk)
    return found


def photo_of(app: Flask, member_id: int) -> Photo:
    with app.app_context():
        return db.session.get(Photo, db.session.get(Member, member_id).photo_id)


def names_on(page: str) -> list[str]:
    return re.findall(r'class="photo-name"><a[^>]*>([^<]+)<', page)


def test_red_frames_come_first_and_say_why(
    client_of: Browser, cast: Cast, people: dict[str, int]
):
    page = client_of(cast.actor("a1")).get("/anh/").text
    assert names_on(page) == [
        "Giống Hai",
        "Giống Một",
        "Nằm Ngang",
        "Không Ảnh",
        "Ảnh Tốt",
    ]
    assert page.count("photo-bad") == 4
    assert page.count("Cùng một ảnh với người khác") == 2
    assert "508 dpi" in page


def test_a_photo_is_turned_and_the_picture_before_is_kept(
    app: Flask, client_of: Browser, cast: Cast, people: dict[str, int]
):
    clerk = client_of(cast.actor("a1"))
    lying = people["Nằm Ngang"]
    before = photo_of(app, lying)
    here = f"/anh/{lying}/xoay"
    answer = clerk.post(here, data={"anh": before.id, "chieu": "phai"})
    assert answer.status_code == 303
    after = photo_of(app, lying)
    with app.app_context():
        store = stores.photos()
        turned = Image.open(io.BytesIO(store.read(after.original_hash)))
        assert turned.size == (1000, 1500)
        assert turned.getpixel((500, 100))[0] > 150, "what was left is now on top"
        assert store.exists(before.original_hash)
    assert clerk.post(here, data={"anh": before.id}).status_code == 409
    card = clerk.post(here, data={"anh": after.id}, headers={"HX-Request": "true"})
    assert f'id="anh-{lying}"' in card.text
    assert "<html" not in card.text


def test_approving_is_a_right_of_its_own_and_takes_what_was_seen(
    app: Flask, client_of: Browser, cast: Cast, people: dict[str, int]
):
    good = people["Ảnh Tốt"]
    seen = photo_of(app, good).id
    chosen = {"chon": [f"{good}-{seen}", f"{people['Giống Một']}-1000", "x", "1-"]}
    clerk = client_of(cast.actor("a1"))
    assert clerk.post("/anh/duyet", data=chosen).status_code == 403
    assert "Duyệt các ảnh" not in clerk.get("/anh/").text
    approver = client_of(cast.actor("upper_a", Role.APPROVER))
    assert approver.post("/anh/duyet", data=chosen).status_code == 303
    assert photo_of(app, good).approved_at is not None
    assert photo_of(app, people["Giống Một"]).approved_at is None
    assert names_on(approver.get("/anh/?loc=approved").text) == ["Ảnh Tốt"]
    with app.app_context():
        acts = db.session.query(AuditEntry).filter_by(action="member.photo_approved")
        assert [act.subject_id for act in acts] == [good]


def test_a_refused_photo_says_why_until_another_comes(
    app: Flask, client_of: Browser, cast: Cast, people: dict[str, int]
):
    good = people["Ảnh Tốt"]
    approver = client_of(cast.actor("a1", Role.APPROVER))
    here = f"/anh/{good}/chua-dat"
    form = {"anh": photo_of(app, good).id, "ly-do": "Đeo kính đen"}
    assert approver.post(here, data={**form, "ly-do": " "}).status_code == 422
    assert approver.post(here, data=form).status_code == 303
    page = client_of(cast.actor("a1")).get("/anh/?loc=red").text
    assert "Chưa đạt: Đeo kính đen" in page
    with app.app_context():
        photos.upload(
            good, packages.photo(3), name="b.jpg", crop=None, by=cast.actor("a1")
        )
    assert "Đeo kính đen" not in approver.get("/anh/").text


def test_other_units_are_out_of_reach(
    app: Flask, client_of: Browser, cast: Cast, people: dict[str, int]
):
    stranger = client_of(cast.actor("a2"))
    assert names_on(stranger.get("/anh/").text) == []
    assert stranger.get("/anh/?unit=a1").status_code == 404
    good = people["Ảnh Tốt"]
    form = {"anh": photo_of(app, good).id}
    assert stranger.post(f"/anh/{good}/xoay", data=form).status_code == 404
    other = client_of(cast.actor("b1", Role.APPROVER))
    other.post("/anh/duyet", data={"chon": f"{good}-{form['anh']}"})
    assert photo_of(app, good).approved_at is None


def test_the_print_page_warns_of_photos_that_nobody_approved(
    app: Flask, client_of: Browser, cast: Cast
):
    from portal.domain.renewal import State
    from tests.make import make_photo, make_request

    with app.app_context():
        member = make_member(
            unit_id=cast.unit_ids["a1"],
            photo_id=make_photo().id,
            member_number="850000000001",
        )
        make_request(
            member=member,
            announced_by=cast.unit_ids["f85"],
            state=State.APPROVED,
            unit_name_on_card="CĐCS",
        )
    printer = client_of(cast.actor("f85", Role.PRINTER))
    page = printer.get("/lo-in/moi").text
    assert "1 thẻ có ảnh chưa ai duyệt" in page
    assert "Vẫn in được" in page
    with app.app_context(), transaction() as session:
        session.query(Photo).one().refused_reason = "Mờ"
    assert "1 thẻ có ảnh bị báo là chưa đạt" in printer.get("/lo-in/moi").text
