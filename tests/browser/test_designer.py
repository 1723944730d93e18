"""The designer in a real Chromium: mouse, finger, keyboard, source, two at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import found_by_axe
from tests.browser.drawing_board import DrawingBoard, new_design
from tests.browser.officer import DESK, PHONE, Officer
from tests.browser.road import Union

Draw = Callable[..., DrawingBoard]

NAME = "Họ và tên, chữ"
BIRTH = "Ngày sinh, chữ"
NUMBER = "Mã số đoàn viên, chữ"
PHOTO = "Ảnh 2×3, ảnh đoàn viên"
INKSCAPE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="85.6mm" height="53.98mm"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   viewBox="0 0 85.6 53.98" style="font-family:'Be Vietnam Pro'">
  <g transform="translate(10 5) scale(2)" inkscape:label="Khung">
    <rect style="fill:#0d3a86;stroke:none" x="0px" y="0px" width="9" height="5"
       inkscape:label="Ô xanh"/>
  </g>
</svg>
"""
BAR = "Vạch, hình chữ nhật"
STANDARD = "Thẻ thông thường (có sẵn)"


@pytest.fixture
def draw(union: Union, sit_down: Callable[..., Officer]) -> Draw:
    """Give a function that opens the editor on a new design."""

    def open_board(start: str = STANDARD, **how: object) -> DrawingBoard:
        return new_design(sit_down(union, "designer", **how), start)

    return open_board


def _number(board: DrawingBoard, label: str) -> float:
    """Read a number of the panel, written as Vietnamese do."""
    shown = board.officer.main.get_by_label(label).input_value()
    return float(shown.replace(",", "."))


def changed_lines(before: str, after: str) -> list[str]:
    """List the lines of ``after`` that differ; both have as many lines."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [new for old, new in pairs if old != new]


def test_a_drag_moves_the_part_and_changes_only_its_line(draw: Draw) -> None:
    """The part stands where the mouse left it, in the page and in the file."""
    board = draw()
    before, (left, top) = board.source(), board.place(NAME)
    board.drags(board.part(NAME), 5, 2, freely=True)
    board.lets_go()
    assert board.place(NAME) == pytest.approx((left + 5, top + 2), abs=0.15)
    (line,) = changed_lines(before, board.source())
    assert 'data-field="full_name"' in line


def test_the_preview_follows_a_drag(draw: Draw) -> None:
    """The picture of the production engine is drawn again, of this side only."""
    board = draw()
    pictures = board.page.locator("[data-previews] img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        picture.wait_for()
    old = [picture.get_attribute("src") for picture in pictures.all()]
    board.drags(board.part(NAME), 4, 0, freely=True)
    board.lets_go()
    expect(pictures.nth(0)).not_to_have_attribute("src", old[0] or "")
    assert pictures.nth(1).get_attribute("src") == old[1]
    assert pictures.nth(0).evaluate("picture => picture.naturalWidth") == 506


def test_a_part_snaps_to_its_neighbour_and_shows_the_line(draw: Draw) -> None:
    """A little off is on the line; the free way between the two is told beside it."""
    board = _photo_and_bar(draw)
    board.drags(board.part(BAR), 0.3, 23)
    guides = board.page.locator("[data-guides]")
    expect(guides.locator("text").first).to_contain_text(" mm")
    board.lets_go()
    assert board.place(BAR)[0] == board.place(PHOTO)[0]
    expect(guides.locator("line")).to_have_count(0)


def test_with_alt_nothing_snaps(draw: Draw) -> None:
    """Whoever holds Alt puts the part beside the line."""
    board = _photo_and_bar(draw)
    board.drags(board.part(BAR), 0.3, 23, freely=True)
    assert board.page.locator("[data-guides] line").count() == 0
    board.lets_go()
    assert board.place(BAR)[0] == pytest.approx(board.place(PHOTO)[0] + 0.3, abs=0.14)


def test_a_finger_selects_by_a_tap_and_then_drags(draw: Draw) -> None:
    """On a phone the first touch chooses, the next one moves."""
    board = draw(size=PHONE)
    board.part(NAME).scroll_into_view_if_needed()
    left, top = board.place(NAME)
    x, y = board.point(left + 4, top + 1.5)
    board.touches((x, y))
    expect(board.part(NAME)).to_have_attribute("aria-pressed", "true")
    board.touches((x, y), (x + 20, y + 4), (x + 40, y + 8))
    scale = board.scale
    wanted = (left + 40 / scale, top + 8 / scale)
    assert board.place(NAME) == pytest.approx(wanted, abs=6 / scale)
    assert board.place(NAME) != (left, top)


def test_arrows_nudge_and_undo_outlives_a_reload(draw: Draw) -> None:
    """0.1 mm a key, 1 mm with Shift; the way back is kept on the server."""
    board = draw()
    before, (left, top) = board.source(), board.place(NUMBER)
    part = board.part(NUMBER)
    part.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        part.press(key)
    expect(board.page.get_by_role("button", name="Hoàn tác")).to_be_enabled()
    board.saved()
    assert board.place(NUMBER) == pytest.approx((left + 0.2, top - 1), abs=0.011)
    moved = board.source()
    assert part.evaluate("part => part === document.activeElement")
    board.opens(board.address)
    board.presses("Hoàn tác (Ctrl+Z)")
    assert board.source() == before
    board.part(NUMBER).press("Control+y")
    expect(board.page.get_by_role("button", name="Làm lại")).to_be_disabled()
    assert board.source() == moved


def test_a_handle_makes_a_photo_larger_in_its_ratio(draw: Draw) -> None:
    """The place of the photo stays 2:3 however the corner is pulled."""
    board = draw()
    board.part(PHOTO).click()
    board.drags(board.page.locator("[data-handle=se]"), -4, 0, freely=True)
    board.lets_go()
    width = _number(board, "Rộng (mm)")
    height = _number(board, "Cao (mm)")
    assert width == pytest.approx(16, abs=0.15)
    assert height == pytest.approx(width * 1.5, abs=0.02)


def test_numbers_place_a_part_exactly(draw: Draw) -> None:
    """What is typed is where it stands."""
    board = draw(size=PHONE)
    board.part(BIRTH).click()
    board.officer.main.get_by_label("Trái (mm)").fill("30")
    board.officer.main.get_by_label("Trên (mm)").fill("40,5")
    board.officer.main.get_by_label("Trên (mm)").press("Tab")
    expect(board.part(BIRTH)).to_have_attribute(
        "aria-label", "Ngày sinh, chữ, trái 30 mm, trên 40,5 mm"
    )


def test_several_are_framed_aligned_and_grouped(draw: Draw) -> None:
    """A frame drawn around two parts takes both; then they go together."""
    board = draw()
    start, end = board.point(84, 47), board.point(26, 30)
    board.page.mouse.move(*start)
    board.page.mouse.down()
    board.page.mouse.move(*end, steps=6)
    board.lets_go()
    chosen = board.page.locator("[data-proxies] [aria-pressed=true]")
    names = {label.split(", ")[0] for label in chosen.evaluate_all(_LABELS)}
    assert {"Ngày sinh", "Công đoàn cơ sở", "Mã số đoàn viên"} <= names
    board.part(BIRTH).click()
    board.part(NUMBER).click(modifiers=["Shift"])
    board.presses("Căn phải")
    birth, number = (board.part(each).bounding_box() for each in (BIRTH, NUMBER))
    assert birth is not None
    assert number is not None
    assert birth["x"] + birth["width"] == pytest.approx(
        number["x"] + number["width"], abs=1
    )
    board.presses("Nhóm lại (Ctrl+G)")
    expect(board.page.locator("[data-what]")).to_have_text("Nhóm")
    board.presses("Rã nhóm (Ctrl+Shift+G)")
    assert changed_lines(board.source(), board.source()) == []
    assert "<g" in board.source()


def test_a_field_from_the_palette_is_bound_and_set(draw: Draw) -> None:
    """One press puts it on the card; its look is changed beside the stage."""
    board = draw()
    board.presses("Mã số theo tỉnh")
    expect(board.page.locator("[data-what]")).to_have_text("Mã số theo tỉnh, chữ")
    size = board.officer.main.get_by_label("Cỡ chữ (mm)")
    size.fill("3,5")
    size.press("Tab")
    board.saved()
    (line,) = [row for row in board.source().splitlines() if "province_code" in row]
    assert 'font-size="3.5"' in line
    assert 'data-panel="k"' in line


def test_locked_and_hidden_parts_are_left_alone(draw: Draw) -> None:
    """A locked part cannot be taken hold of; the list of layers opens it again."""
    board = draw()
    board.part(NAME).click()
    board.presses("Khóa, mở khóa")
    place = board.place(NAME)
    board.drags(board.part(NAME), 6, 6, freely=True)
    board.lets_go()
    assert board.place(NAME) == place
    layers = board.page.locator("[data-layers]")
    layers.get_by_role("button", name="Họ và tên").first.click()
    board.presses("Khóa, mở khóa")
    board.presses("Ẩn, hiện lại")
    expect(board.part(NAME)).to_have_count(1)
    assert 'display="none"' in board.source()


def test_a_problem_leads_to_its_part(draw: Draw) -> None:
    """A text dragged over the edge is told at once; pressing the words selects it."""
    board = draw()
    board.drags(board.part(BIRTH), 0, 20, freely=True)
    board.lets_go()
    board.part(NAME).click()
    problems = board.page.locator("[data-problems]")
    problems.get_by_role("button").first.click()
    expect(board.part(BIRTH)).to_have_attribute("aria-pressed", "true")


def test_the_source_is_checked_by_line_and_saved_as_a_step(draw: Draw) -> None:
    """A wrong name is marked; a right change is one step that can be undone."""
    board = draw()
    before = board.source()
    board.page.get_by_role("link", name="Mã nguồn", exact=True).click()
    text = board.page.locator(".cm-content")
    text.wait_for()
    _append(board, '<text data-field="khong-co" x="5" y="5" font-size="2">?</text>')
    expect(board.page.locator(".cm-lint-marker-error").first).to_be_visible()
    board.presses("Mặt sau")
    expect(text).not_to_contain_text("khong-co")
    board.presses("Mặt trước")
    expect(text).to_contain_text("khong-co")
    board.presses("Bỏ sửa đổi")
    _append(board, '<text x="30" y="15.9" font-size="1.5">Ghi thêm</text>')
    board.presses("Lưu mã nguồn")
    expect(board.page.locator("[data-source-state]")).to_have_text("Đã lưu")
    assert "Ghi thêm" in board.source()
    board.presses("Hoàn tác (Ctrl+Z)")
    assert board.source() == before
    assert "Ghi thêm" not in text.inner_text()


def test_a_file_of_inkscape_keeps_its_ways(draw: Draw) -> None:
    """In a scaled group a part goes where the mouse goes; px and style stay."""
    board = draw("Trang trống")
    board.page.get_by_role("link", name="Mã nguồn", exact=True).click()
    board.page.locator(".cm-content").click()
    board.page.keyboard.press("Control+a")
    board.page.keyboard.insert_text(INKSCAPE)
    board.presses("Lưu mã nguồn")
    board.page.get_by_role("link", name="Thiết kế", exact=True).click()
    board.page.mouse.dblclick(*board.point(12, 7))
    board.drags(board.part("Ô xanh, hình chữ nhật"), 6, 4, freely=True)
    board.lets_go()
    assert board.place("Ô xanh, hình chữ nhật") == pytest.approx((16, 9), abs=0.15)
    (line,) = changed_lines(INKSCAPE, board.source())
    assert 'style="fill:#0d3a86;stroke:none"' in line
    assert 'px" y="' in line


def test_broken_source_is_refused_and_the_draft_stays(draw: Draw) -> None:
    """The sentence names the line; nothing that was typed is lost."""
    board = draw()
    before = board.source()
    board.page.get_by_role("link", name="Mã nguồn", exact=True).click()
    _append(board, '<text x="1">')
    board.presses("Lưu mã nguồn")
    note = board.page.locator("[data-refused]")
    expect(note).to_be_visible()
    assert "òng 8" in note.inner_text()
    assert '<text x="1">' in board.page.locator(".cm-content").inner_text()
    assert board.source() == before
    board.presses("Bỏ sửa đổi")


def test_two_at_one_draft_are_told(draw: Draw, union: Union, sit_down) -> None:
    """The later one sees who was first, and may go on with the own step."""
    board = draw()
    other = DrawingBoard(sit_down(union, "designer"))
    other.opens(board.address)
    board.drags(board.part(NAME), 3, 0, freely=True)
    board.lets_go()
    other.drags(other.part(BIRTH), 0, 1.5, freely=True)
    other.page.mouse.up()
    other.page.keyboard.up("Alt")
    dialog = other.page.get_by_role("dialog")
    dialog.wait_for()
    assert union.officers["designer"].name in dialog.inner_text()
    top = other.place(BIRTH)[1]
    dialog.get_by_role("button", name="làm lại thao tác").click()
    other.saved()
    expect(dialog).to_be_hidden()
    other.opens(other.address)
    board.opens(board.address)
    assert other.place(NAME) == board.place(NAME)
    assert board.place(BIRTH)[1] == pytest.approx(top, abs=2)
    assert 'x="27.8" y="24.25"' not in board.source()


def test_who_may_only_look_gets_no_tools(draw: Draw, union: Union, sit_down) -> None:
    """The administrator above sees the draft and its preview; nothing moves."""
    board = draw()
    viewer = DrawingBoard(sit_down(union, "founder"))
    viewer.opens(board.address)
    place = viewer.place(NAME)
    tools = viewer.page.locator("[data-command], [data-palette], [data-set]")
    expect(tools).to_have_count(0)
    viewer.drags(viewer.part(NAME), 5, 5, freely=True)
    viewer.lets_go()
    assert viewer.place(NAME) == place
    assert viewer.source() == board.source()
    assert viewer.officer.main.get_by_label("Trái (mm)").is_disabled()


def test_publishing_from_the_editor_makes_a_version(draw: Draw) -> None:
    """The note stands beside the version that nobody can change any more."""
    board = draw(size=PHONE)
    board.presses("Phát hành")
    board.officer.fills({"Ghi chú cho bản này": "Bản đầu tiên"})
    dialog = board.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Phát hành").click()
    board.page.wait_for_url("**/phien-ban")
    assert "Bản 1" in board.officer.reads()
    assert "Bản đầu tiên" in board.officer.reads()


def test_the_editor_is_open_to_everybody_at_both_widths(draw: Draw) -> None:
    """With a part selected and in the source axe finds nothing; nothing sticks out."""
    board = draw(size=PHONE)
    board.part(NAME).click()
    found = {"phone": found_by_axe(board.officer)}
    assert board.page.evaluate(_SIDEWAYS) <= 0
    board.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    found["pc"] = found_by_axe(board.officer)
    board.page.get_by_role("link", name="Mã nguồn", exact=True).click()
    board.page.locator(".cm-content").wait_for()
    found["source"] = found_by_axe(board.officer)
    assert found == {"phone": [], "pc": [], "source": []}


_LABELS = "parts => parts.map(part => part.getAttribute('aria-label'))"
_SIDEWAYS = "document.scrollingElement.scrollWidth - window.innerWidth"


def _photo_and_bar(draw: Draw) -> DrawingBoard:
    """Give a blank card with a photo and a bar, both with the same left edge."""
    board = draw("Trang trống")
    board.presses("Ảnh 2×3")
    board.presses("Hình chữ nhật")
    board.officer.fills({"Tên gọi trong danh sách lớp": "Vạch"})
    board.page.keyboard.press("Tab")
    board.part(BAR).wait_for()
    assert board.place(BAR)[0] == board.place(PHOTO)[0]
    return board


def _append(board: DrawingBoard, line: str) -> None:
    """Write a line before the end of the source."""
    board.page.locator(".cm-content").click()
    for key in ("Control+End", "ArrowUp", "ArrowUp", "End", "Enter"):
        board.page.keyboard.press(key)
    # At one go: typed letter by letter, tags would be closed by the editor.
    board.page.keyboard.insert_text(line)
