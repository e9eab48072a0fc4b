"""From a map and a concern to the way that orders take: what times are laid along."""

from __future__ import annotations

import networkx as nx

from resolve.chain.errors import UnknownHandover
from resolve.chain.graph import graph_of
from resolve.chain.model import Concern, HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.order import in_order
from resolve.chain.timing import Way
from resolve.chain.walk import promise_at
from resolve.chain.ways import distances, ways_of


def way_of(chain: ValueChain, concern: Concern) -> Way:
    """Give the steps where time passes until the customer has it, each after its own.

    For a promise: the step of the touchpoint and all before it that lie on a way from
    `since` (without `since`: all), whether the promise has a time or not. For a
    hand-over: its two steps and all before the first. A loop is one step. The last
    place is where the concern is felt; the columns of the waits are `handovers_of`.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere, UnknownHandover: as a walk.
    """
    places = _places(chain, concern)
    number = {step: i for i, place in enumerate(places) for step in place}
    before: list[list[int]] = [[] for _ in places]
    waits: list[list[int]] = [[] for _ in places]
    for column, (source, target) in enumerate(_between(chain, number)):
        before[number[target]].append(number[source])
        waits[number[target]].append(column)
    return Way(
        steps=tuple(place[0] for place in places),
        before=tuple(map(tuple, before)),
        waits=tuple(map(tuple, waits)),
        members=places,
    )


def handovers_of(chain: ValueChain, way: Way) -> tuple[tuple[str, str], ...]:
    """Give the hand-overs that the columns of the waits of this way stand for."""
    number = {step: i for i, place in enumerate(way.members) for step in place}
    return _between(chain, number)


def handovers_inside(chain: ValueChain, way: Way) -> tuple[tuple[str, str], ...]:
    """Give the hand-overs inside the loops of this way, whose waits are in no place."""
    number = {step: i for i, place in enumerate(way.members) for step in place}
    place = {step: at for at, step in enumerate(in_order(chain))}
    found = [
        (one.source, one.target)
        for one in chain.handovers
        if one.source in number and number[one.source] == number.get(one.target)
    ]
    return tuple(sorted(found, key=lambda one: (place[one[0]], place[one[1]])))


def runs_during(
    chain: ValueChain, handover: tuple[str, str], concern: PromiseConcern
) -> bool:
    """Tell whether an order may pass a hand-over while the time of a promise runs.

    Not where that leads back to `since`, nor on from where the customer has it.
    """
    near, since = end_of(chain, concern)
    graph, (source, target) = graph_of(chain), handover
    if handover not in graph.edges or source == near or target == since:
        return False
    behind = graph.subgraph(set(graph) - {since})
    if near not in behind or not nx.has_path(behind, target, near):
        return False
    before = graph.subgraph(set(graph) - {near})
    return since is None or nx.has_path(before, since, source)


def apart(way: Way) -> Way:
    """Give a way with each step in a place of its own, for times of single steps.

    Loops are taken apart, so there is no saying which place comes before which.
    """
    steps = tuple(step for members in way.members for step in members)
    none: tuple[tuple[int, ...], ...] = tuple(() for _ in steps)
    return Way(steps, none, none, tuple((step,) for step in steps))


def end_of(chain: ValueChain, concern: Concern) -> tuple[str, str | None]:
    """Give the step with whose end the time of a concern ends, and where it begins.

    The second is None where it begins with the order.
    """
    if isinstance(concern, HandoverConcern):
        return concern.target, None
    touchpoint, promise = promise_at(chain, concern.touchpoint, concern.promise)
    return touchpoint.step, promise.since


def _between(chain: ValueChain, number: dict[str, int]) -> tuple[tuple[str, str], ...]:
    """Hand-overs from one place to another, by where they lead and come from."""
    file = {step: place for place, step in enumerate(chain.steps)}
    found = [
        (one.source, one.target)
        for one in chain.handovers
        if one.source in number
        and one.target in number
        and number[one.source] != number[one.target]
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (number[one[1]], number[one[0]], *map(file.get, one)),
        )
    )


def _places(chain: ValueChain, concern: Concern) -> tuple[tuple[str, ...], ...]:
    """Steps of the way, loops drawn together, in the order of the chain."""
    inside = graph_of(chain).subgraph(_candidates(chain, concern))
    place = {step: number for number, step in enumerate(in_order(chain))}
    loops = nx.condensation(inside)
    members = {
        node: sorted(loops.nodes[node]["members"], key=lambda step: place[step])
        for node in loops
    }
    ordered = nx.lexicographical_topological_sort(
        loops, key=lambda node: place[members[node][0]]
    )
    return tuple(tuple(members[node]) for node in ordered)


def _candidates(chain: ValueChain, concern: Concern) -> list[str]:
    ways = ways_of(chain)
    near, since = end_of(chain, concern)
    if isinstance(concern, HandoverConcern):
        _there(chain, concern)
        reached = distances(ways.before, [ways.number[concern.source]])
        reached[ways.number[near]] = 1
        return [step for step, d in zip(ways.steps, reached, strict=True) if d]
    reached = distances(ways.before, [ways.number[near]])
    passed = reached
    if since is not None:
        passed = distances(ways.after, [ways.number[since]])
    both = zip(ways.steps, reached, passed, strict=True)
    return [step for step, r, p in both if r and p]


def _there(chain: ValueChain, concern: HandoverConcern) -> None:
    ends = {(one.source, one.target) for one in chain.handovers}
    if (concern.source, concern.target) not in ends:
        raise UnknownHandover(
            f"The map {chain.id} has no hand-over from `{concern.source}` "
            f"to `{concern.target}`.",
            hint="Name the two steps as they stand under `handovers:`.",
        )
