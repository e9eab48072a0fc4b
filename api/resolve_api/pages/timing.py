"""How long a promise takes, along the chain: allotted, actual, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.timing import NothingPromised, about, shape
from resolve.chain.model import ValueChain
from resolve.chain.walk import promises_of
from resolve.departments.queries import departments
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.errors import ResolveError
from resolve.kit.language import Language
from resolve.maps import queries
from resolve.steptimes.keeping import found_out
from resolve.steptimes.periods import ALL, Period
from resolve_api.pages.case_words import title_of
from resolve_api.pages.loop_waits import inside_loops
from resolve_api.pages.map_pictures import MapReader
from resolve_api.pages.maps import path_of
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Visit

router = APIRouter(prefix="/maps")
SAID["nothing_promised"] = lambda it, _: it.say(
    "This map makes no promise yet, so there is no time to look at."
)
SAID["no_such_day"] = lambda it, _: it.say("Choose the day, please.")
_MONTHS = {"last-12": 12, "last-3": 3}
_WORTH_SAYING = 60  # seconds
_FIRST, _LAST = 1000, 9000  # years that every zone and database knows
_WIDTH = 1000
_THINNEST = 4


class NoSuchDay(ResolveError):
    """A period before or after a day, without the day."""

    code = "no_such_day"


@router.get("/{map_id}/timing")
def show(visit: MapReader, map_id: str) -> Response:
    """Show how long a promise takes, step by step in the order of the chain."""
    touchpoint, promise = _promise(visit)
    why = None
    try:
        period = _period(visit)
    except NoSuchDay as wrong:
        why, period = wrong, ALL
    with reading(visit.database) as session:
        entry = queries.the_map(session, map_id)
        chain = queries.chain_of(session, map_id, entry.newest)
        register = {one.id: one for one in departments(session)}
        try:
            asked = about(session, map_id, touchpoint, promise, period)
        except NothingPromised as wrong:
            return _page(visit, chain, status=200, why=wrong)
    found = shape(asked, found_out(visit.database, asked, at=now()))
    drawing = _Drawing(visit.language, chain, register, found)
    return _page(
        visit,
        chain,
        status=422 if why else 200,
        why=why,
        found=found,
        drawing=drawing,
        has_worked=any(one.get("worked") is not None for one in found["chain"]),
        has_gain=any(one["gain"] is not None for one in found["chain"]),
        moments={
            name: datetime.fromisoformat(text)
            for name in ("as_of", "made_at")
            if (text := found[name])
        },
    )


def _page(
    visit: Visit,
    chain: ValueChain,
    *,
    status: int,
    why: ResolveError | None,
    found: dict[str, Any] | None = None,
    **facts: Any,  # noqa: ANN401
) -> Response:
    code = visit.language.code
    concern = found["concern"] if found else {}
    return page(
        visit,
        "times/timing.html",
        status=status,
        map_id=chain.id,
        map_path=path_of(chain.id),
        title=chain.title.in_(code),
        promises=_choices(chain, code),
        about="/".join(concern.values()),
        asked={"period": visit.ask("period"), "day": visit.ask("day")},
        wrong=said(visit.language, why) if why else "",
        found=found,
        span=lambda seconds: span_of(visit.language, seconds),
        **facts,
    )


def _promise(visit: Visit) -> tuple[str | None, str | None]:
    touchpoint, _, promise = visit.ask("about").partition("/")
    return (
        visit.ask("touchpoint") or touchpoint or None,
        visit.ask("promise") or promise or None,
    )


def _period(visit: Visit) -> Period:
    asked = visit.ask("period")
    if asked in _MONTHS:
        return Period(months=_MONTHS[asked])
    if asked not in ("before", "after"):
        return ALL
    day = _day(visit.ask("day"), visit.zone)
    return Period(until=day) if asked == "before" else Period(since=day)


def _day(text: str, zone: ZoneInfo) -> datetime:
    try:
        day = date.fromisoformat(text.strip())
        if not _FIRST < day.year < _LAST:
            raise ValueError(text)  # noqa: TRY301  one message for all of them
        return datetime(day.year, day.month, day.day, tzinfo=zone)
    except (ValueError, OverflowError):
        raise NoSuchDay("The day is missing.", pointer="/day") from None


def _choices(chain: ValueChain, code: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the promises at each touchpoint, by the value that the form sends."""
    found: dict[str, list[tuple[str, str]]] = {}
    for touchpoint, promise in promises_of(chain):
        there = touchpoint.title.in_(code)
        named = promise.title.in_(code)
        found.setdefault(there, []).append((f"{touchpoint.id}/{promise.id}", named))
    return list(found.items())


def span_of(it: Language, seconds: float | None) -> str:
    """Give a time in words, as exactly as people read it."""
    if seconds is None:
        return it.say("too few to say")
    return it.measured(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Puts the figures into words and places of a picture 1,000 wide."""

    it: Language
    chain: ValueChain
    register: dict[str, Any]
    found: dict[str, Any]

    def rows(self) -> list[dict[str, Any]]:
        """Give each hand-over and step as a row, in the order of the chain."""
        return [self._row(one) for one in self.found["chain"]]

    def inside_loops(self) -> str:
        """Say which waits are in no row, and how long they were; "": there are none."""
        return inside_loops(
            self.it,
            (
                (
                    self._named(one),
                    self._known(one["median"]),
                    self._known(one["nine_of_ten"]),
                )
                for one in self.found["inside_loops"]
            ),
        )

    def _known(self, seconds: float | None) -> str:
        return "" if seconds is None else span_of(self.it, seconds)

    def share(self) -> dict[str, Any] | None:
        """Give the share that is in time, of 100, with the places of its bar."""
        share = self.found["on_time_with_open"] or self.found["on_time"]
        if share is None:
            return None
        low, high = share["low"], share["high"]
        return {
            "share": _percent(share["share"]),
            "low": None if low is None else _percent(low),
            "high": None if high is None else _percent(high),
            "x": round(share["share"] * _WIDTH),
            "from": round((share["share"] if low is None else low) * _WIDTH),
            "to": round((share["share"] if high is None else high) * _WIDTH),
            "with_open": self.found["on_time_with_open"] is not None,
        }

    def helping(self) -> str:
        """Say which change would help the customer most, and what late orders show."""
        found = self.found
        if found["weakest"] is None:
            return self._nothing_helps()
        link = found["chain"][found["weakest"]]
        said = self._would_help(link)
        if link["late_by"] < _WORTH_SAYING:
            return said
        late = self.it.say(
            "In late orders it takes {time} more than on average.",
            time=span_of(self.it, link["late_by"]),
        )
        return f"{said} {late}"

    def _would_help(self, link: dict[str, Any]) -> str:
        more = self.it.number(_percent(link["gain"]))
        if "handover" in link:
            source, target = (
                self._title(link["handover"][end]) for end in ("from", "to")
            )
            return self.it.say(
                "If the longer waits between “{source}” and “{target}” came halfway "
                "back to the usual wait there, about {n} more of 100 orders would be "
                "on time.",
                source=source,
                target=target,
                n=more,
            )
        return self.it.say(
            "If the longer times at “{step}” came halfway back to what is usual there, "
            "about {n} more of 100 orders would be on time.",
            step=self._named(link),
            n=more,
        )

    def _nothing_helps(self) -> str:
        share = self.found["on_time"]
        if share is None:
            return ""
        if share["share"] == 1:
            return self.it.say("All of these orders were on time: keep it so.")
        return self.it.say(
            "No change of a single step would bring more orders in time: the steps "
            "have to be looked at together."
        )

    def _row(self, link: dict[str, Any]) -> dict[str, Any]:
        median, nine = link["median"], link["nine_of_ten"]
        return {
            **link,
            "is_wait": "handover" in link,
            "name": self._named(link),
            "who": ", ".join(
                title_of(one, self.register, self.it)
                for one in link.get("departments", ())
            ),
            "band": self._width(link["allotted"]),
            "bar": self._width(median),
            "whisker": self._width(nine),
            "percent": _whole(link["longest_way"]),
            "more": None if link["gain"] is None else _percent(link["gain"]),
        }

    def _width(self, seconds: float | None) -> int | None:
        if seconds is None:
            return None
        known = (
            one[name]
            for one in self.found["chain"]
            for name in ("median", "nine_of_ten", "allotted")
        )
        longest = max((one for one in known if one), default=1.0)
        return max(_THINNEST, round(seconds / longest * (_WIDTH - 10)))

    def _named(self, link: dict[str, Any]) -> str:
        if "handover" in link:
            ends = (self._title(link["handover"][end]) for end in ("from", "to"))
            return " → ".join(ends)
        return " + ".join(self._title(one) for one in link["steps"])

    def _title(self, step: str) -> str:
        return self.chain.steps[step].title.in_(self.it.code)


def _percent(share: float) -> float:
    """Give a share of 100, with a decimal only near the ends."""
    exact = share * 100
    return round(exact, 1) if exact < 10 or exact > 99 else round(exact)  # noqa: PLR2004


def _whole(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
