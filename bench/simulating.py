"""A change tried on sampled orders, against NumPy summing the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from bench.ground import Ground
from bench.repetitions import in_turn, milliseconds
from bench.row import Line, Reach, Row, compared
from resolve.chain.sampled import Parts, sample
from resolve.chain.simulating import simulate
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
    try_division = _division(way, work, wait, within)
    for what, tried in (
        ("a change", lambda: _tried(way, work, wait, within)),
        ("a division, before and after,", try_division),
    ):
        ours, theirs = in_turn(tried, lambda: _summed(work, wait, within), times=_TIMES)
        yield compared(
            "simulating",
            f"{what} tried on {orders:,} orders of {STEPS} steps",
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


def _division(
    way: Way, work: Numbers, wait: Numbers, within: float
) -> Callable[[], object]:
    """Make ready what is ready between two edits; give what an edit costs."""
    orders = sample(
        way,
        tuple(pairwise(way.steps)),
        began=np.zeros(len(work)),
        work=work,
        wait=wait,
        totals=whole(way, work, wait),
        within=within,
        as_of=10 * within,
    )
    now = Parts((np.exp(8.5),) * STEPS, (np.exp(7.5),) * (STEPS - 1))
    then = Parts((np.exp(8.0), *now.work[1:]), now.wait)
    return lambda: simulate(orders, now, then)


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
