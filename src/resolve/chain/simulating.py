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
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from resolve.chain.timing import FEWEST, Numbers, Share, Way, wilson

HALF = 0.5
"""How far times above a shorter target come back to it."""

_DRAWS = 1000
_SEED = 20_261
_TAILS = (0.025, 0.975)

Rows: TypeAlias = list[Numbers]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """Orders whose outcome is known: a row for each place and wait, over all orders.

    `totals` is what each took, infinite for those still open after `within`; `ended`
    when each place ended, `parts` every wait and place that is known of.
    """

    way: Way
    handovers: tuple[tuple[str, str], ...]
    work: Rows
    wait: Rows
    totals: Numbers
    within: float
    ended: Rows
    critical: tuple[float, ...]

    @property
    def orders(self) -> int:
        return len(self.totals)


def sample(  # noqa: PLR0913  what `steptimes.samples.Orders` holds
    way: Way,
    handovers: tuple[tuple[str, str], ...],
    *,
    began: Numbers,
    work: Numbers,
    wait: Numbers,
    totals: Numbers,
    within: float,
    as_of: float,
) -> Sample:
    """Take the orders that began at least `within` ago: each is in time, or it is not.

    Later ones are left out, the finished ones too, else quick orders would be favoured.
    """
    judged = began <= as_of - within
    known = np.where(np.isnan(totals), np.inf, totals)[judged]
    works = list(np.ascontiguousarray(work[judged].T))
    waits = list(np.ascontiguousarray(wait[judged].T))
    ended = _finish(way, works, waits, [], 0)
    shares = _critical(way, (len(way.steps) - 1,), waits, ended)
    return Sample(way, handovers, works, waits, known, within, ended, shares)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is allotted to each place and each wait, in seconds; infinite: nothing."""

    work: tuple[float, ...]
    wait: tuple[float, ...]


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
    same = 0 if way is not of.way else _same(of, work, wait)
    ended = _finish(way, work, wait, of.ended, same)
    unchanged = same == len(of.work)
    after = of.totals if unchanged else of.totals + _last(ended, ends) - of.ended[-1]
    shares = of.critical if unchanged else _critical(way, ends, wait, ended)
    both = zip(of.way.steps, of.critical, shares, strict=True)
    return _effect(
        of.totals <= of.within,
        after <= of.within,
        critical=tuple(Critical(*one) for one in both),
        keeps=(_keep(now, of.work, of.wait), _keep(then, work, wait)),
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


def _keep(parts: Parts, work: Rows, wait: Rows) -> float:
    every = np.ones(len(work[0]), dtype=bool)
    for rows, allotted in ((work, parts.work), (wait, parts.wait)):
        for row, part in zip(rows, allotted, strict=True):
            if part != np.inf:
                every &= row <= part
    return float(every.mean())


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


def places_of(way: Way) -> dict[str, int]:
    """Give the place of every step, those of a loop having the same."""
    members = way.members or tuple((step,) for step in way.steps)
    return {step: i for i, place in enumerate(members) for step in place}


def _same(of: Sample, work: Rows, wait: Rows) -> int:
    """Give how many places stay as they were, from the first on."""
    for place, columns in enumerate(of.way.waits):
        if work[place] is not of.work[place] or any(
            wait[column] is not of.wait[column] for column in columns
        ):
            return place
    return len(of.way.waits)


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


# ------------------------------------------------------------- orders on their way


def _finish(way: Way, work: Rows, wait: Rows, ended: Rows, same: int) -> Rows:
    """Give when each place ends; the first `same` are known. As `timing.finish`."""
    found = ended[:same]
    for place in range(same, len(work)):
        ready = _latest(way, found, wait, place)
        found.append(work[place] if ready is None else np.add(work[place], ready))
    return found


def _latest(way: Way, ended: Rows, wait: Rows, place: int) -> Numbers | None:
    latest: Numbers | None = None
    for before, column in zip(way.before[place], way.waits[place], strict=True):
        ready = np.add(ended[before], wait[column])
        latest = ready if latest is None else np.maximum(latest, ready, out=latest)
    return latest


def _last(ended: Rows, ends: tuple[int, ...]) -> Numbers:
    latest = ended[ends[-1]]
    for end in ends[:-1]:
        latest = np.maximum(latest, ended[end])
    return latest


def _critical(
    way: Way, ends: tuple[int, ...], wait: Rows, ended: Rows
) -> tuple[float, ...]:
    """Give the share of orders on whose longest way each place lies.

    As `timing.critical`; where two ways are equally long, it is the first.
    """
    orders = len(ended[-1])
    on_it: list[Flags | None] = [None] * len(ended)
    _mark(on_it, np.ones(orders, dtype=bool), ends, [ended[end] for end in ends])
    for place in range(len(ended) - 1, -1, -1):
        here = on_it[place]
        if here is None or not way.before[place]:
            continue
        columns = zip(way.before[place], way.waits[place], strict=True)
        ready = (
            [ended[before] + wait[column] for before, column in columns]
            if len(way.before[place]) > 1
            else []
        )
        _mark(on_it, here, way.before[place], ready)
    return tuple(
        0.0 if one is None else float(np.count_nonzero(one)) / max(orders, 1)
        for one in on_it
    )


def _mark(
    on_it: list[Flags | None], here: Flags, places: Sequence[int], ready: Rows
) -> None:
    """Carry the longest way on to that of these places which is ready last."""
    longest = np.argmax(np.stack(ready), axis=0) if len(places) > 1 else None
    for number, place in enumerate(places):
        taken = here if longest is None else here & (longest == number)
        known = on_it[place]
        on_it[place] = taken if known is None else known | taken
