"""Sampled orders on their way, and what a change of them does to when they end (pure).

Everything is a row for each place of the way over all orders, ready between two edits,
so that an edit costs little more than what it changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from resolve.chain.timing import Numbers, Way

Rows: TypeAlias = list[Numbers]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Parts:
    """What is allotted to each place and each wait, in seconds; infinite: nothing."""

    work: tuple[float, ...]
    wait: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Orders whose outcome is known: a row for each place and wait, over all orders.

    `totals` is what each took, infinite for those still open after `within`; `ended`
    when each place ended, `critical` in which share of orders it lies on the longest
    way.
    """

    way: Way
    handovers: tuple[tuple[str, str], ...]
    work: Rows
    wait: Rows
    totals: Numbers
    within: float
    ended: Rows
    critical: tuple[float, ...] = ()
    kept: dict[Parts, tuple[Counts, tuple[Flags, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What was found out of the parts asked for last; no part of the value."""

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
    ended = _finish(way, works, waits)
    found = Sample(way, handovers, works, waits, known, within, ended)
    unchanged = Tried(found, way, works, waits)
    return replace(
        found, critical=critical_shares(way, (len(way.steps) - 1,), unchanged)
    )


def places_of(way: Way) -> dict[str, int]:
    """Give the place of every step, those of a loop having the same."""
    members = way.members or tuple((step,) for step in way.steps)
    return {step: i for i, place in enumerate(members) for step in place}


def _finish(way: Way, work: Rows, wait: Rows) -> Rows:
    """Give when each place ends, as `timing.finish`."""
    found: Rows = []
    for place, time in enumerate(work):
        ready = [
            np.add(found[before], wait[column])
            for before, column in zip(way.before[place], way.waits[place], strict=True)
        ]
        found.append(np.add(time, _latest(ready)) if ready else time)
    return found


def _latest(ready: Rows) -> Numbers:
    latest = ready[0]
    for one in ready[1:]:
        latest = np.maximum(latest, one)
    return latest


class Tried:
    """Changed orders on their way: how much later than before each place ends.

    `shifts` are None where nothing changed, so that only changes cost something.
    """

    def __init__(self, of: Sample, way: Way, work: Rows, wait: Rows) -> None:
        self.of, self.way, self.work, self.wait = of, way, work, wait
        self.shifts: list[Numbers | None] = []
        for place in range(len(work)):
            self.shifts.append(self._shift(place))

    def ended(self, place: int) -> Numbers:
        """Give when a place ends now."""
        shift = self.shifts[place]
        return self.of.ended[place] if shift is None else self.of.ended[place] + shift

    def ready(self, place: int) -> Rows:
        """Give when a place could begin, by each that leads to it."""
        columns = zip(self.way.before[place], self.way.waits[place], strict=True)
        return [self.ended(before) + self.wait[column] for before, column in columns]

    def later(self, ends: tuple[int, ...]) -> Numbers | None:
        """Give how much later the whole is done; None: nothing changed."""
        if len(ends) == 1:
            return self.shifts[ends[0]]
        ended = _latest([self.ended(end) for end in ends])
        return np.asarray(ended - self.of.ended[-1])

    def _shift(self, place: int) -> Numbers | None:
        own = _difference(self.work[place], self.of.work[place])
        before, waits = self.way.before[place], self.way.waits[place]
        same = (before, waits) == (self.of.way.before[place], self.of.way.waits[place])
        if same and len(before) == 1:
            wait = _difference(self.wait[waits[0]], self.of.wait[waits[0]])
            return _sum(_sum(self.shifts[before[0]], wait), own)
        if same and self._unchanged(before, waits):
            return own
        began = self.of.ended[place] - self.of.work[place]
        ready = self.ready(place)
        return _sum(_latest(ready) - began if ready else -began, own)

    def _unchanged(self, before: tuple[int, ...], waits: tuple[int, ...]) -> bool:
        return all(self.shifts[one] is None for one in before) and all(
            self.wait[column] is self.of.wait[column] for column in waits
        )


def _difference(now: Numbers, before: Numbers) -> Numbers | None:
    return None if now is before else now - before


def _sum(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def critical_shares(way: Way, ends: tuple[int, ...], tried: Tried) -> tuple[float, ...]:
    """Give the share of orders on whose longest way each place lies.

    As `timing.critical`; where two ways are equally long, it is the first.
    """
    orders, places = tried.of.orders, len(way.before)
    on_it: list[Flags | None] = [None] * places
    last = [tried.ended(end) for end in ends] if len(ends) > 1 else []
    _mark(on_it, np.ones(orders, dtype=bool), ends, last)
    for place in range(places - 1, -1, -1):
        here, before = on_it[place], way.before[place]
        if here is not None and before:
            ready = tried.ready(place) if len(before) > 1 else []
            _mark(on_it, here, before, ready)
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
