"""What can be wrong with a chain as a whole, once its file could be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from resolve.chain.allotment import allotted, longest_ways, loops_of
from resolve.chain.distance import distances_of
from resolve.chain.durations import duration_text
from resolve.chain.findings import Finding, Level, finding
from resolve.chain.model import Promise, Touchpoint, ValueChain

__all__ = ["Doubt", "allotted", "findings"]


class Doubt(StrEnum):
    """What could not be read whole; checks that need it would say wrong things."""

    WAYS = "ways"
    DEPARTMENTS = "departments"
    PROMISES = "promises"


def findings(
    chain: ValueChain, *, doubtful: frozenset[Doubt] = frozenset()
) -> Iterator[Finding]:
    """Give all findings; `file` is '' and `line` 0, for the reader to fill in."""
    for check, needed in _CHECKS:
        if not needed & doubtful:
            yield from check(chain)


def _error(key: str, message: str, hint: str, **facts: str) -> Finding:
    return finding(Level.ERROR, message, hint, key=key, **facts)


def _warning(key: str, message: str, hint: str, **facts: str) -> Finding:
    return finding(Level.WARNING, message, hint, key=key, **facts)


def _leads_nowhere(chain: ValueChain) -> Iterator[Finding]:
    hint = "Add a hand-over towards the customer, or a touchpoint at this step."
    for name, distance in distances_of(chain).items():
        if distance is None:
            message = "From `{name}` no touchpoint can be reached."
            yield _error(f"steps.{name}", message, hint, name=name)


def _time(chain: ValueChain) -> Iterator[Finding]:
    places = loops_of(chain).place
    for promise in chain.promises.values():
        if promise.within is None and promise.since is None:
            continue
        longest = longest_ways(chain, promise.since)
        for touchpoint in chain.touchpoints.values():
            if promise.id not in touchpoint.promises:
                continue
            time = longest.get(places[touchpoint.step])
            if time is None:
                yield _never_begins(promise, touchpoint)
            elif promise.within is not None and time > promise.within:
                allotment = duration_text(time)
                yield _too_long(promise, touchpoint, allotment)


def _never_begins(promise: Promise, touchpoint: Touchpoint) -> Finding:
    message = (
        "No way leads from `{since}` to `{step}`, the step of the touchpoint "
        "`{touchpoint}`."
    )
    hint = "Name a step that comes before it, or leave `since` out."
    facts = {"step": touchpoint.step, "touchpoint": touchpoint.id}
    key = f"promises.{promise.id}.since"
    return _error(key, message, hint, since=str(promise.since), **facts)


def _too_long(promise: Promise, touchpoint: Touchpoint, allotment: str) -> Finding:
    promised = duration_text(promise.within) if promise.within is not None else ""
    message = (
        "{promised} is promised at the touchpoint `{touchpoint}`, but {allotment} is "
        "allotted on the longest way there."
    )
    hint = "Divide the promised time anew among the steps, or promise what can be kept."
    facts = {"touchpoint": touchpoint.id, "allotment": allotment}
    key = f"promises.{promise.id}.within"
    return _warning(key, message, hint, promised=promised, **facts)


def _no_gives(chain: ValueChain) -> Iterator[Finding]:
    hint = "Say in one sentence, from the customer's side, what they get from it."
    for step in chain.steps.values():
        if not step.gives:
            message = "`{name}` does not say what the customer has from it."
            yield _warning(f"steps.{step.id}.gives", message, hint, name=step.id)


def _unlisted(chain: ValueChain) -> Iterator[Finding]:
    listed = {
        p for touchpoint in chain.touchpoints.values() for p in touchpoint.promises
    }
    hint = "Add it under `promises` of the touchpoint where the customer is told it."
    for name in chain.promises:
        if name not in listed:
            message = "No touchpoint lists the promise `{name}`."
            yield _warning(f"promises.{name}", message, hint, name=name)


def _unserved(chain: ValueChain) -> Iterator[Finding]:
    served = {promise for step in chain.steps.values() for promise in step.serves}
    hint = "Add it under `serves` of the steps that keep it, or give it `within`."
    for promise in chain.promises.values():
        if promise.within is None and promise.id not in served:
            message = "The promise `{name}` has no time, and no step serves it."
            yield _warning(f"promises.{promise.id}", message, hint, name=promise.id)


def _promises_nothing(chain: ValueChain) -> Iterator[Finding]:
    hint = "List under `promises` what the customer is told to expect there."
    for touchpoint in chain.touchpoints.values():
        if not touchpoint.promises:
            message = "The touchpoint `{name}` has no promise."
            key = f"touchpoints.{touchpoint.id}.promises"
            yield _warning(key, message, hint, name=touchpoint.id)


def _without_step(chain: ValueChain) -> Iterator[Finding]:
    owners = {step.department for step in chain.steps.values()}
    hint = "Give it a step, or leave it out of this map."
    for name in chain.departments:
        if name not in owners:
            message = "The department `{name}` has no step."
            yield _warning(f"departments.{name}", message, hint, name=name)


_Check = Callable[[ValueChain], Iterator[Finding]]
_CHECKS: tuple[tuple[_Check, frozenset[Doubt]], ...] = (
    (_leads_nowhere, frozenset({Doubt.WAYS})),
    (_time, frozenset({Doubt.WAYS, Doubt.PROMISES})),
    (_no_gives, frozenset()),
    (_unlisted, frozenset({Doubt.PROMISES})),
    (_unserved, frozenset({Doubt.PROMISES})),
    (_promises_nothing, frozenset({Doubt.PROMISES})),
    (_without_step, frozenset({Doubt.DEPARTMENTS})),
)
