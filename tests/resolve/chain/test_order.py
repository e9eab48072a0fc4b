"""The order of a chain: nothing before what it follows, loops together."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.graph import graph_of
from resolve.chain.model import Handover, Step, Text, ValueChain
from resolve.chain.order import LOOPS_IN_LOOPS, backward, in_order
from resolve.chain.reader import load

ROOT = Path(__file__).parents[3]


def chain(steps: int, *ways: tuple[int, int]) -> ValueChain:
    """Make a chain of steps "0", "1", ... with these hand-overs."""
    names = [str(number) for number in range(steps)]
    return ValueChain(
        id="made",
        title=Text({}),
        departments={},
        steps={name: Step(name, "all", Text({})) for name in names},
        touchpoints={},
        promises={},
        handovers=tuple(Handover(str(one), str(other)) for one, other in ways),
    )


def ordered(steps: int, *ways: tuple[int, int]) -> str:
    return " ".join(in_order(chain(steps, *ways)))


def test_the_steps_of_a_loop_come_after_its_entry_and_before_what_follows() -> None:
    # 1 is looked at, amended by 4, looked at again; then 2 and 3.
    assert ordered(5, (0, 1), (1, 2), (2, 3), (1, 4), (4, 1)) == "0 1 4 2 3"


def test_a_loop_inside_a_loop_stands_together_too() -> None:
    outer = [(0, 1), (1, 2), (2, 3), (3, 1), (3, 5)]
    inner = [(1, 4), (4, 1)]
    assert ordered(6, *outer, *inner) == "0 1 2 3 4 5"  # one loop of four, entered at 1
    inner = [(2, 4), (4, 2)]
    assert ordered(6, *outer, *inner) == "0 1 2 4 3 5"


def test_a_loop_waits_for_all_that_is_handed_over_to_it() -> None:
    assert ordered(4, (0, 1), (1, 2), (2, 1), (0, 3), (3, 2)) == "0 3 1 2"


def test_a_chain_that_only_goes_round_begins_with_its_first_step() -> None:
    assert ordered(3, (0, 1), (1, 2), (2, 0)) == "0 1 2"
    assert ordered(2, (1, 1)) == "0 1"


def test_one_way_through_the_chain_is_read_together() -> None:
    assert ordered(5, (0, 1), (0, 2), (1, 3), (2, 4)) == "0 1 3 2 4"


def _loops_in_loops(steps: int) -> list[tuple[int, int]]:
    """Each step hands over to the next, and back to the one before."""
    onward = [(number, number + 1) for number in range(steps - 1)]
    return onward + [(target, source) for source, target in onward]


def test_however_deep_loops_lie_in_loops_the_chain_is_ordered() -> None:
    for steps in (LOOPS_IN_LOOPS, LOOPS_IN_LOOPS + 5, 5_000):
        found = in_order(chain(steps, *_loops_in_loops(steps)))
        assert found == tuple(map(str, range(steps)))


sizes = st.integers(1, 12)


@st.composite
def chains(draw: st.DrawFn) -> ValueChain:
    steps = draw(sizes)
    places = st.integers(0, steps - 1)
    ways = draw(st.lists(st.tuples(places, places), max_size=30, unique=True))
    return chain(steps, *ways)


@given(chains())
def test_every_step_stands_there_once(made: ValueChain) -> None:
    assert sorted(in_order(made)) == sorted(made.steps)


@given(chains())
def test_each_step_follows_those_it_receives_from_loops_aside(
    made: ValueChain,
) -> None:
    place = {step: number for number, step in enumerate(in_order(made))}
    back = backward(made)
    for one in made.handovers:
        if (one.source, one.target) not in back:
            assert place[one.source] < place[one.target]


@given(chains())
def test_the_steps_of_every_loop_stand_together(made: ValueChain) -> None:
    _stand_together(made)


def _stand_together(made: ValueChain) -> None:
    place = {step: number for number, step in enumerate(in_order(made))}
    for loop in nx.strongly_connected_components(graph_of(made)):
        places = sorted(place[step] for step in loop)
        assert places == list(range(places[0], places[0] + len(loop)))


MAPS = [
    *sorted(ROOT.glob("process_maps/*.yaml")),
    ROOT / "docs/examples/purchasing.yaml",
]


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_the_loops_of_the_shipped_maps_stand_together(path: Path) -> None:
    _stand_together(load(path.read_bytes(), name=path.name))


def test_the_worked_example_is_read_as_it_is_worked() -> None:
    path = ROOT / "process_maps/order-to-delivery.yaml"
    assert " ".join(in_order(load(path.read_bytes(), name=path.name))) == (
        "advise take-order check-credit take-dealer-order enter-order reserve "
        "buy-missing pick pack check-parcel load deliver bring-to-dealer "
        "prepare-pickup hand-out make-invoice send-invoice take-question "
        "look-up-order trace-parcel answer-question"
    )


def test_what_is_amended_stands_beside_what_is_looked_at_again() -> None:
    path = ROOT / "docs/examples/purchasing.yaml"
    found = in_order(load(path.read_bytes(), name=path.name))
    amended = found.index("amend-request-for-quotation")
    assert found[amended - 1] == "analyze-request-for-quotation"
    assert found[-1] == "pay-invoice"
