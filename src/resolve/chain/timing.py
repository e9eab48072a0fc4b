"""Times along a chain: what a promise can count on, and what would help it most (pure).

Everything is said of whole orders: an order keeps the times of all its steps together,
so that what hangs together stays together. Times are seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isnan, sqrt
from statistics import NormalDist
from typing import TypeAlias
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

FEWEST = 20
"""With fewer orders nothing is said in numbers."""

_CONFIDENCE = 0.95
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean and variance of a time."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Share:
    """A share of orders with the interval that it lies in, at 95 %."""

    value: float
    low: float
    high: float
    orders: int


def pert(optimistic: float, likely: float, pessimistic: float) -> Estimate:
    """Estimate a time from three guesses (PERT: Malcolm, Roseboom, Clark 1959).

    >>> pert(5, 8, 17)
    Estimate(mean=9.0, variance=4.0)
    """
    mean = (optimistic + 4 * likely + pessimistic) / 6
    return Estimate(mean, ((pessimistic - optimistic) / 6) ** 2)


def repeated(once: Estimate, again: float) -> Estimate:
    """Give the time of a step that is done once more with probability `again`.

    >>> repeated(Estimate(2.0, 1.0), 0.25)
    Estimate(mean=2.6666666666666665, variance=3.111111111111111)
    """
    once_only = 1 - again
    spread = once.variance / once_only + once.mean**2 * again / once_only**2
    return Estimate(once.mean / once_only, spread)


def on_time(totals: Numbers, within: float) -> Share | None:
    """Give the share of orders that took at most `within`; None: too few to say.

    The interval is that of drawing as many orders again from these with replacement
    (the bootstrap of Efron 1979); the number in time then is binomial, so nothing is
    drawn. Where all or none were in time it says nothing, and Wilson's (1927) is given.
    """
    from scipy.stats import binom  # noqa: PLC0415  slow to import

    orders = len(totals)
    if orders < FEWEST:
        return None
    in_time = int(np.count_nonzero(totals <= within))
    if in_time in (0, orders):
        return wilson(in_time, orders)
    share, tail = in_time / orders, (1 - _CONFIDENCE) / 2
    low, high = binom.ppf((tail, 1 - tail), orders, share) / orders
    return Share(share, float(low), float(high), orders)


def wilson(hits: int, of: int) -> Share:
    """Give a share with the score interval of Wilson (1927).

    >>> share = wilson(81, 263)   # Newcombe 1998
    >>> round(share.low, 4), round(share.high, 4)
    (0.2553, 0.3662)
    """
    z = NormalDist().inv_cdf(1 - (1 - _CONFIDENCE) / 2)
    share, around = hits / of, z * z / of
    middle = (share + around / 2) / (1 + around)
    half = z / (1 + around) * sqrt(share * (1 - share) / of + around / (4 * of))
    return Share(share, max(0.0, middle - half), min(1.0, middle + half), of)


def still_open(finished: Numbers, running: Numbers, within: float) -> Share | None:
    """Give the share that takes at most `within`, when some orders are still under way.

    `running` are the times that open orders took so far. By Kaplan and Meier (1958)
    with the interval of Greenwood on the log-log scale; None: too few to say.
    """
    from scipy.stats import CensoredData, ecdf  # noqa: PLC0415  slow to import

    orders = len(finished) + len(running)
    if len(finished) < FEWEST:
        return None
    lasting = ecdf(CensoredData(uncensored=finished, right=running)).sf
    left = float(lasting.evaluate(within))
    if left in (0.0, 1.0):
        return wilson(round((1 - left) * orders), orders)
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # of moments where it has no interval
        around = lasting.confidence_interval(_CONFIDENCE, method="log-log")
    low, high = (float(one.evaluate(within)) for one in (around.low, around.high))
    if isnan(low) or isnan(high):
        return wilson(round((1 - left) * orders), orders)
    return Share(1 - left, 1 - high, 1 - low, orders)


# --------------------------------------------------------------- dividing a promise


def by_variance(times: Numbers, promise: float) -> Numbers:
    """Divide a promise so that steps that vary with the whole get the reserve.

    `times` has a row for each order and a column for each step; the parts are
    mean_i + z Cov(X_i, S) / sd(S), which add up to the promise exactly.
    """
    whole = times.sum(axis=1)
    means = times.mean(axis=0)
    together = ((times - means) * (whole - whole.mean())[:, None]).mean(axis=0)
    spread = whole.var()
    reserve = promise - means.sum()
    if spread == 0:
        return np.asarray(means + reserve / times.shape[1])
    return np.asarray(means + reserve * together / spread)


def by_difficulty(times: Numbers, promise: float) -> tuple[Numbers, float]:
    """Divide a promise so that each part is equally hard to keep.

    Gives the parts F_i^-1(p) and the share p of its orders in which each step keeps
    its part; where even the longest times are shorter in all than the promise, the rest
    is shared out evenly.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.quantile(times, middle, axis=0).sum() <= promise:
            low = middle
        else:
            high = middle
    parts = np.quantile(times, low, axis=0)
    return parts + (promise - parts.sum()) / times.shape[1], low


def all_keep(times: Numbers, parts: Numbers) -> float:
    """Give the share of orders in which every step keeps its part of the promise."""
    return float((times <= parts).all(axis=1).mean())


# ------------------------------------------------------------- orders on their way


@dataclass(frozen=True, slots=True)
class Way:
    """The steps of a walk in an order in which each comes after those before it.

    `before[i]` are the places of the steps that hand over to step i, and `waits[i]` the
    columns of the waits between them. Loops are one step, with the times added up; it
    has the id of its first step, and `members[i]` are all the steps of place i.
    """

    steps: tuple[str, ...]
    before: tuple[tuple[int, ...], ...]
    waits: tuple[tuple[int, ...], ...]
    members: tuple[tuple[str, ...], ...] = ()


def finish(way: Way, work: Numbers, wait: Numbers) -> Numbers:
    """Give when each step of each order ends, counted from the order's beginning.

    `work` is orders x steps, `wait` orders x hand-overs; a step that an order does not
    pass has the time 0.
    """
    ended = np.empty(work.shape, order="F")  # each step's times lie together
    for place, before in enumerate(way.before):
        now = ended[:, place]
        if len(before) == 1:
            np.add(ended[:, before[0]], wait[:, way.waits[place][0]], out=now)
            now += work[:, place]
        elif before:
            _ready(way, ended, wait, place).max(axis=0, out=now)
            now += work[:, place]
        else:
            now[:] = work[:, place]
    return ended


def whole(way: Way, work: Numbers, wait: Numbers) -> Numbers:
    """Give when the last step of each order ends: the last column of `finish`.

    Keeps no more than it still needs, which is half the time when many are tried.
    """
    needed = {step: place for place, before in enumerate(way.before) for step in before}
    ended: dict[int, Numbers] = {}
    now = work[:, 0]
    for place, before in enumerate(way.before):
        now = work[:, place]
        if before:
            came = zip(before, way.waits[place], strict=True)
            ready = [ended[step] + wait[:, column] for step, column in came]
            now = reduce(np.maximum, ready) + now
        ended[place] = now
        for step in before:
            if needed[step] == place:
                ended.pop(step, None)
    return now


def critical(way: Way, work: Numbers, wait: Numbers) -> Numbers:
    """Give for each step the share of orders on whose longest way it lies."""
    return np.asarray(on_longest_way(way, work, wait)[0].mean(axis=0))


def on_longest_way(way: Way, work: Numbers, wait: Numbers) -> tuple[Flags, Flags]:
    """Tell of each step and of each wait of each order whether it lies on its longest.

    Where two ways are equally long it is the first of them.
    """
    ended = finish(way, work, wait)
    last = len(way.steps) - 1
    steps = np.zeros(work.shape, dtype=bool)
    waits = np.zeros(wait.shape, dtype=bool)
    steps[:, last] = True
    for place in range(last, -1, -1):
        if not way.before[place]:
            continue
        longest = _ready(way, ended, wait, place).argmax(axis=0)
        here = np.flatnonzero(steps[:, place])
        steps[here, np.asarray(way.before[place])[longest][here]] = True
        waits[here, np.asarray(way.waits[place])[longest][here]] = True
    return steps, waits


def _ready(way: Way, ended: Numbers, wait: Numbers, place: int) -> Numbers:
    columns = zip(way.before[place], way.waits[place], strict=True)
    return np.stack([ended[:, step] + wait[:, column] for step, column in columns])


@dataclass(frozen=True, slots=True)
class Lever:
    """What a step has to do with missed promises, and what it could give.

    `late` is E[X | promise missed] - E[X]; `gain` by how much the share in time grows
    if the step's times above its own median came halfway back to it. Of a wait,
    `column` says which it is, and `step` is the step that waits.
    """

    step: str
    late: float
    gain: float
    column: int | None = None


def eased(times: Numbers, by: float = 0.5) -> Numbers:
    """Give the times with those above their median come back to it by this share.

    The median is that of the orders that spent any time there.
    """
    spent = times[times > 0]
    if not len(spent):
        return times
    median = np.median(spent)
    return np.where(times > median, times - (times - median) * by, times)


def levers(
    way: Way, work: Numbers, wait: Numbers, totals: Numbers, within: float
) -> tuple[Lever, ...] | None:
    """Give for each step, in the order of the chain, where a change helps most.

    `totals` are the times that the orders really took; what a change gives is added to
    them, with the same orders before and after (common random numbers). None: too few
    orders to say, or none of them late or none in time.
    """
    pull = _pull(way, work, wait, totals, within)
    if pull is None:
        return None
    found = []
    for place, step in enumerate(way.steps):
        changed = np.copy(work, order="K")
        changed[:, place] = eased(work[:, place])
        found.append(Lever(step, *pull(work[:, place], changed, wait)))
    return tuple(found)


def wait_levers(
    way: Way, work: Numbers, wait: Numbers, totals: Numbers, within: float
) -> tuple[Lever, ...] | None:
    """Give the same for each wait, by its column."""
    pull = _pull(way, work, wait, totals, within)
    if pull is None:
        return None
    target = {
        column: way.steps[place]
        for place, columns in enumerate(way.waits)
        for column in columns
    }
    found = []
    for column in range(wait.shape[1]):
        changed = np.copy(wait, order="K")
        changed[:, column] = eased(wait[:, column])
        late, gain = pull(wait[:, column], work, changed)
        found.append(Lever(target[column], late, gain, column))
    return tuple(found)


_Pull = Callable[[Numbers, Numbers, Numbers], tuple[float, float]]


def _pull(
    way: Way, work: Numbers, wait: Numbers, totals: Numbers, within: float
) -> _Pull | None:
    """Give what tells, of times, their lateness and what a change of them gives."""
    late = totals > within
    if len(totals) < FEWEST or late.all() or not late.any():
        return None
    now = whole(way, work, wait)
    in_time = float((~late).mean())

    def pull(times: Numbers, work: Numbers, wait: Numbers) -> tuple[float, float]:
        after = totals + whole(way, work, wait) - now
        gain = float((after <= within).mean()) - in_time
        return float(times[late].mean() - times.mean()), gain

    return pull


def weakest(found: Sequence[Lever]) -> Lever:
    """Give the link that an achievable change helps most: by gain, then by lateness."""
    return max(found, key=lambda lever: (lever.gain, lever.late))
