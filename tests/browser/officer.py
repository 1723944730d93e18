"""An officer at a browser: opens, reads, fills in and presses what the page shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PASSWORD = "bảy con cò trắng bay"

# What a person waits for a page of a small portal, and more.
_PATIENCE_MS = 10_000
_JOB_PATIENCE_MS = 60_000
_LOOK_AGAIN_MS = 500


@dataclass(slots=True)
class Officer:
    """One person's browser; ``faults`` gathers what its console complained about."""

    browser: Browser
    portal_url: str
    name: str = ""
    faults: list[str] = field(default_factory=list)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def sits_down(
        self,
        *,
        size: Mapping[str, int] = PHONE,
        scripts: bool = True,
        state: StorageState | None = None,
    ) -> Self:
        """Open a browser of its own, signed in already where ``state`` is given."""
        self.context = self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            java_script_enabled=scripts,
            storage_state=state,
            base_url=self.portal_url,
            locale="vi-VN",
        )
        self.context.set_default_timeout(_PATIENCE_MS)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._listen(message))
        return self

    def leaves(self) -> None:
        """Close the browser."""
        self.context.close()

    def _listen(self, message: object) -> None:
        # A refused form answers 422, which the console reports as a failed load.
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "status of 4" not in text:
            self.faults.append(text)

    @property
    def main(self) -> Locator:
        """Give the page between its head and its foot."""
        return self.page.locator("main")

    def opens(self, address: str) -> None:
        """Go to an address that somebody handed over, or a bookmark."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address} answered {answer.status}"

    def follows(self, label: str, *, exact: bool = False) -> None:
        """Press the link in the page that carries these words."""
        self.main.get_by_role("link", name=label, exact=exact).first.click()

    def goes_to(self, part: str) -> None:
        """Take a way of the menu, behind its "Mục khác" if need be."""
        bottom = self.page.locator("nav.bottombar")
        bar = bottom if bottom.is_visible() else self.page.locator("nav.topnav")
        link = bar.get_by_role("link", name=part, exact=True)
        if not link.is_visible():
            bar.locator("summary").click()
        link.click()

    def fills(self, entries: Mapping[str, str]) -> None:
        """Type into fields, or choose in lists, by the words that stand at them."""
        for label, value in entries.items():
            box = self.main.get_by_label(label).first
            if box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(label=value)
            else:
                box.fill(value)

    def chooses(self, label: str, part: str) -> None:
        """Choose the first entry of a list that begins with these words."""
        box = self.main.get_by_label(label).first
        entries = box.locator("option").all_text_contents()
        fitting = [entry for entry in entries if entry.strip().startswith(part)]
        assert fitting, f"{label} offers {entries}, none begins with {part!r}"
        box.select_option(label=fitting[0])

    def presses(self, label: str) -> None:
        """Press a button, and wait for the page that comes."""
        self.main.get_by_role("button", name=label).first.click()
        self.page.wait_for_load_state()

    def waits_for(self, words: str) -> None:
        """Reload by hand, as one does without scripts, until the words are there."""
        for _ in range(_JOB_PATIENCE_MS // _LOOK_AGAIN_MS):
            if words in self.main.inner_text():
                return
            self.page.wait_for_timeout(_LOOK_AGAIN_MS)
            self.page.reload()
        msg = f"{words!r} never came; the page says:\n{self.main.inner_text()}"
        raise AssertionError(msg)

    def takes_home(self, label: str, folder: Path) -> Path:
        """Press a link that answers with a file, and keep the file."""
        with self.page.expect_download() as waiting:
            self.follows(label)
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def value_of(self, label: str) -> str:
        """Give what stands at a label in a table of labels and values."""
        row = self.main.locator("dl.definition div").filter(
            has=self.page.get_by_text(label, exact=True)
        )
        return row.first.locator("dd").inner_text()

    def chooses_password(self, link: str) -> None:
        """Open the slip's link and sign in for the first time."""
        self.opens(link)
        self.fills({"Mật khẩu mới": PASSWORD, "Nhập lại": PASSWORD})
        self.presses("Lưu mật khẩu và vào cổng")

    def reads(self) -> str:
        """Give the words of the page."""
        return self.main.inner_text()
