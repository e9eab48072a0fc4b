"""What is said of orders: too few is said to be too few, and one link is marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resolve.chain.model import PromiseConcern
from resolve.chain.reader import load
from resolve.chain.timing import wilson
from resolve.kit.database import Database, reading
from resolve.steptimes.figures import figures
from resolve.steptimes.hours import hours_of
from resolve.steptimes.keeping import About, orders_of_period
from resolve.steptimes.rows import Timing
from tests import builders
from tests.resolve.steptimes.orders import made, took

CHAIN = load(builders.ORDER)
MONDAY = builders.MONDAY
NOW = MONDAY + timedelta(days=100)
DOOR = PromiseConcern("door", "on-time")
HOUR = 3600.0


def told(
    database: Database, rows: list[Timing], concern: PromiseConcern = DOOR
) -> dict[str, Any]:
    """Publish the example, take rows in, and say what they tell."""
    builders.published(database)
    took(database, rows, at=NOW)
    with reading(database) as session:
        orders = orders_of_period(session, About(CHAIN, 1, concern))
    return figures(CHAIN, concern, orders)


def test_the_link_that_varies_most_is_marked_and_no_other(database: Database) -> None:
    found = told(database, made(300, MONDAY, slow="load"))

    marked = [one for one in found["chain"] if one["weakest"]]
    assert [one["step"] for one in marked] == ["load"]
    assert found["chain"][found["weakest"]] == marked[0]
    assert marked[0]["gain"] > 0
    assert marked[0]["late_by"] > 0


def test_what_is_said_stands_in_the_order_of_the_chain(database: Database) -> None:
    found = told(database, made(30, MONDAY, slow="take-order"))

    assert [one["step"] for one in found["chain"] if "step" in one] == [
        "take-order", "pick", "pack", "load", "deliver",
    ]  # fmt: skip
    loop = found["chain"][4]
    assert loop["steps"] == ["pack", "check"]
    assert loop["allotted"] == 3 * HOUR
    assert loop["departments"] == ["packing"]


def test_waits_inside_a_loop_are_told_apart_from_the_chain(
    database: Database,
) -> None:
    again = [
        Timing(f"A-{n}", step, at + timedelta(hours=1), at)
        for n in range(30)
        for step, hours in (("pack", 50), ("check", 54))
        for at in [MONDAY + timedelta(days=10, hours=hours)]
    ]
    found = told(database, made(30, MONDAY, same=True) + again)

    waits = {
        (one["handover"]["from"], one["handover"]["to"]): one
        for one in found["inside_loops"]
    }
    assert set(waits) == {("pack", "check"), ("check", "pack")}
    # Packed anew, it waited three hours for the second check.
    assert waits["pack", "check"]["median"] == 3 * HOUR
    assert waits["check", "pack"]["orders"] == 30
    in_rows = [one["handover"] for one in found["chain"] if "handover" in one]
    assert {"from": "check", "to": "pack"} not in in_rows


def test_a_chain_without_branches_lies_on_the_longest_way(database: Database) -> None:
    found = told(database, made(30, MONDAY))

    assert {one["longest_way"] for one in found["chain"]} == {1.0}


def test_of_fewer_than_twenty_nothing_is_said_in_numbers(database: Database) -> None:
    found = told(database, made(19, MONDAY))

    assert found["orders"] == {"known": 19, "looked_at": 19, "ended": 19, "open": 0}
    assert found["on_time"] is found["time"] is found["weakest"] is None
    for link in found["chain"]:
        assert link["median"] is link["nine_of_ten"] is link["gain"] is None
        assert link["longest_way"] is None


def test_one_order_alone_says_nothing(database: Database) -> None:
    found = told(database, made(1, MONDAY))

    assert found["orders"]["known"] == 1
    assert found["on_time"] is None


def test_where_every_time_is_equal_all_are_in_time(database: Database) -> None:
    found = told(database, made(40, MONDAY, same=True))

    assert found["on_time"] == pytest.approx(
        {"share": 1.0, "low": wilson(40, 40).low, "high": 1.0}
    )
    assert found["time"]["median"] == found["time"]["nine_of_ten"] == 12 * HOUR
    assert found["weakest"] is None
    assert all(one["gain"] is None for one in found["chain"])


@pytest.mark.parametrize("year", [1948, 1970])
def test_a_log_from_long_ago_is_a_log(database: Database, year: int) -> None:
    began = datetime(year, 1, 1, tzinfo=UTC)

    found = told(database, made(40, began))

    assert found["began"].startswith(f"{year}-01-01")
    assert found["time"]["median"] > 0
    assert found["chain"][0]["worked"] is not None


def test_a_log_of_a_lifetime_is_told_by_the_clock_on_the_wall(
    database: Database,
) -> None:
    rows = [*made(40, MONDAY), Timing("old", "pick", datetime(1948, 1, 1, tzinfo=UTC))]

    found = told(database, rows)

    assert found["chain"][0]["worked"] is None
    assert found["chain"][0]["median"] > 0


def test_a_log_of_ends_only_has_no_waits(database: Database) -> None:
    rows = [Timing(one.order, one.step, one.ended) for one in made(40, MONDAY)]

    found = told(database, rows)

    assert [one["orders"] for one in found["chain"] if "handover" in one] == [0] * 4
    assert found["time"]["median"] > 0


def test_open_orders_count_for_as_long_as_they_took(database: Database) -> None:
    rows = made(100, MONDAY, open_ones=40)
    last = max(row.ended for row in rows)
    rows.append(Timing("end-of-the-log", "bill", last + timedelta(days=30)))

    found = told(database, rows)

    assert found["orders"]["open"] == 40
    assert found["on_time_with_open"]["share"] < found["on_time"]["share"]
    assert found["on_time_with_open"]["low"] < found["on_time_with_open"]["share"]


def test_an_order_that_nobody_will_end_leaves_the_slow_ones_unknown(
    database: Database,
) -> None:
    rows = made(100, MONDAY, open_ones=70)
    last = max(row.ended for row in rows)
    rows.append(Timing("end-of-the-log", "bill", last + timedelta(days=90)))

    found = told(database, rows)

    assert found["time"]["median"] is None
    assert found["time"]["nine_of_ten"] is None


def test_a_promise_without_time_is_never_late(database: Database) -> None:
    found = told(database, made(40, MONDAY), PromiseConcern("door", "intact"))

    assert found["within"] is found["on_time"] is found["weakest"] is None
    assert found["time"]["median"] > 0


def test_working_time_is_that_of_the_calendar(database: Database) -> None:
    """The default calendar: Monday to Friday from nine to six, by UTC."""
    friday = MONDAY + timedelta(days=4, hours=8)
    rows = [
        Timing(f"A-{n}", step, friday + timedelta(days=3), friday)
        for n in range(20)
        for step in ("take-order", "deliver")
    ]

    found = told(database, rows)

    assert found["chain"][0]["median"] == 72 * HOUR
    assert found["chain"][0]["worked"] == 9 * HOUR
    with reading(database) as session:
        hours = hours_of(session, CHAIN)
    assert hours is not None
    assert set(hours) == set(CHAIN.departments)
