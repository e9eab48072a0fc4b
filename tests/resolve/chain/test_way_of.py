"""From a map to the way that its orders take."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.errors import UnknownHandover
from resolve.chain.graph import graph_of
from resolve.chain.model import HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.reader import load
from resolve.chain.timing import finish, whole
from resolve.chain.way_of import handovers_of, runs_during, way_of
from tests.strategies import chains

ORDER = load((Path(__file__).parent / "order.yaml").read_bytes())
DOOR = PromiseConcern("door", "on-time")


def test_a_loop_is_one_step_and_the_door_comes_last() -> None:
    way = way_of(ORDER, DOOR)

    assert way.steps == ("take-order", "pick", "pack", "load", "deliver")
    assert way.members[2] == ("pack", "check")
    assert way.before == ((), (0,), (1,), (2,), (3,))
    assert handovers_of(ORDER, way) == (
        ("take-order", "pick"),
        ("pick", "pack"),
        ("check", "load"),
        ("load", "deliver"),
    )
    assert way.waits == ((), (0,), (1,), (2,), (3,))


BILLED = load(
    """\
resolve: 1
id: billed
departments: {d: {}}
promises: {bill-soon: {within: P1D, since: check}, on-time: {within: P5D}}
steps:
  pick: {department: d}
  pack: {department: d}
  check: {department: d}
  load: {department: d}
  bill: {department: d}
handovers:
  - {from: pick, to: pack}
  - {from: pack, to: check}
  - {from: check, to: pick}
  - {from: check, to: load}
  - {from: check, to: bill}
  - {from: bill, to: check}
touchpoints:
  invoice: {step: bill, promises: [bill-soon]}
  door: {step: load, promises: [on-time]}
"""
)


@pytest.mark.parametrize(
    ("handover", "during"),
    [
        (("pick", "pack"), {"door"}),
        (("check", "pick"), {"door"}),
        (("check", "bill"), {"invoice", "door"}),
        (("bill", "check"), {"door"}),
        (("check", "load"), {"door"}),
        (("pick", "load"), set()),
    ],
)
def test_no_time_runs_on_the_way_back_to_where_it_began_nor_behind_the_customer(
    handover: tuple[str, str], during: set[str]
) -> None:
    asked = {"invoice": "bill-soon", "door": "on-time"}
    assert during == {
        touchpoint
        for touchpoint, promise in asked.items()
        if runs_during(BILLED, handover, PromiseConcern(touchpoint, promise))
    }


def test_time_passes_in_every_step_also_for_a_promise_without_time() -> None:
    assert way_of(ORDER, PromiseConcern("payment", "correct-bill")).steps == (
        "take-order",
        "bill",
        "collect",
    )


def test_a_hand_over_has_the_way_to_its_receiver() -> None:
    way = way_of(ORDER, HandoverConcern("pick", "pack"))

    assert way.steps == ("take-order", "pick", "pack")
    with pytest.raises(UnknownHandover):
        way_of(ORDER, HandoverConcern("pick", "deliver"))


@given(chains())
def test_each_place_comes_after_those_before_it_and_the_last_ends_it(
    chain: ValueChain,
) -> None:
    for touchpoint in chain.touchpoints.values():
        for promise in touchpoint.promises:
            way = way_of(chain, PromiseConcern(touchpoint.id, promise))

            assert not way.steps or touchpoint.step in way.members[-1]
            assert all(max(b, default=-1) < i for i, b in enumerate(way.before))
            graph = graph_of(chain)
            for source, target in handovers_of(chain, way):
                assert graph.has_edge(source, target)
            for loop in way.members:
                assert nx.is_strongly_connected(graph.subgraph(loop))


@given(chains(), st.integers(0, 2**32 - 1))
def test_the_end_of_the_whole_is_the_end_of_its_last_step(
    chain: ValueChain, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    way = way_of(chain, PromiseConcern("t0", "p0"))
    if way.steps:
        work = chance.integers(0, 9, (7, len(way.steps))).astype(np.float64)
        wait = chance.integers(0, 9, (7, len(handovers_of(chain, way))))

        last = finish(way, work, wait.astype(np.float64))[:, -1]

        assert whole(way, work, wait.astype(np.float64)).tolist() == last.tolist()
