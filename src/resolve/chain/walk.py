"""The walk: from a concern of the customer back to all who take part.

A concern is a promise at a touchpoint, or the standard of a hand-over a -> b. Near is
the touchpoint's step, or b. "Before" a step is every step it can be reached from;
loops are allowed.

- A promise with a time: near and all before it that lie on a way from `since` take
  part (without `since`: all), because time passes in every step.
- A promise without: those of them that list it under `serves`.
- A hand-over: a and b; if its time was missed, all before a too.

The distance of a step is the number of hand-overs on the shortest way to near, plus
one; that of a department is its nearest step's. The path leads from that step, the
first in the file if several are equally near, each time to the successor that is one
closer and first in the file. The order of the hand-overs never matters.

Linear in steps and hand-overs, besides the paths it gives; without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from resolve.chain.errors import (
    PromiseNotHere,
    UnknownHandover,
    UnknownPromise,
    UnknownTouchpoint,
)
from resolve.chain.model import (
    Concern,
    HandoverConcern,
    Kind,
    Promise,
    PromiseConcern,
    Touchpoint,
    ValueChain,
)
from resolve.chain.ways import Ways, distances, ways_of


@dataclass(frozen=True, slots=True)
class Participant:
    """A department that takes part: nearest first, steps and neighbours in file order.

    `path` leads from its nearest step taking part to the step of the concern.
    """

    department: str
    kind: Kind
    distance: int
    steps: tuple[str, ...]
    path: tuple[str, ...]
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """Who takes part in a concern; nobody, where it has to be placed by a person."""

    concern: Concern
    participants: tuple[Participant, ...]


def walk(chain: ValueChain, concern: Concern) -> Walk:
    """Find out who takes part.

    Raises:
        UnknownTouchpoint, UnknownPromise, UnknownHandover: not in this chain.
        PromiseNotHere: the touchpoint does not list the promise.
    """
    ways = ways_of(chain)
    if isinstance(concern, HandoverConcern):
        distance, taking_part = _of_handover(chain, ways, concern)
    else:
        distance, taking_part = _of_promise(chain, ways, concern)
    groups = _by_department(ways, distance, taking_part)
    nearest_first = sorted(groups, key=lambda group: (group.distance, group.owner))
    return Walk(
        concern,
        tuple(_participant(chain, ways, distance, group) for group in nearest_first),
    )


def walk_as_json(
    found: Walk, chain: ValueChain, version: int | None = None
) -> dict[str, Any]:
    """Give a walk as every interface shows it; `version` None: not published."""
    return {
        "map": chain.id,
        "version": version,
        "concern": found.concern.as_json(),
        "departments": [
            {
                "department": participant.department,
                "kind": str(participant.kind),
                "distance": participant.distance,
                "steps": list(participant.steps),
                "path": list(participant.path),
                "neighbours": list(participant.neighbours),
            }
            for participant in found.participants
        ],
    }


def promises_of(chain: ValueChain) -> Iterator[tuple[Touchpoint, Promise]]:
    """Give every promise at every touchpoint, in file order."""
    for touchpoint in chain.touchpoints.values():
        for promise in touchpoint.promises:
            if promise in chain.promises:
                yield touchpoint, chain.promises[promise]


def promise_at(
    chain: ValueChain, touchpoint: str, promise: str
) -> tuple[Touchpoint, Promise]:
    """Give both, or say which is unknown, or that the promise is not made there."""
    if touchpoint not in chain.touchpoints:
        raise UnknownTouchpoint(
            f"The map {chain.id} has no touchpoint `{touchpoint}`.",
            hint=f"It has: {', '.join(chain.touchpoints)}.",
        )
    if promise not in chain.promises:
        raise UnknownPromise(
            f"The map {chain.id} has no promise `{promise}`.",
            hint=f"It has: {', '.join(chain.promises) or 'none'}.",
        )
    found = chain.touchpoints[touchpoint]
    if promise not in found.promises:
        raise PromiseNotHere(
            f"The promise `{promise}` is not made at the touchpoint `{touchpoint}`.",
            hint=f"Made there: {', '.join(found.promises) or 'none'}.",
        )
    return found, chain.promises[promise]


def _of_promise(
    chain: ValueChain, ways: Ways, concern: PromiseConcern
) -> tuple[list[int], list[bool]]:
    touchpoint, promise = promise_at(chain, concern.touchpoint, concern.promise)
    distance = distances(ways.before, [ways.number[touchpoint.step]])
    if promise.within is None:
        serving = [promise.id in step.serves for step in chain.steps.values()]
        both = zip(distance, serving, strict=True)
        return distance, [bool(d) and serves for d, serves in both]
    if promise.since is None:
        return distance, [bool(d) for d in distance]
    passed = distances(ways.after, [ways.number[promise.since]])
    return distance, [bool(d and p) for d, p in zip(distance, passed, strict=True)]


def _of_handover(
    chain: ValueChain, ways: Ways, concern: HandoverConcern
) -> tuple[list[int], list[bool]]:
    source = ways.number.get(concern.source)
    target = ways.number.get(concern.target)
    if source is None or target is None or target not in ways.after[source]:
        raise UnknownHandover(
            f"The map {chain.id} has no hand-over from `{concern.source}` "
            f"to `{concern.target}`.",
            hint="Name the two steps as they stand under `handovers:`.",
        )
    distance = distances(ways.before, [target])
    before = distances(ways.before, [source]) if concern.late else []
    taking_part = [bool(d) for d in before] or [False] * len(distance)
    taking_part[source] = taking_part[target] = True
    return distance, taking_part


@dataclass(slots=True)
class _Group:
    """The steps of one department that take part, and the nearest of them."""

    owner: int
    nearest: int
    distance: int
    steps: list[int] = field(default_factory=list)


def _by_department(
    ways: Ways, distance: list[int], taking_part: list[bool]
) -> list[_Group]:
    groups: dict[int, _Group] = {}
    for step, takes_part in enumerate(taking_part):
        if not takes_part:
            continue
        owner = ways.owner[step]
        group = groups.get(owner)
        if group is None:
            group = groups[owner] = _Group(owner, step, distance[step])
        elif distance[step] < group.distance:
            group.nearest, group.distance = step, distance[step]
        group.steps.append(step)
    return list(groups.values())


def _participant(
    chain: ValueChain, ways: Ways, distance: list[int], group: _Group
) -> Participant:
    name = ways.departments[group.owner]
    return Participant(
        department=name,
        kind=chain.departments[name].kind,
        distance=group.distance,
        steps=tuple(ways.steps[step] for step in group.steps),
        path=_path(ways, distance, group.nearest),
        neighbours=_neighbours(ways, group),
    )


def _path(ways: Ways, distance: list[int], step: int) -> tuple[str, ...]:
    path = [ways.steps[step]]
    while distance[step] > 1:
        closer = distance[step] - 1
        step = min(s for s in ways.after[step] if distance[s] == closer)
        path.append(ways.steps[step])
    return tuple(path)


def _neighbours(ways: Ways, group: _Group) -> tuple[str, ...]:
    owner = ways.owner
    found: set[int] = set()
    for step in group.steps:
        found.update([owner[s] for s in ways.before[step]])
        found.update([owner[s] for s in ways.after[step]])
    found.discard(group.owner)
    return tuple(ways.departments[place] for place in sorted(found))
