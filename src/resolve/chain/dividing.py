"""Dividing a promised time among the steps and hand-overs of a walk (pure).

What is divided is the time of a promise; a part is a step, `(step,)`, or a hand-over,
`(from, to)`. The sum is the allotted time as everywhere: the longest way by `time` and
`within` to the touchpoint's step (`allotment`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from resolve.chain.allotment import allotted, loops_of
from resolve.chain.durations import LONGEST, duration_text
from resolve.chain.errors import PromiseNotHere, UnknownPromise, UnknownTouchpoint
from resolve.chain.model import Concern, PromiseConcern, ValueChain
from resolve.chain.order import in_order
from resolve.chain.rewriting import Part, Times, with_times
from resolve.chain.walk import walk

_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Divided:
    """A promised time and what it may be divided among, in the order of the chain.

    `parts` has the hand-overs that lead to a step before that step; `now` is what the
    map allots, None: nothing.
    """

    chain: ValueChain
    concern: PromiseConcern
    promised: timedelta
    parts: tuple[Part, ...]
    now: Mapping[Part, timedelta | None]

    def total(self, times: Times | None = None) -> timedelta:
        """Give the allotted time, with these times instead of the map's."""
        changed = with_times(self.chain, times) if times else self.chain
        concern = self.concern
        return allotted(changed, concern.touchpoint, concern.promise) or _NONE

    def inside_loop(self, part: Part) -> bool:
        """Tell whether a hand-over lies in a loop, where it counts nothing."""
        place = loops_of(self.chain).place
        return len(part) > 1 and place[part[0]] == place[part[1]]

    def changes(self, times: Times) -> dict[Part, timedelta]:
        """Give what of these times differs from the map, in the order of the chain."""
        known = (part for part in self.parts if part in times)
        return {part: times[part] for part in known if times[part] != self.now[part]}


def divided(chain: ValueChain, concern: Concern) -> Divided | None:
    """Give what a concern's promised time is divided among; None: it has no time.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere, UnknownHandover: as a walk.
    """
    found = walk(chain, concern)
    if not isinstance(concern, PromiseConcern):
        return None
    promised = chain.promises[concern.promise].within
    if promised is None:
        return None
    on_walk = {step for one in found.participants for step in one.steps}
    parts = tuple(_parts(chain, on_walk))
    now: dict[Part, timedelta | None] = {
        (name,): chain.steps[name].time for name in on_walk
    }
    now |= {(one.source, one.target): one.within for one in chain.handovers}
    return Divided(chain, concern, promised, parts, {part: now[part] for part in parts})


def _parts(chain: ValueChain, on_walk: set[str]) -> Iterator[Part]:
    place = {step: number for number, step in enumerate(in_order(chain))}
    into: dict[str, list[str]] = {step: [] for step in on_walk}
    for one in chain.handovers:
        if one.source in on_walk and one.target in on_walk:
            into[one.target].append(one.source)
    for step in sorted(on_walk, key=place.__getitem__):
        for source in sorted(into[step], key=place.__getitem__):
            yield (source, step)
        yield (step,)


class Wrong(StrEnum):
    """What a division may not be; the last one may be tried, not agreed."""

    STEP_NOT_ON_WALK = "step_not_on_walk"
    HANDOVER_NOT_ON_WALK = "handover_not_on_walk"
    NEGATIVE = "negative_time"
    TOO_LONG = "time_too_long"
    ABOVE_PROMISE = "above_promise"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a division, and with which part; () is the whole."""

    wrong: Wrong
    part: Part = ()


def findings(of: Divided, times: Times) -> tuple[Finding, ...]:
    """Give all that is wrong with these times, the sum only of times that can be."""
    found = tuple(_findings(of, times))
    if not found and of.total(times) > of.promised:
        return (Finding(Wrong.ABOVE_PROMISE),)
    return found


def _findings(of: Divided, times: Times) -> Iterator[Finding]:
    known = frozenset(of.parts)
    for part, time in times.items():
        if part not in known:
            step = len(part) == 1
            wrong = Wrong.STEP_NOT_ON_WALK if step else Wrong.HANDOVER_NOT_ON_WALK
            yield Finding(wrong, part)
        elif time < _NONE:
            yield Finding(Wrong.NEGATIVE, part)
        elif time > LONGEST:
            yield Finding(Wrong.TOO_LONG, part)


# -------------------------------------------------------- when the map has gone on


class Became(StrEnum):
    """What became of something that a division rests on, in a newer version."""

    GONE = "gone"
    CHANGED = "changed"
    NOT_ON_WALK = "not_on_walk"
    NO_PROMISE = "no_promise"  # the promise has no time there, or is not made
    ABOVE_PROMISE = "above_promise"  # the sum, with what else was changed meanwhile


@dataclass(frozen=True, slots=True)
class Difference:
    """What another version says otherwise of a part; () is the promise as a whole."""

    part: Part
    became: Became
    before: timedelta | None = None
    after: timedelta | None = None


def differences(
    base: ValueChain, newest: ValueChain, concern: PromiseConcern, times: Times
) -> tuple[Difference, ...]:
    """Give why times made on one version cannot be written into another; (): they can.

    A time that was changed meanwhile to the very value that is wanted is no reason.
    """
    there = on_newest(newest, concern)
    if there is None:
        return (Difference((), Became.NO_PROMISE),)
    before, after = _now(base), _now(newest)
    found = []
    for part, wanted in times.items():
        if part not in after:
            found.append(Difference(part, Became.GONE, before.get(part)))
        elif part not in there.now:
            found.append(Difference(part, Became.NOT_ON_WALK, before.get(part)))
        elif after[part] not in (before.get(part), wanted):
            found.append(
                Difference(part, Became.CHANGED, before.get(part), after[part])
            )
    total = there.total({part: times[part] for part in times if part in there.now})
    if not found and total > there.promised:
        found.append(Difference((), Became.ABOVE_PROMISE, there.promised, total))
    return tuple(found)


def difference_as_json(one: Difference) -> dict[str, Any]:
    """Say it as answers do; the promise as a whole has no name."""
    named: dict[str, Any] = {"step": one.part[0]} if len(one.part) == 1 else {}
    if len(one.part) > 1:
        named = {"handover": list(one.part)}
    before, now = (
        None if time is None else duration_text(time)
        for time in (one.before, one.after)
    )
    return named | {"what": str(one.became), "before": before, "now": now}


def on_newest(newest: ValueChain, concern: Concern) -> Divided | None:
    """Give what is divided on another version; None if the promise is not there."""
    try:
        return divided(newest, concern)
    except (UnknownTouchpoint, UnknownPromise, PromiseNotHere):
        return None


def _now(chain: ValueChain) -> dict[Part, timedelta | None]:
    known: dict[Part, timedelta | None] = {
        (one.id,): one.time for one in chain.steps.values()
    }
    known |= {(one.source, one.target): one.within for one in chain.handovers}
    return known


# ------------------------------------------------------------------ as it is stored


def times_as_json(times: Times) -> dict[str, Any]:
    """Give times as a division stores them: seconds of steps and of hand-overs.

    >>> times_as_json({("pack",): timedelta(hours=1), ("pack", "load"): timedelta()})
    {'steps': {'pack': 3600}, 'handovers': [['pack', 'load', 0]]}
    """
    seconds = {part: _plain(time.total_seconds()) for part, time in times.items()}
    return {
        "steps": {part[0]: s for part, s in seconds.items() if len(part) == 1},
        "handovers": [[*part, s] for part, s in seconds.items() if len(part) > 1],
    }


def times_from_json(stored: Mapping[str, Any]) -> dict[Part, timedelta]:
    """Read back what `times_as_json` wrote."""
    found: dict[Part, timedelta] = {
        (step,): timedelta(seconds=s) for step, s in stored.get("steps", {}).items()
    }
    for source, target, s in stored.get("handovers", ()):
        found[source, target] = timedelta(seconds=s)
    return found


def _plain(seconds: float) -> float:
    return int(seconds) if seconds.is_integer() else seconds
