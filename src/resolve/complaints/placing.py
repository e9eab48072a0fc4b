"""What a new complaint is about, as far as its fields tell (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resolve.chain.model import Concern, HandoverConcern, PromiseConcern, ValueChain


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was not clear in a field; filing never refuses for it."""

    pointer: str
    code: str


@dataclass(frozen=True, slots=True)
class Placing:
    """The map and concern found, and what was not clear on the way."""

    map_id: str | None
    concern: Concern | None
    warnings: tuple[Unclear, ...]


def place(
    named: tuple[str | None, str | None, str | None],
    published: Sequence[str],
    chain_of: Callable[[str], ValueChain],
) -> Placing:
    """Find the concern from the map, touchpoint and promise that a client named.

    A single published map is the default map, the single promise of a touchpoint the
    default promise.
    """
    map_id, touchpoint, promise = named
    found, warnings = _map(map_id, published)
    if found is None:
        return Placing(None, None, warnings + _missing(touchpoint, promise))
    chain = chain_of(found)
    if touchpoint is None or touchpoint not in chain.touchpoints:
        code = "missing_touchpoint" if touchpoint is None else "unknown_touchpoint"
        more = () if promise in chain.promises else _unclear_promise(promise)
        return Placing(found, None, (*warnings, Unclear("/touchpoint", code), *more))
    right, more = _promise(chain, touchpoint, promise)
    concern = PromiseConcern(touchpoint, right) if right else None
    return Placing(found, concern, warnings + more)


def place_between(
    map_id: str | None,
    handover: HandoverConcern,
    published: Sequence[str],
    chain_of: Callable[[str], ValueChain],
) -> Placing:
    """Find the hand-over that an internal complaint named, as `place` does."""
    found, warnings = _map(map_id, published)
    if found is None:
        return Placing(None, None, warnings)
    ends = (handover.source, handover.target)
    if ends not in {(one.source, one.target) for one in chain_of(found).handovers}:
        unclear = Unclear("/handover", "unknown_handover")
        return Placing(found, None, (*warnings, unclear))
    return Placing(found, handover, warnings)


def _missing(touchpoint: str | None, promise: str | None) -> tuple[Unclear, ...]:
    """Say what is missing where no map tells what the rest means."""
    named = (("touchpoint", touchpoint), ("promise", promise))
    return tuple(
        Unclear(f"/{field}", f"missing_{field}")
        for field, value in named
        if value is None
    )


def _unclear_promise(promise: str | None) -> tuple[Unclear, ...]:
    code = "missing_promise" if promise is None else "unknown_promise"
    return (Unclear("/promise", code),)


def _map(
    map_id: str | None, published: Sequence[str]
) -> tuple[str | None, tuple[Unclear, ...]]:
    if map_id in published:
        return map_id, ()
    if map_id is not None:
        return None, (Unclear("/map", "unknown_map"),)
    if len(published) == 1:
        return published[0], (Unclear("/map", "default_map"),)
    return None, (Unclear("/map", "missing_map"),)


def _promise(
    chain: ValueChain, touchpoint: str, promise: str | None
) -> tuple[str | None, tuple[Unclear, ...]]:
    here = chain.touchpoints[touchpoint].promises
    if promise in here:
        return promise, ()
    if promise is not None:
        code = "promise_not_here" if promise in chain.promises else "unknown_promise"
        return None, (Unclear("/promise", code),)
    if len(here) == 1:
        return here[0], (Unclear("/promise", "default_promise"),)
    return None, (Unclear("/promise", "missing_promise"),)
