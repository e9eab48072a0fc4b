"""How long a promise takes, as everybody of the chain sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.maps.queries import chain_of
from resolve.steptimes.rows import Timing
from tests.api.pages.conftest import House
from tests.people import MAP
from tests.resolve.steptimes.orders import took

TIMING = f"/maps/{MAP}/timing"
WAY = ("take-order", "check-credit", "enter-order", "reserve", "pick", "pack",
       "check-parcel", "load", "deliver")  # fmt: skip


def orders(house: House, many: int, *, days: int = 60, open_ones: int = 0) -> None:
    """Let orders come to the door, every third of them slow to pick."""
    rows = []
    for number in range(many):
        at = now() - timedelta(days=days) + timedelta(hours=number)
        for step in WAY[: len(WAY) - (number < open_ones)]:
            started = at + timedelta(minutes=20)
            hours = 10 if step == "load" else 3
            if step == "pick" and not number % 3:
                hours = 25 + number % 20
            at = started + timedelta(hours=hours * 2)
            rows.append(Timing(f"O-{number}", step, at, started))
    took(house.database, rows, at=now(), map_id=MAP)


def test_everybody_of_the_chain_sees_the_same(house: House) -> None:
    orders(house, 100, open_ones=5)

    manager = house.as_("quality-manager").read(TIMING)
    stock = house.as_("frontline").read(TIMING)

    assert "of 100 orders in time" in manager
    assert "5 of them are still under way" in manager
    assert manager.count("a change here helps the customer most") == 1
    assert "If the longer times at “" in manager
    assert (
        manager.split("Times along the chain", 2)[-1]
        == (stock.split("Times along the chain", 2)[-1])
    )


def test_steps_stand_in_the_order_of_the_chain_whatever_they_took(
    house: House,
) -> None:
    orders(house, 60)
    with reading(house.database) as session:
        chain = chain_of(session, MAP)

    page = house.as_("quality-manager").get(TIMING).text

    named = re.findall(r'<div class="what"><strong>(.*?)</strong>', page)
    told = [chain.steps[one].title.in_("en") for one in WAY]
    assert [one for name in named for one in name.split(" + ") if one in told] == told
    assert 'style="' not in page


def test_waits_inside_a_loop_stand_in_no_row_and_are_named_below(
    house: House,
) -> None:
    orders(house, 60)

    page = house.as_("quality-manager").read(TIMING)

    below = page.split("nobody knows beforehand how often an order goes round: ")[1]
    assert below.startswith("Pick the goods → ")
    assert "half at most 20 minutes, nine of ten at most 20 minutes" in below


def test_too_few_orders_are_said_to_be_too_few(house: House) -> None:
    orders(house, 12)

    page = house.as_("quality-manager").read(TIMING)

    assert "Too few orders to say: 12 have ended, and it takes 20." in page
    assert "too few to say: 12 orders" in page
    assert "of 100 orders in time" not in page


def test_without_step_times_it_says_where_they_come_from(house: House) -> None:
    page = house.as_("quality-manager").read(TIMING)

    assert "No step times of such orders are known." in page


def test_a_period_is_chosen_and_the_address_carries_it(house: House) -> None:
    orders(house, 100)
    day = (now() - timedelta(days=58)).date()
    manager = house.as_("quality-manager")

    before = manager.read(f"{TIMING}?about=door/on-time&period=before&day={day}")
    after = manager.get(f"{TIMING}?about=door/on-time&period=after&day={day}").text

    counted = re.search(r"(\d+) orders\.", before)
    assert counted
    assert 20 < int(counted[1]) < 80
    assert f'value="{day}"' in after
    assert 'value="after" selected' in after
    assert 'value="door/on-time" selected' in after


@pytest.mark.parametrize(
    "day", ["", "2026-02-31", "never", "9999999-01-01", "0001-01-01", "9999-12-31"]
)
def test_a_day_that_is_none_is_asked_for_again(house: House, day: str) -> None:
    found = house.as_("quality-manager").get(f"{TIMING}?period=before&day={day}")

    assert found.status_code == 422
    assert "Choose the day, please." in found.text


def test_a_promise_that_is_not_there_is_not_found(house: House) -> None:
    manager = house.as_("quality-manager")

    assert manager.get(f"{TIMING}?about=moon/on-time").status_code == 404
    assert manager.get("/maps/moon/timing").status_code == 404


def test_what_came_in_since_is_told(house: House) -> None:
    orders(house, 30)
    manager = house.as_("quality-manager")
    manager.read(TIMING)
    late = Timing("late", "take-order", now() - timedelta(hours=1))
    took(house.database, [late], at=now(), map_id=MAP)

    assert "1 more step time came in since" in manager.read(TIMING)


def test_the_map_the_order_and_the_board_lead_there(house: House) -> None:
    case = house.filed(order="O-1").case_id
    manager = house.as_("quality-manager")

    assert f'href="{TIMING}"' in manager.get(f"/maps/{MAP}").text
    assert f'href="{TIMING}"' in manager.get("/board/monitoring").text
    times = manager.get(f"/cases/{case}/times").text
    assert f'href="{TIMING}?about=door%2Fon-time"' in times
    assert manager.get(f"{TIMING}?about=door%2Fon-time").status_code == 200
