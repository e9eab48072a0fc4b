"""Two chains compared: what was added, removed and changed, in the order of the map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from resolve.chain.model import Handover, ValueChain

V = TypeVar("V")


class Thing(StrEnum):
    """What of a map a change is about."""

    MAP = "map"
    DEPARTMENT = "department"
    PROMISE = "promise"
    STEP = "step"
    HANDOVER = "handover"
    TOUCHPOINT = "touchpoint"


class Mark(StrEnum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `ids` are two for a hand-over and none for the map itself.

    `field` is the key of the map file that changed, or `order`; `before` and `after`
    are its values as the chain holds them. Both are None for what was added or removed.
    """

    thing: Thing
    ids: tuple[str, ...]
    mark: Mark
    field: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What became of what a picture shows; a thing that stayed is left out."""

    steps: Mapping[str, Mark]
    handovers: Mapping[tuple[str, str], Mark]
    touchpoints: Mapping[str, Mark]


_FIELDS = {
    Thing.MAP: ("title", "join", "answer_within"),
    Thing.DEPARTMENT: ("title", "kind"),
    Thing.PROMISE: ("title", "within", "since"),
    Thing.STEP: ("department", "title", "time", "serves", "gives"),
    Thing.HANDOVER: ("what", "within"),
    Thing.TOUCHPOINT: ("title", "step", "promises"),
}


def compare(before: ValueChain, after: ValueChain) -> tuple[Change, ...]:
    """Give every difference that a reader of the map would see.

    The order of hand-overs is no part of a map's meaning; that of steps and departments
    decides between equally short ways, so a changed order is one difference.
    """
    changes = list(_fields(Thing.MAP, (), before, after))
    sections = (
        (Thing.DEPARTMENT, _keyed(before.departments), _keyed(after.departments)),
        (Thing.STEP, _keyed(before.steps), _keyed(after.steps)),
        (Thing.HANDOVER, _handovers(before), _handovers(after)),
        (Thing.PROMISE, _keyed(before.promises), _keyed(after.promises)),
        (Thing.TOUCHPOINT, _keyed(before.touchpoints), _keyed(after.touchpoints)),
    )
    for thing, old, new in sections:
        changes += _section(thing, old, new)
    for thing, was, now in (
        (Thing.DEPARTMENT, before.departments, after.departments),
        (Thing.STEP, before.steps, after.steps),
    ):
        if [one for one in was if one in now] != [one for one in now if one in was]:
            changes.append(Change(thing, (), Mark.CHANGED, "order"))
    return tuple(changes)


def marks(before: ValueChain, after: ValueChain) -> Marks:
    """Give what became of each step, hand-over and touchpoint.

    A touchpoint changes with the promises that are made there.
    """
    found: dict[Thing, dict[tuple[str, ...], Mark]] = {one: {} for one in Thing}
    for change in compare(before, after):
        if change.ids:
            found[change.thing][change.ids] = change.mark
    touchpoints = {ids[0]: mark for ids, mark in found[Thing.TOUCHPOINT].items()}
    for touchpoint in after.touchpoints.values():
        if any((one,) in found[Thing.PROMISE] for one in touchpoint.promises):
            touchpoints.setdefault(touchpoint.id, Mark.CHANGED)
    return Marks(
        {ids[0]: mark for ids, mark in found[Thing.STEP].items()},
        {(ids[0], ids[1]): mark for ids, mark in found[Thing.HANDOVER].items()},
        touchpoints,
    )


def together(before: ValueChain, after: ValueChain) -> ValueChain:
    """Give the chain after, and in their old places all things that it lost."""
    kept = {(one.source, one.target) for one in after.handovers}
    gone = [one for one in before.handovers if (one.source, one.target) not in kept]
    return replace(
        after,
        departments=_merged(before.departments, after.departments),
        steps=_merged(before.steps, after.steps),
        touchpoints=_merged(before.touchpoints, after.touchpoints),
        promises=_merged(before.promises, after.promises),
        handovers=(*after.handovers, *gone),
    )


def _keyed(things: Mapping[str, V]) -> dict[tuple[str, ...], V]:
    return {(name,): thing for name, thing in things.items()}


def _handovers(chain: ValueChain) -> dict[tuple[str, ...], Handover]:
    return {(one.source, one.target): one for one in chain.handovers}


def _section(
    thing: Thing,
    before: Mapping[tuple[str, ...], V],
    after: Mapping[tuple[str, ...], V],
) -> Iterator[Change]:
    for ids, new in after.items():
        if ids in before:
            yield from _fields(thing, ids, before[ids], new)
        else:
            yield Change(thing, ids, Mark.ADDED)
    for ids in before:
        if ids not in after:
            yield Change(thing, ids, Mark.REMOVED)


def _fields(
    thing: Thing, ids: tuple[str, ...], before: object, after: object
) -> Iterator[Change]:
    for name in _FIELDS[thing]:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(thing, ids, Mark.CHANGED, name, old, new)


def _merged(before: Mapping[str, V], after: Mapping[str, V]) -> dict[str, V]:
    """Put what is gone behind that which stood before it."""
    order: list[str] = list(after)
    for name, previous in _with_previous(list(before)):
        if name not in after:
            order.insert(order.index(previous) + 1 if previous else 0, name)
    return {name: after[name] if name in after else before[name] for name in order}


def _with_previous(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from zip(names, ["", *names], strict=False)
