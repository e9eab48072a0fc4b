"""What a task shows: the way to the customer, the time, the clock, the neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from sqlmodel import Session

from resolve.analytics.inbox import Line
from resolve.chain.model import Promise, Step, ValueChain
from resolve.clocks.explanation import Off, explain_days
from resolve.clocks.models import Clock, ClockKind
from resolve.clocks.queries import clocks_of
from resolve.departments.queries import calendar_at
from resolve.kit.language import Language
from resolve.maps.queries import concern_of
from resolve.tasks.questions import customer_in_words


@dataclass(frozen=True, slots=True)
class Stop:
    """A step on the way to the customer, as the picture shows it."""

    title: str
    department: str
    own: bool
    gives: str
    time: timedelta | None
    handed: str


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step that the question is about; `share` is its part of the promise in %."""

    id: str
    title: str
    gives: str
    time: timedelta | None
    share: float | None


@dataclass(frozen=True, slots=True)
class ClockDay:
    """A day of the term: counted as which, or why not."""

    named: str
    number: int | None
    holiday: str
    free: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Why a task is due when it is."""

    asked_at: datetime
    working_days: int
    zone: str
    days: tuple[ClockDay, ...]
    moved: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What belongs to the step, in the reader's language."""

    way: tuple[Stop, ...]
    steps: tuple[OwnStep, ...]
    promise: str
    within: timedelta | None
    own_time: timedelta
    touchpoint: str
    internal: str  # who the customer is, of a hand-over
    neighbours: tuple[tuple[str, str], ...]
    nearest: str = ""

    @property
    def step_choices(self) -> list[tuple[str, str]]:
        """Give the steps a proposal may be about: first the one the way begins with."""
        ordered = sorted(self.steps, key=lambda one: one.id != self.nearest)
        return [(one.id, one.title) for one in ordered]


def view(line: Line, language: Language) -> View | None:
    """Give what a task shows of its map; None where the case was placed anew."""
    chain, to = line.chain, line.to
    if chain is None or to is None:
        return None
    concern = line.promise
    promise = chain.promises[concern.promise] if concern else None
    touchpoint = chain.touchpoints[concern.touchpoint] if concern else None
    own = [chain.steps[id_] for id_ in to.steps]
    return View(
        way=_way(chain, to.path, to.department, language),
        steps=tuple(_own_step(one, promise, language) for one in own),
        promise=line.about,
        within=promise.within if promise else None,
        own_time=sum((one.time for one in own if one.time), timedelta(0)),
        touchpoint=touchpoint.title.in_(language.code) if touchpoint else "",
        internal=_internal(line, chain, language),
        neighbours=tuple(
            (id_, _department(chain, id_, language)) for id_ in to.neighbours
        ),
        nearest=to.path[0] if to.path else "",
    )


def _internal(line: Line, chain: ValueChain, language: Language) -> str:
    if line.promise or line.case.concern is None:
        return ""
    return customer_in_words(chain, concern_of(line.case.concern), language)


def _way(
    chain: ValueChain, path: Sequence[str], department: str, language: Language
) -> tuple[Stop, ...]:
    handed = {
        (one.source, one.target): ", ".join(
            text.in_(language.code) for text in one.what
        )
        for one in chain.handovers
    }
    after = [*path[1:], ""]
    return tuple(
        Stop(
            _title(step, language),
            _department(chain, step.department, language),
            step.department == department,
            step.gives.in_(language.code),
            step.time,
            handed.get((id_, next_), ""),
        )
        for id_, next_ in zip(path, after, strict=True)
        for step in (chain.steps[id_],)
    )


def _own_step(step: Step, promise: Promise | None, language: Language) -> OwnStep:
    share = None
    if promise and promise.within and step.time is not None:
        share = min(100.0, 100 * (step.time / promise.within))
    gives = step.gives.in_(language.code)
    return OwnStep(step.id, _title(step, language), gives, step.time, share)


def _title(step: Step, language: Language) -> str:
    return step.title.in_(language.code)


def _department(chain: ValueChain, id_: str, language: Language) -> str:
    return chain.departments[id_].title.in_(language.code)


def term(session: Session, task_id: str, language: Language) -> Term | None:
    """Explain the clock of a task, day by day; None if it has none."""
    clocks = clocks_of(session, ClockKind.TASK, [task_id])
    return _term(session, clocks[0], language) if clocks else None


def _term(session: Session, clock: Clock, language: Language) -> Term:
    rule = clock.rule
    known = calendar_at(session, rule["calendar"], rule["calendar_revision"])
    begun = datetime.fromisoformat(clock.events[0]["at"])
    told = explain_days(known, begun, rule["working_days"], language=language.code)
    moved = tuple(
        (datetime.fromisoformat(one["at"]), datetime.fromisoformat(one["due"]))
        for one in clock.events
        if one["what"] == "extend"
    )
    days = tuple(
        ClockDay(
            _day(one.day, language), one.number, one.holiday, one.off is Off.NO_HOURS
        )
        for one in told
    )
    return Term(begun, rule["working_days"], known.zone, days, moved)


def _day(day: date, language: Language) -> str:
    return format_date(day, "EEEE, d MMMM", locale=language.code)
