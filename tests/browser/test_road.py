"""The road by hand: on a phone, without scripts, from nothing to printed cards."""

import io
import zipfile

import pypdf
import zxingcpp
from PIL import Image

from tests.browser.road import (
    GRASSROOTS,
    MEMBERS,
    OFFICERS,
    REASON,
    SENT,
    TOP,
    Union,
)


def test_the_founding_link_serves_once(union: Union) -> None:
    """Who finds the printed link later cannot found the portal again."""
    founder = union.officers["founder"]
    answer = founder.page.goto(union.portal.founding_link)
    assert answer is not None
    assert not answer.ok
    founder.opens("/")
    assert TOP in founder.reads()


def test_every_officer_signs_in_with_their_slip(union: Union) -> None:
    """Each desk stands at the officer's own unit."""
    for part, (unit, _role, _name) in OFFICERS.items():
        officer = union.officers[part]
        officer.opens("/")
        assert "Việc cần làm" in officer.reads()
        assert officer.page.locator(".brand-unit").inner_text() == unit


def test_a_package_becomes_members(taken_in: Union) -> None:
    """Everybody whom the package holds is on the union's list afterwards."""
    assert taken_in.truth is not None
    shown = taken_in.seen["members"]
    assert f"{MEMBERS} người" in shown
    for person in taken_in.truth.people:
        assert person.full_name in shown


def test_rows_that_were_not_taken_keep_their_reason(taken_in: Union) -> None:
    """The preview stays to be read, with what is wrong with each bad row."""
    entry = taken_in.officers["entry"]
    entry.opens(taken_in.addresses["import"])
    assert "Tải về 3 dòng cần sửa" in entry.reads()
    entry.follows("Lỗi")
    assert "Không có ngày 31/02/" in entry.reads()
    assert GRASSROOTS in entry.reads()


def test_who_lacks_a_photo_stays_on_the_list_with_the_reason(announced: Union) -> None:
    """The others went up without them."""
    assert "Chưa có ảnh" in announced.seen["wanting"]
    assert f"Đã gửi\n{SENT}" in announced.seen["wanting"]


def test_everybody_approved_has_a_number_of_their_own(numbered: Union) -> None:
    """And nothing more waits at the Confederation."""
    assert "Không có đề nghị nào chờ" in numbered.seen["queue"]
    assert len(numbered.numbers) == SENT
    assert all(len(number) == 12 for number in numbered.numbers)


def test_each_card_carries_the_number_on_its_members_page(printed: Union) -> None:
    """An independent reader finds every member's number in the pictures."""
    found = []
    with zipfile.ZipFile(printed.files[0]) as archive:
        for name in archive.namelist():
            if name.endswith(".png"):
                assert name.isascii()
                picture = Image.open(io.BytesIO(archive.read(name)))
                found += [code.text for code in zxingcpp.read_barcodes(picture)]
    assert sorted(found) == sorted(printed.numbers)


def test_the_pdf_holds_both_sides_of_every_card(printed: Union) -> None:
    """One page a side, and each member's name on a page."""
    pages = pypdf.PdfReader(printed.files[1]).pages
    assert len(pages) == 2 * SENT
    text = "".join(page.extract_text() for page in pages)
    for number in printed.numbers:
        assert f"{number[:4]} {number[4:8]} {number[8:]}" in text


def test_a_row_goes_back_only_with_a_reason_and_then_up_again(waiting: Union) -> None:
    """Its union reads the reason; what was mended passes every level again."""
    assert "Mỗi người bị trả lại cần một lý do" in waiting.seen["unreasoned"]
    assert f"Lý do trả: {REASON}" in waiting.seen["returned"]
    approver = waiting.officers["approver"]
    approver.opens("/doi-the/duyet")
    assert "1 đề nghị đang chờ" in approver.reads()


def test_nothing_went_wrong_out_of_sight(printed: Union) -> None:
    """Neither the server nor the worker printed a traceback on the way."""
    assert "Traceback" not in printed.portal.printed()
    assert "ERROR" not in printed.portal.printed()
