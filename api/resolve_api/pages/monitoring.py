"""The monitoring figures, by month: of complaints, never of departments or people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from babel.dates import format_date
from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics.monitoring import (
    Facts,
    Figures,
    Times,
    figures,
    part_of_concern,
    together,
)
from resolve.complaints.models import ClosedAs
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.language import Language
from resolve.maps.queries import chain_of, know_versions, maps, published_ids
from resolve_api.pages.board_view import severity_in_words, source_in_words
from resolve_api.pages.export import csv_of
from resolve_api.pages.maps import path_of
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Facilitator, Visit

router = APIRouter(prefix="/board")
SPANS = (3, 6, 12)
_MOST = 8

Value = Callable[[Figures], int | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table: its name, a value a month, and of how many it is a part.

    `says_of`: it is said of how many, for no other row says so.
    """

    name: str
    value: Value
    of: Value | None = None
    in_hours: bool = False
    says_of: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is written, with its share if it is a part of something."""

    text: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a picture: where it lies in it, of a hundred."""

    name: str
    n: int
    text: str
    width: int


@dataclass(frozen=True, slots=True)
class Split:
    """Complaints by something they are about."""

    title: str
    bars: Sequence[Bar]
    rest: int


@router.get("/monitoring")
def show(visit: Facilitator) -> Response:
    """Show the figures of the last months."""
    it, at, span = visit.language, now(), _span(visit)
    bounds = _bounds(visit, at, span)
    months, counted_at = _counted(visit, bounds, at)
    with reading(visit.database) as session:
        titles = _titles(session, it)
        chains = [(path_of(one), chain_of(session, one).title.in_(it.code))
                  for one in published_ids(session)]  # fmt: skip
    total = together(months)
    measures = _measures(it)
    return page(
        visit,
        "board/monitoring.html",
        span=span,
        spans=SPANS,
        counted_at=counted_at if counted_at < at else None,
        months=[_month(one, it) for one in reversed(bounds[:-1])],
        rows=[(one.name, [_cell(one, of, it) for of in (total, *reversed(months))])
              for one in measures],
        total=total,
        times=_times(total.times, it),
        received=_bars({_month(b, it): m.received
                        for b, m in zip(bounds, months, strict=False)}, it),
        splits=_splits(total, titles, it),
        chains=chains,
    )  # fmt: skip


@router.get("/monitoring.csv")
def export(visit: Facilitator) -> Response:
    """Give the figures as a table: a row a month."""
    it, at = visit.language, now()
    bounds = _bounds(visit, at, _span(visit))
    months, _ = _counted(visit, bounds, at)
    measures = _measures(it)

    def rows() -> Iterator[list[object]]:
        for begin, of in zip(bounds, months, strict=False):
            day: date = begin.date()
            yield [day, *(one.value(of) for one in measures), None]

    header = [it.say("Month"), *(one.name for one in measures)]
    return csv_of(visit, "monitoring", header, rows())


@dataclass(frozen=True, slots=True)
class _Kept:
    """A month that took long to count."""

    counted_at: datetime
    month: Figures


_KEPT: dict[tuple[str, datetime], _Kept] = {}
_MOST_KEPT = 500
_LONG = timedelta(seconds=0.3)
_GOOD_FOR = timedelta(minutes=2)
_PAST_GOOD_FOR = timedelta(minutes=30)


def _counted(
    visit: Visit, bounds: Sequence[datetime], at: datetime
) -> tuple[list[Figures], datetime]:
    """Count month by month; give when the oldest of these counts was made.

    What is quickly counted is counted anew each time; among very many complaints a
    month is kept for some minutes, so that looking again costs nothing.
    """
    found = [_month_of(visit, *months, at) for months in pairwise(bounds)]
    return [one.month for one in found], min(one.counted_at for one in found)


def _month_of(visit: Visit, begin: datetime, end: datetime, at: datetime) -> _Kept:
    key = (str(visit.database.engine.url), begin)
    kept = _KEPT.get(key)
    good_for = _GOOD_FOR if end > at else _PAST_GOOD_FOR
    if kept and at - kept.counted_at < good_for:
        return kept
    began = now()
    with reading(visit.database) as session:
        (month,) = figures(session, (begin, end), at=at)
    made = _Kept(at, month)
    if now() - began > _LONG:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = made
    return made


def _span(visit: Visit) -> int:
    asked = visit.ask("months")
    return int(asked) if asked in map(str, SPANS) else SPANS[1]


def _bounds(visit: Visit, at: datetime, months: int) -> list[datetime]:
    """Give where so many months begin and the last ends, in the reader's zone."""
    today = at.astimezone(visit.zone)
    last = today.year * 12 + today.month  # the month after this one
    numbers = range(last - months, last + 1)
    firsts = (date(n // 12, n % 12 + 1, 1) for n in numbers)
    return [datetime.combine(one, time(), visit.zone) for one in firsts]


def _month(begin: datetime, it: Language) -> str:
    return format_date(begin.date(), "LLL y", locale=it.code)


def _measures(it: Language) -> list[Measure]:
    def ended(how: ClosedAs) -> Value:
        return lambda of: of.closed_as(how)

    def received(of: Figures) -> int:
        return of.received

    return [
        Measure(it.say("Received"), received),
        Measure(it.say("still to be placed"), lambda of: of.to_place, received),
        Measure(it.say("Settled at once"), ended(ClosedAs.SETTLED_AT_ONCE), received),
        Measure(it.say("Answered"), lambda of: of.answered, received),
        Measure(it.say("Answered within the promised time"),
                lambda of: of.in_time, lambda of: of.promised, says_of=True),
        Measure(it.say("Time to the answer, the middle one, in hours"),
                lambda of: of.times.median, in_hours=True),
        Measure(it.say("a quarter was faster than, in hours"),
                lambda of: of.times.lower, in_hours=True),
        Measure(it.say("a quarter was slower than, in hours"),
                lambda of: of.times.upper, in_hours=True),
        Measure(it.say("Closed for the customer"), lambda of: of.closed, received),
        Measure(it.say("accepted by the customer"), ended(ClosedAs.ACCEPTED), received),
        Measure(it.say("closed without a word of the customer"),
                ended(ClosedAs.SILENT), received),
        Measure(it.say("withdrawn by the customer"), ended(ClosedAs.WITHDRAWN),
                received),
        Measure(it.say("outside of what can be handled here"), ended(ClosedAs.OUTSIDE),
                received),
        Measure(it.say("Not accepted, second stage"), lambda of: of.second_stage,
                received),
        Measure(it.say("The customer said what they want"), lambda of: of.wishes,
                received),
        Measure(it.say("Changes agreed in the month"), lambda of: of.agreed),
        Measure(it.say("of these in place"), lambda of: of.in_place,
                lambda of: of.agreed),
        Measure(it.say("of these given up"), lambda of: of.given_up,
                lambda of: of.agreed),
    ]  # fmt: skip


def _cell(measure: Measure, of: Figures, it: Language) -> Cell:
    value = measure.value(of)
    if value is None:
        return Cell("–")
    whole = measure.of(of) if measure.of else None
    if measure.says_of and not whole:
        return Cell("–")
    share = it.say("{n} %", n=round(100 * value / whole)) if whole and value else ""
    if measure.says_of:
        all_ = it.number(whole or 0)
        return Cell(it.say("{n} of {all}", n=it.number(value), all=all_), share)
    return Cell(it.number(value), share)


def _times(of: Times, it: Language) -> str:
    if of.median is None:
        return ""
    return it.say(
        "between {lower} and {upper} h for the middle half",
        lower=it.number(of.lower or 0),
        upper=it.number(of.upper or 0),
    )


def _bars(counted: Mapping[str, int], it: Language) -> list[Bar]:
    most = max(counted.values(), default=0) or 1
    return [
        Bar(name, n, it.number(n), round(100 * n / most)) for name, n in counted.items()
    ]


def _splits(
    total: Figures, titles: Mapping[tuple[str, str], str], it: Language
) -> list[Split]:
    unknown = it.say("not known yet")

    def titled(kind: str, id_: str | None) -> str:
        return titles.get((kind, id_), id_) if id_ else unknown

    def concern(part: str) -> Callable[[Facts], str]:
        return lambda of: titled(part, part_of_concern(of.concern, part))

    def severity(of: Facts) -> str:
        return severity_in_words(of.severity, it) if of.severity else unknown

    by: list[tuple[str, Callable[[Facts], str]]] = [
        (it.say("By promise"), concern("promise")),
        (it.say("By touchpoint"), concern("touchpoint")),
        (it.say("By process map"), lambda of: titled("map", of.map)),
        (it.say("By source"), lambda of: source_in_words(of.source, it)),
        (it.say("By how much it weighs for the customer"), severity),
    ]
    counted = [(title, total.by(what)) for title, what in by]
    return [_split(title, n, it) for title, n in counted if set(n) - {unknown}]


def _split(title: str, counted: Mapping[str, int], it: Language) -> Split:
    shown = dict(list(counted.items())[:_MOST])
    return Split(title, _bars(shown, it), sum(counted.values()) - sum(shown.values()))


def _titles(session: Session, it: Language) -> dict[tuple[str, str], str]:
    known = maps(session)
    know_versions(session, [(one.id, one.newest) for one in known])
    found: dict[tuple[str, str], str] = {}
    for chain in (chain_of(session, one.id, one.newest) for one in known):
        found["map", chain.id] = chain.title.in_(it.code)
        for kind, things in (
            ("promise", chain.promises.values()),
            ("touchpoint", chain.touchpoints.values()),
        ):
            for one in things:
                found[kind, one.id] = one.title.in_(it.code)
    return found
