"""What every page is sent with, how large it is, and how often it asks the database."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from resolve.kit.clock import now
from resolve.kit.database import Database, open_database
from resolve.kit.settings import Settings
from resolve_api.main import create_app
from tests import builders
from tests.api.pages.conftest import Browser, House
from tests.pages.addresses import ADDRESSES, Known
from tests.pages.company import known, tell
from tests.people import MAP_FILE, take_in_people

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
LARGEST_FIRST_PAGE = 150_000
PER_CASE = ("/cases/{case}", "/cases/{case}/complaints", "/cases/{case}/story")
LISTS = (
    "/inbox", "/inbox?whose=all", "/requests", "/cases", "/board", "/board/cases",
    "/board/work", "/board/place", "/search?q=late",
)  # fmt: skip


@pytest.fixture
def told(sqlite_url: str, tmp_path: Any) -> Iterator[tuple[House, Known]]:
    """Give the company of the demonstration, and what addresses may name there."""
    database = open_database(sqlite_url)
    house = tell(database, tmp_path)
    yield house, known(house)
    database.engine.dispose()


def test_every_page_is_sent_under_a_strict_policy(told: tuple[House, Known]) -> None:
    house, facts = told
    for address in ADDRESSES:
        login = address.login(facts)
        browser = house.as_(login) if login else house.browser()
        answer = browser.get(address.example(facts), follow_redirects=False)

        assert answer.status_code == 200, address
        policy = answer.headers["content-security-policy"]
        assert {part.strip() for part in policy.split(";")} >= STRICT, address
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_pages_that_refuse_are_sent_under_the_same_policy(house: House) -> None:
    head = house.as_("stock-head")
    for answer in (
        head.get("/admin/people"),
        head.get("/nothing-here"),
        head.get("/cases/none"),
        head.post("/account", headers={"Sec-Fetch-Site": "cross-site"}),
        house.browser().fill("/tasks/none/answer", change="x"),
    ):
        assert answer.status_code >= 400
        policy = answer.headers["content-security-policy"]
        assert {part.strip() for part in policy.split(";")} >= STRICT, answer.url
        assert "Traceback" not in answer.text


def test_the_first_page_is_small(told: tuple[House, Known]) -> None:
    """Everything that a browser needs for it, as it travels."""
    house, facts = told
    for path, login in (
        ("/sign-in", None),
        ("/inbox", facts["head_open"]),
        (f"/tasks/{facts['task_open']}", facts["head_open"]),
        ("/board", "quality-manager"),
        ("/complain", None),
    ):
        browser = house.as_(login) if login else house.browser()
        sizes = _sizes(browser, path)
        assert sum(sizes.values()) < LARGEST_FIRST_PAGE, sizes


def _sizes(browser: Browser, path: str) -> dict[str, int]:
    page = browser.get(path).text
    needed = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return {one: _travels(browser, one) for one in {path, *needed}}


def _travels(browser: Browser, path: str) -> int:
    answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, path
    packed = len(gzip.compress(answer.content, 6, mtime=0))
    assert answer.headers.get("content-encoding") == "gzip" or packed < 1500, path
    return packed


@pytest.mark.parametrize("login", ["quality-manager", "packing-head", "carrier-head"])
def test_a_page_asks_as_often_for_many_as_for_few(
    database: Database, login: str
) -> None:
    source = MAP_FILE.read_bytes().replace(
        b"id: order-to-delivery\n", b"id: order-to-delivery\njoin: P3D\n", 1
    )
    builders.published(database, source, at=now())
    take_in_people(database)
    house = House(database, create_app(database, Settings(rate_limit=0)))
    case = _fill(house, 3)
    few = _asked(house, login, case)

    _fill(house, 20)

    many = _asked(house, login, case)
    assert {path: many[path] - few[path] for path in many} == dict.fromkeys(many, 0)


def _fill(house: House, many: int) -> str:
    """File so many complaints of two kinds, and some to be placed; give a case."""
    for _ in range(many):
        case = house.filed("It came late.", promise="intact").case_id
        house.filed("It came late.", promise="complete")
        house.filed("It came late, somewhere.", touchpoint=None, promise=None)
    return case


def _asked(house: House, login: str, case: str) -> dict[str, int]:
    """Give how many statements each page takes, when it is asked for again."""
    browser = house.as_(login)
    counted = {}
    for page in (*PER_CASE, *LISTS):
        path = page.replace("{case}", case)
        if browser.get(path).status_code != 200:
            continue
        with _counting(house.database) as statements:
            browser.get(path)
        counted[path] = len(statements)
    assert len(counted) > len(PER_CASE)
    return counted


@contextmanager
def _counting(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def note(*given: Any) -> None:
        said.append(given[2])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
