"""What the orders say of a change, in words of the reader's language (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from resolve.chain.timing import FEWEST
from resolve.kit.language import Language
from resolve.solutions.judging import Measure, Verdict


def verdict_in_words(
    said: Mapping[str, Any], it: Language, zone: ZoneInfo
) -> tuple[str, ...]:
    """Say a verdict as `Solution.verdict` keeps it: one sentence after the other.

    The second says which orders are compared, where that was kept.
    """
    if said["verdict"] == Verdict.TOO_FEW:
        before, after = said["orders"]
        return (
            it.say(
                "Too few orders to say: {before} before the change and {after} after "
                "it; {fewest} on each side are needed.",
                before=before,
                after=after,
                fewest=FEWEST,
            ),
        )
    return (
        _sides(said, it),
        *_compared(said, it, zone),
        effect_in_words(said, it),
        _what_it_means(said, it),
    )


def _sides(said: Mapping[str, Any], it: Language) -> str:
    named = {
        "before": value_in_words(said["measure"], said["before"]["value"], it),
        "after": value_in_words(said["measure"], said["after"]["value"], it),
    }
    match said["measure"]:
        case Measure.STEP:
            return it.say(
                "On average this step took {before} before the change and {after} "
                "after it.",
                **named,
            )
        case Measure.WAIT:
            return it.say(
                "On average this wait was {before} before the change and {after} after "
                "it.",
                **named,
            )
        case Measure.ORDER:
            return it.say(
                "On average an order took {before} before the change and {after} after "
                "it.",
                **named,
            )
        case _:
            return it.say(
                "{before} of the orders kept the promise before the change, {after} "
                "after it.",
                **named,
            )


def _compared(said: Mapping[str, Any], it: Language, zone: ZoneInfo) -> tuple[str, ...]:
    if "day" not in said:
        return ()
    before, after = said["orders"]
    told = it.count(
        "Compared: {n} order begun since {day}, and {before} begun in as long a time "
        "before, each as it could be seen at the end of that time.",
        "Compared: {n} orders begun since {day}, and {before} begun in as long a time "
        "before, each as it could be seen at the end of that time.",
        after,
        day=it.day(datetime.fromisoformat(said["day"]), zone),
        before=it.number(before),
    )
    return (told,)


def effect_in_words(said: Mapping[str, Any], it: Language) -> str:
    """Say by how much it changed, and between what that lies."""
    effect, low, high = (
        change_in_words(said["measure"], relative(said, said[name]), it)
        for name in ("effect", "low", "high")
    )
    return it.say(
        "The difference: {effect}. With 95 % certainty it lies between “{low}” and "
        "“{high}”.",
        effect=effect,
        low=low,
        high=high,
    )


def _what_it_means(said: Mapping[str, Any], it: Language) -> str:
    if said["verdict"] == Verdict.PROVEN:
        return it.say("All of this is better than before: it works.")
    share = said["measure"] == Measure.ON_TIME
    if said["high"] < 0 if share else said["low"] > 0:
        return it.say("All of this is worse than before: it does not help.")
    return it.say(
        "“No change at all” or something worse is among that: it is not proven."
    )


def relative(said: Mapping[str, Any], effect: float) -> float:
    """Give an effect as people say it: of a time, its share of the time before."""
    before = float(said["before"]["value"])
    if said["measure"] == Measure.ON_TIME or not before:
        return effect
    return effect / before


def value_in_words(measure: str, value: float, it: Language) -> str:
    """Write a mean time as exactly as people read it, or a share."""
    if measure == Measure.ON_TIME:
        return percent(value, it)
    return it.measured(timedelta(seconds=value))


def change_in_words(measure: str, change: float, it: Language) -> str:
    """Say a change: of a time as shorter or longer, of a share in points of 100."""
    much = it.number(_rounded(abs(change)))
    if not _rounded(abs(change)):
        return it.say("no change")
    if measure == Measure.ON_TIME:
        if change > 0:
            return it.say("{n} more of 100 orders in time", n=much)
        return it.say("{n} fewer of 100 orders in time", n=much)
    if change < 0:  # an interval may reach further, but no time is less than nothing
        return it.say("{n} shorter", n=percent(min(-change, 1.0), it))
    return it.say("{n} longer", n=percent(change, it))


def percent(share: float, it: Language) -> str:
    """Write a share of 1 as a share of 100."""
    return f"{it.number(_rounded(share))}\N{NO-BREAK SPACE}%"


def _rounded(share: float) -> float:
    """Give a share in hundredths; small ones with one place more."""
    hundredths = share * 100
    return round(hundredths, 1) if abs(hundredths) < 10 else round(hundredths)  # noqa: PLR2004
