"""Many orders laid along a way at once, as a strip lays one (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from resolve.chain.model import ValueChain
from resolve.chain.timing import Flags, Numbers, Way

Places: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Step times as columns: order and step by number, moments in seconds.

    `started` is NaN where only the end is known; orders and steps are numbered from 0,
    steps by their place in the file.
    """

    order: Places
    step: Places
    started: Numbers
    ended: Numbers


@dataclass(frozen=True, slots=True)
class Laid:
    """What each order took, as `samples.Orders` says it; `order` is whose row it is.

    `passed` and `went` tell which steps an order passed and of which waits anything is
    known; `worked` is the working time of each step.
    """

    order: Places
    began: Numbers
    work: Numbers
    wait: Numbers
    totals: Numbers
    so_far: Numbers
    passed: Flags
    went: Flags
    worked: Numbers | None


@dataclass(frozen=True, slots=True)
class Hours:
    """The working time of a calendar that has passed at these moments, in seconds."""

    moments: Numbers
    passed: Numbers

    def between(self, started: Numbers, ended: Numbers) -> Numbers:
        return np.interp(ended, self.moments, self.passed) - np.interp(
            started, self.moments, self.passed
        )


def lay(  # noqa: PLR0913  what is laid, along what, from where to where
    chain: ValueChain,
    way: Way,
    handovers: tuple[tuple[str, str], ...],
    rows: Rows,
    *,
    ends_with: str,
    begins_with: str | None,
    as_of: float,
    hours: Mapping[str, Hours] | None = None,
) -> Laid:
    """Lay orders along a way.

    A step of which only the end is known began when the one before it in time ended.
    The wait of a hand-over is from the latest end among all that a step follows (and
    its own pass before), up to its start; it belongs to the one that ended last. Work
    that overlaps is not waiting.
    """
    passes = _passes(rows)
    number = {step: place for place, step in enumerate(chain.steps)}
    place = np.full(len(number), -1)
    for at, members in enumerate(way.members):
        place[[number[step] for step in members]] = at
    here = place[passes.step] >= 0
    of = passes.order[here]
    orders = int(passes.order.max()) + 1 if len(passes.order) else 0
    first = passes.step[here] == number[begins_with] if begins_with else here[here]
    began = _least(of[first], passes.started[here][first], orders)
    into = (of, place[passes.step[here]])
    work, passed = np.zeros((2, orders, len(way.steps)))
    np.add.at(work, into, (passes.ended - passes.started)[here])
    passed[into] = 1
    worked = None
    if hours is not None:
        worked = np.zeros_like(work)
        np.add.at(worked, into, _worked(chain, passes, hours)[here])
    last = passes.step == number[ends_with]
    ended = -_least(passes.order[last], -passes.ended[last], orders)
    known = np.flatnonzero(np.isfinite(began))
    total = np.where(np.isfinite(ended), np.maximum(ended - began, 0), np.nan)
    wait, went = _waits(chain, handovers, passes, orders)
    return Laid(
        order=known,
        began=began[known],
        # Each step's times lie together: that is how they are looked at.
        work=np.asfortranarray(work[known]),
        wait=np.asfortranarray(wait[known]),
        totals=total[known],
        so_far=np.where(np.isnan(total), np.maximum(as_of - began, 0), np.nan)[known],
        passed=passed[known] > 0,
        went=went[known],
        worked=None if worked is None else worked[known],
    )


def _worked(chain: ValueChain, passes: _Passes, hours: Mapping[str, Hours]) -> Numbers:
    found = np.zeros(len(passes.order))
    for place, step in enumerate(chain.steps.values()):
        mine = passes.step == place
        found[mine] = hours[step.department].between(
            passes.started[mine], passes.ended[mine]
        )
    return found


@dataclass(frozen=True, slots=True)
class _Passes:
    """Rows in the order of time within each order, with a beginning for each.

    `start` and `end` stand for the same moments as numbers that grow with the order,
    then with time, so that they can be searched; `said` tells whose beginning is known.
    """

    order: Places
    step: Places
    started: Numbers
    ended: Numbers
    said: Flags
    start: Places
    end: Places
    moments: Numbers


def _passes(rows: Rows) -> _Passes:
    said = ~np.isnan(rows.started)
    seen = np.where(said, rows.started, rows.ended)
    by_time = np.lexsort((rows.step, rows.ended, seen, rows.order))
    order, step, said = rows.order[by_time], rows.step[by_time], said[by_time]
    seen, ended = seen[by_time], rows.ended[by_time]
    moments, places = np.unique(np.concatenate([seen, ended]), return_inverse=True)
    each = max(len(moments), 1)
    start, end = (order * each + one for one in np.split(places, 2))
    # The latest end of the rows before; it is of this order, or there is none.
    latest = (
        np.concatenate([[-1], np.maximum.accumulate(end)[:-1]]) if len(end) else end
    )
    follows = ~said & (latest >= order * each)
    start = np.where(follows, np.minimum(latest, end), start)
    started = moments[start - order * each] if len(order) else seen
    return _Passes(order, step, started, ended, said, start, end, moments)


def _least(of: Places, values: Numbers, orders: int) -> Numbers:
    found = np.full(orders, np.inf)
    np.minimum.at(found, of, values)
    return found


def _waits(
    chain: ValueChain,
    handovers: tuple[tuple[str, str], ...],
    passes: _Passes,
    orders: int,
) -> tuple[Numbers, Flags]:
    number = {step: place for place, step in enumerate(chain.steps)}
    column = {edge: at for at, edge in enumerate(handovers)}
    sources: dict[str, list[str]] = {}
    for one in chain.handovers:
        sources.setdefault(one.target, []).append(one.source)
    wait = np.zeros((orders, len(handovers)))
    went = np.zeros(wait.shape, dtype=bool)
    ends = _Ends(passes)
    for target in dict.fromkeys(target for _, target in handovers):
        mine = np.flatnonzero((passes.step == number[target]) & passes.said)
        latest = np.stack([ends.before(number[one], mine) for one in sources[target]])
        which, begun = latest.argmax(axis=0), latest.max(axis=0)
        # A second pass waits since the first one was done at the earliest.
        since = np.maximum(begun, ends.of_passes_before(mine))
        time = passes.started[mine] - ends.moment(since, mine)
        for at, source in enumerate(sources[target]):
            if (source, target) in column:
                of = (which == at) & (begun >= 0)
                into = (passes.order[mine[of]], column[source, target])
                np.add.at(wait, into, time[of])
                went[into] = True
    return wait, went


class _Ends:
    """Finds the latest end of a step before other rows of the same order begin."""

    def __init__(self, passes: _Passes) -> None:
        self._passes = passes
        self._each = max(len(passes.moments), 1)

    def before(self, step: int, rows: Places) -> Places:
        """Give the end, as a number that can be compared; -1: there is none."""
        ends = np.sort(self._passes.end[self._passes.step == step])
        at = np.searchsorted(ends, self._passes.start[rows], side="right") - 1
        found = ends[at] if len(ends) else np.full(len(rows), -1)
        ours = (at >= 0) & (found >= self._passes.order[rows] * self._each)
        return np.where(ours, found, -1)

    def of_passes_before(self, rows: Places) -> Places:
        """Give until when earlier passes of the same step lasted; -1: there is none."""
        step, end = self._passes.step, self._passes.end
        own = np.flatnonzero(step == step[rows[0]]) if len(rows) else rows
        latest = np.concatenate([[-1], np.maximum.accumulate(end[own])[:-1]])
        found = latest[np.searchsorted(own, rows)] if len(rows) else rows
        ours = found >= self._passes.order[rows] * self._each
        return np.where(ours, np.minimum(found, self._passes.start[rows]), -1)

    def moment(self, ends: Places, rows: Places) -> Numbers:
        """Give the moments of ends, in seconds; where there is none, the start."""
        none = ends < 0
        at = np.where(none, 0, ends - self._passes.order[rows] * self._each)
        return np.where(none, self._passes.started[rows], self._passes.moments[at])
