"""What pages gain with scripts, on a phone and on a PC; and that nothing is lost."""

import time

import pytest
from playwright.sync_api import expect

from portal.demo.package import write_package
from tests.browser.officer import DESK, PHONE, Officer
from tests.browser.road import GRASSROOTS, SECOND, Union

BOTH_SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "pc"])

# Left in the page: gone as soon as the browser loads a page anew.
_MARK = "window.sameDocument = true"
_IS_MARKED = "window.sameDocument === true"


@BOTH_SIZES
def test_the_search_follows_the_typing_and_keeps_its_place(
    printed: Union, sit_down, size
) -> None:
    """The list changes while the cursor stays in the box, and so does the address."""
    entry: Officer = sit_down(printed, "entry", size=size)
    wanted = sorted(printed.numbers.values())[0]
    entry.opens("/doan-vien")
    entry.page.evaluate(_MARK)
    box = entry.page.get_by_role("searchbox")
    box.press_sequentially(wanted.lower(), delay=30)
    entry.page.wait_for_url("**q=*")
    expect(entry.main.locator("#member-list td.cell-title")).to_have_text([wanted])
    assert box.evaluate("box => box === document.activeElement")
    assert box.input_value() == wanted.lower()
    assert entry.page.evaluate(_IS_MARKED)


def test_back_returns_to_the_search(printed: Union, sit_down) -> None:
    """From a record the list comes back as it was left."""
    entry: Officer = sit_down(printed, "entry")
    wanted = sorted(printed.numbers.values())[-1]
    entry.opens("/doan-vien")
    entry.page.get_by_role("searchbox").press_sequentially(wanted, delay=30)
    entry.page.wait_for_url("**q=*")
    entry.main.get_by_role("link", name=wanted, exact=True).click()
    entry.page.wait_for_url("**/doan-vien/*")
    entry.page.go_back()
    entry.page.wait_for_load_state()
    expect(entry.page.get_by_role("searchbox")).to_have_value(wanted)
    assert entry.main.locator("#member-list td.cell-title").count() == 1


@BOTH_SIZES
def test_a_number_that_somebody_has_is_told_at_once(
    printed: Union, sit_down, size
) -> None:
    """The form says whose it is as soon as one leaves the field."""
    entry: Officer = sit_down(printed, "entry", size=size)
    assert printed.truth is not None
    person = printed.truth.people[0]
    entry.opens("/doan-vien/them")
    entry.page.evaluate(_MARK)
    box = entry.main.get_by_label("Số CCCD", exact=False).first
    box.fill(person.citizen_id)
    box.press("Tab")
    warning = entry.main.locator("[role=alert]").filter(has_text=person.full_name)
    warning.wait_for()
    assert GRASSROOTS in warning.inner_text()
    assert entry.page.evaluate(_IS_MARKED)


def test_a_refused_form_comes_back_without_a_new_page(printed: Union, sit_down) -> None:
    """The mistake stands at its field, and the cursor too."""
    founder: Officer = sit_down(printed, "founder")
    founder.opens("/don-vi/")
    founder.follows("Thêm đơn vị")
    founder.page.wait_for_url("**/them")
    founder.page.evaluate(_MARK)
    founder.fills({"Tên đơn vị": "LĐLĐ tỉnh Khác", "Mã đơn vị": "LD85"})
    founder.main.get_by_role("button", name="Lưu").click()
    error = founder.main.locator(".field-error")
    error.wait_for()
    code = founder.main.get_by_label("Mã đơn vị")
    assert code.get_attribute("aria-invalid") == "true"
    assert code.evaluate("box => box === document.activeElement")
    assert founder.main.get_by_label("Tên đơn vị").input_value() == "LĐLĐ tỉnh Khác"
    assert founder.page.evaluate(_IS_MARKED)


def test_two_quick_taps_save_one_person(printed: Union, sit_down) -> None:
    """A finger that taps twice adds nobody twice."""
    entry: Officer = sit_down(printed, "entry", size=PHONE)
    entry.opens("/doan-vien/them")
    entry.fills(
        {
            "Họ và tên": "Vũ Thử Hai Lần",
            "Ngày sinh": "02/01/1990",
            "Giới tính": "Nữ",
            "Số CCCD": "001190004321",
            "Loại thẻ": "Thẻ thông thường",
        }
    )
    entry.main.get_by_role("button", name="Lưu", exact=True).dblclick()
    entry.main.get_by_role("heading", name="Vũ Thử Hai Lần", level=1).wait_for()
    entry.opens("/doan-vien?q=Vũ Thử Hai Lần")
    assert entry.main.locator("td.cell-title").count() == 1


def test_the_bar_of_a_job_ends_by_itself(printed: Union, sit_down) -> None:
    """The preview appears without a reload; then the page asks no more."""
    entry: Officer = sit_down(printed, "entry", size=PHONE)
    package = printed.folder / "goi-thu-ba.zip"
    write_package(package, members=SECOND, seed=57, unit_name=GRASSROOTS)
    entry.opens("/nhap/")
    entry.main.locator("input[type=file]").set_input_files(package)
    entry.presses("Tải lên và xem trước")
    entry.page.wait_for_url("**/nhap/*")
    entry.main.get_by_role("button", name=f"Nhận {SECOND} dòng tốt").wait_for(
        timeout=60_000
    )
    asked: list[str] = []
    entry.page.on("request", lambda request: asked.append(request.url))
    time.sleep(2.5)
    assert [url for url in asked if "/anh/" not in url] == []
    entry.presses("Bỏ lần nhập này")


@BOTH_SIZES
def test_a_photo_is_cropped_where_the_officer_puts_the_frame(
    printed: Union, sit_down, size
) -> None:
    """The frame stands on the picture at once, obeys its buttons and is sent."""
    entry: Officer = sit_down(printed, "entry", size=size)
    entry.opens(printed.addresses["member"])
    entry.main.get_by_role("link", name="Đổi ảnh").click()
    entry.main.locator("input[type=file]").set_input_files(
        printed.portrait(size["width"])
    )
    stage = entry.main.locator(".crop-stage")
    smaller = stage.get_by_role("button", name="Khung nhỏ lại")
    smaller.wait_for()
    width = entry.main.locator("[name=crop_width]")
    expect(width).not_to_have_value("")
    whole = width.input_value()
    smaller.click()
    expect(width).not_to_have_value(whole)
    assert float(width.input_value()) < float(whole)
    entry.presses("Lưu ảnh")
    entry.page.wait_for_url("**/doan-vien/*")
    shown = entry.main.locator("img.photo").first
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
