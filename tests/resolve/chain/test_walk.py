"""The walk: the worked example, its rules, and what holds on every chain."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.errors import (
    PromiseNotHere,
    UnknownHandover,
    UnknownPromise,
    UnknownTouchpoint,
)
from resolve.chain.graph import graph_of
from resolve.chain.model import Handover, HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.reader import load
from resolve.chain.walk import Walk, walk, walk_as_json
from tests.strategies import chains, concerns, promise_concerns

ORDER = Path(__file__).with_name("order.yaml")

ON_TIME = """
{"map": "order", "version": null, "concern": {"touchpoint": "door", "promise": "on-time"}, "departments": [
 {"department": "carrier", "kind": "partner",  "distance": 1, "steps": ["load", "deliver"], "path": ["deliver"], "neighbours": ["packing"]},
 {"department": "packing", "kind": "internal", "distance": 3, "steps": ["pack", "check"], "path": ["check", "load", "deliver"], "neighbours": ["stock", "carrier"]},
 {"department": "stock",   "kind": "internal", "distance": 5, "steps": ["pick"], "path": ["pick", "pack", "check", "load", "deliver"], "neighbours": ["sales", "packing"]},
 {"department": "sales",   "kind": "internal", "distance": 6, "steps": ["take-order"], "path": ["take-order", "pick", "pack", "check", "load", "deliver"], "neighbours": ["stock", "billing"]}]}
"""  # noqa: E501  printed as it was published

CORRECT_BILL = [
    ("billing", 2, ["bill"], ["bill", "collect"], ["sales"]),
    (
        "sales",
        3,
        ["take-order"],
        ["take-order", "bill", "collect"],
        ["stock", "billing"],
    ),
]


@pytest.fixture
def order() -> ValueChain:
    return load(ORDER.read_bytes(), name="order.yaml")


def test_late_delivery_brings_everybody_of_the_worked_example(
    order: ValueChain,
) -> None:
    found = walk(order, PromiseConcern("door", "on-time"))

    assert walk_as_json(found, order) == json.loads(ON_TIME)


def test_wrong_bill_brings_only_those_who_serve_it(order: ValueChain) -> None:
    found = walk_as_json(walk(order, PromiseConcern("payment", "correct-bill")), order)

    names = ("department", "distance", "steps", "path", "neighbours")
    assert [tuple(d[n] for n in names) for d in found["departments"]] == CORRECT_BILL


def test_broken_parcel_does_not_bring_those_who_do_not_serve_it(
    order: ValueChain,
) -> None:
    found = walk(order, PromiseConcern("door", "intact"))

    assert _departments(found) == ["carrier", "packing"]


def test_bad_handover_brings_its_two_sides(order: ValueChain) -> None:
    found = walk(order, HandoverConcern("pick", "pack"))

    assert _departments(found) == ["packing", "stock"]
    assert [p.distance for p in found.participants] == [1, 2]
    assert found.participants[1].path == ("pick", "pack")


def test_late_handover_brings_everybody_before_it_too(order: ValueChain) -> None:
    found = walk(order, HandoverConcern("pick", "pack", late=True))

    assert _departments(found) == ["packing", "stock", "sales"]


def test_handover_inside_a_loop_brings_what_comes_before_its_source(
    order: ValueChain,
) -> None:
    found = walk(order, HandoverConcern("check", "pack", late=True))

    assert [p.steps for p in found.participants] == [
        ("pack", "check"),
        ("pick",),
        ("take-order",),
    ]


def test_concern_of_a_handover_is_printed_with_both_ends(order: ValueChain) -> None:
    found = walk(order, HandoverConcern("pick", "pack", late=True))

    assert walk_as_json(found, order, 3)["concern"] == {
        "handover": {"from": "pick", "to": "pack", "late": True}
    }
    assert walk_as_json(found, order, 3)["version"] == 3


def test_since_leaves_out_what_the_promise_does_not_count(order: ValueChain) -> None:
    counted = _since(order, "pack")

    found = walk(counted, PromiseConcern("door", "on-time"))

    assert _departments(found) == ["carrier", "packing"]


def test_since_the_last_step_brings_that_step_alone(order: ValueChain) -> None:
    found = walk(_since(order, "deliver"), PromiseConcern("door", "on-time"))

    assert [p.steps for p in found.participants] == [("deliver",)]


def test_nobody_takes_part_where_nobody_serves_the_promise(order: ValueChain) -> None:
    steps = {name: replace(step, serves=()) for name, step in order.steps.items()}
    unserved = replace(order, steps=steps)

    assert walk(unserved, PromiseConcern("door", "intact")).participants == ()


@pytest.mark.parametrize(
    ("concern", "error", "code"),
    [
        (PromiseConcern("dor", "on-time"), UnknownTouchpoint, "unknown_touchpoint"),
        (PromiseConcern("door", "in-time"), UnknownPromise, "unknown_promise"),
        (PromiseConcern("payment", "intact"), PromiseNotHere, "promise_not_here"),
        (HandoverConcern("pack", "pick"), UnknownHandover, "unknown_handover"),
        (HandoverConcern("", "pick"), UnknownHandover, "unknown_handover"),
    ],
)
def test_concern_the_chain_does_not_know_is_named(
    order: ValueChain,
    concern: PromiseConcern | HandoverConcern,
    error: type[UnknownTouchpoint],
    code: str,
) -> None:
    with pytest.raises(error) as raised:
        walk(order, concern)

    assert raised.value.code == code
    assert raised.value.hint


@given(st.data())
def test_paths_are_real_ways_as_long_as_the_distance(data: st.DataObject) -> None:
    chain = data.draw(chains())
    concern = data.draw(concerns(chain))
    graph = graph_of(chain)

    for participant in walk(chain, concern).participants:
        near = _near(chain, concern)
        assert nx.is_path(graph, list(participant.path))
        assert participant.path[-1] == near
        assert participant.path[0] in participant.steps
        assert len(participant.path) == participant.distance
        assert participant.distance == 1 + min(
            nx.shortest_path_length(graph, step, near) for step in participant.steps
        )


@given(st.data())
def test_order_of_handovers_never_matters(data: st.DataObject) -> None:
    chain = data.draw(chains())
    concern = data.draw(concerns(chain))
    shuffled = replace(
        chain, handovers=tuple(data.draw(st.permutations(chain.handovers)))
    )

    assert walk(chain, concern) == walk(shuffled, concern)


@given(st.data())
def test_steps_of_participants_are_their_own_and_in_file_order(
    data: st.DataObject,
) -> None:
    chain = data.draw(chains())
    found = walk(chain, data.draw(concerns(chain)))
    place = list(chain.steps).index

    for participant in found.participants:
        assert {chain.steps[s].department for s in participant.steps} == {
            participant.department
        }
        assert list(participant.steps) == sorted(participant.steps, key=place)
    assert len(set(_departments(found))) == len(found.participants)


@given(st.data())
def test_exactly_the_steps_of_the_definition_take_part(data: st.DataObject) -> None:
    chain = data.draw(chains())
    concern = data.draw(promise_concerns(chain))
    graph, near = graph_of(chain), _near(chain, concern)
    promise = chain.promises[concern.promise]
    expected = nx.ancestors(graph, near) | {near}
    if promise.within is None:
        expected = {s for s in expected if promise.id in chain.steps[s].serves}
    elif promise.since is not None:
        expected &= nx.descendants(graph, promise.since) | {promise.since}

    assert _steps(walk(chain, concern)) == expected


@given(st.data())
def test_departments_stand_by_distance_then_by_the_file(data: st.DataObject) -> None:
    chain = data.draw(chains())
    found = walk(chain, data.draw(concerns(chain)))
    place = list(chain.departments).index

    order = [(p.distance, place(p.department)) for p in found.participants]
    assert order == sorted(order)


@given(st.data())
def test_neighbours_share_a_handover_and_never_are_oneself(
    data: st.DataObject,
) -> None:
    chain = data.draw(chains())

    for participant in walk(chain, data.draw(concerns(chain))).participants:
        across = {
            chain.steps[other].department
            for h in chain.handovers
            for one, other in ((h.source, h.target), (h.target, h.source))
            if one in participant.steps
        }
        expected = across - {participant.department}
        assert participant.neighbours == tuple(
            d for d in chain.departments if d in expected
        )


@given(st.data())
def test_second_walk_on_the_kept_chain_finds_the_same(data: st.DataObject) -> None:
    chain = data.draw(chains())
    concern = data.draw(concerns(chain))

    assert walk(chain, concern) == walk(chain, concern)


def test_chain_of_100000_steps_in_a_row_needs_no_recursion() -> None:
    chain = _row(100_000)

    found = walk(chain, PromiseConcern("t", "p"))

    assert found.participants[0].distance == 1
    assert sum(len(p.steps) for p in found.participants) == 100_000


def _row(length: int) -> ValueChain:
    lines = [
        "resolve: 1",
        "id: row",
        "departments: {d: {}}",
        "promises: {p: {within: P1D}}",
        "touchpoints: {t: {step: s0, promises: [p]}}",
        "steps: {s0: {department: d}}",
    ]
    short = load("\n".join(lines))
    step = short.steps["s0"]
    names = [f"s{number}" for number in range(length)]
    return replace(
        short,
        steps={name: replace(step, id=name) for name in names},
        handovers=tuple(Handover(source, target) for target, source in pairwise(names)),
    )


def _since(chain: ValueChain, step: str) -> ValueChain:
    on_time = replace(chain.promises["on-time"], since=step)
    return replace(chain, promises={**chain.promises, "on-time": on_time})


def _near(chain: ValueChain, concern: PromiseConcern | HandoverConcern) -> str:
    if isinstance(concern, HandoverConcern):
        return concern.target
    return chain.touchpoints[concern.touchpoint].step


def _departments(found: Walk) -> list[str]:
    return [participant.department for participant in found.participants]


def _steps(found: Walk) -> set[str]:
    return {step for participant in found.participants for step in participant.steps}
