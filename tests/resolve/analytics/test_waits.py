"""What the waits of a map were spent on, read from its step times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from resolve.analytics import waits as analytics
from resolve.analytics.waits import Waited, waits_json, waits_of
from resolve.kit.database import Database, reading
from resolve.steptimes.rows import Timing
from resolve.steptimes.waits import Cause
from tests import builders
from tests.builders import MONDAY
from tests.resolve.steptimes.orders import took
from tests.work import lines_run

HOUR = timedelta(hours=1)


def work(
    order: int, step: str, start: float | None, end: float, who: str | None = None
) -> Timing:
    """Give a step time in hours after Monday's opening, a day later for each order."""
    day = MONDAY + timedelta(days=7 * order)
    began = None if start is None else day + start * HOUR
    return Timing(f"A-{order}", step, day + end * HOUR, began, who)


def found(database: Database) -> dict[tuple[str, str], Waited]:
    with reading(database) as session:
        _, waits = waits_of(session, "order")
    return {(w.handover.source, w.handover.target): w for w in waits.handovers}


@pytest.fixture
def order(database: Database) -> Database:
    """Publish the worked example."""
    builders.published(database, builders.ORDER, at=MONDAY)
    return database


def test_a_wait_is_split_on_the_calendar_of_the_department_that_waits_for_it(
    order: Database,
) -> None:
    # Taken at 9 to 17, picked the next day at 10: the house closes from 18 to 9.
    rows = [work(n, "take-order", 0, 8) for n in range(20)]
    rows += [work(n, "pick", 25, 26, "anna") for n in range(20)]
    took(order, rows, at=MONDAY)

    wait = found(order)["take-order", "pick"]

    assert wait.count == 20
    assert wait.mean == wait.median == 17 * 3600
    assert wait.causes == {
        Cause.BATCHING: 0, Cause.CONTENTION: 0, Cause.PRIORITISATION: 0,
        Cause.UNAVAILABILITY: 15 * 3600, Cause.EXTRANEOUS: 2 * 3600,
    }  # fmt: skip
    assert wait.known == 1


def test_the_causes_of_orders_on_one_desk_add_up_to_their_waits(
    order: Database,
) -> None:
    rows = []
    for n in range(20):
        rows += [work(n, "take-order", 0, 1), work(n, "pick", 2, 3, "anna")]
        # Another order of the same day, begun earlier, keeps the same desk busy.
        early = [work(n, "take-order", 0, 0.5), work(n, "pick", 1, 2, "anna")]
        rows += [Timing(f"B-{n}", r.step, r.ended, r.started, r.resource)
                 for r in early]  # fmt: skip
    took(order, rows, at=MONDAY)

    wait = found(order)["take-order", "pick"]

    assert wait.count == 40
    assert wait.causes is not None
    assert wait.mean is not None
    assert sum(wait.causes.values()) == pytest.approx(wait.mean)
    # Half of them waited an hour for the desk; all could start before the first did.
    assert wait.causes[Cause.CONTENTION] + wait.causes[Cause.BATCHING] > 0


def test_fewer_waits_than_twenty_say_nothing(order: Database) -> None:
    rows = [work(n, "take-order", 0, 1) for n in range(19)]
    rows += [work(n, "pick", 2, 3) for n in range(19)]
    took(order, rows, at=MONDAY)

    wait = found(order)["take-order", "pick"]

    assert (wait.count, wait.mean, wait.causes) == (19, None, None)


def test_of_ends_alone_nothing_is_known_of_waits(order: Database) -> None:
    rows = [work(n, step, None, end) for n in range(30)
            for step, end in (("take-order", 1), ("pick", 5))]  # fmt: skip
    took(order, rows, at=MONDAY)

    assert all(wait.count == 0 for wait in found(order).values())


def test_hand_overs_stand_in_the_order_of_the_chain(order: Database) -> None:
    with reading(order) as session:
        _, waits = waits_of(session, "order")

    ends = [(one["from"], one["to"]) for one in waits_json(waits)["handovers"]]
    assert ends[0] == ("take-order", "pick")
    assert ends.index(("pick", "pack")) < ends.index(("load", "deliver"))
    assert waits.orders == 0
    assert waits.since is None


def test_new_step_times_are_seen_at_once(order: Database) -> None:
    took(order, [work(0, "take-order", 0, 1), work(0, "pick", 2, 3)], at=MONDAY)
    before = found(order)["take-order", "pick"].count
    took(order, [work(1, "take-order", 0, 1), work(1, "pick", 2, 3)], at=MONDAY)

    assert (before, found(order)["take-order", "pick"].count) == (1, 2)


def test_only_the_latest_orders_are_looked_at(
    order: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analytics, "MOST", 3)
    rows = [work(n, step, start, start + 1) for n in range(5)
            for step, start in (("take-order", 0), ("pick", 2))]  # fmt: skip
    took(order, rows, at=MONDAY)

    with reading(order) as session:
        _, waits = waits_of(session, "order")

    assert waits.orders == 3
    assert waits.since == MONDAY + timedelta(days=14)


def test_an_order_of_very_many_steps_is_no_more_work_than_many_orders(
    order: Database,
) -> None:
    """A time for each of many passes through a loop, not for each pair of them."""

    def looked_at(passes: range) -> int:
        rows = [
            work(0, ("pack", "check")[n % 2], n / 60, (n + 0.5) / 60) for n in passes
        ]
        took(order, rows, at=MONDAY)
        return lines_run(lambda: found(order))

    few, many = looked_at(range(500)), looked_at(range(500, 5_000))
    waits = found(order)

    assert many < 15 * few  # ten times as many rows
    assert waits["pack", "check"].count == 2_500
    assert waits["pack", "check"].mean == pytest.approx(30)
