"""The pages of a member's photo."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.access.actor import Actor
from portal.access.policy import Role
from tests.cast import Cast
from tests.make import make_member

SignIn = Callable[[Actor], FlaskClient]


def jpeg(size: tuple[int, int] = (400, 600)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 130, 140)).save(out, "JPEG")
    out.seek(0)
    return out


@pytest.fixture
def member_id(app: Flask, cast: Cast) -> int:
    """Give a member of a1."""
    with app.app_context():
        return make_member(unit_id=cast.unit_ids["a1"]).id


def test_an_uploaded_photo_is_shown_to_the_unit_and_never_cached(
    cast: Cast, client_of: SignIn, member_id: int
) -> None:
    browser = client_of(cast.actor("a1"))
    answer = browser.post(f"/anh/{member_id}/sua", data={"photo": (jpeg(), "a.jpg")})
    assert answer.status_code == 303
    shown = browser.get(f"/anh/{member_id}/card")
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(shown.data)).size == (472, 708)


def test_other_units_see_no_photo(
    cast: Cast, client_of: SignIn, member_id: int
) -> None:
    client_of(cast.actor("a1")).post(
        f"/anh/{member_id}/sua", data={"photo": (jpeg(), "a.jpg")}
    )
    browser = client_of(cast.actor("a2"))
    for address in (f"/anh/{member_id}/card", f"/anh/{member_id}/sua"):
        assert browser.get(address).status_code == 404
    answer = browser.post(f"/anh/{member_id}/sua", data={"photo": (jpeg(), "a.jpg")})
    assert answer.status_code == 404


@pytest.mark.parametrize("size", ["card", "huge", "..", "original_hash"])
def test_no_photo_and_no_such_size_are_the_same(
    cast: Cast, client_of: SignIn, member_id: int, size: str
) -> None:
    browser = client_of(cast.actor("a1"))
    assert browser.get(f"/anh/{member_id}/{size}").status_code == 404


def test_a_reader_sees_the_photo_but_no_form(
    cast: Cast, client_of: SignIn, member_id: int
) -> None:
    client_of(cast.actor("a1")).post(
        f"/anh/{member_id}/sua", data={"photo": (jpeg(), "a.jpg")}
    )
    reader = client_of(cast.actor("a1", Role.READ_ONLY))
    assert reader.get(f"/anh/{member_id}/card").status_code == 200
    assert reader.get(f"/anh/{member_id}/sua").status_code == 403


def test_a_refused_photo_comes_back_on_the_form(
    cast: Cast, client_of: SignIn, member_id: int
) -> None:
    browser = client_of(cast.actor("a1"))
    answer = browser.post(
        f"/anh/{member_id}/sua", data={"photo": (io.BytesIO(b"xyz"), "nhầm.docx")}
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "nhầm.docx" in page
    assert "không phải là ảnh" in page


def test_the_drawn_box_is_cut(cast: Cast, client_of: SignIn, member_id: int) -> None:
    image = Image.new("RGB", (1200, 900), (0, 0, 255))
    image.paste((255, 0, 0), (600, 0, 1200, 900))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=95)
    data.seek(0)
    browser = client_of(cast.actor("a1"))
    box = {"crop_left": "0", "crop_top": "0", "crop_width": "0.5", "crop_height": "1"}
    browser.post(f"/anh/{member_id}/sua", data={"photo": (data, "a.jpg"), **box})
    card = Image.open(io.BytesIO(browser.get(f"/anh/{member_id}/card").data))
    assert card.getpixel((460, 300))[2] > 200
