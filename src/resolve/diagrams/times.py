"""The times of a promise as a picture shows them: allotted, usual, waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from resolve.chain.model import PromiseConcern, ValueChain
from resolve.chain.walk import Walk, walk

MOSTLY = 0.5
"""On the longest way of at least this share of orders: that is marked."""

Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Took:
    """The time allotted to a step or hand-over, and the usual one: its median.

    None: nothing is allotted; too few orders to say.
    """

    allotted: timedelta | None = None
    usual: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a promise: one `Took` for each look, now or before and after.

    `looks` names the two looks, and is empty where there is one. `with_` tells of a
    step in a loop with which step its time is counted. `on_way` is the share of orders
    on whose longest way a step or hand-over lies. `kept` says in words how often the
    promise was kept, once per look.
    """

    concern: PromiseConcern
    steps: Mapping[str, tuple[Took, ...]]
    waits: Mapping[Ends, tuple[Took, ...]]
    on_way: Mapping[str, float] = field(default_factory=dict)
    waits_on_way: Mapping[Ends, float] = field(default_factory=dict)
    with_: Mapping[str, str] = field(default_factory=dict)
    looks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def walked(self, chain: ValueChain) -> Walk:
        """Give who takes part in keeping the promise."""
        return walk(chain, self.concern)

    def together_with(self, step: str) -> tuple[str, ...]:
        """Give the other steps of the loop that the time of this one is of."""
        return tuple(one for one, first in self.with_.items() if first == step)

    def is_mostly_on_way(self, step: str) -> bool:
        return self.on_way.get(step, 0.0) >= MOSTLY

    def is_wait_mostly_on_way(self, ends: Ends) -> bool:
        return self.waits_on_way.get(ends, 0.0) >= MOSTLY

    @property
    def longest(self) -> timedelta:
        """Give the longest time of a step: bars are drawn on its scale, everywhere."""
        return _longest(self.steps.values(), ("allotted", "usual"))

    @property
    def longest_wait(self) -> timedelta:
        """Give the longest usual wait: the widest arrow."""
        return _longest(self.waits.values(), ("usual",))

    def last_wait(self, ends: Ends) -> timedelta | None:
        """Give the usual wait of a hand-over, in the later look."""
        found = self.waits.get(ends)
        return found[-1].usual if found else None


def _longest(found: Iterable[tuple[Took, ...]], names: tuple[str, ...]) -> timedelta:
    every = (
        time
        for looks in found
        for look in looks
        for name in names
        if (time := getattr(look, name)) is not None
    )
    return max(every, default=timedelta())


def promises_by_step(chain: ValueChain) -> Mapping[str, tuple[str, ...]]:
    """Give the promises that each step helps to keep, in file order."""
    found: dict[str, dict[str, None]] = {step: {} for step in chain.steps}
    for touchpoint in chain.touchpoints.values():
        for promise in touchpoint.promises:
            walked = walk(chain, PromiseConcern(touchpoint.id, promise))
            for sector in walked.participants:
                for step in sector.steps:
                    found[step][promise] = None
    return {step: tuple(promises) for step, promises in found.items()}
