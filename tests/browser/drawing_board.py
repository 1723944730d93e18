"""A designer at the editor: takes hold of parts of a card by what they are called."""

import itertools
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.officer import Officer

_MARGIN_MM = 5
_COUNTER = itertools.count(1)
_PLACE = re.compile(r"trái (-?[\d.,]+) mm, trên (-?[\d.,]+) mm")
_ASKED_AGAIN_MS = 15_000


@dataclass(slots=True)
class DrawingBoard:
    """The editor of one design, open in an officer's browser."""

    officer: Officer

    @property
    def page(self) -> Page:
        """Give the browser's page."""
        return self.officer.page

    @property
    def address(self) -> str:
        """Give the address of the editor."""
        return self.page.url.split("#")[0]

    def opens(self, address: str) -> None:
        """Open the editor and wait until it can be worked with."""
        self.officer.opens(address)
        self.waits()

    def waits(self) -> None:
        """Wait until the page has everything that it asks the server for."""
        self.page.locator("[data-ready]").wait_for(timeout=_ASKED_AGAIN_MS)
        self.saved()

    def saved(self) -> None:
        """Wait until nothing is on its way to the server."""
        expect(self.page.locator("[data-designer][data-busy]")).to_have_count(0)

    def part(self, name: str) -> Locator:
        """Give the button that stands for an element: its name, its kind."""
        parts = self.page.locator("[data-proxies]")
        return parts.get_by_role("button", name=re.compile(f"^{re.escape(name)}, trái"))

    def place(self, name: str) -> tuple[float, float]:
        """Read where a part says it stands: left and top in millimetres."""
        label = self.part(name).get_attribute("aria-label") or ""
        found = _PLACE.search(label)
        assert found, label
        left, top = (float(each.replace(",", ".")) for each in found.groups())
        return left, top

    def point(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """Give where a place on the card is on the screen, in CSS pixels."""
        sheet = self.page.locator("[data-sheet]").bounding_box()
        assert sheet is not None
        scale = self.scale
        left, top = x_mm + _MARGIN_MM, y_mm + _MARGIN_MM
        return sheet["x"] + left * scale, sheet["y"] + top * scale

    @property
    def scale(self) -> float:
        """Give how many CSS pixels a millimetre takes."""
        return float(
            self.page.locator("[data-sheet]").evaluate(
                "sheet => parseFloat(getComputedStyle(sheet).getPropertyValue('--mm'))"
            )
        )

    def drags(
        self, grip: Locator, dx_mm: float, dy_mm: float, *, freely: bool = False
    ) -> None:
        """Drag by the middle of something; freely is with Alt held down."""
        grip.scroll_into_view_if_needed()
        box = grip.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        far = dx_mm * self.scale, dy_mm * self.scale
        if freely:
            self.page.keyboard.down("Alt")
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + far[0] / 2, y + far[1] / 2, steps=4)
        self.page.mouse.move(x + far[0], y + far[1], steps=4)

    def lets_go(self) -> None:
        """Release the mouse and every key, and wait for the answer."""
        self.page.mouse.up()
        self.page.keyboard.up("Alt")
        self.saved()

    def presses(self, name: str) -> None:
        """Press a button of the editor and wait for the answer."""
        button = self.page.locator("[data-designer]").get_by_role(
            "button", name=name, exact=True
        )
        button.first.click()
        self.saved()

    def source(self, side: str = "front") -> str:
        """Ask the server for the file as it now is."""
        answer = self.page.request.get(f"{self.address}/{side}.json")
        assert answer.ok, answer.status
        return str(answer.json()["source"])

    def touches(self, *places: tuple[float, float]) -> None:
        """Put a finger down at the first place, lead it to the others, lift it."""
        wire = self.page.context.new_cdp_session(self.page)
        wire.send(
            "Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1}
        )
        kinds = ["touchStart", *["touchMove"] * (len(places) - 1)]
        for kind, (x, y) in zip(kinds, places, strict=True):
            points: list[dict[str, Any]] = [{"x": x, "y": y}]
            wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        wire.detach()
        self.saved()


def new_design(
    officer: Officer, start: str, *, kind: str = "Thẻ thông thường"
) -> DrawingBoard:
    """Begin a design by the form of the gallery and open the editor on it."""
    officer.opens("/mau-the/moi")
    officer.fills({"Tên mẫu thẻ": f"Mẫu thử {next(_COUNTER)}"})
    officer.chooses("Bắt đầu từ", start)
    officer.fills({"Loại thẻ": kind})
    officer.presses("Tạo mẫu")
    officer.follows("Mở trình thiết kế")
    board = DrawingBoard(officer)
    board.waits()
    return board
