"""An order laid along its chain: in its order, no negative wait, ends only said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.reader import load
from resolve.clocks.calendar import DEFAULT
from resolve.clocks.working_time import working_time
from resolve.steptimes.strips import Strip, strip

CHAIN = load(
    b"""
resolve: 1
id: order
departments: {sales: {}, stock: {}, packing: {}}
steps:
  take: {department: sales, time: PT1H}
  pick: {department: stock, time: PT4H}
  credit: {department: sales}
  pack: {department: packing, time: PT2H}
handovers:
  - {from: take, to: pick, within: PT1H}
  - {from: take, to: credit}
  - {from: pick, to: pack}
  - {from: credit, to: pack}
  - {from: pack, to: pick}
touchpoints: {door: {step: pack}}
""",
    name="order.yaml",
)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    step: str
    started_at: datetime | None
    ended_at: datetime


def row(step: str, start: float | None, end: float) -> Row:
    began = None if start is None else MONDAY + timedelta(hours=start)
    return Row(step, began, MONDAY + timedelta(hours=end))


def laid(*rows: Row) -> Strip:
    found = strip(CHAIN, rows, worked=lambda _, a, b: working_time(DEFAULT, a, b))
    assert found is not None
    return found


def hours(span: timedelta) -> float:
    return span / timedelta(hours=1)


def test_steps_stand_in_the_order_of_the_chain_whatever_they_took() -> None:
    found = laid(row("pack", 8, 9), row("take", 0, 1), row("pick", 1, 7))

    assert [bar.step for bar in found.bars] == ["take", "pick", "pack"]
    assert [hours(bar.time) for bar in found.bars] == [1, 6, 1]


def test_time_counts_on_the_wall_and_in_working_hours() -> None:
    (bar,) = laid(row("pick", 0, 24)).bars

    assert hours(bar.time) == 24
    assert 0 < hours(bar.working) < 24


def test_a_wait_runs_from_the_latest_end_before_to_the_beginning() -> None:
    found = laid(row("take", 0, 1), row("pick", 2, 3), row("credit", 1, 5),
                 row("pack", 7, 8))  # fmt: skip

    waits = [(w.source, w.target, hours(w.time)) for w in found.waits]
    assert waits == [("take", "credit", 0), ("take", "pick", 1), ("credit", "pack", 2)]
    assert found.waits[1].within == timedelta(hours=1)


def test_work_that_overlaps_is_no_waiting() -> None:
    found = laid(row("take", 0, 4), row("pick", 2, 6))

    assert found.waits == ()


def test_a_step_done_twice_is_one_bar_of_two_passes() -> None:
    found = laid(row("pick", 0, 1), row("pack", 1, 2), row("pick", 3, 5),
                 row("pack", 5, 6))  # fmt: skip

    bars = {bar.step: bar for bar in found.bars}
    assert len(bars["pick"].passes) == 2
    assert hours(bars["pick"].time) == 3
    assert [hours(w.time) for w in found.waits] == [0, 1, 0]


def test_where_only_ends_are_known_a_step_began_when_the_one_before_ended() -> None:
    found = laid(row("take", None, 1), row("pick", None, 5))

    bars = {bar.step: bar for bar in found.bars}
    assert hours(bars["take"].time) == 0
    assert hours(bars["pick"].time) == 4
    assert not bars["pick"].passes[0].known
    assert found.waits == ()


def test_of_an_order_nobody_told_of_nothing_is_shown() -> None:
    assert strip(CHAIN, [], worked=lambda *_: timedelta()) is None


steps = st.sampled_from(["take", "pick", "credit", "pack"])
moments = st.floats(0, 1000, allow_nan=False)
rows = st.lists(
    st.tuples(steps, st.none() | moments, moments).filter(
        lambda one: one[1] is None or one[1] <= one[2]
    ),
    min_size=1,
    max_size=30,
)


@given(rows)
def test_whatever_a_log_says_nothing_is_negative_and_nothing_is_lost(
    told: list[tuple[str, float | None, float]],
) -> None:
    found = laid(*(row(*one) for one in told))

    assert sum(len(bar.passes) for bar in found.bars) == len(told)
    assert all(bar.time >= bar.working >= timedelta() for bar in found.bars)
    assert all(wait.time >= timedelta() for wait in found.waits)
    assert found.ended == max(row(*one).ended_at for one in told)
    assert len({bar.step for bar in found.bars}) == len(found.bars)
