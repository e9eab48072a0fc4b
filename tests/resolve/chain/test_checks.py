"""Errors and warnings about a chain as a whole, and the time allotted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain import checks
from resolve.chain.checks import allotted
from resolve.chain.errors import PromiseNotHere
from resolve.chain.graph import graph_of
from resolve.chain.model import ValueChain
from resolve.chain.reader import load, read
from tests.strategies import chains, promise_concerns

ORDER = Path(__file__).with_name("order.yaml").read_text("utf-8")


def test_worked_example_is_free_of_findings() -> None:
    assert read(ORDER).findings == ()


def test_allotted_time_adds_steps_and_handovers_and_counts_a_loop_once() -> None:
    # 4 + 1 + 8 + 1 + (2 + 1) + 12 + 6 + 24 hours
    assert allotted(load(ORDER), "door", "on-time") == timedelta(hours=59)


def test_allotted_time_since_a_step_of_a_loop_counts_the_whole_loop() -> None:
    since = ORDER.replace("within: P5D}", "within: P5D, since: check}")

    assert allotted(load(since), "door", "on-time") == timedelta(hours=45)


def test_handover_inside_a_loop_counts_nothing() -> None:
    slow = ORDER.replace("what: Closed parcel}", "what: Closed parcel, within: P9D}")

    assert allotted(load(slow), "door", "on-time") == timedelta(hours=59)


def test_slower_of_two_branches_counts() -> None:
    # 4 + (take-order to bill, no time) + 24 + 24 + collect without a time
    assert allotted(load(ORDER), "payment", "correct-bill") == timedelta(hours=52)


def test_time_of_a_promise_made_elsewhere_is_refused() -> None:
    with pytest.raises(PromiseNotHere):
        allotted(load(ORDER), "payment", "on-time")


@pytest.mark.parametrize(
    ("old", "new", "level", "key", "line", "words"),
    [
        (
            "  - {from: bill, to: collect, what: Bill, within: P1D}\n",
            "",
            *("error", "steps.bill", 50, "From `bill` no touchpoint"),
        ),
        (
            "within: P5D}",
            "within: P5D, since: collect}",
            *("error", "promises.on-time.since", 11, "No way leads from `collect`"),
        ),
        (
            "within: P5D}",
            "within: P2D}",
            *("warning", "promises.on-time.within", 11, "P2DT11H is allotted"),
        ),
        (
            "    gives: Nothing can move or break on the way\n",
            "",
            *("warning", "steps.pack.gives", 26, "does not say what the customer"),
        ),
        (
            "gives: Nothing can move or break on the way",
            "gives: {en: ' '}",
            *("warning", "steps.pack.gives", 31, "does not say what the customer"),
        ),
        (
            "promises: [on-time, intact]",
            "promises: [on-time]",
            *("warning", "promises.intact", 12, "No touchpoint lists"),
        ),
        (
            "serves: [correct-bill]",
            "serves: []",
            *("warning", "promises.correct-bill", 13, "no step serves it"),
        ),
        (
            "promises: [correct-bill]",
            "promises: []",
            *("warning", "touchpoints.payment.promises", 71, "has no promise"),
        ),
        (
            "  billing: {title: Billing}",
            "  billing: {title: Billing}\n  legal: {}",
            *("warning", "departments.legal", 10, "has no step"),
        ),
    ],
)
def test_finding_names_file_line_key_and_what_to_do(
    old: str, new: str, level: str, key: str, line: int, words: str
) -> None:
    assert old in ORDER

    findings = read(ORDER.replace(old, new), name="my.yaml").findings

    found = next(f for f in findings if f.key == key)
    assert (found.level, found.file, found.line) == (level, "my.yaml", line)
    assert words in found.message
    assert found.hint


def test_promise_exactly_as_long_as_the_allotted_time_is_no_finding() -> None:
    assert read(ORDER.replace("within: P5D}", "within: PT59H}")).findings == ()


def test_map_with_warnings_can_be_used() -> None:
    reading = read(ORDER.replace("within: P5D}", "within: P2D}"))

    assert reading.chain is not None
    assert len(reading.warnings) == 1


@given(st.data())
def test_allotted_time_is_the_longest_of_all_ways(data: st.DataObject) -> None:
    chain = data.draw(chains(acyclic=True))
    concern = data.draw(promise_concerns(chain))

    assert allotted(chain, concern.touchpoint, concern.promise) == _longest_of_all(
        chain, concern.touchpoint, concern.promise
    )


@given(st.data())
def test_order_of_handovers_does_not_change_the_allotted_time(
    data: st.DataObject,
) -> None:
    chain = data.draw(chains())
    concern = data.draw(promise_concerns(chain))
    handovers = tuple(data.draw(st.permutations(chain.handovers)))
    ends = (concern.touchpoint, concern.promise)

    assert allotted(chain, *ends) == allotted(
        replace(chain, handovers=handovers), *ends
    )


@given(chains())
def test_checks_say_something_of_every_chain_without_failing(
    chain: ValueChain,
) -> None:
    for finding in checks.findings(chain):
        assert finding.message
        assert finding.hint


def _longest_of_all(
    chain: ValueChain, touchpoint: str, promise: str
) -> timedelta | None:
    graph = graph_of(chain)
    near, since = chain.touchpoints[touchpoint].step, chain.promises[promise].since
    starts = [since] if since else list(chain.steps)
    ways = [
        way
        for start in starts
        for way in (
            [[near]] if start == near else nx.all_simple_paths(graph, start, near)
        )
    ]
    return max((_length(chain, way) for way in ways), default=None)


def _length(chain: ValueChain, way: list[str]) -> timedelta:
    within = {(h.source, h.target): h.within for h in chain.handovers}
    steps = [chain.steps[step].time for step in way]
    between = [within[pair] for pair in pairwise(way)]
    return sum((time for time in steps + between if time), timedelta())
