"""The chain with its times as a picture, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from resolve import diagrams
from resolve.analytics.timing import NothingPromised
from resolve.chain.model import ValueChain
from resolve.chain.walk import promises_of
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.kit.errors import ResolveError
from resolve.kit.language import LANGUAGES
from resolve.kit.language import language as speak
from resolve.maps import queries
from resolve_api.pages.map_pictures import MapReader, has_legend, number_of
from resolve_api.pages.maps import path_of
from resolve_api.pages.said import said
from resolve_api.pages.showing import page
from resolve_api.pages.timing import NoSuchDay, span_of
from resolve_api.pages.visits import Visit
from resolve_api.pictures import STRICT, TYPES
from resolve_api.times_seen import Looked, Wanted, looked

router = APIRouter()


@router.get("/maps/{map_id}/timing/picture")
def show(visit: MapReader, map_id: str) -> Response:
    """Show what a promise takes on the picture of the chain."""
    with reading(visit.database) as session:
        entry = queries.the_map(session, map_id)
        chain = queries.chain_of(session, map_id, entry.newest)
    asked = _Asked(visit, map_id, entry.newest)
    found, why = None, None
    try:
        found = asked.looked(visit.language.code)
    except ResolveError as wrong:
        why = wrong
    it = visit.language
    empty = isinstance(why, NothingPromised)
    return page(
        visit,
        "times/picture.html",
        status=422 if why and not empty else 200,
        map_path=path_of(map_id),
        title=chain.title.in_(it.code),
        promises=_choices(chain, it.code),
        versions=list(range(1, entry.newest)),
        asked=asked.typed(found),
        wrong=said(it, why) if why else "",
        found=found,
        picture=asked.address(found) if found else "",
        outline=_outline(found, it.code) if found else "",
        legend=_legend(found, it.code) if found else None,
        table=_table(found, it.code) if found else [],
        kept=found.times(it).kept if found else (),
        span=lambda seconds: "–" if seconds is None else span_of(it, seconds),
    )


@router.get("/pictures/maps/{map_id}/times.{kind}")
def drawn(visit: MapReader, map_id: str, kind: str) -> Response:
    """Draw what a promise takes."""
    wanted = visit.ask("in")
    code = wanted if wanted in LANGUAGES else visit.language.code
    with reading(visit.database) as session:
        newest = queries.the_map(session, map_id).newest
    found = _Asked(visit, map_id, newest).looked(code)
    theme = "dark" if visit.ask("theme") == "dark" else "light"
    times = found.times(speak(code))
    headers = {
        "Content-Security-Policy": STRICT,
        "Content-Language": code,
        "Cache-Control": "no-store",
    }
    try:
        picture = diagrams.render(
            found.chain, format=kind, language=code, times=times, theme=theme,
            with_legend=has_legend(visit),
        )  # fmt: skip
    except diagrams.CannotDraw:
        words = diagrams.outline(found.chain, language=code, times=times)
        return Response(words, 200, headers, "text/plain; charset=utf-8")
    media = TYPES.get(kind, "text/vnd.graphviz; charset=utf-8")
    return Response(picture, 200, headers, media)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address of a page or picture asks."""

    visit: Visit
    map_id: str
    newest: int

    def looked(self, code: str) -> Looked:
        """Find out what is asked.

        Raises:
            ResolveError: it is not there, or not said.
        """
        touchpoint, _, promise = self.visit.ask("about").partition("/")
        wanted = Wanted(
            touchpoint or None, promise or None, self._day(), self._version()
        )
        return looked(
            self.visit.database, self.map_id, wanted, it=speak(code),
            zone=self.visit.zone, at=now(),
        )  # fmt: skip

    def _day(self) -> datetime | None:
        text = self.visit.ask("day")
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=self.visit.zone)
        except (ValueError, OverflowError):
            raise NoSuchDay("This is no day.", pointer="/day") from None

    def _version(self) -> int | None:
        number = number_of(self.visit.ask("from"))
        return number if number and number != self.newest else None

    def typed(self, found: Looked | None) -> dict[str, str]:
        about = self.visit.ask("about")
        if found is not None:
            about = f"{found.concern.touchpoint}/{found.concern.promise}"
        return {
            "about": about,
            "day": self.visit.ask("day"),
            "from": self.visit.ask("from"),
        }

    def address(self, found: Looked) -> str:
        """Give the address of the picture."""
        asked = {name: text for name, text in self.typed(found).items() if text}
        question = urlencode({**asked, "in": self.visit.language.code})
        return f"/pictures/maps/{quote(self.map_id, safe='')}/times.svg?{question}"


def _choices(chain: ValueChain, code: str) -> list[tuple[str, str]]:
    found = []
    for there, promise in promises_of(chain):
        named = there.title.in_(code), promise.title.in_(code)
        found.append((f"{there.id}/{promise.id}", ": ".join(named)))
    return found


def _outline(found: Looked, code: str) -> str:
    return diagrams.outline(found.chain, language=code, times=found.times(speak(code)))


def _legend(found: Looked, code: str) -> diagrams.Legend:
    times = found.times(speak(code))
    return diagrams.legend(found.chain, language=code, times=times)


def _table(found: Looked, code: str) -> list[dict[str, Any]]:
    """Give a row for each step and hand-over, in the order of the chain."""
    before = {_key(row): row for row in found.found[0]["chain"]}
    return [
        {
            "is_wait": "handover" in row,
            "name": _name(found.chain, row, code),
            "looks": [before.get(_key(row)), row][-len(found.found) :],
            "on_way": row["longest_way"],
        }
        for row in found.found[-1]["chain"]
    ]


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    if "handover" in row:
        return row["handover"]["from"], row["handover"]["to"]
    return (row["step"],)


def _name(chain: ValueChain, row: dict[str, Any], code: str) -> str:
    steps, sign = row.get("steps"), " + "
    if steps is None:
        steps, sign = [row["handover"]["from"], row["handover"]["to"]], " → "
    return sign.join(chain.steps[one].title.in_(code) for one in steps)
