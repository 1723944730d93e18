"""Bad rows mended in the grid by keyboard and by a pasted block, judged at once."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.officer import DESK, PHONE, Officer
from tests.browser.road import Union
from tests.packages import citizen_id, person, workbook

# Far from the serials of the road's own people.
FIRST = 7001
WRONG_DAY = "31/02/1990"


def bring_bad_rows(entry: Officer, folder: Path) -> str:
    """Upload four rows, three of them with a day that is none; give the address."""
    rows = [person(FIRST + at, birth=WRONG_DAY) for at in range(3)]
    path = folder / "dong-sai.xlsx"
    path.write_bytes(workbook([*rows, person(FIRST + 3)]))
    entry.opens("/nhap/")
    entry.main.locator("input[type=file]").set_input_files(path)
    entry.presses("Tải lên và xem trước")
    entry.main.get_by_role("button", name="Nhận 1 dòng tốt").wait_for(timeout=60_000)
    return entry.page.url


def cell(entry: Officer, label: str, row: int) -> Locator:
    return entry.main.get_by_label(f"{label}, dòng {row}", exact=True)


def test_the_grid_is_worked_by_keyboard_and_by_pasting(
    taken_in: Union, sit_down, tmp_path: Path
) -> None:
    """Enter goes down and saves, a block from Excel fills the rest, none is lost."""
    entry: Officer = sit_down(taken_in, "entry", size=DESK)
    here = bring_bad_rows(entry, tmp_path)
    entry.follows("Sửa 3 dòng trong bảng")
    days = entry.main.locator("input[name$='-birth_date']")
    expect(days).to_have_count(3)
    days.first.fill("28/02/1990")
    days.first.press("Enter")
    states = entry.main.locator("[id^=state-]")
    expect(states.first).to_contain_text("Mới")
    assert days.nth(1).evaluate("cell => cell === document.activeElement")
    assert entry.main.locator("[aria-invalid=true]").count() == 2

    entry.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = "27/02/1990\tNữ\n26/02/1990\tNữ\n25/02/1990\tNam\n"
    entry.page.evaluate("text => navigator.clipboard.writeText(text)", block)
    days.nth(1).press("Control+V")
    expect(states.nth(1)).to_contain_text("Mới")
    expect(states.nth(2)).to_contain_text("Mới")
    expect(entry.page.locator("#live")).to_contain_text("1 dòng dán thừa")
    sexes = entry.main.locator("input[name$='-sex']")
    assert [sexes.nth(at).input_value() for at in (1, 2)] == ["Nữ", "Nữ"]

    days.nth(2).press("ArrowUp")
    assert days.nth(1).evaluate("cell => cell === document.activeElement")
    entry.opens(here)
    entry.main.get_by_role("button", name="Nhận 4 dòng tốt").wait_for()


def test_a_bad_cell_is_mended_on_a_phone_without_leaving_the_preview(
    taken_in: Union, sit_down, tmp_path: Path
) -> None:
    """The box stands at the row; the counts change on the same page."""
    entry: Officer = sit_down(taken_in, "entry", size=PHONE)
    bring_bad_rows(entry, tmp_path)
    entry.page.evaluate("window.sameDocument = true")
    box = entry.main.locator("input[name='c-birth_date']").first
    box.fill("28/02/1990")
    box.press("Enter")
    entry.main.get_by_role("button", name="Nhận 2 dòng tốt").wait_for()
    assert entry.page.evaluate("window.sameDocument === true")
    assert citizen_id(FIRST) not in entry.page.content()
    sideways = "document.scrollingElement.scrollWidth - window.innerWidth"
    assert entry.page.evaluate(sideways) <= 0
