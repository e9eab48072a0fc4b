"""One order along the chain: what each step took, and the waits between (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from resolve.chain.model import ValueChain
from resolve.chain.order import in_order

Worked = Callable[[str, datetime, datetime], timedelta]
"""Gives the working time of a department between two moments."""

_NONE = timedelta()


class Row(Protocol):
    """A step time, as far as a strip needs it."""

    @property
    def step(self) -> str: ...
    @property
    def started_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Pass:
    """One time that a step was done; `known` tells whether its beginning was said."""

    started: datetime
    ended: datetime
    known: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """What a step took in an order, on the wall and in its department's working time.

    `allotted` is what the map allots to one time that it is done; None: nothing.
    """

    step: str
    department: str
    passes: tuple[Pass, ...]
    time: timedelta
    working: timedelta
    allotted: timedelta | None


@dataclass(frozen=True, slots=True)
class Wait:
    """From the moment a step could begin, to its beginning; it belongs to a hand-over.

    `within` is what the map allots to the hand-over; None: nothing.
    """

    source: str
    target: str
    began: datetime
    ended: datetime
    within: timedelta | None

    @property
    def time(self) -> timedelta:
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Strip:
    """An order: its steps in the order of the chain, whatever they took."""

    began: datetime
    ended: datetime
    bars: tuple[Bar, ...]
    waits: tuple[Wait, ...]


def strip(chain: ValueChain, rows: Iterable[Row], *, worked: Worked) -> Strip | None:
    """Lay an order along its chain; None if nothing is known of it.

    Steps stand in the order of the chain, never by what they took. A step of which only
    the end is known began when the one before it in time ended, which is said. Work
    that overlaps is not waiting: a wait is never negative.
    """
    passes = _passes(chain, rows)
    if not passes:
        return None
    every = [one for of_step in passes.values() for one in of_step]
    return Strip(
        began=min(one.started for one in every),
        ended=max(one.ended for one in every),
        bars=tuple(
            _bar(chain, step, passes[step], worked)
            for step in in_order(chain)
            if step in passes
        ),
        waits=tuple(_waits(chain, passes)),
    )


def _passes(chain: ValueChain, rows: Iterable[Row]) -> dict[str, tuple[Pass, ...]]:
    ordered = sorted(
        (row for row in rows if row.step in chain.steps),
        key=lambda row: (row.started_at or row.ended_at, row.ended_at),
    )
    found: dict[str, list[Pass]] = {}
    before: datetime | None = None
    for row in ordered:
        started = row.started_at or min(before or row.ended_at, row.ended_at)
        made = Pass(started, row.ended_at, row.started_at is not None)
        found.setdefault(row.step, []).append(made)
        before = row.ended_at if before is None else max(before, row.ended_at)
    return {step: tuple(of_step) for step, of_step in found.items()}


def _bar(chain: ValueChain, step: str, passes: tuple[Pass, ...], worked: Worked) -> Bar:
    known = chain.steps[step]
    return Bar(
        step=step,
        department=known.department,
        passes=passes,
        time=sum((one.ended - one.started for one in passes), _NONE),
        working=sum(
            (worked(known.department, one.started, one.ended) for one in passes), _NONE
        ),
        allotted=known.time,
    )


def _waits(chain: ValueChain, passes: Mapping[str, tuple[Pass, ...]]) -> list[Wait]:
    before: dict[str, list[tuple[str, timedelta | None]]] = {}
    for handover in chain.handovers:
        before.setdefault(handover.target, []).append(
            (handover.source, handover.within)
        )
    found = []
    for target, of_step in passes.items():
        for one in of_step:
            if one.known:
                found += _wait(target, one, before.get(target, []), passes)
    return sorted(found, key=lambda wait: (wait.ended, wait.began))


def _wait(
    target: str,
    one: Pass,
    before: list[tuple[str, timedelta | None]],
    passes: Mapping[str, tuple[Pass, ...]],
) -> list[Wait]:
    """Give the wait before a pass: since the latest end among what it follows."""
    ends = [
        (earlier.ended, source, within)
        for source, within in before
        for earlier in passes.get(source, ())
        if earlier.ended <= one.started
    ]
    if not ends:
        return []
    began, source, within = max(ends, key=lambda end: end[0])
    return [Wait(source, target, began, one.started, within)]
