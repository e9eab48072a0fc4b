"""What the pages show of an agreed change: what it is to change, its proof, thanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from resolve.access.table import Right
from resolve.chain.way_of import apart, handovers_of, way_of
from resolve.maps.queries import concern_of
from resolve.reviews.models import BallotStatus
from resolve.solutions.aims import USUAL_DAYS
from resolve.solutions.in_words import (
    change_in_words,
    value_in_words,
    verdict_in_words,
)
from resolve.solutions.judging import Measure, Verdict
from resolve.solutions.models import Solution, SolutionStatus
from resolve_api.pages import case_words as words
from resolve_api.pages.case_view import remarks
from resolve_api.pages.case_words import Reading

Facts = dict[str, Any]
Choice = tuple[str, str]

_WIDTH = 1000
_THINNEST = 4
_ROOM = 1.03  # so that nothing touches the border


def solutions(it: Reading) -> list[Facts]:
    """Show what was agreed: who sees to it, what became of it, whether it works."""
    return [_solution(it, one) for one in it.sheet.solutions]


def _solution(it: Reading, one: Solution) -> Facts:
    task = next(task for task in it.sheet.tasks if task.id == one.task_id)
    answer = it.sheet.answers.get(one.task_id)
    proposals = ((answer.content or {}) if answer else {}).get("proposals", ())
    found = [p for p in proposals if p["number"] == one.proposal]
    return {
        "id": one.id,
        "number": one.proposal,
        "department": it.department(task.department_id),
        "change": it.text(_worded(it, one) or (found[0]["change"] if found else None)),
        "owner": it.owner(one.owner),
        "due": it.day(one.due),
        "state": _state(it, one),
        "outcome_at": one.outcome_at,
        "remarks": remarks(it, one.id),
        "aim": _aim(it, one),
        "place": _place_chosen(one) or (f"step:{found[0]['step']}" if found else ""),
        "typed": _typed(it, one),
        "since": _since(it, one),
        "proving": proving_in_words(it, one),
        "verdict": verdict_in_words(one.verdict, it.language, it.visit.zone)
        if one.verdict
        else (),
        "picture": _picture(it, one),
        "proven": one.status == SolutionStatus.PROVEN,
        "thanks": thanked(it, one),
        **_may(it, one),
    }


def _worded(it: Reading, one: Solution) -> str | None:
    """Give the change as the review worded it when it agreed."""
    agreed = (
        ballot.wording
        for ballot in it.sheet.ballots
        if ballot.status == BallotStatus.AGREED
        and (ballot.task_id, ballot.proposal) == (one.task_id, one.proposal)
    )
    return next(agreed, None)


def _may(it: Reading, one: Solution) -> Facts:
    handles = it.visit.may(Right.HANDLE)
    too_few = (one.verdict or {}).get("verdict") == Verdict.TOO_FEW
    undecided = one.status == SolutionStatus.NOT_PROVEN
    return {
        "may_say": handles and one.status == SolutionStatus.AGREED,
        "may_aim": handles and one.status == SolutionStatus.AGREED,
        "may_judge": handles and one.is_proving and (too_few or _is_over(it, one)),
        "may_longer": handles and (undecided or (one.is_proving and too_few)),
        "may_give_up": handles and (undecided or one.is_proving),
    }


def _is_over(it: Reading, one: Solution) -> bool:
    if one.prove_orders is not None:
        return (one.orders_so_far or 0) >= one.prove_orders
    today = it.at.astimezone(it.visit.zone).date()
    days = timedelta(days=one.prove_days or 0)
    return one.in_place_on is not None and one.in_place_on + days <= today


def _state(it: Reading, one: Solution) -> str:
    if one.is_proving:
        return it.language.say("in place, being proven")
    return words.solution_state(one.status, it.language)


def _aim(it: Reading, one: Solution) -> str:
    """Say what it is to change; empty where nothing is measured."""
    say, step = it.language.say, it.step(one.step or "")
    if one.measure is None:
        return ""
    match one.measure:
        case Measure.STEP:
            said = say("It is to make the step “{step}” shorter.", step=step)
        case Measure.WAIT:
            said = say(
                "It is to make the wait between “{source}” and “{target}” shorter.",
                source=it.step(one.from_step or ""),
                target=step,
            )
        case Measure.ORDER:
            said = say("It is to make the whole order faster for the customer.")
        case _:
            said = say("It is to let more orders keep the promise.")
    if one.expected is None:
        return said
    effect = change_in_words(one.measure, one.expected, it.language)
    return f"{said} {say('Hoped for: {effect}.', effect=effect)}"


def _since(it: Reading, one: Solution) -> str:
    if one.in_place_on is None:
        return ""
    say, day = it.language.say, it.day(one.in_place_on)
    if one.is_backdated:
        return say("In place since {day}; that was noted later.", day=day)
    return say("In place since {day}.", day=day)


def proving_in_words(it: Reading, one: Solution) -> str:
    """Say how the proof stands: until when, or how many orders so far."""
    if one.measure is None:
        return ""
    say = it.language.say
    if one.status == SolutionStatus.AGREED:
        return _how_long(it, one)
    if not one.is_proving or one.in_place_on is None:
        return ""
    if one.prove_orders is not None:
        return say(
            "{so_far} of {orders} orders so far; then they show whether it works.",
            so_far=one.orders_so_far or 0,
            orders=one.prove_orders,
        )
    until = one.in_place_on + timedelta(days=one.prove_days or 0)
    if one.verdict is not None:
        return say("It is looked at again whenever new step times come in.")
    return say("Until {day} orders are watched; then they show whether it works.",
               day=it.day(until))  # fmt: skip


def _how_long(it: Reading, one: Solution) -> str:
    if one.prove_orders is not None:
        return it.language.count(
            "Once in place, {n} order shows whether it works.",
            "Once in place, {n} orders show whether it works.",
            one.prove_orders,
        )
    return it.language.count(
        "Once in place, the orders of {n} day show whether it works.",
        "Once in place, the orders of {n} days show whether it works.",
        one.prove_days or 0,
    )


def thanked(it: Reading, one: Solution) -> list[str]:
    """Give those who contributed by name, in the order of the alphabet."""
    who = it.sheet.thanked.get(one.id, ())
    return sorted({it.owner(name) for name in who}, key=str.casefold)


# ------------------------------------------------------------------------- the picture


def _picture(it: Reading, one: Solution) -> list[Facts]:
    """Give before and after with their intervals, as places of a picture 1,000 wide."""
    said = one.verdict
    if said is None or said["before"] is None or one.measure is None:
        return []
    sides = (said["before"], said["after"])
    share = one.measure == Measure.ON_TIME
    hoped = _hoped(one, sides[0]["value"])
    most = 1.0 if share else max(*(side["high"] for side in sides), hoped or 0.0)
    most = (most or 1.0) * _ROOM
    titles = (it.language.say("before"), it.language.say("after"))
    rows = []
    for title, side, mark in zip(titles, sides, (None, hoped), strict=True):
        rows.append(
            {
                "title": title,
                "value": value_in_words(one.measure, side["value"], it.language),
                "orders": side["orders"],
                "x": round(side["low"] / most * _WIDTH),
                "w": _width((side["high"] - side["low"]) / most),
                "at": _inside(side["value"] / most),
                "hoped": None if mark is None else _inside(mark / most),
            }
        )
    return rows


def _hoped(one: Solution, before: float) -> float | None:
    if one.expected is None:
        return None
    if one.measure == Measure.ON_TIME:
        return min(1.0, before + one.expected)
    return before * (1 + one.expected)


def _width(share: float) -> int:
    return max(_THINNEST, round(share * _WIDTH))


def _inside(share: float) -> int:
    return round(share * _WIDTH)


# ------------------------------------------------------------------ what can be chosen


def measures(it: Reading) -> list[Choice]:
    """Give what a change can be seen by, in plain words."""
    say = it.language.say
    wait = (str(Measure.WAIT), say("A wait between two steps gets shorter"))
    if it.internal:  # nothing was promised; the hand-over comes first
        return [
            wait,
            (str(Measure.STEP), say("A step takes less time")),
            (str(Measure.ORDER), say("The whole order takes less time")),
        ]
    return [
        (str(Measure.STEP), say("A step takes less time")),
        wait,
        (str(Measure.ORDER), say("The whole order takes less time")),
        (str(Measure.ON_TIME), say("More orders keep the promise")),
    ]


def places(it: Reading) -> Sequence[Choice]:
    """Give where a change can be: steps and hand-overs of the way, in chain order."""
    chain, case = it.sheet.chain, it.sheet.case
    if chain is None or case.concern is None:
        return []
    way = apart(way_of(chain, concern_of(case.concern)))
    return [
        *((f"step:{one}", it.step(one)) for one in way.steps),
        *(
            (f"handover:{source}>{target}", f"{it.step(source)} → {it.step(target)}")
            for source, target in handovers_of(chain, way)
        ),
    ]


def _typed(it: Reading, one: Solution) -> Facts:
    """Give the aim as it is typed in the form; what is usual where there is none."""
    if one.measure is None:
        usual = str(Measure.STEP) if it.sheet.has_times else ""
        return {"measure": usual, "expected": "", "prove": USUAL_DAYS, "unit": "days"}
    by_orders = one.prove_orders is not None
    return {
        "measure": one.measure,
        "expected": f"{abs(one.expected) * 100:g}" if one.expected else "",
        "prove": one.prove_orders if by_orders else one.prove_days,
        "unit": "orders" if by_orders else "days",
    }


def _place_chosen(one: Solution) -> str:
    if one.from_step is not None:
        return f"handover:{one.from_step}>{one.step}"
    return f"step:{one.step}" if one.step is not None else ""
