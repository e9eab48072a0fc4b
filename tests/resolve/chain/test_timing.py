"""Published examples and laws of times along a chain."""

from __future__ import annotations

from math import exp, log
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from resolve.chain import timing
from resolve.chain.timing import Estimate, Way

THREE = np.random.default_rng(7).exponential(size=(200_000, 3))
CHAIN = Way(("a", "b", "c"), ((), (0,), (1,)), ((), (0,), (1,)))


def test_pert_gives_the_published_network() -> None:
    """Taylor, Introduction to Management Science: path 1-3-5-7."""
    guesses = [(5, 8, 17), (7, 10, 13), (3, 5, 7), (1, 3, 5), (4, 6, 8), (3, 3, 3),
               (3, 4, 5)]  # fmt: skip
    found = [timing.pert(*one) for one in guesses]

    assert [one.mean for one in found] == [9, 10, 5, 3, 6, 3, 4]
    # The path with the mean 24 and the variance 5: P(T <= 28) = .9632.
    assert NormalDist(24, 5**0.5).cdf(28) == pytest.approx(0.9632, abs=1e-4)
    assert sum(found[i].mean for i in (0, 2, 4, 6)) == 24
    assert sum(found[i].variance for i in (0, 2, 4, 6)) == pytest.approx(5)


def test_a_step_done_again_takes_longer_and_varies_more() -> None:
    found = timing.repeated(Estimate(2, 1), 0.25)

    assert found.mean == pytest.approx(2.6667, abs=1e-4)
    assert found.variance == pytest.approx(3.1111, abs=1e-4)


def test_the_quantile_of_a_sum_is_not_the_sum_of_quantiles() -> None:
    """Three Exp(1): 2.9957 each, 8.9872 summed, 6.2958 of the sum."""
    each = np.quantile(THREE, 0.95, axis=0)
    whole = np.quantile(THREE.sum(axis=1), 0.95)

    assert each == pytest.approx(np.full(3, -log(0.05)), rel=0.02)
    assert whole == pytest.approx(6.2958, rel=0.01)


def test_equal_steps_get_equal_parts_that_are_equally_hard() -> None:
    """Three Exp(1) and their own 95 %: 2.0986 each, at the percentile .8774."""
    parts, kept = timing.by_difficulty(THREE, 6.2958)

    assert parts == pytest.approx(np.full(3, 2.0986), rel=0.01)
    assert kept == pytest.approx(1 - exp(-2.0986), abs=0.003)
    assert timing.all_keep(THREE, parts) == pytest.approx(0.8774**3, abs=0.004)


times = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 40), st.integers(1, 6)),
    elements=st.floats(0, 1e6, width=32),
)


@given(times, st.floats(1, 1e6))
def test_parts_always_add_up_to_the_promise(
    found: timing.Numbers, promise: float
) -> None:
    by_difficulty, _ = timing.by_difficulty(found, promise)

    assert timing.by_variance(found, promise).sum() == pytest.approx(promise, abs=1)
    assert by_difficulty.sum() == pytest.approx(promise, abs=1)


def test_a_step_that_never_varies_gets_no_reserve() -> None:
    steady = np.column_stack([np.full(1000, 5.0), THREE[:1000, 0]])

    parts = timing.by_variance(steady, 20)

    assert parts[0] == pytest.approx(5)
    assert parts.sum() == pytest.approx(20)


def test_too_few_orders_say_nothing() -> None:
    assert timing.on_time(np.ones(19), 1) is None


def test_the_interval_of_a_share_covers_what_is_true() -> None:
    draw = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        share = timing.on_time(draw.exponential(size=200), 1)
        assert share is not None
        covered += share.low <= 1 - exp(-1) <= share.high

    assert covered >= 0.92 * 400


def test_orders_under_way_are_not_taken_for_quick_ones() -> None:
    draw = np.random.default_rng(5)
    whole, seen = draw.exponential(size=4000), draw.uniform(0, 2, size=4000)
    finished = whole[whole <= seen]
    running = seen[whole > seen]

    share = timing.still_open(finished, running, 1)

    assert share is not None
    assert share.low <= 1 - exp(-1) <= share.high
    naive = timing.on_time(finished, 1)
    assert naive is not None
    assert naive.low > share.high


def test_a_step_beside_a_longer_one_is_on_no_longest_way() -> None:
    way = Way(("start", "long", "short", "end"), ((), (0,), (0,), (1, 2)),
              ((), (0,), (1,), (2, 3)))  # fmt: skip
    work = np.tile([1.0, 5.0, 2.0, 1.0], (30, 1))
    wait = np.zeros((30, 4))
    wait[:10, 1] = 9  # for ten orders the short one began late

    assert timing.finish(way, work, wait)[:, -1].tolist() == [13.0] * 10 + [7.0] * 20
    shares = timing.critical(way, work, wait)
    assert shares == pytest.approx([1, 2 / 3, 1 / 3, 1])


def test_the_weakest_link_is_where_a_change_helps_most() -> None:
    work = THREE[:2000].copy()
    work[:, 1] *= 4
    wait = np.zeros((2000, 2))
    totals = timing.finish(CHAIN, work, wait)[:, -1]

    found = timing.levers(CHAIN, work, wait, totals, within=8)

    assert found is not None
    assert [one.step for one in found] == ["a", "b", "c"]
    assert timing.weakest(found).step == "b"
    assert all(one.gain >= 0 for one in found)


def test_in_a_pure_chain_a_shift_of_the_mean_matters_equally_at_every_step() -> None:
    wait = np.zeros((2000, 2))
    ends = []
    for place in range(3):
        work = THREE[:2000].copy()
        work[:, place] += 0.5
        ends.append(timing.finish(CHAIN, work, wait)[:, -1])

    assert ends[0] == pytest.approx(ends[1])
    assert ends[1] == pytest.approx(ends[2])
