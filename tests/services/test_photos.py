"""Photos of members: taken, cut anew, refused, read within scope."""

import io

import pytest
from PIL import Image

from portal.access.policy import Role
from portal.db.queries import audit as audit_q
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.renewal import State
from portal.services import members, photos, stores
from portal.services.member_history import history
from tests.cast import Cast
from tests.make import make_member, make_request


def picture(*, size: tuple[int, int] = (600, 900), red_from: float = 0.5) -> bytes:
    """Draw a JPEG that is blue on the left and red from a fraction of its width."""
    image = Image.new("RGB", size, (40, 60, 200))
    image.paste((200, 40, 40), (int(size[0] * red_from), 0, *size))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_photo_is_cut_kept_and_recorded(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    by = cast.actor("a1")
    outcome = photos.upload(member.id, picture(), name="a.jpg", crop=None, by=by)
    assert outcome.ok
    card = Image.open(io.BytesIO(photos.read(member.id, "card", by=by)))
    assert card.size == (472, 708)
    (entry,) = audit_q.of_subject("member", member.id, scope=by.scope)
    assert (entry.action, entry.detail["replaced"]) == ("member.photo", False)


def test_the_kept_original_is_cut_anew_without_encoding_it_again(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    by = cast.actor("a1")
    photos.upload(member.id, picture(size=(1800, 900)), name="a", crop=None, by=by)
    original = photos.read(member.id, "original", by=by)
    left = (0.0, 0.0, 1 / 3, 1.0)
    photos.upload(member.id, original, name="a", crop=left, by=by)
    assert photos.read(member.id, "original", by=by) == original
    card = Image.open(io.BytesIO(photos.read(member.id, "card", by=by)))
    assert card.getpixel((400, 300))[2] > 150  # all blue: the left third
    told = [entry.title for entry in history(member.id, by=by)]
    assert told == ["Đổi ảnh", "Thêm ảnh"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Chưa chọn ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"khong phai anh", "không phải là ảnh"),
        (picture(size=(100, 150)), "quá nhỏ"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(
    cast: Cast, data: bytes, words: str
) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    by = cast.actor("a1")
    outcome = photos.upload(member.id, data, name="a.jpg", crop=None, by=by)
    assert words in " ".join(map(str, outcome.problems))
    assert members.find(member.id, by=by).photo_id is None


def test_a_picture_beyond_thirty_megabytes_is_not_even_opened(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    by = cast.actor("a1")
    data = picture() + bytes(photos.MOST_BYTES)
    outcome = photos.upload(member.id, data, name="a.jpg", crop=None, by=by)
    (problem,) = outcome.problems
    assert "lớn hơn 30 MB" in problem.text
    with pytest.raises(NotFound):
        photos.read(member.id, "card", by=by)


def test_a_crop_outside_the_picture_is_refused(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    outcome = photos.upload(
        member.id,
        picture(),
        name="a.jpg",
        crop=(0.9, 0.9, 0.9, 0.9),
        by=cast.actor("a1"),
    )
    assert "Khung cắt nằm ngoài ảnh" in str(outcome.problems[0])


def test_the_same_picture_on_two_members_is_told(cast: Cast) -> None:
    by = cast.actor("a1")
    ids = [
        make_member(unit_id=cast.unit_ids["a1"], full_name=name).id
        for name in ("Lê Một", "Lê Hai")
    ]
    photos.upload(ids[0], picture(), name="a.jpg", crop=None, by=by)
    outcome = photos.upload(ids[1], picture(), name="b.jpg", crop=None, by=by)
    assert "Lê Một" in outcome.warnings[-1]


def test_the_same_picture_in_another_unit_is_not_told(cast: Cast) -> None:
    there = make_member(unit_id=cast.unit_ids["b1"], full_name="Lý Kín").id
    here = make_member(unit_id=cast.unit_ids["a1"]).id
    photos.upload(there, picture(), name="a.jpg", crop=None, by=cast.actor("b1"))
    outcome = photos.upload(
        here, picture(), name="a.jpg", crop=None, by=cast.actor("a1")
    )
    assert outcome.warnings == ()


def test_nobody_gives_a_photo_outside_the_scope(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["b1"])
    with pytest.raises(NotFound):
        photos.upload(
            member.id, picture(), name="a.jpg", crop=None, by=cast.actor("a1")
        )


def test_a_reader_gives_no_photo(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    reader = cast.actor("a1", Role.READ_ONLY)
    with pytest.raises(NotAllowed):
        photos.upload(member.id, picture(), name="a.jpg", crop=None, by=reader)


def test_preparing_keeps_bytes_and_opens_no_transaction(cast: Cast) -> None:
    prepared = photos.prepare_photo(picture(), name="a.jpg")
    assert stores.photos().exists(prepared.card_hash)
    assert stores.photos().exists(prepared.original_hash)
    assert prepared.crop == pytest.approx((0.0, 0.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("state", "may_change"),
    [
        (State.DECLARED, True),
        (State.SUBMITTED, False),
        (State.RETURNED, True),
        (State.APPROVED, False),
        (State.PRINTED, True),
    ],
)
def test_the_photo_that_a_list_was_sent_with_stays(
    cast: Cast, state: State, may_change: bool
) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    by = cast.actor("a1")
    first = photos.upload(member.id, picture(), name="a", crop=None, by=by)
    request = make_request(
        member=member, announced_by=cast.unit_ids["f85"], state=state
    )
    assert request.state is state
    before = photos.read(member.id, "card", by=by)
    other = picture(red_from=0.2)
    outcome = photos.upload(member.id, other, name="b", crop=None, by=by)
    assert first.ok
    assert outcome.ok is may_change
    assert (photos.read(member.id, "card", by=by) == before) is not may_change
    if not may_change:
        assert "trả lại" in str(outcome.problems[0])


def test_a_photo_may_still_come_where_a_list_was_sent_without_one(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    make_request(
        member=member, announced_by=cast.unit_ids["f85"], state=State.SUBMITTED
    )
    outcome = photos.upload(
        member.id, picture(), name="a", crop=None, by=cast.actor("a1")
    )
    assert outcome.ok
