"""Open pages are told when something changed that they may see, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from resolve.kit.clock import now
from resolve.kit.database import Database
from resolve_api.pages.live import Listener, Poller, stream
from tests import builders
from tests.people import MAP_FILE

MAP = MAP_FILE.read_bytes()
_PATIENCE = 20


def told(
    database: Database,
    act: Callable[[], object],
    *,
    case_id: str = "",
    departments: frozenset[str] | None = None,
) -> str:
    """Open a page, let something happen, and give all that the page was told."""

    async def open_page() -> str:
        poller = Poller(database)
        page = stream(poller, Listener(case_id, departments))
        said = await anext(page)
        # What was there before the first look is no news.
        while poller._position is None:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.02)
        await asyncio.to_thread(act)
        while "event" not in said:
            said += await asyncio.wait_for(anext(page), _PATIENCE)
        poller.stop()
        await page.aclose()
        return said

    return asyncio.run(open_page())


def test_a_page_is_told_that_a_complaint_was_filed(database: Database) -> None:
    builders.published(database, MAP, at=now())

    said = told(database, lambda: builders.filed(database, "Late.", at=now()))

    assert "event: news" in said
    assert "event: case" not in said


def test_the_page_of_a_case_is_told_when_that_case_changed(database: Database) -> None:
    builders.published(database, MAP, at=now())
    case_id = builders.filed(database, "Late.", at=now()).case_id

    said = told(database, lambda: builders.work(database, at=now()), case_id=case_id)

    assert "event: case" in said


def test_a_partner_hears_of_cases_it_takes_part_in_only(database: Database) -> None:
    builders.published(database, MAP, at=now())
    partner = frozenset({"carrier"})

    def first_elsewhere_then_here() -> None:
        builders.filed(database, "Where is it?", at=now(), touchpoint=None)
        builders.filed(database, "Late.", at=now())
        builders.work(database, at=now())

    said = told(database, first_elsewhere_then_here, departments=partner)

    assert said.count("event: news") == 1


def test_a_stopping_process_ends_the_streams_of_open_pages(database: Database) -> None:
    async def told_until_stopped() -> list[str]:
        poller = Poller(database)
        page = stream(poller, Listener("", None))
        said = [await anext(page)]
        poller.stop()
        said += [part async for part in page]
        return said

    assert len(asyncio.run(told_until_stopped())) <= 2
