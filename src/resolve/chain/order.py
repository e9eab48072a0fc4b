"""The order of a chain: what comes before what, although some hand-overs go back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import networkx as nx

from resolve.chain.model import ValueChain
from resolve.chain.ways import ways_of

LOOPS_IN_LOOPS = 4
"""So deep loops inside loops are kept together: each level is a look at all steps."""


def backward(chain: ValueChain) -> frozenset[tuple[str, str]]:
    """Give the hand-overs that close a loop, seen from the first steps of the file.

    They are the back edges of a depth-first search; without them there is no cycle.
    """
    return _search(chain, _successors(chain)).back


def in_order(chain: ValueChain) -> tuple[str, ...]:
    """Give the steps so that each follows those it receives from, loops aside.

    A step comes as soon as it can after the step it follows, so that one way through
    the chain is read together. The steps of a loop stand together, from the step where
    it is entered, before what follows the loop; so do the steps of a loop inside it.
    """
    order: tuple[str, ...] | None = chain.kept.get("order")
    if order is None:
        after = _successors(chain)
        found = _search(chain, after)
        order = tuple(_looped(after, found) if found.back else _sorted(after))
        chain.kept["order"] = order
    return order


_After: TypeAlias = Mapping[str, Sequence[str]]
"""The steps that follow each step, in file order."""


@dataclass(frozen=True, slots=True)
class _Search:
    """When each step was first met, depth first, and which hand-overs lead back."""

    met: Mapping[str, int]
    back: frozenset[tuple[str, str]]


def _search(chain: ValueChain, after: _After) -> _Search:
    met: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    for start in _starts(chain):
        if start in met:
            continue
        met[start] = len(met)
        trail: dict[str, Iterator[str]] = {start: iter(after[start])}
        while trail:
            step = next(reversed(trail))
            target = next(trail[step], None)
            if target is None:
                trail.popitem()
            elif target in trail:
                back.add((step, target))
            elif target not in met:
                met[target] = len(met)
                trail[target] = iter(after[target])
    return _Search(met, frozenset(back))


def _looped(after: _After, found: _Search, deep: int = LOOPS_IN_LOOPS) -> list[str]:
    """Order the loops (strongly connected steps) as one step each, then each inside.

    A loop is entered at its step that was met first. Without the hand-overs back to it,
    which lead back in `found`, what still goes round is a loop inside the loop.
    """
    entry = _entries(after, found.met)
    loops: dict[str, dict[str, list[str]]] = {}
    for step, targets in after.items():
        loops.setdefault(entry[step], {})[step] = [
            target
            for target in targets
            if entry[target] == entry[step] != target
            and (deep or (step, target) not in found.back)
        ]
    inside = {
        first: _looped(steps, found, deep - 1) if len(steps) > 1 else list(steps)
        for first, steps in loops.items()
    }
    whole = {
        first: [
            entry[target]
            for step in reversed(steps)
            for target in after[step]
            if entry[target] != first
        ]
        for first, steps in inside.items()
    }
    return [step for first in _sorted(whole) for step in inside[first]]


def _entries(after: _After, met: Mapping[str, int]) -> dict[str, str]:
    """Give for each step the first met of the steps that it goes round with."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(after)
    for step, targets in after.items():
        graph.add_edges_from((step, target) for target in targets)
    entry: dict[str, str] = {}
    for loop in nx.strongly_connected_components(graph):
        entry |= dict.fromkeys(loop, min(loop, key=met.__getitem__))
    return entry


def _sorted(after: _After) -> list[str]:
    """Order what has no loops: each as soon as it can after what it follows."""
    waits = Counter(target for targets in after.values() for target in targets)
    ready = [step for step in reversed(tuple(after)) if not waits[step]]
    ordered: list[str] = []
    while ready:
        step = ready.pop()
        ordered.append(step)
        for target in reversed(after[step]):
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return ordered


def runs(chain: ValueChain) -> tuple[tuple[str, ...], ...]:
    """Give the steps of one department that hand over to each other, in file order.

    A department at work in several places of the chain has several runs.
    """
    joined: dict[str, set[str]] = {step: {step} for step in chain.steps}
    for handover in chain.handovers:
        ends = handover.source, handover.target
        if chain.steps[ends[0]].department == chain.steps[ends[1]].department:
            _join(joined, *ends)
    place = {step: number for number, step in enumerate(chain.steps)}
    groups = {id(group): group for group in joined.values()}
    return tuple(
        tuple(sorted(group, key=place.__getitem__)) for group in groups.values()
    )


def _join(groups: dict[str, set[str]], one: str, other: str) -> None:
    large, small = sorted((groups[one], groups[other]), key=len, reverse=True)
    if large is small:
        return
    large |= small
    for step in small:
        groups[step] = large


def _successors(chain: ValueChain) -> dict[str, list[str]]:
    """Successors of each step, in file order."""
    ways = ways_of(chain)
    return {
        step: [ways.steps[target] for target in sorted(ways.after[place])]
        for place, step in enumerate(ways.steps)
    }


def _starts(chain: ValueChain) -> tuple[str, ...]:
    """The steps nothing leads to, then all others, each in file order."""
    reached = {handover.target for handover in chain.handovers}
    first = [step for step in chain.steps if step not in reached]
    return (*first, *(step for step in chain.steps if step in reached))
