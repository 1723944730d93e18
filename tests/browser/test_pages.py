"""Every main page at both widths: axe finds nothing, nothing sticks out."""

import pytest

from tests.browser.axe import found_by_axe
from tests.browser.officer import DESK, PHONE, Officer
from tests.browser.road import Union

FIRST_PAGE_KB = 120

# name, who looks, address or the name of one met on the road
PAGES = (
    ("sign-in", None, "/dang-nhap"),
    ("desk", "entry", "/"),
    ("members", "entry", "/doan-vien"),
    ("member form", "entry", "/doan-vien/them"),
    ("member", "entry", "member"),
    ("imports", "entry", "/nhap/"),
    ("import preview", "entry", "preview"),
    ("import accepted", "entry", "import"),
    ("campaigns", "federation", "/doi-the/"),
    ("roster", "entry", "roster"),
    ("review", "approver", "/doi-the/duyet"),
    ("approval", "approver", "/doi-the/cap-ma"),
    ("batches", "printer", "/lo-in/"),
    ("card designs", "printer", "/mau-the/"),
    ("batch", "printer", "batch"),
    ("linked cards", "federation", "/the-lien-ket/"),
    ("unit tree", "founder", "/don-vi/"),
    ("officers", "founder", "/can-bo/"),
    ("new officer", "founder", "/can-bo/moi"),
    ("rights", "founder", "/quyen/"),
    ("account", "founder", "/tai-khoan/"),
    ("jobs", "entry", "/viec-nen/"),
)


@pytest.mark.parametrize(
    ("who", "address"),
    [page[1:] for page in PAGES],
    ids=[page[0] for page in PAGES],
)
def test_a_page_is_open_to_everybody_at_both_widths(
    previewed: Union, waiting: Union, sit_down, who: str | None, address: str
) -> None:
    """On a phone and on a PC axe finds nothing and no page scrolls sideways."""
    assert previewed is waiting
    officer: Officer = sit_down(previewed, who, size=PHONE)
    officer.opens(previewed.addresses.get(address, address))
    on_phone = found_by_axe(officer)
    sideways = officer.page.evaluate(
        "document.scrollingElement.scrollWidth - window.innerWidth"
    )
    officer.page.set_viewport_size(DESK)
    assert {"phone": on_phone, "pc": found_by_axe(officer)} == {"phone": [], "pc": []}
    assert sideways <= 0


@pytest.mark.parametrize("address", ["/doan-vien", "/"], ids=["members", "desk"])
def test_a_first_page_weighs_little(printed: Union, sit_down, address: str) -> None:
    """All that a new phone must fetch for it, compressed, stays under 120 KB."""
    entry: Officer = sit_down(printed, "entry", size=PHONE)
    wire = entry.context.new_cdp_session(entry.page)
    wire.send("Network.enable")
    received: list[int] = []
    wire.on(
        "Network.loadingFinished",
        lambda event: received.append(event["encodedDataLength"]),
    )
    entry.opens(address)
    entry.page.wait_for_load_state("networkidle")
    assert len(received) >= 5
    assert sum(received) <= FIRST_PAGE_KB * 1024
