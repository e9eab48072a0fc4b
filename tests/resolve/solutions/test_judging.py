"""Whether a change worked: examples of others, made logs, and laws."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from resolve.chain.timing import Numbers
from resolve.solutions.judging import (
    Followed,
    Measure,
    Verdict,
    ends_with,
    finished,
    how_many,
    judge,
    kept,
)

DAY = 86_400.0


def shares(hits: int, of: int) -> Numbers:
    return np.array([1.0] * hits + [0.0] * (of - hits))


def test_a_difference_of_shares_is_as_published() -> None:
    # Newcombe 1998, table II: 56/70 against 48/80 by method 10.
    found = judge(Measure.ON_TIME, shares(48, 80), shares(56, 70))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert found.verdict is Verdict.PROVEN


def made(seed: int, shift: float, orders: int = 300) -> tuple[Followed, float]:
    """Make a log of orders that take about a day, with a change in its middle."""
    rng = default_rng(seed)
    began = np.sort(rng.uniform(0, 120 * DAY, orders))
    totals = rng.lognormal(np.log(DAY), 0.5, orders)
    totals = np.where(began >= 60 * DAY, totals * (1 - shift), totals)
    return Followed(began, totals, totals), 60 * DAY


def sides(of: Followed, day: float, *, length: float) -> tuple[Numbers, Numbers]:
    return (
        finished(of, begins=day - length, ends=day),
        finished(of, begins=day, ends=day + length),
    )


def test_a_shift_of_a_fifth_is_proven() -> None:
    of, day = made(7, 0.2)
    found = judge(Measure.ORDER, *sides(of, day, length=60 * DAY))
    assert found.verdict is Verdict.PROVEN
    assert found.before is not None
    assert -0.35 < found.effect / found.before.value < -0.1
    assert found.low < found.effect < found.high < 0


def test_where_nothing_changed_nearly_nothing_is_proven() -> None:
    verdicts = []
    for seed in range(100):
        of, day = made(seed, 0.0)
        found = judge(Measure.ORDER, *sides(of, day, length=60 * DAY))
        verdicts.append(found.verdict)
    assert verdicts.count(Verdict.NOT_PROVEN) >= 95


def test_what_takes_long_is_missing_on_both_sides_alike() -> None:
    """Orders of ten days in windows of twenty: the open ones favour nothing."""
    verdicts = []
    for seed in range(100):
        rng = default_rng(seed)
        began = np.sort(rng.uniform(0, 40 * DAY, 400))
        totals = rng.lognormal(np.log(10 * DAY), 0.6, 400)
        seen = began + totals <= 40 * DAY
        of = Followed(began, np.where(seen, totals, np.nan), totals)
        both = sides(of, 20 * DAY, length=20 * DAY)
        verdicts.append(judge(Measure.ORDER, *both).verdict)
    assert verdicts.count(Verdict.NOT_PROVEN) >= 95


def test_a_share_counts_open_orders_whose_time_is_over() -> None:
    began = np.arange(40.0)
    totals = np.where(np.arange(40) % 2 == 0, 2.0, np.nan)
    of = Followed(began, totals, totals)
    assert kept(of, 3, begins=0, ends=40).mean() == pytest.approx(0.5, abs=0.02)
    assert len(kept(of, 3, begins=0, ends=40)) == 38


def test_fewer_than_twenty_on_a_side_are_too_few_to_say() -> None:
    values = np.linspace(1, 2, 20)
    assert judge(Measure.STEP, values, values[:19]).verdict is Verdict.TOO_FEW
    assert judge(Measure.STEP, values[:19], values).verdict is Verdict.TOO_FEW
    assert judge(Measure.STEP, values, values).verdict is Verdict.NOT_PROVEN


def test_a_step_that_hardly_any_order_passed_is_too_few_to_say() -> None:
    never = np.zeros(100)
    assert judge(Measure.STEP, never, never).verdict is Verdict.TOO_FEW


def test_a_wait_that_went_away_is_proven() -> None:
    found = judge(Measure.WAIT, np.full(30, 60.0), np.zeros(30))
    assert (found.verdict, found.effect, found.low) == (Verdict.PROVEN, -60.0, -60.0)


def test_every_time_equal_changes_nothing() -> None:
    found = judge(Measure.ORDER, np.full(30, 60.0), np.full(30, 60.0))
    assert (found.verdict, found.effect) == (Verdict.NOT_PROVEN, 0.0)


def test_so_many_orders_have_ended_at_a_moment() -> None:
    began = np.array([0.0, 10, 11, 12])
    of = Followed(began, np.array([1.0, 5, np.nan, 1]), began)
    assert ends_with(of, 2, begins=10) == 15
    assert ends_with(of, 3, begins=10) is None
    assert ends_with(of, 9, begins=10) is None
    assert how_many(of, begins=10) == 2


times = st.lists(st.floats(1, 1e6), min_size=20, max_size=60)
hits = st.lists(st.booleans(), min_size=20, max_size=60)


@given(times, times)
def test_before_and_after_are_mirrored_for_times(
    one: list[float], other: list[float]
) -> None:
    there = judge(Measure.ORDER, np.array(one), np.array(other))
    back = judge(Measure.ORDER, np.array(other), np.array(one))
    _mirrored(there.effect, back.effect)
    _mirrored(there.low, back.high)
    _mirrored(there.high, back.low)
    assert Verdict.NOT_PROVEN in (there.verdict, back.verdict)


@given(hits, hits)
def test_before_and_after_are_mirrored_for_shares(
    one: list[bool], other: list[bool]
) -> None:
    values = np.array(one, dtype=float), np.array(other, dtype=float)
    there = judge(Measure.ON_TIME, *values)
    back = judge(Measure.ON_TIME, *reversed(values))
    _mirrored(there.effect, back.effect)
    _mirrored(there.low, back.high)
    assert there.low - 1e-12 <= there.effect <= there.high + 1e-12
    assert there.low >= -1 - 1e-12
    assert there.high <= 1 + 1e-12


@given(times, st.floats(0.1, 0.99))
def test_a_time_is_never_better_for_being_longer(
    values: list[float], faster: float
) -> None:
    found = judge(Measure.STEP, np.array(values) * faster, np.array(values))
    assert found.verdict is Verdict.NOT_PROVEN
    assert found.effect > 0


def _mirrored(one: float, other: float) -> None:
    assert isclose(one, -other, rel_tol=1e-6, abs_tol=1e-6)
