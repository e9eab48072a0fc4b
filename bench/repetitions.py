"""Repeating two things in turn, since a machine is never as quiet as it seems."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from math import ceil
from statistics import median
from time import perf_counter

Act = Callable[[], object]


def seconds(act: Act) -> float:
    """Give how long it took."""
    gc.collect()
    start = perf_counter()
    act()
    return perf_counter() - start


def in_turn(first: Act, second: Act, *, times: int) -> tuple[float, float]:
    """Do A B A B ..., and give the median seconds of each."""
    pairs = [(seconds(first), seconds(second)) for _ in range(times)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def quantile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that so many of the values do not exceed.

    >>> quantile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def milliseconds(length: float) -> str:
    """Write a time as people compare it."""
    return f"{length * 1000:.3g} ms" if length < 1 else f"{length:.3g} s"
