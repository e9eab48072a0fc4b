"""Orders with the times of their steps: many at once as one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.model import HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.reader import load
from resolve.chain.timing import finish
from resolve.chain.way_of import handovers_of, way_of
from resolve.kit.database import Database, reading, transaction
from resolve.steptimes.laying import Laid, Rows, lay
from resolve.steptimes.rows import Timing, keyed
from resolve.steptimes.samples import Orders, orders_of
from resolve.steptimes.service import take
from resolve.steptimes.strips import strip
from tests import builders

MONDAY = builders.MONDAY
CHAIN = load(builders.ORDER)
DOOR = PromiseConcern("door", "on-time")
STEPS = tuple(CHAIN.steps)
HOUR = 3600.0


def timing(
    order: str, step: str, start: float | None, end: float, *, day: int = 0
) -> Timing:
    """Give a step time by hours after Monday, nine o'clock."""
    began = MONDAY + timedelta(days=day)
    return Timing(
        order,
        step,
        began + timedelta(hours=end),
        None if start is None else began + timedelta(hours=start),
    )


def whole_order(order: str, *, day: int = 0) -> list[Timing]:
    """Give an order that takes 30 hours to the door, 2 of them waiting."""
    return [
        timing(order, "take-order", 0, 2, day=day),
        timing(order, "pick", 3, 6, day=day),
        timing(order, "pack", 6, 8, day=day),
        timing(order, "check", 8, 9, day=day),
        timing(order, "load", 10, 12, day=day),
        timing(order, "deliver", 12, 30, day=day),
    ]


def took(database: Database, rows: Sequence[Timing]) -> None:
    """Take rows in."""
    with transaction(database) as session:
        take(
            session,
            list(keyed(rows, source="test", map_id="order", secret=b"secret")),
            map_id="order",
            source="test",
            who="administrator",
            at=MONDAY,
        )


def orders(database: Database, **asked: object) -> Orders:
    """Give the orders of the door."""
    with reading(database) as session:
        return orders_of(session, CHAIN, DOOR, **asked)  # type: ignore[arg-type]


def test_a_whole_order_has_its_work_and_its_waits(database: Database) -> None:
    builders.published(database)
    took(database, whole_order("A"))

    found = orders(database)

    assert found.way.steps == ("take-order", "pick", "pack", "load", "deliver")
    assert found.work.tolist() == [[2 * HOUR, 3 * HOUR, 3 * HOUR, 2 * HOUR, 18 * HOUR]]
    assert dict(zip(found.handovers, found.wait[0].tolist(), strict=True)) == {
        ("take-order", "pick"): HOUR,
        ("pick", "pack"): 0,
        ("check", "load"): HOUR,
        ("load", "deliver"): 0,
    }
    assert found.totals.tolist() == [30 * HOUR]
    assert np.isnan(found.so_far).all()
    assert found.began.tolist() == [MONDAY.timestamp()]
    assert finish(found.way, found.work, found.wait)[:, -1].tolist() == [30 * HOUR]
    assert (found.known, found.as_of) == (1, MONDAY + timedelta(hours=30))


def test_an_order_under_way_is_open_until_the_end_of_the_log(
    database: Database,
) -> None:
    builders.published(database)
    took(database, [*whole_order("A"), timing("B", "take-order", 5, 6)])

    found = orders(database)

    assert sorted(found.totals[~np.isnan(found.totals)]) == [30 * HOUR]
    assert sorted(found.so_far[~np.isnan(found.so_far)]) == [25 * HOUR]
    assert (np.isnan(found.totals) != np.isnan(found.so_far)).all()


def test_with_ends_only_a_step_begins_with_the_end_before_it(
    database: Database,
) -> None:
    builders.published(database)
    took(database, [timing("A", "take-order", None, 2), timing("A", "pick", None, 5),
                    timing("A", "deliver", None, 9)])  # fmt: skip

    found = orders(database)

    assert found.work.tolist() == [[0, 3 * HOUR, 0, 0, 4 * HOUR]]
    assert not found.wait.any()
    assert found.totals.tolist() == [7 * HOUR]


def test_work_that_overlaps_is_not_waiting(database: Database) -> None:
    builders.published(database)
    took(database, [timing("A", "take-order", 0, 4), timing("A", "pick", 3, 5)])

    found = orders(database)

    assert found.work.tolist() == [[4 * HOUR, 2 * HOUR, 0, 0, 0]]
    assert not found.wait.any()


def test_passes_of_a_loop_are_added_up_and_a_second_pass_waits_after_the_first(
    database: Database,
) -> None:
    builders.published(database)
    took(
        database,
        [
            timing("A", "pick", 0, 1),
            timing("A", "pack", 2, 3),
            timing("A", "check", 3, 4),
            timing("A", "pack", 5, 7),
            timing("A", "check", 7, 8),
            timing("A", "load", 9, 10),
            timing("A", "load", 12, 13),
        ],
    )

    found = orders(database)

    assert found.work[0].tolist() == [0, HOUR, 5 * HOUR, 2 * HOUR, 0]
    assert found.wait[0].tolist() == [0, HOUR, 3 * HOUR, 0]


def test_an_order_belongs_to_the_period_in_which_it_began(database: Database) -> None:
    builders.published(database)
    for day in range(10):
        took(database, whole_order(f"order-{day}", day=day))

    found = orders(
        database,
        since=MONDAY + timedelta(days=2),
        until=MONDAY + timedelta(days=5),
    )

    days = (found.began - MONDAY.timestamp()) / 24 / HOUR
    assert sorted(days) == [2, 3, 4]


def test_a_sample_is_the_same_in_whatever_order_the_log_came(
    database: Database,
) -> None:
    builders.published(database)
    rows = [whole_order(f"order-{day}", day=day) for day in range(30)]
    took(database, [row for of_order in reversed(rows) for row in of_order])
    before = orders(database, most=7)
    took(database, whole_order("another", day=31))
    after = orders(database, most=7, until=MONDAY + timedelta(days=31))

    assert (before.known, after.known, len(before.began)) == (30, 30, 7)
    assert before.began.tolist() == after.began.tolist()


def test_a_promise_counts_from_the_step_that_it_names(database: Database) -> None:
    source = builders.ORDER.replace(b"within: P5D}", b"within: P5D, since: pick}")
    builders.published(database, source)
    took(database, [*whole_order("A"), timing("B", "take-order", 0, 1)])

    with reading(database) as session:
        found = orders_of(session, load(source), DOOR)

    assert found.way.steps == ("pick", "pack", "load", "deliver")
    assert found.totals.tolist() == [27 * HOUR]
    assert found.known == 1


def test_without_rows_there_are_no_orders(database: Database) -> None:
    builders.published(database)

    found = orders(database)

    assert (found.known, found.work.shape, found.wait.shape) == (0, (0, 5), (0, 4))


def test_times_before_1970_are_times(database: Database) -> None:
    builders.published(database)
    long_ago = datetime(1948, 5, 1, 9, tzinfo=UTC)
    took(
        database,
        [
            Timing("A", "take-order", long_ago + timedelta(hours=1), long_ago),
            Timing("A", "deliver", long_ago + timedelta(hours=5)),
        ],
    )

    found = orders(database)

    assert found.began.tolist() == [long_ago.timestamp()]
    assert found.totals.tolist() == [5 * HOUR]


@dataclass(frozen=True)
class _Row:
    step: str
    started_at: datetime | None
    ended_at: datetime


minutes = st.integers(0, 40)
rows_of_an_order = st.lists(
    st.tuples(st.sampled_from(STEPS), minutes, minutes, st.booleans()), max_size=9
).map(
    lambda drawn: [
        _Row(
            step,
            MONDAY + timedelta(minutes=min(a, b)) if both else None,
            MONDAY + timedelta(minutes=max(a, b)),
        )
        # What is known of the same moment is read in the order of the chain.
        for step, a, b, both in sorted(drawn, key=lambda one: STEPS.index(one[0]))
    ]
)


@given(st.lists(rows_of_an_order, max_size=5))
def test_many_orders_are_laid_as_strips_lay_one(drawn: list[list[_Row]]) -> None:
    """Only that for a strip a second pass of a step may wait while the first lasts."""
    way = way_of(CHAIN, DOOR)
    laid = laid_of(CHAIN, drawn)

    for at, rows in enumerate(drawn):
        shown = strip(CHAIN, rows, worked=lambda _, start, end: end - start)
        if at not in laid.order:
            assert not any(row.step in sum(way.members, ()) for row in rows)
            continue
        mine = laid.order.tolist().index(at)
        assert shown is not None
        work = dict.fromkeys(STEPS, 0.0) | {
            bar.step: bar.time.total_seconds() for bar in shown.bars
        }
        assert laid.work[mine].tolist() == [
            sum(work[step] for step in members) for members in way.members
        ]
        if len({row.step for row in rows}) == len(rows):
            edges = handovers_of(CHAIN, way)
            waits = dict.fromkeys(edges, 0.0)
            for wait in shown.waits:
                waits[wait.source, wait.target] = wait.time.total_seconds()
            assert laid.wait[mine].tolist() == [waits[edge] for edge in edges]
        assert (laid.wait[mine] >= 0).all()


def laid_of(chain: ValueChain, drawn: list[list[_Row]]) -> Laid:
    """Lay these orders along the way to the door."""
    flat = [(at, row) for at, rows in enumerate(drawn) for row in rows]
    number = {step: place for place, step in enumerate(chain.steps)}
    way = way_of(chain, DOOR)
    return lay(
        chain,
        way,
        handovers_of(chain, way),
        Rows(
            np.array([at for at, _ in flat], dtype=np.int64),
            np.array([number[row.step] for _, row in flat], dtype=np.int64),
            np.array(
                [
                    row.started_at.timestamp() if row.started_at else np.nan
                    for _, row in flat
                ]
            ),
            np.array([row.ended_at.timestamp() for _, row in flat], dtype=np.float64),
        ),
        ends_with="deliver",
        begins_with=None,
        as_of=MONDAY.timestamp() + 2 * HOUR,
    )


def test_a_hand_over_has_orders_of_its_own(database: Database) -> None:
    builders.published(database)
    took(database, whole_order("A"))

    with reading(database) as session:
        found = orders_of(session, CHAIN, HandoverConcern("pick", "pack"))

    assert found.way.steps == ("take-order", "pick", "pack")
    assert found.totals == pytest.approx([8 * HOUR])
