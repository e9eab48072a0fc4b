"""What is said of a division besides its figures: how a suggestion was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from resolve.analytics.time_division import Look
from resolve.chain.rewriting import Times
from resolve.chain.sampled import places_of
from resolve.chain.suggesting import By, Suggestion
from resolve.kit.language import Language

_HUNDRED = 100


def suggested(it: Language, look: Look, by: By, found: Suggestion | None) -> str:
    """Say how a suggestion was made."""
    if found is None:
        return it.say(
            "Too few orders are known to suggest anything. Divide the time as you "
            "see it."
        )
    said = _by_variance(it, look, found.times)
    if by is By.DIFFICULTY:
        said = it.say(
            "Suggested: every part is equally hard to keep, in {share} of 100 "
            "orders each.",
            share=it.number(round((found.share or 0) * _HUNDRED)),
        )
    if found.branches:
        said += " " + it.say(
            "The chain has branches: no way through it takes longer than promised."
        )
    return said + " " + it.say("Change what you know better, then save.")


def _by_variance(it: Language, look: Look, times: Times) -> str:
    below = list(_below(look, times))
    if not any(below) or not _usually_late(look):
        return it.say(
            "Suggested: every step has what it usually takes, and of the reserve "
            "as much as its times vary together with the whole."
        )
    if all(below):
        return it.say(
            "Together they usually take longer than was promised; these parts are "
            "below what each usually takes."
        )
    return it.say(
        "Together they usually take longer than was promised; some of these parts are "
        "below what they usually take."
    )


def _below(look: Look, times: Times) -> Iterator[bool]:
    """Tell of each part of which it is known whether it is below its middle."""
    place = places_of(look.past.sample.way)
    for part, actual in look.past.actual.items():
        loop = [
            one
            for one in times
            if one == part or (len(one) == len(part) == 1 and _same(place, one, part))
        ]
        if loop and actual.middle:
            whole = sum((times[one] for one in loop), timedelta())
            yield whole < actual.middle


def _same(place: dict[str, int], one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return place.get(one[0]) == place.get(other[0])


def _usually_late(look: Look) -> bool:
    """Tell whether at least half of the orders took longer than was promised.

    Or whether the middles of the parts do so together, as they stand in the table.
    """
    totals = look.past.sample.totals
    if len(totals) and float(np.median(totals)) > look.of.promised.total_seconds():
        return True
    nothing = dict.fromkeys(look.of.parts, timedelta())
    middles = {part: one.middle for part, one in look.past.actual.items()}
    return look.of.total(nothing | middles) > look.of.promised
