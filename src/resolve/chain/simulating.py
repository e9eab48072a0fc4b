"""What another division of time, or another way of working, would do (pure).

Whole orders are taken as they were and changed: the same orders before and after
(common random numbers), so that what hangs together stays together, and no change
gives a difference of exactly nothing. What is assumed of people is said here, once:

- An allotted time is a target. Where it becomes shorter, or there was none, the times
  above it come half of the way back to it; where it becomes longer, nobody gets slower.
- "Its spread shrinks": the times of a step above its own median come back to the
  median by a share.
- "This wait goes away": nothing passes between two steps.
- "These two run side by side": the second begins when the first one does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from resolve.chain.sampled import (
    Counts,
    Flags,
    Parts,
    Rows,
    Sample,
    Tried,
    critical_shares,
    places_of,
)
from resolve.chain.timing import FEWEST, Numbers, Share, Way, wilson

HALF = 0.5
"""How far times above a shorter target come back to it."""

_DRAWS = 1000
_SEED = 20_261
_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What else is supposed, by step and hand-over; a step speaks for its loop."""

    shrink: Mapping[str, float] = field(default_factory=dict)
    no_wait: frozenset[tuple[str, str]] = frozenset()
    side_by_side: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Critical:
    """In which share of orders a place lies on the longest way."""

    step: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes: shares of orders in time, and how far they are apart, at 95 %.

    `keeps` are the shares of orders in which every step and wait keeps its part.
    """

    orders: int
    before: Share
    after: Share
    difference: float
    low: float
    high: float
    critical: tuple[Critical, ...]
    keeps: tuple[float, float]

    @property
    def is_clear(self) -> bool:
        """Tell whether the whole interval of the difference is on one side."""
        return self.low > 0 or self.high < 0


class NotInARow(ValueError):
    """Two steps of which neither hands over to the other."""


def simulate(
    of: Sample, now: Parts, then: Parts, what_if: WhatIf | None = None
) -> Effect | None:
    """Say what these parts instead of those, and all that is supposed, would do.

    None: too few orders to say.

    Raises:
        NotInARow: two that are to run side by side do not follow each other.
        KeyError: a step or hand-over is not on the way.
    """
    if of.orders < FEWEST:
        return None
    supposed = what_if or WhatIf()
    way, ends = _beside(of, supposed.side_by_side)
    work, wait = _changed(of, now, then, supposed)
    tried = Tried(of, way, work, wait)
    later = tried.later(ends)
    after = of.totals if later is None else of.totals + later
    shares = of.critical if later is None else critical_shares(way, ends, tried)
    both = zip(of.way.steps, of.critical, shares, strict=True)
    return _effect(
        of.totals <= of.within,
        after <= of.within,
        critical=tuple(Critical(*one) for one in both),
        keeps=_keeps(of, now, then, [*work, *wait]),
    )


def _effect(
    before: Flags,
    after: Flags,
    *,
    critical: tuple[Critical, ...],
    keeps: tuple[float, float],
) -> Effect:
    """Draw whole orders again, before and after together (Efron 1979).

    What an order is comes down to one of four cases, so their numbers are drawn.
    """
    orders = len(before)
    was, both = int(before.sum()), int((before & after).sum())
    will = int(after.sum())
    cases = np.array([both, was - both, will - both, orders - was - will + both])
    drawn = np.random.default_rng(_SEED).multinomial(
        orders, cases / orders, size=_DRAWS
    )
    apart = (drawn[:, 2] - drawn[:, 1]) / orders
    low, high = np.quantile(apart, _TAILS)
    return Effect(
        orders=orders,
        before=_share(was, orders, drawn[:, 0] + drawn[:, 1]),
        after=_share(will, orders, drawn[:, 0] + drawn[:, 2]),
        difference=(will - was) / orders,
        low=float(low),
        high=float(high),
        critical=critical,
        keeps=keeps,
    )


def _share(hits: int, orders: int, drawn: NDArray[np.int64]) -> Share:
    if hits in (0, orders):
        return wilson(hits, orders)
    low, high = np.quantile(drawn, _TAILS) / orders
    return Share(hits / orders, float(low), float(high), orders)


def _keeps(of: Sample, now: Parts, then: Parts, rows: Rows) -> tuple[float, float]:
    """Give the shares of orders in which no part is missed, now and then.

    How many an order misses now is kept, so that only what changed is looked at.
    """
    if now not in of.kept:
        of.kept.clear()
        of.kept[now] = _missed(of, now)
    missed_now, flags = of.kept[now]
    missed = missed_now
    parts = zip((*now.work, *now.wait), (*then.work, *then.wait), strict=True)
    changed = zip([*of.work, *of.wait], rows, parts, strict=True)
    for column, (before, after, (old, new)) in enumerate(changed):
        if before is not after or old != new:
            missed = missed - flags[column] + (after > new)
    return _share_of(missed_now == 0), _share_of(missed == 0)


def _missed(of: Sample, parts: Parts) -> tuple[Counts, tuple[Flags, ...]]:
    rows, allotted = [*of.work, *of.wait], (*parts.work, *parts.wait)
    flags = tuple(row > part for row, part in zip(rows, allotted, strict=True))
    counted = np.zeros(of.orders, dtype=np.int16)
    for one in flags:
        counted += one
    return counted, flags


def _share_of(flags: Flags) -> float:
    return float(np.count_nonzero(flags)) / len(flags)


# --------------------------------------------------------------------- what changes


def _changed(
    of: Sample, now: Parts, then: Parts, supposed: WhatIf
) -> tuple[Rows, Rows]:
    work = _towards(of.work, now.work, then.work)
    wait = _towards(of.wait, now.wait, then.wait)
    place = places_of(of.way)
    for step, by in supposed.shrink.items():
        work[place[step]] = _shrunk(work[place[step]], by)
    column = {one: number for number, one in enumerate(of.handovers)}
    for one in supposed.no_wait:
        wait[column[one]] = np.zeros_like(wait[column[one]])
    return work, wait


def _towards(rows: Rows, now: Sequence[float], then: Sequence[float]) -> Rows:
    return [
        np.where(row > new, new + (row - new) * (1 - HALF), row) if new < old else row
        for row, old, new in zip(rows, now, then, strict=True)
    ]


def _shrunk(times: Numbers, by: float) -> Numbers:
    """Bring what is above the median of those who passed it back by a share."""
    passed = times[times > 0]
    if not len(passed) or not by:
        return times
    median = np.median(passed)
    return np.where(times > median, median + (times - median) * (1 - by), times)


def _beside(
    of: Sample, pairs: Sequence[tuple[str, str]]
) -> tuple[Way, tuple[int, ...]]:
    """Let the second of each pair begin when the first one does.

    What follows the second waits for the first too; if nothing follows it, the whole
    is done when both are.
    """
    way, place = of.way, places_of(of.way)
    before, waits = [list(one) for one in way.before], [list(w) for w in way.waits]
    ends = {len(before) - 1}
    for pair in pairs:
        one, other = sorted(place[step] for step in pair)
        if one not in before[other]:
            raise NotInARow(f"{pair[0]} and {pair[1]} do not follow each other")
        for follower in range(other + 1, len(before)):
            for at in _at(before[follower], other):
                before[follower].append(one)
                waits[follower].append(waits[follower][at])
        if other in ends:
            ends.add(one)
        for at in reversed(_at(before[other], one)):
            del before[other][at], waits[other][at]
        before[other] += before[one]
        waits[other] += waits[one]
    if not pairs:
        return way, tuple(ends)
    made = Way(way.steps, tuple(map(tuple, before)), tuple(map(tuple, waits)))
    return made, tuple(sorted(ends))


def _at(places: Sequence[int], wanted: int) -> list[int]:
    return [number for number, place in enumerate(places) if place == wanted]
