"""Times on the picture of the chain, with the same as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from resolve.kit.clock import now
from resolve.steptimes.rows import Timing
from tests import builders
from tests.api.pages.conftest import House
from tests.people import MAP, MAP_FILE
from tests.resolve.steptimes.orders import took

HERE = f"/maps/{MAP}/timing/picture"
PICTURE = f"/pictures/maps/{MAP}/times"
DAY = datetime(2026, 3, 1, tzinfo=UTC)
QM = "quality-manager"
ABOUT = "about=door/on-time"
ALWAYS = (("take-order", -2, -1), ("pick", 20, 21))


@pytest.fixture
def timed(house: House) -> House:
    """Give a house where agreeing terms takes four hours, since March two."""
    rows = []
    for number in range(60):
        began = DAY + timedelta(days=number - 30)
        hours = 4 if number < 30 else 2
        for step, start, end in (*ALWAYS, ("check-credit", 1, 1 + hours)):
            ended = began + timedelta(hours=end)
            rows.append(
                Timing(f"A-{number}", step, ended, began + timedelta(hours=start))
            )
    took(house.database, rows, at=now(), map_id=MAP)
    return house


def test_the_picture_comes_with_the_same_as_a_table(timed: House) -> None:
    assert HERE in timed.as_(QM).get(f"/maps/{MAP}/timing").text
    page = timed.as_(QM).read(f"{HERE}?{ABOUT}")

    assert "The same as a table" in page
    assert "Half take at most" in page
    for kind, media in (("svg", "image/svg+xml"), ("png", "image/png"),
                        ("pdf", "application/pdf")):  # fmt: skip
        answer = timed.as_(QM).get(f"{PICTURE}.{kind}?{ABOUT}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    svg = timed.as_(QM).get(f"{PICTURE}.svg?{ABOUT}").text.replace("\xa0", " ")
    assert "waits: 2 hours" in svg.replace("&#160;", " ")


def test_before_and_after_a_day_stand_side_by_side(timed: House) -> None:
    page = timed.as_(QM).read(f"{HERE}?{ABOUT}&day=2026-03-01")

    assert "orders begun before 1 March 2026" in page
    assert "usual: 4 hours → 2 hours" in page.replace("\xa0", " ")


def test_an_earlier_version_is_compared_with_the_newest(timed: House) -> None:
    source = MAP_FILE.read_text(encoding="utf-8")
    again = source.replace("time: PT2H", "time: PT1H")
    builders.published(timed.database, again.encode(), at=now())

    page = timed.as_(QM).read(f"{HERE}?from=1").replace("\xa0", " ")

    assert "version 1" in page
    assert "2 hours → 1 hour" in page


@pytest.mark.parametrize("asked", ["about=door/none", "day=yesterday", "from=9"])
def test_what_is_not_there_is_said_on_the_page(timed: House, asked: str) -> None:
    answer = timed.as_(QM).get(f"{HERE}?{asked}")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_everybody_sees_the_same_picture(timed: House) -> None:
    seen = {
        timed.as_(login).get(f"{PICTURE}.svg?{ABOUT}&in=en").text
        for login in (QM, "stock-head", "carrier-head")
    }

    assert len(seen) == 1


def test_a_map_without_step_times_still_shows_what_is_allotted(house: House) -> None:
    assert "allotted" in house.as_(QM).read(HERE)
    assert house.as_(QM).get("/maps/none/timing/picture").status_code == 404
