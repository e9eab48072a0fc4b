"""What is typed about a change: what it is to change, how long it is proven."""

from __future__ import annotations

from datetime import date

from resolve.kit.errors import Invalid
from resolve.solutions.aims import Aim
from resolve.solutions.errors import (
    ExpectedNotBetter,
    MeasureMissing,
    PeriodOutOfRange,
)
from resolve.solutions.judging import Measure
from resolve_api.pages.said import SAID
from resolve_api.pages.visits import Visit

SAID |= {
    "measure_missing": lambda it, _: it.say("Say first what it is to change."),
    "place_does_not_fit": lambda it, _: it.say(
        "Choose a step for a step that takes less time, and “from → to” for a wait."
    ),
    "step_not_on_walk": lambda it, _: it.say(
        "This place is not on the way that the case is about. Choose one from the list."
    ),
    "promise_without_time": lambda it, _: it.say(
        "The promise of this case has no time that orders could keep. Choose something "
        "else that it is to change."
    ),
    "expected_not_better": lambda it, _: it.say(
        "Write a number above 0, up to 100, or leave it empty."
    ),
    "proving_out_of_range": lambda it, _: it.say(
        "Write a number: 1 to 730 days, or 20 to 10,000 orders."
    ),
    "day_to_come": lambda it, _: it.say("Choose today, or a day before."),
    "day_too_long_ago": lambda it, _: it.say("Look at the year, please."),
    "not_proving": lambda it, _: it.say(
        "Nothing of this change is being proven at this moment."
    ),
    "still_proving": lambda it, _: it.say(
        "It is too early to judge: a look too early deceives. It is judged by itself "
        "as soon as enough is known."
    ),
    "wrong_day": lambda it, _: it.say("Choose a day."),
}


class WrongDay(Invalid):
    """What is typed is no day."""

    code = "wrong_day"


def aim_of(visit: Visit) -> Aim | None:
    """Give what was chosen as the aim of a change; None: nothing is measured.

    Raises:
        MeasureMissing: an effect is hoped for, but nobody said of what.
        ExpectedNotBetter, PeriodOutOfRange: what is typed is no such number.
    """
    chosen = visit.text("measure")
    if chosen not in tuple(Measure):
        if visit.text("expected").strip():
            raise MeasureMissing("Of what is it hoped for?", pointer="/measure")
        return None
    measure = Measure(chosen)
    kind, _, place = visit.text("where").partition(":")
    source, _, target = place.partition(">")
    days, orders = period_of(visit)
    return Aim(
        measure=measure,
        step=place if kind == "step" else None,
        handover=(source, target) if kind == "handover" else None,
        expected=_expected(visit.text("expected"), measure),
        days=days,
        orders=orders,
    )


def period_of(visit: Visit) -> tuple[int | None, int | None]:
    """Give how long it is proven: so many days, or so many orders.

    Raises:
        PeriodOutOfRange: it is no number.
    """
    typed = visit.text("prove_days").strip()
    if not (typed.isdecimal() and typed.isascii()):
        raise PeriodOutOfRange("This is no number.", pointer="/prove_days")
    number = int(typed[:9])
    return (None, number) if visit.text("prove_in") == "orders" else (number, None)


def _expected(typed: str, measure: Measure) -> float | None:
    """Read percent: people write 20 for a fifth less, or for 20 more of 100."""
    text = typed.strip().rstrip("%").strip().replace(",", ".").replace("−", "-")
    if not text:
        return None
    try:
        share = abs(float(text)) / 100
    except ValueError:
        raise ExpectedNotBetter("This is no number.", pointer="/expected") from None
    return share if measure is Measure.ON_TIME else -share


def day_of(visit: Visit, field: str) -> date | None:
    """Give the day typed, None if there is none.

    Raises:
        WrongDay: it is no day.
    """
    typed = visit.text(field).strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise WrongDay("This is no day.", pointer=f"/{field}") from None
