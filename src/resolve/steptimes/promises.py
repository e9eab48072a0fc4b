"""Where the promised time of one order ends, and what comes after it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from resolve.chain.model import Concern, PromiseConcern, ValueChain
from resolve.chain.walk import promise_at
from resolve.chain.way_of import way_of
from resolve.chain.ways import distances, ways_of
from resolve.steptimes.strips import Pass, Strip


@dataclass(frozen=True, slots=True)
class Promised:
    """What an order took up to the touchpoint, beside what was promised for it.

    `behind` are the steps that had no part in it: they follow the touchpoint's step,
    or lie beside it and were begun only when it had ended.
    """

    touchpoint: str
    within: timedelta
    began: datetime
    ended: datetime
    behind: frozenset[str]

    @property
    def took(self) -> timedelta:
        return max(self.ended - self.began, timedelta())

    @property
    def due(self) -> datetime:
        return self.began + self.within


@dataclass(frozen=True, slots=True)
class TimedPromise:
    """A promise with a time, along a chain: from `starts` to the end of `step`.

    `before` are all steps that lead there, `after` all that follow; a loop is both.
    """

    touchpoint: str
    within: timedelta
    step: str
    starts: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]

    def of(self, laid: Strip) -> Promised | None:
        """Say it of an order; None while the step of the touchpoint has not ended.

        As in all other figures the time begins with the first of the steps that it
        counts from, and ends with the last time that the step of the touchpoint did.
        """
        began = [one.started for one in self._passes(laid, self.starts)]
        ended = [one.ended for one in self._passes(laid, {self.step})]
        if not began or not ended:
            return None
        end = max(ended)
        behind = self._behind(laid, end)
        return Promised(self.touchpoint, self.within, min(began), end, behind)

    def _behind(self, laid: Strip, end: datetime) -> frozenset[str]:
        return frozenset(
            bar.step
            for bar in laid.bars
            if bar.step not in self.before
            and (bar.step in self.after or bar.passes[0].started >= end)
        )

    def _passes(self, laid: Strip, steps: frozenset[str] | set[str]) -> list[Pass]:
        return [one for bar in laid.bars if bar.step in steps for one in bar.passes]


def timed_promise(chain: ValueChain, concern: Concern) -> TimedPromise | None:
    """Give the promise that a concern is about; None if it is none with a time.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere: as a walk.
    """
    if not isinstance(concern, PromiseConcern):
        return None
    touchpoint, promise = promise_at(chain, concern.touchpoint, concern.promise)
    if promise.within is None:
        return None
    ways = ways_of(chain)
    on_way = frozenset(
        step for members in way_of(chain, concern).members for step in members
    )
    return TimedPromise(
        touchpoint=touchpoint.id,
        within=promise.within,
        step=touchpoint.step,
        starts=on_way if promise.since is None else frozenset([promise.since]),
        before=_reached(chain, ways.before, touchpoint.step),
        after=_reached(chain, ways.after, touchpoint.step),
    )


def _reached(
    chain: ValueChain, neighbours: list[list[int]], step: str
) -> frozenset[str]:
    ways = ways_of(chain)
    reached = distances(neighbours, [ways.number[step]])
    return frozenset(one for one, far in zip(ways.steps, reached, strict=True) if far)
