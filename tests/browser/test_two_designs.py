"""A designer draws two cards in the browser alone; a print batch prints one of them."""

import io
import zipfile

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser import road
from tests.browser.drawing_board import DrawingBoard, new_design
from tests.browser.road import Union

BLUE = (13, 58, 134)
PROVINCE = "Mã số theo tỉnh, chữ"

# What is pressed in the palette, and where its left and upper edges go (mm).
FRONT = (
    ("Ảnh 2×3", 4, 16),
    ("Họ và tên", 28, 17),
    ("Ngày sinh", 28, 27),
    ("Công đoàn cơ sở", 28, 31),
    ("Mã số đoàn viên", 28, 40),
    ("Mã vạch Code 128", 28, 44.2),
)


@pytest.fixture(scope="module")
def approved(waiting: Union) -> Union:
    """Approve the one who waited: a card that no batch has printed yet."""
    road.approve_one_more(waiting)
    return waiting


def test_a_card_drawn_on_a_blank_page_is_printed(approved: Union, sit_down) -> None:
    """From the first rectangle to the code that a reader finds in the batch."""
    designer = sit_down(approved, "designer")
    board = new_design(designer, "Trang trống")
    name = designer.main.locator("h1").inner_text()
    _put(board, "Hình chữ nhật", 0, 0, width=85.6, height=12)
    _put(board, "Chữ", 5, 4)
    designer.fills({"Nội dung chữ": "THẺ ĐOÀN VIÊN", "Màu: ghi #rrggbb": "#ffffff"})
    board.page.keyboard.press("Tab")
    board.saved()
    for what, x_mm, y_mm in FRONT:
        _put(board, what, x_mm, y_mm)
    board.presses("Mặt sau")
    _put(board, "Mã QR", 66, 32)
    expect(board.page.locator("[data-none]")).to_be_visible()
    _publish(board)
    files = road.print_with(approved, name, people=1)
    with zipfile.ZipFile(files) as archive:
        pictures = [
            Image.open(io.BytesIO(archive.read(entry))).convert("RGB")
            for entry in sorted(archive.namelist())
            if entry.endswith(".png")
        ]
    read = {code.text for each in pictures for code in zxingcpp.read_barcodes(each)}
    number = next(text for text in read if text.isdigit())
    assert number not in approved.numbers
    assert len(number) == 12
    assert any(each.getpixel((500, 20)) == BLUE for each in pictures)


def test_a_linked_card_grows_from_the_built_in_one(union: Union, sit_down) -> None:
    """Its province line gets words of its own, and is in the published file."""
    designer = sit_down(union, "designer")
    board = new_design(designer, "Thẻ liên kết VietinBank (có sẵn)")
    board.presses("Mặt sau")
    line = board.part(PROVINCE)
    line.click()
    designer.fills({"Mẫu in, {} là giá trị": "Mã tỉnh {}"})
    board.page.keyboard.press("Tab")
    board.saved()
    top = board.place(PROVINCE)[1]
    with board.page.expect_response("**/thao-tac"):
        line.press("Shift+ArrowUp")
    board.saved()
    assert board.place(PROVINCE)[1] == pytest.approx(top - 1, abs=0.02)
    board.officer.fills({"In thử với": "Thẻ liên kết, mã tỉnh 85"})
    back = board.page.locator("[data-preview=back]")
    expect(back.locator("img")).to_be_visible()
    expect(back.locator("[data-why]")).to_be_hidden()
    expect(board.page.locator("[data-none]")).to_be_visible()
    row = next(row for row in board.source("back").splitlines() if "province" in row)
    assert 'data-format="Mã tỉnh {}"' in row
    assert 'data-show-if="province_code"' in row
    _publish(board)
    assert "Bản 1" in designer.reads()


def _put(
    board: DrawingBoard,
    what: str,
    x_mm: float,
    y_mm: float,
    *,
    width: float | None = None,
    height: float | None = None,
) -> None:
    """Press something in the palette and say where it goes."""
    board.presses(what)
    places = {"Rộng": width, "Cao": height, "Trái": x_mm, "Trên": y_mm}
    for label, value in places.items():
        if value is not None:
            board.officer.fills({f"{label} (mm)": f"{value:g}"})
            board.page.keyboard.press("Tab")
            board.saved()


def _publish(board: DrawingBoard) -> None:
    board.presses("Phát hành")
    dialog = board.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Phát hành").click()
    board.page.wait_for_url("**/phien-ban")
