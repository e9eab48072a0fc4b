"""Two ways to divide a promised time, from what orders really took (pure).

By variance: a part is its mean and a share of the reserve, as much as it varies with
the whole: mean_i + z Cov(X_i, S) / sd(S). By equal difficulty: a part is what the same
share p of orders keeps at every step: F_i^-1(p). Waits are parts as steps are.

z and p are those with which the longest way by the parts takes just the promised time.
In a chain without branches that is their sum, and the parts are those of
`timing.by_variance` and `timing.by_difficulty`; with branches no way takes longer than
the promise, and S is when the last step ended. What nothing is known of keeps what the
map allots to it. Where orders on average take longer than promised there is no reserve
to share out: the means are then shortened in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import numpy as np

from resolve.chain.dividing import Divided
from resolve.chain.rewriting import Part
from resolve.chain.sampled import Parts, Sample
from resolve.chain.timing import FEWEST, Numbers, Way

_HALVINGS = 60
_UNITS = (3600, 900, 300, 60, 1)
_FINE = 200
_SHORT = ((3600, 3600), (600, 300), (60, 60), (-np.inf, 1))
"""Parts of at least so many seconds are rounded to at most so many."""


class By(StrEnum):
    """How a promised time is divided."""

    VARIANCE = "variance"
    DIFFICULTY = "difficulty"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Times that take just the promised time on the longest way.

    `share` is, by equal difficulty, the share of orders that keeps each part.
    """

    by: By
    times: Mapping[Part, timedelta]
    branches: bool
    share: float | None = None


def suggestion(of: Divided, orders: Sample, by: By) -> Suggestion | None:
    """Suggest how the promised time could be divided; None: too few orders to say."""
    done = np.isfinite(orders.totals)
    if int(done.sum()) < FEWEST:
        return None
    times = np.stack([*orders.work, *orders.wait])[:, done]
    ground = _Ground(
        orders.way,
        _fixed(of, orders, times),
        of.promised.total_seconds(),
    )
    whole = orders.ended[-1][done]
    parts, share = (
        (_by_variance(ground, times, whole), None)
        if by is By.VARIANCE
        else _by_difficulty(ground, times)
    )
    return Suggestion(
        by=by,
        times=_as_times(of, orders, ground, _rounded(ground, parts)),
        branches=any(len(before) > 1 for before in orders.way.before),
        share=share,
    )


def parts_of(of: Divided, orders: Sample, times: Mapping[Part, timedelta]) -> Parts:
    """Give what is allotted to each place and wait, with these times for the map's."""
    given = {**of.now, **times}

    def seconds(*members: Part) -> float:
        known = [time for part in members if (time := given.get(part)) is not None]
        return sum(one.total_seconds() for one in known) if known else np.inf

    return Parts(
        tuple(seconds(*((step,) for step in place)) for place in _members(orders.way)),
        tuple(seconds(handover) for handover in orders.handovers),
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """The way, what is fixed (NaN: to be found), and the promise, in seconds.

    Numbers of parts are those of the places, then those of the waits.
    """

    way: Way
    fixed: Numbers
    promise: float

    def unit(self, part: float, *, is_step: bool) -> int:
        """Give the seconds to which people round a part of such a promise.

        A short part is rounded finer, so that no work that takes time is allotted none.
        """
        usual = next(one for one in _UNITS if one <= max(self.promise / _FINE, 1))
        fine = next(unit for least, unit in _SHORT if part >= least)
        return min(usual, fine if is_step else max(fine, 60))

    def longest(self, parts: Numbers) -> float:
        """Give the longest way by these parts."""
        places, ended = len(self.way.before), list[float]()
        for place, before in enumerate(self.way.before):
            columns = zip(before, self.way.waits[place], strict=True)
            ready = [ended[one] + parts[places + column] for one, column in columns]
            ended.append(float(parts[place]) + max(ready, default=0.0))
        return ended[-1]

    def fitting(
        self, low: float, high: float, made: Callable[[float], Numbers]
    ) -> float:
        """Find the number with whose parts the longest way just takes the promise."""
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.longest(self.whole(made(middle))) <= self.promise:
                low = middle
            else:
                high = middle
        return low

    def whole(self, parts: Numbers) -> Numbers:
        return np.where(np.isnan(self.fixed), parts, self.fixed)


def _members(way: Way) -> tuple[tuple[str, ...], ...]:
    return way.members or tuple((step,) for step in way.steps)


def _fixed(of: Divided, orders: Sample, times: Numbers) -> Numbers:
    now = parts_of(of, orders, {})
    allotted = np.array([*now.work, *now.wait])
    kept = np.where(np.isfinite(allotted), allotted, 0.0)
    return np.where(times.any(axis=1), np.nan, kept)


def _by_variance(ground: _Ground, times: Numbers, whole: Numbers) -> Numbers:
    means = times.mean(axis=1)
    if ground.longest(ground.whole(means)) > ground.promise:
        return _fitted(ground, means)
    together = ((times - means[:, None]) * (whole - whole.mean())).mean(axis=1)
    spread = float(whole.std())
    weight = together / spread if spread else np.ones_like(means)
    if not (weight > 0).any():
        weight = np.ones_like(means)

    def made(z: float) -> Numbers:
        return np.asarray(np.maximum(means + z * weight, 0.0))

    bound = (ground.promise + means.sum()) / weight[weight > 0].min()
    found = made(ground.fitting(-bound, bound, made))
    return _fitted(ground, found)


def _by_difficulty(ground: _Ground, times: Numbers) -> tuple[Numbers, float]:
    ordered = np.sort(times, axis=1)
    last = ordered.shape[1] - 1

    def made(share: float) -> Numbers:
        place = share * last
        below = min(int(place), max(last - 1, 0))
        lower, upper = ordered[:, below], ordered[:, min(below + 1, last)]
        return np.asarray(lower + (upper - lower) * (place - below))

    share = ground.fitting(0.0, 1.0, made)
    return _fitted(ground, made(share)), share


def _fitted(ground: _Ground, parts: Numbers) -> Numbers:
    """Share out evenly what is left; where it is too much already, take in proportion.

    That is so where the longest times are shorter than the promise, or the shortest
    longer.
    """
    if ground.longest(ground.whole(parts)) <= ground.promise:
        more = ground.fitting(0.0, ground.promise, lambda each: parts + each)
        return parts + more
    less = ground.fitting(0.0, 1.0, lambda share: parts * share)
    return parts * less


def _rounded(ground: _Ground, parts: Numbers) -> Numbers:
    """Round to what people say, so that the longest way still fits, best just so."""
    places = len(ground.way.before)
    each = enumerate(parts)
    units = np.array([ground.unit(one, is_step=n < places) for n, one in each])
    free = np.isnan(ground.fixed)
    found = ground.whole(np.floor(parts / units + 1e-9) * units)
    left = np.where(free, parts - found, -1.0)
    for part in np.argsort(-left, kind="stable"):
        if free[part]:
            _add(ground, found, int(part), float(units[part]))
    near = places - 1
    if free[near]:
        _add(ground, found, near, max(0.0, ground.promise - ground.longest(found)))
    return found


def _add(ground: _Ground, parts: Numbers, part: int, seconds: float) -> None:
    parts[part] += seconds
    if ground.longest(parts) > ground.promise:
        parts[part] -= seconds


def _as_times(
    of: Divided, orders: Sample, ground: _Ground, parts: Numbers
) -> dict[Part, timedelta]:
    found: dict[Part, timedelta] = {}
    members = _members(orders.way)
    for number, seconds in enumerate(parts):
        if not np.isnan(ground.fixed[number]):
            continue
        if number >= len(members):
            found[orders.handovers[number - len(members)]] = timedelta(seconds=seconds)
        else:
            whole = timedelta(seconds=seconds)
            found |= _split(of, members[number], whole, ground)
    return {part: found[part] for part in of.parts if part in found}


def _split(
    of: Divided, steps: tuple[str, ...], whole: timedelta, ground: _Ground
) -> dict[Part, timedelta]:
    """Divide the time of a loop among its steps as the map does now, else evenly."""
    now = [of.now.get((step,)) or timedelta() for step in steps]
    total = sum(now, timedelta())
    shares = [one / total for one in now] if total else [1 / len(steps)] * len(steps)
    made: dict[Part, timedelta] = {}
    for step, share in zip(steps, shares, strict=True):
        part = whole * share
        unit = timedelta(seconds=ground.unit(part.total_seconds(), is_step=True))
        made[step,] = part // unit * unit
    made[steps[-1],] += whole - sum(made.values(), timedelta())
    return made
