"""What the waits between two steps were spent on: shown to both sides as a fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.waits import MOST, Waited, Waits, seconds_within, waits_of
from resolve.chain.model import ValueChain
from resolve.departments.queries import departments
from resolve.kit.database import reading
from resolve.kit.language import Language
from resolve.steptimes.waits import Cause
from resolve_api.pages.case_words import title_of
from resolve_api.pages.export import csv_of
from resolve_api.pages.map_pictures import MapReader
from resolve_api.pages.maps import path_of
from resolve_api.pages.showing import page

router = APIRouter(prefix="/maps")
_WIDTH = 100
_WORTH_SAYING = 0.005
"""A part of the longest wait that is too small to be seen is not drawn."""
_OTHERWISE = 5
"""Of 100: so much more or less is known here than everywhere that it is said."""


@router.get("/{map_id}/waits")
def show(visit: MapReader, map_id: str) -> Response:
    """Show what waits were spent on, hand-over by hand-over along the chain."""
    with reading(visit.database) as session:
        chain, waits = waits_of(session, map_id)
        register = {one.id: one for one in departments(session)}
    it = visit.language
    drawing = _Drawing(it, chain, register, waits)
    return page(
        visit,
        "times/waits.html",
        map_path=path_of(map_id),
        title=chain.title.in_(it.code),
        waits=waits,
        rows=drawing.rows(),
        known=drawing.known(),
        causes=[(cause, named(it)[cause], meant(it)[cause]) for cause in Cause],
        most=MOST if waits.orders == MOST else 0,
    )


@router.get("/{map_id}/waits.csv")
def table(visit: MapReader, map_id: str) -> Response:
    """Give the same as a table; times in hours."""
    with reading(visit.database) as session:
        chain, waits = waits_of(session, map_id)
    it = visit.language
    header = [
        it.say("From"), it.say("To"), it.say("Waits"), it.say("Mean, hours"),
        it.say("Half of them at most, hours"), *named(it).values(),
    ]  # fmt: skip
    return csv_of(visit, f"waits-{map_id}", header, _cells(chain, waits, it))


def _cells(
    chain: ValueChain, waits: Waits, it: Language
) -> Iterator[tuple[object, ...]]:
    for one in waits.handovers:
        ends = (one.handover.source, one.handover.target)
        parts = [None if one.causes is None else one.causes[cause] for cause in Cause]
        times = [_hours(time) for time in (one.mean, one.median, *parts)]
        titles = (chain.steps[step].title.in_(it.code) for step in ends)
        # The last cell stands for the complaint that other lists have.
        yield *titles, one.count, *times, None


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 2)


def named(it: Language) -> dict[Cause, str]:
    """Name the causes in a few words."""
    return {
        Cause.BATCHING: it.say("collected, then done together"),
        Cause.CONTENTION: it.say("busy with what was first"),
        Cause.PRIORITISATION: it.say("something later went first"),
        Cause.UNAVAILABILITY: it.say("outside working hours"),
        Cause.EXTRANEOUS: it.say("something else, or not known"),
    }


def meant(it: Language) -> dict[Cause, str]:
    """Say of each cause what happened, and what can be asked together."""
    return {
        Cause.BATCHING: it.say(
            "It waited until more of its kind had come together. Would smaller or more "
            "frequent lots help the customer?"
        ),
        Cause.CONTENTION: it.say(
            "The next step was still at work on what had come before. Would other "
            "hands, or an earlier word of what is coming, help?"
        ),
        Cause.PRIORITISATION: it.say(
            "The next step took something first that had come later. Is the order in "
            "which things are taken the one that customers need?"
        ),
        Cause.UNAVAILABILITY: it.say(
            "Night, weekend, holiday, by the calendar of the department. Could it be "
            "handed over before closing time?"
        ),
        Cause.EXTRANEOUS: it.say(
            "None of the four: a question was open, something was missing, nobody had "
            "seen it yet; or the log does not say enough. What was it waiting for?"
        ),
    }


def _is_told(one: Waited) -> bool:
    """Tell whether anything is said of the waits here."""
    return bool(one.count and one.mean and one.mean >= 1)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Puts waits into words and into bars on one scale."""

    it: Language
    chain: ValueChain
    register: dict[str, Any]
    waits: Waits

    def rows(self) -> list[dict[str, Any]]:
        return [self._row(one) for one in self.waits.handovers]

    def known(self) -> int | None:
        """Give for how many of 100 waits who did the next step is known; None: all."""
        shown = [one for one in self.waits.handovers if _is_told(one)]
        every = sum(one.count for one in shown)
        known = sum(one.count * one.known for one in shown)
        return round(known / every * 100) if known < every else None

    def _row(self, one: Waited) -> dict[str, Any]:
        return {
            "source": self._end(one.handover.source),
            "target": self._end(one.handover.target),
            "count": one.count,
            "waits": _is_told(one),
            "mean": self.span(one.mean),
            "median": self.span(one.median),
            "within": self.span(seconds_within(one.handover)),
            "parts": self._parts(one),
            "known": self._known_here(one),
            "most": self._most(one),
        }

    def _known_here(self, one: Waited) -> int | None:
        """Give for how many of 100 it is known here; None: as many as everywhere."""
        here, everywhere = round(one.known * 100), self.known()
        if everywhere is None or not _is_told(one):
            return None
        return here if abs(here - everywhere) >= _OTHERWISE else None

    def _end(self, step: str) -> dict[str, str]:
        known = self.chain.steps[step]
        return {
            "step": known.title.in_(self.it.code),
            "department": title_of(known.department, self.register, self.it),
        }

    def _parts(self, one: Waited) -> list[dict[str, Any]]:
        longest = self.waits.longest
        if one.causes is None or not longest:
            return []
        found: list[dict[str, Any]] = []
        begin = 0.0
        for cause, time in one.causes.items():
            wide = time / longest * _WIDTH
            if time / longest >= _WORTH_SAYING or (one.mean and time > one.mean / 20):
                found.append({
                    "cause": cause, "name": named(self.it)[cause],
                    "time": self.span(time), "x": round(begin, 2),
                    "w": round(max(wide, 0.3), 2),
                })  # fmt: skip
            begin += wide
        return found

    def _most(self, one: Waited) -> str:
        """Say in a sentence what most of the wait was."""
        if not one.causes or not one.mean:
            return ""
        if len(self._parts(one)) == 1:
            return ""  # the list says the same
        cause, time = max(one.causes.items(), key=lambda part: part[1])
        return self.it.say(
            "Most of it: {cause}, {time}.",
            cause=named(self.it)[cause],
            time=self.span(time),
        )

    def span(self, seconds: float | None) -> str:
        """Give a time in words, as exactly as people read it."""
        if seconds is None:
            return ""
        return self.it.measured(timedelta(seconds=seconds))
