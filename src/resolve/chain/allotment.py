"""The time allotted within a promise: the longest way, by the map's own times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import networkx as nx

from resolve.chain.graph import graph_of
from resolve.chain.model import ValueChain
from resolve.chain.walk import promise_at

_NONE = timedelta()


def allotted(chain: ValueChain, touchpoint: str, promise: str) -> timedelta | None:
    """Give the longest way from `since`, or the beginnings, to the touchpoint's step.

    By `time` of steps and `within` of hand-overs, both ends included, what has none
    counting nothing; a loop (strongly connected steps) counts the sum of its steps,
    the hand-overs inside it nothing. None: no way leads from `since` to the step.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere: as for a walk.
    """
    near, asked = promise_at(chain, touchpoint, promise)
    return longest_ways(chain, asked.since).get(loops_of(chain).place[near.step])


@dataclass(frozen=True, slots=True)
class Loops:
    """The chain with each loop drawn together into one place, in order of the ways.

    `before[i]` are the places that lead to place i, each with the longest `within`.
    """

    place: dict[str, int]
    time: list[timedelta]
    before: list[dict[int, timedelta]]


def loops_of(chain: ValueChain) -> Loops:
    """Give the condensation of a chain, made once and kept with it."""
    loops: Loops | None = chain.kept.get("loops")
    if loops is None:
        loops = chain.kept["loops"] = _loops(chain)
    return loops


def longest_ways(chain: ValueChain, since: str | None) -> dict[int, timedelta]:
    """Give the longest way to each place that can be reached, in one pass."""
    loops = loops_of(chain)
    start = None if since is None else loops.place[since]
    longest: dict[int, timedelta] = {}
    for place, time in enumerate(loops.time):
        ways = [
            longest[before] + within
            for before, within in loops.before[place].items()
            if before in longest
        ]
        if ways or start is None or place == start:
            longest[place] = time + max(ways, default=_NONE)
    return longest


def _loops(chain: ValueChain) -> Loops:
    condensed = nx.condensation(graph_of(chain))
    order = {node: i for i, node in enumerate(nx.topological_sort(condensed))}
    members = condensed.graph["mapping"]
    place = {name: order[node] for name, node in members.items()}
    time = [_NONE] * len(order)
    for step in chain.steps.values():
        time[place[step.id]] += step.time or _NONE
    before: list[dict[int, timedelta]] = [{} for _ in order]
    for handover in chain.handovers:
        source, target = place[handover.source], place[handover.target]
        if source != target:
            within = handover.within or _NONE
            before[target][source] = max(within, before[target].get(source, _NONE))
    return Loops(place, time, before)
