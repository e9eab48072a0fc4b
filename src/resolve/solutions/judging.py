"""Whether a change worked: the orders before it against those after it (pure).

Both sides are looked at in the same way: as long a time before the day as after it,
and each as it could be seen at the end of that time. What takes long is then missing on
both sides alike, and neither is favoured. Times are seconds.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

from resolve.chain.timing import FEWEST, Numbers, wilson

_CONFIDENCE = 0.95


class Measure(StrEnum):
    """What a change is to change."""

    STEP = "time_of_step"  # the time that a step takes in an order
    WAIT = "wait_of_handover"  # the wait between two steps of an order
    ORDER = "time_of_order"  # from the beginning of an order to the customer
    ON_TIME = "on_time"  # the share of orders that keep the promise


class Verdict(StrEnum):
    """What the orders say of a change."""

    PROVEN = "proven"  # the whole interval is on the better side
    NOT_PROVEN = "not_proven"  # it reaches no change at all, or worse
    TOO_FEW = "too_few"  # fewer than 20 orders on a side: nothing is said


@dataclass(frozen=True, slots=True)
class Followed:
    """Orders with what is measured: a value each; `totals` is NaN while it is open."""

    began: Numbers
    totals: Numbers
    values: Numbers


@dataclass(frozen=True, slots=True)
class Side:
    """What orders were like: the mean or the share, with its interval at 95 %."""

    orders: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judged:
    """The effect, after minus before, with its interval at 95 %.

    Where there are too few orders to say, only their numbers are given.
    """

    verdict: Verdict
    orders: tuple[int, int]
    before: Side | None = None
    after: Side | None = None
    effect: float = 0.0
    low: float = 0.0
    high: float = 0.0


def finished(of: Followed, *, begins: float, ends: float) -> Numbers:
    """Give the values of the orders that began and ended between two moments.

    >>> began, took = np.array([0.0, 5.0, 8.0]), np.array([4.0, 3.0, 9.0])
    >>> of = Followed(began, took, np.array([1.0, 0.0, 0.0]))
    >>> finished(of, begins=0, ends=10).tolist()
    [1.0, 0.0]
    """
    inside = (of.began >= begins) & (of.began < ends)
    return of.values[inside & (of.began + of.totals <= ends)]


def kept(of: Followed, within: float, *, begins: float, ends: float) -> Numbers:
    """Give 1 for each order that kept its time and 0 for each that did not.

    Only of those that began so early that it is known by `ends`, open ones too.

    >>> of = Followed(np.array([0.0, 1, 9]), np.array([2.0, np.nan, 1]), np.zeros(3))
    >>> kept(of, 3, begins=0, ends=10).tolist()
    [1.0, 0.0]
    """
    known = (of.began >= begins) & (of.began + within <= ends)
    return (of.totals[known] <= within).astype(np.float64)


def judge(measure: Measure, before: Numbers, after: Numbers) -> Judged:
    """Say whether a change worked, from the values of orders before and after it.

    A time is better if it is shorter, a share if it is larger. A step or a wait that
    fewer than 20 orders before had at all is too few to say, too.
    """
    share = measure is Measure.ON_TIME
    orders = (len(before), len(after))
    had_it = len(before) if share else int(np.count_nonzero(before))
    if min(*orders, had_it) < FEWEST:
        return Judged(Verdict.TOO_FEW, (had_it, len(after)))
    sides = (_share(before), _share(after)) if share else (_mean(before), _mean(after))
    low, high = _newcombe(*sides) if share else _welch(before, after)
    proven = low > 0 if share else high < 0
    return Judged(
        Verdict.PROVEN if proven else Verdict.NOT_PROVEN,
        orders,
        *sides,
        effect=sides[1].value - sides[0].value,
        low=low,
        high=high,
    )


def ends_with(of: Followed, orders: int, *, begins: float) -> float | None:
    """Give when so many of the orders begun since then had ended; None: not yet."""
    ends = np.sort((of.began + of.totals)[of.began >= begins])  # NaN comes last
    if len(ends) < orders or np.isnan(ends[orders - 1]):
        return None
    return float(ends[orders - 1])


def how_many(of: Followed, *, begins: float) -> int:
    """Give how many of the orders begun since then have ended."""
    return int(np.count_nonzero(~np.isnan(of.totals[of.began >= begins])))


def _mean(values: Numbers) -> Side:
    """Give the mean with the t interval of Student (1908)."""
    from scipy.stats import t  # noqa: PLC0415  slow to import

    mean, orders = float(values.mean()), len(values)
    half = float(t.ppf((1 + _CONFIDENCE) / 2, orders - 1))
    half *= float(values.std(ddof=1)) / sqrt(orders)
    return Side(orders, mean, max(0.0, mean - half), mean + half)


def _share(values: Numbers) -> Side:
    found = wilson(int(values.sum()), len(values))
    return Side(len(values), found.value, found.low, found.high)


def _welch(before: Numbers, after: Numbers) -> tuple[float, float]:
    """Give the interval of a difference of means (Welch 1947)."""
    from scipy.stats import ttest_ind  # noqa: PLC0415  slow to import

    if not np.ptp(before) and not np.ptp(after):
        exactly = float(after[0] - before[0])
        return exactly, exactly
    with warnings.catch_warnings():  # of times that are nearly all the same
        warnings.simplefilter("ignore", RuntimeWarning)
        found = ttest_ind(after, before, equal_var=False)
        interval = found.confidence_interval(_CONFIDENCE)
    return float(interval.low), float(interval.high)


def _newcombe(before: Side, after: Side) -> tuple[float, float]:
    """Give the interval of a difference of shares (Newcombe 1998, method 10)."""
    effect = after.value - before.value
    down = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return effect - down, effect + up
