"""A change tried on sampled orders, against NumPy summing the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.ground import Ground
from bench.repetitions import in_turn, milliseconds
from bench.row import Line, Reach, Row, compared
from resolve.chain.timing import Numbers, Way, on_time, whole

ORDERS, STEPS = 20_000, 30
REACH = Reach(5)
_TIMES = 25


def measure(ground: Ground) -> Iterator[Line]:
    orders = ground.size(ORDERS, least=1_000)
    chance = np.random.default_rng(1)
    # As orders are kept: the times of each step together.
    work = np.asfortranarray(chance.lognormal(8, 1, size=(orders, STEPS)))
    wait = np.asfortranarray(chance.lognormal(7, 1, size=(orders, STEPS - 1)))
    within = float(np.median(work.sum(axis=1) + wait.sum(axis=1)))
    way = _in_a_row(STEPS)
    on_time(work.sum(axis=1), within)  # SciPy is imported
    ours, theirs = in_turn(
        lambda: _tried(way, work, wait, within),
        lambda: _summed(work, wait, within),
        times=_TIMES,
    )
    yield compared(
        "simulating",
        f"a change tried on {orders:,} orders of {STEPS} steps",
        measured=(ours, milliseconds(ours)),
        against=(theirs, f"NumPy sums them in {milliseconds(theirs)}"),
        reach=REACH,
    )


ROW = Row("simulating", measure)


def _tried(way: Way, work: Numbers, wait: Numbers, within: float) -> object:
    """Let one step take less, and say how many are in time then."""
    changed = np.copy(work, order="K")
    changed[:, STEPS // 2] *= 0.9
    return on_time(whole(way, changed, wait), within)


def _summed(work: Numbers, wait: Numbers, within: float) -> object:
    return (work.sum(axis=1) + wait.sum(axis=1) <= within).mean()


def _in_a_row(steps: int) -> Way:
    before = tuple((place - 1,) if place else () for place in range(steps))
    return Way(
        tuple(f"s{place}" for place in range(steps)),
        before,
        before,
        tuple((f"s{place}",) for place in range(steps)),
    )
