"""Real browsers, one for each person, in front of pages that are really served.

    def test_a_story(house: House, seat: Seats) -> None:
        case = house.filed().case_id                       # the engine walks it
        head = seat("stock-head", width=360)               # signed in, in Russian
        head.open("/inbox").get_by_role("link").first.click()

At the end nothing may have gone wrong unseen: no error on the console, nothing refused
by the content security policy, no failed script, nothing asked of another host.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from resolve.kit.database import open_database
from tests.api.pages.conftest import House, house_in
from tests.pages.company import tell
from tests.pages.seats import FLAGS, Room, Seat, installed_browser
from tests.pages.serving import Site, engine, served

Seats = Callable[..., Seat]
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def chromium() -> str:
    """Give the browser of this machine; without one there is nothing to test."""
    if found := installed_browser():
        return found
    reason = (
        "no browser; on Debian and Ubuntu: apt-get install chromium fonts-dejavu-core. "
        "RESOLVE_TEST_BROWSER names another one"
    )
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


# One browser for each file, not for all: while Playwright runs, nothing else in the
# same thread can use asyncio.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Give a running browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        yield running
        running.close()


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """Give a house with a published map and people of every role."""
    database = open_database(sqlite_url)
    yield house_in(database)
    database.engine.dispose()


@pytest.fixture
def site(house: House) -> Iterator[Site]:
    """Serve the pages of the house, with an engine that handles what waits."""
    with engine(house.database), served(house.app) as at:
        yield at


@pytest.fixture
def seat(house: House, site: Site, browser: Browser) -> Iterator[Seats]:
    """Give a maker of seats: `seat(login)`, or `seat()` for somebody unknown."""
    room = Room(house, site, browser)
    yield room.seat
    room.close()


@pytest.fixture(scope="module")
def told(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Give the company of the demonstration, for tests that only look."""
    file = tmp_path_factory.mktemp("told") / "resolve.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    yield tell(database, file.parent)
    database.engine.dispose()


@pytest.fixture(scope="module")
def told_site(told: House) -> Iterator[Site]:
    """Serve the pages of that company."""
    with served(told.app) as at:
        yield at
