"""Distance from the customer and gatekeepers."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
from hypothesis import given

from resolve.chain.distance import (
    distances_of,
    gatekeepers,
    nearest_touchpoints,
    weighted_distances,
)
from resolve.chain.graph import CUSTOMER, graph_of, with_customer
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.chain.reader import load
from resolve.chain.walk import walk
from tests.strategies import chains

ORDER = Path(__file__).with_name("order.yaml")

# Constructed to pin the arithmetic: hand-overs weighted by median time.
WEIGHTS = {
    ("legal", "support"): 3,
    ("support", CUSTOMER): 1,
    ("dev", "support"): 2,
    ("dev", "qa"): 1,
    ("qa", "support"): 1,
    ("warehouse", "courier"): 1,
    ("courier", CUSTOMER): 1,
    ("finance", "legal"): 2,
    ("finance", "dev"): 4,
}
STEPS = ("support", "courier", "qa", "warehouse", "dev", "legal", "finance")


def _company() -> ValueChain:
    steps = ", ".join(f"{name}: {{department: d}}" for name in STEPS)
    handovers = ", ".join(
        f"{{from: {source}, to: {target}}}"
        for source, target in WEIGHTS
        if target != CUSTOMER
    )
    return load(
        "resolve: 1\nid: company\ndepartments: {d: {}}\n"
        f"steps: {{{steps}}}\nhandovers: [{handovers}]\n"
        "touchpoints: {help: {step: support}, door: {step: courier}}\n"
    )


def test_weighted_distances_of_the_constructed_company() -> None:
    assert weighted_distances(_company(), WEIGHTS) == {
        "support": 1,
        "courier": 1,
        "qa": 2,
        "warehouse": 2,
        "dev": 3,
        "legal": 4,
        "finance": 6,
    }


def test_gatekeepers_of_the_constructed_company() -> None:
    assert gatekeepers(_company()) == {
        "support": None,
        "courier": None,
        "qa": "support",
        "warehouse": "courier",
        "dev": "support",
        "legal": "support",
        "finance": "support",
    }


def test_distance_counts_handovers_to_the_nearest_touchpoint() -> None:
    order = load(ORDER.read_bytes())

    assert distances_of(order) == {
        "take-order": 3,
        "pick": 5,
        "pack": 4,
        "check": 3,
        "load": 2,
        "deliver": 1,
        "bill": 2,
        "collect": 1,
    }


def test_step_with_two_ways_to_the_customer_has_no_gatekeeper() -> None:
    assert gatekeepers(load(ORDER.read_bytes()))["take-order"] is None


@given(chains())
def test_distance_is_the_shortest_way_in_the_graph_with_the_customer(
    chain: ValueChain,
) -> None:
    found = nx.single_target_shortest_path_length(with_customer(chain), CUSTOMER)
    expected = dict(found)

    assert distances_of(chain) == {s: expected.get(s) for s in chain.steps}


@given(chains())
def test_gatekeeper_is_the_nearest_step_without_which_no_way_is_left(
    chain: ValueChain,
) -> None:
    keepers = gatekeepers(chain)
    graph = with_customer(chain)

    for step in graph_of(chain):
        if not nx.has_path(graph, step, CUSTOMER):
            assert keepers[step] is None
            continue
        passed = [s for s in chain.steps if s != step and _needs(graph, step, s)]
        nearest = [
            s for s in passed if all(o == s or _needs(graph, s, o) for o in passed)
        ]
        assert keepers[step] == (nearest[0] if nearest else None)


def _needs(graph: nx.DiGraph[str], step: str, other: str) -> bool:
    left = graph.subgraph(set(graph) - {other})
    return not nx.has_path(left, step, CUSTOMER)


@given(chains())
def test_a_distance_names_the_touchpoint_that_it_leads_to(order: ValueChain) -> None:
    near = nearest_touchpoints(order)
    for step, distance in distances_of(order).items():
        if distance is None:
            assert step not in near
            continue
        to = distances_of(order, near[step])[step]
        assert to == distance
        assert all(
            (distances_of(order, one)[step] or distance) >= distance
            for one in order.touchpoints
        )


@given(chains())
def test_a_distance_to_a_touchpoint_is_that_of_the_walk(order: ValueChain) -> None:
    for touchpoint in order.touchpoints.values():
        far = distances_of(order, touchpoint.id)
        for promise in touchpoint.promises:
            for one in walk(order, PromiseConcern(touchpoint.id, promise)).participants:
                assert far[one.path[0]] == one.distance
