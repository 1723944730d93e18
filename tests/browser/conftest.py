"""One portal and one Chromium for the folder; the road is walked once, by hand."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import road
from tests.browser.officer import DESK, Officer
from tests.browser.portal_process import Portal, run_portal
from tests.browser.road import Union
from tests.conftest import missing

HERE = Path(__file__).parent

# On a busy machine a page may take longer than Playwright's five seconds.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser; spread over processes, it stays in one."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the machine's own Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def portal(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """Give an empty portal that has just been started."""
    with run_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def union(
    browser: Browser, portal: Portal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Union]:
    """Found the portal, add units and accounts: all by hand, on a phone, no scripts."""
    union = Union(browser, portal, tmp_path_factory.mktemp("files"))
    road.found(union)
    road.add_units(union)
    road.create_officers(union)
    yield union
    for officer in union.officers.values():
        officer.leaves()


@pytest.fixture(scope="session")
def taken_in(union: Union) -> Union:
    """Take the union's package in: upload, look through the preview, accept."""
    road.upload_package(union)
    road.accept_package(union)
    return union


@pytest.fixture(scope="session")
def announced(taken_in: Union) -> Union:
    """Open a campaign and send the union's list upwards."""
    road.open_campaign(taken_in)
    road.send_list(taken_in)
    return taken_in


@pytest.fixture(scope="session")
def numbered(announced: Union) -> Union:
    """Forward, register and approve the list."""
    road.forward(announced)
    road.register(announced)
    road.approve(announced)
    return announced


@pytest.fixture(scope="session")
def printed(numbered: Union) -> Union:
    """Print the approved cards and carry the files home."""
    road.print_cards(numbered)
    return numbered


@pytest.fixture(scope="session")
def previewed(printed: Union) -> Union:
    """Upload a second package and leave its preview to be looked at."""
    road.upload_second_package(printed)
    return printed


@pytest.fixture(scope="session")
def waiting(printed: Union) -> Union:
    """Give the one without a photo theirs, and bring them up to the Confederation."""
    road.add_missing_photo(printed)
    road.send_one_more(printed)
    return printed


@pytest.fixture
def sit_down(browser: Browser, portal: Portal) -> Iterator[Callable[..., Officer]]:
    """Give a function that seats somebody of the union at a browser with scripts."""
    seated: list[Officer] = []

    def seat(
        union: Union, role: str | None, *, size: Mapping[str, int] = DESK, **how: Any
    ) -> Officer:
        state = union.officers[role].context.storage_state() if role else None
        officer = Officer(browser, portal.url, name=role or "")
        seated.append(officer.sits_down(size=size, state=state, **how))
        return officer

    yield seat
    for officer in seated:
        officer.leaves()
        assert officer.faults == []
