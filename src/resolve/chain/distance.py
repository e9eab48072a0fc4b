"""How far from the customer each step is, and whom all its ways pass."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import networkx as nx

from resolve.chain.graph import CUSTOMER, with_customer
from resolve.chain.model import ValueChain
from resolve.chain.ways import distances, ways_of


def distances_of(
    chain: ValueChain, touchpoint: str | None = None
) -> dict[str, int | None]:
    """Give each step's distance to the nearest touchpoint, whose own step has 1.

    With a touchpoint it is the distance to that one, as in a case whose customer felt
    it there. None: no such touchpoint can be reached from the step.
    """
    ways = ways_of(chain)
    near = [ways.number[step] for _, step in _places(chain, touchpoint)]
    found = distances(ways.before, near)
    return {name: found[place] or None for place, name in enumerate(ways.steps)}


def nearest_touchpoints(
    chain: ValueChain, touchpoint: str | None = None
) -> dict[str, str]:
    """Give for each step the touchpoint to which `distances_of` counts.

    Of several equally near ones the first in the file.
    """
    ways = ways_of(chain)
    found: dict[int, str] = {}
    waiting = deque((ways.number[step], n) for n, step in _places(chain, touchpoint))
    while waiting:
        step, name = waiting.popleft()
        if step not in found:
            found[step] = name
            waiting.extend((before, name) for before in ways.before[step])
    return {ways.steps[step]: name for step, name in found.items()}


def _places(chain: ValueChain, touchpoint: str | None) -> list[tuple[str, str]]:
    """Give touchpoints with the step at each, only one of them if it is named."""
    return [
        (one.id, one.step)
        for one in chain.touchpoints.values()
        if touchpoint in (None, one.id)
    ]


def weighted_distances(
    chain: ValueChain, weights: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """Give the shortest way to the customer by weight, such as median times.

    `weights` has every hand-over, as (source, target), and (step, CUSTOMER) for a
    touchpoint's step; left out is 0. Steps without a way to the customer are left out.
    """
    graph = with_customer(chain).reverse(copy=False)

    def weight(target: str, source: str, _: object) -> float:
        return weights.get((source, target), 0)

    found = nx.single_source_dijkstra_path_length(graph, CUSTOMER, weight=weight)
    return {name: found[name] for name in chain.steps if name in found}


def gatekeepers(chain: ValueChain) -> dict[str, str | None]:
    """Give each step's gatekeeper: the nearest other step that all its ways pass.

    The immediate post-dominator: the immediate dominator in the reversed graph rooted
    at the customer (Cooper, Harvey & Kennedy 2006). None: there is none.
    """
    graph = with_customer(chain).reverse(copy=False)
    found = nx.immediate_dominators(graph, CUSTOMER)
    return {name: found.get(name) or None for name in chain.steps}
