"""Where the promised time of an order ends: at the touchpoint, not with the order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from resolve.chain.errors import UnknownPromise
from resolve.chain.model import HandoverConcern, PromiseConcern
from resolve.chain.reader import load
from resolve.steptimes.promises import Promised, timed_promise
from resolve.steptimes.strips import strip

CHAIN = load(
    b"""
resolve: 1
id: order
departments: {sales: {}, stock: {}, finance: {}}
promises:
  in-time: {title: In time, within: P2D}
  since-pick: {title: In time, within: P1D, since: pick}
  friendly: {title: Friendly}
steps:
  take: {department: sales}
  pick: {department: stock}
  deliver: {department: stock}
  repair: {department: stock}
  tell: {department: sales}
  invoice: {department: finance}
  book: {department: finance}
handovers:
  - {from: take, to: pick}
  - {from: take, to: tell}
  - {from: pick, to: deliver}
  - {from: deliver, to: repair}
  - {from: repair, to: deliver}
  - {from: deliver, to: invoice}
  - {from: tell, to: book}
  - {from: invoice, to: book}
touchpoints:
  door: {step: deliver, promises: [in-time, since-pick, friendly]}
  account: {step: book}
""",
    name="order.yaml",
)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    step: str
    started_at: datetime | None
    ended_at: datetime


def row(step: str, start: float, end: float) -> Row:
    return Row(step, MONDAY + start * HOUR, MONDAY + end * HOUR)


def promised(*rows: Row, promise: str = "in-time") -> Promised | None:
    found = timed_promise(CHAIN, PromiseConcern("door", promise))
    laid = strip(CHAIN, rows, worked=lambda _, a, b: b - a)
    assert found is not None
    assert laid is not None
    return found.of(laid)


ORDER = (
    row("take", 0, 1),
    row("tell", 1, 2),
    row("pick", 5, 10),
    row("deliver", 30, 72),
    row("invoice", 100, 120),
    row("book", 900, 901),
)


def test_the_promised_time_ends_with_the_step_of_the_touchpoint() -> None:
    found = promised(*ORDER)

    assert found is not None
    assert found.took == 72 * HOUR
    assert found.ended == MONDAY + 72 * HOUR
    assert found.due == MONDAY + timedelta(days=2)


def test_it_begins_where_the_promise_counts_from() -> None:
    found = promised(*ORDER, promise="since-pick")

    assert found is not None
    assert found.took == 67 * HOUR
    assert found.due == MONDAY + 5 * HOUR + timedelta(days=1)


def test_a_touchpoint_done_again_ends_with_its_last_time() -> None:
    again = (row("repair", 80, 90), row("deliver", 95, 99))
    found = promised(*ORDER, *again)

    assert found is not None
    assert found.took == 99 * HOUR


def test_what_follows_stands_behind_also_if_it_was_done_before() -> None:
    found = promised(*ORDER[:4], row("invoice", 2, 3))

    assert found is not None
    assert found.behind == {"invoice"}


def test_what_runs_beside_stands_behind_if_it_was_begun_only_afterwards() -> None:
    beside, after = promised(*ORDER), promised(*ORDER, row("tell", 80, 81))
    late = promised(*(one for one in ORDER if one.step != "tell"), row("tell", 80, 81))

    assert beside is not None
    assert beside.behind == {"invoice", "book"}
    assert after == beside
    assert late is not None
    assert late.behind == {"invoice", "book", "tell"}


def test_while_the_touchpoint_is_awaited_nothing_is_said() -> None:
    assert promised(row("take", 0, 1), row("invoice", 5, 6)) is None


def test_without_the_step_it_counts_from_nothing_is_said() -> None:
    assert (
        promised(row("take", 0, 1), row("deliver", 5, 6), promise="since-pick") is None
    )


def test_a_promise_without_a_time_and_a_hand_over_have_no_end_of_their_own() -> None:
    assert timed_promise(CHAIN, PromiseConcern("door", "friendly")) is None
    assert timed_promise(CHAIN, HandoverConcern("take", "pick", late=True)) is None


def test_a_promise_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownPromise):
        timed_promise(CHAIN, PromiseConcern("door", "moon"))


def test_a_log_that_goes_backwards_took_no_negative_time() -> None:
    found = promised(*ORDER)

    assert found is not None
    assert replace(found, began=found.ended + HOUR).took == timedelta()
