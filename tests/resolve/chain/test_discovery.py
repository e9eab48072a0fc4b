"""What follows what in a log, and the map that is drafted from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.discovery import (
    Event,
    Trace,
    discover,
    traces_of,
    without_rare,
)
from resolve.chain.drafting import UNNAMED, draft
from resolve.chain.model import ValueChain
from resolve.chain.reader import load

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def row(
    order: str,
    activity: str,
    start: float | None,
    end: float | None,
    department: str | None = None,
) -> Event:
    """Make a row that began and ended so many hours into the day."""
    began, ended = (
        None if hour is None else DAY + timedelta(hours=hour) for hour in (start, end)
    )
    return Event(order, activity, began, ended, department)


def mapped(*rows: Event, share: float = 0.0) -> ValueChain:
    """Draft a map of some rows and read it as everybody does."""
    made = draft(traces_of(rows), identifier="drafted", title="Drafted", share=share)
    return load(made.source)


def test_rows_of_an_order_are_sorted_by_start_then_end_then_place() -> None:
    rows = [row("1", "late", 5, 6), row("1", "long", 1, 4), row("1", "short", 1, 2),
            row("1", "first", 0, 3), row("1", "also long", 1, 4)]  # fmt: skip

    (trace,) = traces_of(rows)

    names = [one.activity for one in trace]
    assert names == ["first", "short", "long", "also long", "late"]


def test_a_row_without_a_start_stands_where_it_ended() -> None:
    (trace,) = traces_of([row("1", "b", None, 3), row("1", "a", 2, 9)])

    assert [one.activity for one in trace] == ["a", "b"]


def test_each_neighbouring_pair_is_an_edge() -> None:
    rows = [row("1", name, hour, hour + 1) for hour, name in enumerate("abab")]
    rows += [row("2", name, hour, hour + 1) for hour, name in enumerate("ab")]

    found = discover(traces_of(rows))

    counts = {ends: (edge.count, edge.orders) for ends, edge in found.edges.items()}
    assert counts == {("a", "b"): (3, 2), ("b", "a"): (1, 1)}
    assert found.variants == {("a", "b", "a", "b"): 1, ("a", "b"): 1}
    assert (found.orders, found.events) == (2, 6)


def test_median_times_become_what_is_allotted() -> None:
    chain = mapped(
        row("1", "a", 0, 1), row("1", "b", 3, 5),
        row("2", "a", 0, 2), row("2", "b", 3, 7),
        row("3", "a", 0, 3), row("3", "b", 9, 19),
    )  # fmt: skip

    assert chain.steps["a"].time == timedelta(hours=2)
    assert chain.steps["b"].time == timedelta(hours=4)
    assert chain.handovers[0].within == timedelta(hours=2)


def test_of_which_only_the_end_is_known_began_when_the_one_before_ended() -> None:
    chain = mapped(row("1", "a", None, 1), row("1", "b", None, 4))

    assert chain.steps["a"].time is None
    assert chain.steps["b"].time == timedelta(hours=3)
    assert chain.handovers[0].within is None


def test_work_that_overlaps_is_not_waiting() -> None:
    chain = mapped(row("1", "a", 0, 5), row("1", "b", 2, 6))

    assert chain.handovers[0].within is None


def test_a_loop_is_kept_but_nothing_hands_over_to_itself() -> None:
    rows = [row("1", name, hour, hour + 1) for hour, name in enumerate("aabcbd")]

    chain = mapped(*rows)

    edges = {(one.source, one.target) for one in chain.handovers}
    assert edges == {("a", "b"), ("b", "c"), ("c", "b"), ("b", "d")}


def test_where_orders_end_is_a_touchpoint() -> None:
    chain = mapped(row("1", "a", 0, 1), row("1", "b", 1, 2), row("2", "a", 0, 1))

    assert list(chain.touchpoints) == ["a", "b"]


def test_a_step_belongs_to_those_who_do_it_most_often_else_it_is_to_be_named() -> None:
    chain = mapped(
        row("1", "a", 0, 1, "sales"), row("2", "a", 0, 1, "sales"),
        row("3", "a", 0, 1, "stock"), row("3", "b", 1, 2),
    )  # fmt: skip

    assert {s.id: s.department for s in chain.steps.values()} == {
        "a": "sales", "b": UNNAMED,
    }  # fmt: skip
    assert chain.departments[UNNAMED].title.in_("uk") == "Ще не названо"


def test_rare_ways_are_left_out_and_no_step_is_cut_off() -> None:
    rows = [row(str(n), name, h, h + 1) for n in range(98) for h, name in
            enumerate("abc")]  # fmt: skip
    rows += [row("x", name, h, h + 1) for h, name in enumerate("acb")]
    rows += [row("y", name, h, h + 1) for h, name in enumerate("aqb")]

    whole, often = mapped(*rows), mapped(*rows, share=0.05)

    assert set(whole.steps) == {"a", "b", "c", "q"}
    edges = {(one.source, one.target) for one in often.handovers}
    assert edges == {("a", "b"), ("b", "c")}
    assert list(often.touchpoints) == ["c"]


def test_a_log_of_one_order_with_every_time_equal_still_makes_a_map() -> None:
    chain = mapped(row("NA", "a", 0, 0), row("NA", "b", 0, 0))

    assert [one.time for one in chain.steps.values()] == [None, None]
    assert [(one.source, one.target) for one in chain.handovers] == [("a", "b")]


@pytest.mark.parametrize("year", [1948, 1970])
def test_a_log_from_long_ago_makes_a_map(year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    rows = [Event("1", "a", at, at + hour), Event("1", "b", at + 2 * hour, at + hour)]

    chain = mapped(*rows)

    # What ends before it starts has an order, but no time.
    assert [one.time for one in chain.steps.values()] == [hour, None]


TEXTS = st.text(max_size=12)
LOGS = st.lists(
    st.tuples(
        st.sampled_from("12345"), TEXTS, st.none() | st.integers(0, 9),
        st.integers(0, 99), st.none() | TEXTS,
    ),
    min_size=1, max_size=40,
)  # fmt: skip


@given(LOGS, st.floats(0, 1))
def test_whatever_a_log_says_its_draft_is_a_map_that_can_be_published(
    log: list[tuple[str, str, int | None, int, str | None]], share: float
) -> None:
    chain = mapped(*(row(*one) for one in log), share=share)

    assert chain.touchpoints


@given(LOGS)
def test_edges_and_variants_add_up(
    log: list[tuple[str, str, int | None, int, str | None]],
) -> None:
    traces = traces_of(row(*one) for one in log)

    found = discover(traces)

    assert sum(e.count for e in found.edges.values()) == found.events - found.orders
    assert sum(found.variants.values()) == found.orders
    assert all(_often(trace) for trace in without_rare(traces, 0.5))


def _often(trace: Trace) -> bool:
    return bool(trace)
