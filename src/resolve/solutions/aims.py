"""What an agreed change is to change, and how that is proven (pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from resolve.chain.model import Concern, PromiseConcern, ValueChain
from resolve.chain.walk import promise_at
from resolve.chain.way_of import apart, handovers_of, way_of
from resolve.solutions.errors import (
    ExpectedNotBetter,
    MeasureMissing,
    PeriodOutOfRange,
    PlaceDoesNotFit,
    PlaceNotOnWalk,
    PromiseWithoutTime,
)
from resolve.solutions.judging import Measure

USUAL_DAYS = 30
MOST_DAYS = 730
FEWEST_ORDERS, MOST_ORDERS = 20, 10_000


@dataclass(frozen=True, slots=True)
class Aim:
    """What a change is to change: at a step or a hand-over, by which measure.

    `expected` is the effect hoped for: -0.2 for a time that becomes a fifth shorter,
    0.1 for ten more of a hundred orders in time. It is proven by so many `days` or by
    so many `orders`; without a measure nothing is.
    """

    measure: Measure | None = None
    step: str | None = None
    handover: tuple[str, str] | None = None
    expected: float | None = None
    days: int | None = None
    orders: int | None = None


def settled(aim: Aim, chain: ValueChain, concern: Concern, *, step: str | None) -> Aim:
    """Give an aim with what is usual where nothing is said; `step` is the proposal's.

    Raises:
        PlaceNotOnWalk: no time of the case's orders passes there.
        PlaceDoesNotFit, MeasureMissing, PromiseWithoutTime, ExpectedNotBetter,
        PeriodOutOfRange: what is said does not go together.
    """
    if aim.measure is Measure.STEP and aim.step is None and aim.handover is None:
        aim = replace(aim, step=step)
    _guard_place(aim, chain, concern)
    if aim.measure is None:
        if (aim.expected, aim.days, aim.orders) != (None, None, None):
            raise MeasureMissing(
                "An expected effect and a time to prove it need a measure.",
                hint="Say what is to be measured.",
                pointer="/measure",
            )
        return aim
    if aim.measure is Measure.ON_TIME and promised(chain, concern) is None:
        raise PromiseWithoutTime(
            "The promise of this case has no time that orders could keep.",
            hint="Measure the time of a step, of a wait or of the whole order.",
            pointer="/measure",
        )
    guard_expected(aim)
    if aim.days is None and aim.orders is None:
        aim = replace(aim, days=USUAL_DAYS)
    guard_period(aim.days, aim.orders)
    return aim


def promised(chain: ValueChain, concern: Concern) -> float | None:
    """Give the seconds that the promise of a case allows; None: it has no time."""
    if not isinstance(concern, PromiseConcern):
        return None
    _, promise = promise_at(chain, concern.touchpoint, concern.promise)
    return promise.within.total_seconds() if promise.within is not None else None


def _guard_place(aim: Aim, chain: ValueChain, concern: Concern) -> None:
    if aim.step is not None and aim.handover is not None:
        raise PlaceDoesNotFit(
            "A change is at a step or at a hand-over.",
            hint="Name one of them.",
            pointer="/where",
        )
    if (aim.measure is Measure.STEP and aim.step is None) or (
        aim.measure is Measure.WAIT and aim.handover is None
    ):
        raise PlaceDoesNotFit(
            "The time of a step is measured at a step, a wait at a hand-over.",
            hint="Choose the place that fits, or another measure.",
            pointer="/where",
        )
    if aim.step is None and aim.handover is None:
        return
    way = apart(way_of(chain, concern))
    if aim.step not in way.steps and aim.handover not in handovers_of(chain, way):
        raise PlaceNotOnWalk(
            "This place is not on the way that the case is about.",
            hint="Choose a step or a hand-over of the case.",
            pointer="/where",
        )


def guard_expected(aim: Aim) -> None:
    """Refuse an effect that nobody would want."""
    if aim.expected is None:
        return
    share = aim.measure is Measure.ON_TIME
    better = 0 < aim.expected <= 1 if share else -1 <= aim.expected < 0
    if not isfinite(aim.expected) or not better:
        raise ExpectedNotBetter(
            "The expected effect makes nothing better, or more than all.",
            hint="More orders in time: above 0, up to 1."
            if share
            else "A shorter time: below 0, down to -1.",
            pointer="/expected",
        )


def guard_period(days: int | None, orders: int | None) -> None:
    """Refuse a time to prove a change that is none, or never ends.

    Raises:
        PeriodOutOfRange: neither days nor orders, both, too few or too many.
    """
    if (days is None) == (orders is None):
        raise PeriodOutOfRange(
            "A change is proven either by days or by a number of orders.",
            hint="Say one of them.",
            pointer="/prove_days",
        )
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise PeriodOutOfRange(
            f"A change is proven in 1 to {MOST_DAYS} days.",
            hint="A month is usual.",
            pointer="/prove_days",
        )
    if orders is not None and not FEWEST_ORDERS <= orders <= MOST_ORDERS:
        raise PeriodOutOfRange(
            f"A change is proven by {FEWEST_ORDERS} to {MOST_ORDERS} orders.",
            hint="With fewer, nothing can be said.",
            pointer="/prove_orders",
        )
