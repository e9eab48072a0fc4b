"""What is kept of promises is what the step times say, and is quick to look at."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest
from sqlmodel import select

from resolve.chain.model import PromiseConcern
from resolve.handling.duties import Duty, rare_duties
from resolve.handling.timekeeping import remake_old
from resolve.kit.database import Database, reading, transaction
from resolve.maps.queries import chain_of
from resolve.steptimes.counting import rebuild
from resolve.steptimes.keeping import (
    About,
    anything_old,
    found_out,
    kept_orders,
    make,
)
from resolve.steptimes.models import KeptTimes
from resolve.steptimes.periods import Period, period_of
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.service import take
from tests import builders

NOW = builders.MONDAY + timedelta(days=400)
DOOR = PromiseConcern("door", "on-time")
PERIODS = (Period(), Period(months=3), Period(until=builders.MONDAY))


def order(number: int, days: float, *, seed: int, closed: bool = True) -> list[Timing]:
    """Give an order whose steps take a random time, so many days after Monday."""
    chance = random.Random(seed)  # noqa: S311  no secret
    at = builders.MONDAY + timedelta(days=days)
    rows = []
    steps = ["take-order", "pick", "pack", "check", "load", "deliver"]
    for step in steps if closed else steps[:3]:
        started = at + timedelta(minutes=chance.randrange(300))
        at = started + timedelta(minutes=chance.randrange(1, 3000))
        rows.append(Timing(f"A-{number}", step, at, started, id=f"{number}/{step}"))
    return rows


def took(database: Database, rows: list[Timing]) -> None:
    named = list(keyed(rows, source="test", map_id="order", secret=b"secret"))
    with transaction(database) as session:
        take(session, named, map_id="order", source="test", who="test", at=NOW)


def about(database: Database, period: Period = PERIODS[0]) -> About:
    with reading(database) as session:
        return About(chain_of(session, "order"), 1, DOOR, period)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everything_kept_is_found_again_from_scratch(
    database: Database, seed: int
) -> None:
    """After imports in random order, rows said twice, and rows replaced."""
    builders.published(database)
    chance = random.Random(seed)  # noqa: S311  no secret
    rows = [
        row
        for number in range(60)
        for row in order(
            number, chance.uniform(-200, 200), seed=number, closed=number % 7 > 0
        )
    ]
    replaced = [
        row
        for number in chance.sample(range(60), 9)
        for row in order(number, chance.uniform(-200, 200), seed=number + 1000)
    ]
    chance.shuffle(rows)
    at = NOW
    for start in range(0, len(rows), 80):
        took(database, rows[start : start + 100])
        at += timedelta(hours=1)
        for period in PERIODS:
            found_out(database, about(database, period), at=at)
    took(database, replaced)
    at += timedelta(hours=1)
    assert remake_old(database, at=at) == 2  # the odd one is made at sight
    found_out(database, about(database, PERIODS[2]), at=at)

    kept = {one.period: one for one in builders.all_rows(database, KeptTimes)}
    with transaction(database) as session:
        rebuild(session, "order")
        for period in PERIODS:
            anew = make(session, about(database, period), at=at)
            assert kept[period.text].figures == anew["figures"]
            assert kept[period.text].content == anew["content"]
    assert kept["all"].figures["orders"]["open"] > 0


def test_what_is_kept_grows_old_and_says_so(database: Database) -> None:
    builders.published(database)
    took(database, [row for n in range(30) for row in order(n, n, seed=n)])
    first = found_out(database, about(database), at=NOW)
    took(database, order(30, 30, seed=30))

    soon = found_out(database, about(database), at=NOW + timedelta(minutes=4))
    later = NOW + timedelta(minutes=6)
    with reading(database) as session:
        assert not anything_old(session, at=NOW + timedelta(minutes=4))
        assert Duty.TIMES in rare_duties(session, at=later, keep=timedelta(days=7))
    remake_old(database, at=later)
    anew = found_out(database, about(database), at=later)

    assert (first.since, soon.since, anew.since) == (0, 6, 0)
    assert (soon.made_at, anew.made_at) == (NOW, later)
    assert anew.figures["orders"]["known"] == 31


def test_a_new_version_of_the_map_is_looked_at_anew(database: Database) -> None:
    builders.published(database)
    took(database, [row for n in range(30) for row in order(n, n, seed=n)])
    found_out(database, about(database), at=NOW)
    shorter = builders.ORDER.replace(b"within: P5D}", b"within: P3D}")
    builders.published(database, shorter)
    with reading(database) as session:
        second = About(chain_of(session, "order"), 2, DOOR)

    found = found_out(database, second, at=NOW)

    assert found.figures["within"] == 3 * 24 * 3600
    with reading(database) as session:
        assert session.exec(select(KeptTimes.version)).all() == [2]


def test_kept_orders_are_the_orders(database: Database) -> None:
    builders.published(database)
    took(database, [row for n in range(30) for row in order(n, n, seed=n)])
    first = kept_orders(database, about(database), at=NOW)

    again = kept_orders(database, about(database), at=NOW)

    assert again.way == first.way
    assert again.handovers == first.handovers
    assert (again.known, again.as_of) == (30, first.as_of)
    for name in ("began", "work", "wait", "totals", "so_far", "passed", "went"):
        np.testing.assert_array_equal(getattr(again, name), getattr(first, name))


@pytest.mark.parametrize(
    "period",
    [
        Period(),
        Period(months=12),
        Period(since=builders.MONDAY),
        Period(until=builders.MONDAY),
        Period(builders.MONDAY, NOW),
    ],
)
def test_a_period_is_read_back_as_it_was_written(period: Period) -> None:
    assert period_of(period.text) == period
