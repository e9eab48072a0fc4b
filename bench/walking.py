"""The walk, against what networkx needs to find the steps and their distances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import log
from statistics import linear_regression

import networkx as nx

from bench.chains import DOOR, layered
from bench.ground import Ground
from bench.repetitions import in_turn, milliseconds, seconds
from bench.row import Line, Reach, Row, compared
from resolve.chain.model import ValueChain
from resolve.chain.walk import walk

SIZES = (100, 1_000, 10_000, 100_000)
REACH = Reach(5, aim=2)
# Time ~ steps ** slope. 1 is linear; what a cache no longer holds adds a little.
LINEAR = Reach(1.2)
_AFTER_SMALL = 1_000


def measure(ground: Ground) -> Iterator[Line]:
    firsts: list[tuple[int, float, float]] = []
    for named in SIZES:
        line, first = _at(ground.size(named, least=50))
        firsts.append(first)
        yield line
    yield _growth([first for first in firsts if first[0] >= _AFTER_SMALL] or firsts)


ROW = Row("walk", measure)


def _at(steps: int) -> tuple[Line, tuple[int, float, float]]:
    chain = layered(steps, seed=steps)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(chain.steps)
    graph.add_edges_from((one.source, one.target) for one in chain.handovers)
    repeats = max(1, 2_000 // steps)
    times = 9 if steps > _AFTER_SMALL else 25
    fresh = [replace(chain) for _ in range(repeats * times)]
    first, theirs = in_turn(
        lambda: [walk(fresh.pop(), DOOR) for _ in range(repeats)],
        lambda: [_networkx(graph, chain) for _ in range(repeats)],
        times=times,
    )
    walk(chain, DOOR)
    again = min(seconds(lambda: walk(chain, DOOR)) for _ in range(5))
    first, theirs = first / repeats, theirs / repeats
    line = compared(
        "walk",
        f"first walk on a chain of {steps:,} steps",
        measured=(first, f"{milliseconds(first)}, again {milliseconds(again)}"),
        against=(theirs, f"networkx {milliseconds(theirs)}"),
        reach=REACH,
        figures={"steps": steps, "again": again},
    )
    return line, (steps, first, theirs)


def _networkx(graph: nx.DiGraph[str], chain: ValueChain) -> object:
    near = chain.touchpoints[DOOR.touchpoint].step
    backwards = graph.reverse(copy=False)
    return nx.ancestors(graph, near), dict(
        nx.single_source_shortest_path_length(backwards, near)
    )


def _growth(firsts: list[tuple[int, float, float]]) -> Line:
    """Compare powers: larger data leaves the caches, also for a linear algorithm."""
    sizes = [log(steps) for steps, _, _ in firsts]
    ours, theirs = (
        linear_regression(sizes, [log(one[which]) for one in firsts]).slope
        for which in (1, 2)
    )
    steps = f"{firsts[0][0]:,} to {firsts[-1][0]:,} steps"
    return compared(
        "walk",
        f"growth of the walk, {steps}",
        measured=(ours, f"steps to the power {ours:.2f}"),
        against=(theirs, f"networkx, to the power {theirs:.2f}"),
        reach=LINEAR,
    )
