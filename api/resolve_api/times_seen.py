"""What a promise takes, made ready for a picture: now, or before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from resolve.analytics.timing import about, chosen, shape
from resolve.chain.model import PromiseConcern, ValueChain
from resolve.diagrams import Times, Took
from resolve.kit.database import Database, reading
from resolve.kit.language import Language
from resolve.maps.queries import chain_of
from resolve.steptimes.keeping import About, found_out
from resolve.steptimes.periods import ALL, Period

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which promise is looked at, and what with what is compared.

    `day`: orders begun before it with those begun from then on; `version`: that version
    of the map with the newest.
    """

    touchpoint: str | None = None
    promise: str | None = None
    day: datetime | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found: the newest chain, and the shape of each look at it."""

    chain: ValueChain
    concern: PromiseConcern
    found: tuple[dict[str, Any], ...]
    looks: tuple[str, ...]

    def times(self, it: Language) -> Times:
        """Give it as a picture shows it."""
        steps = [_steps(one) for one in self.found]
        waits = [_waits(one) for one in self.found]
        last = self.found[-1]["chain"]
        return Times(
            concern=self.concern,
            steps=_together(steps),
            waits=_together(waits),
            on_way={
                row["step"]: row["longest_way"]
                for row in last
                if "step" in row and row["longest_way"] is not None
            },
            waits_on_way={
                _ends(row): row["longest_way"]
                for row in last
                if "handover" in row and row["longest_way"] is not None
            },
            with_={
                step: row["step"] for row in last for step in row.get("steps", [])[1:]
            },
            looks=self.looks,
            kept=tuple(kept_in_words(one, it) for one in self.found),
        )


def looked(
    database: Database,
    map_id: str,
    wanted: Wanted,
    *,
    it: Language,
    zone: ZoneInfo,
    at: datetime,
) -> Looked:
    """Find out what is asked.

    Raises:
        UnknownMap, UnknownVersion, UnknownTouchpoint, UnknownPromise, PromiseNotHere,
        NothingPromised: what is asked is not there.
    """
    with reading(database) as session:
        now = about(session, map_id, wanted.touchpoint, wanted.promise)
        earlier = None
        if wanted.version is not None:
            chain = chain_of(session, map_id, wanted.version)
            there = now.concern.as_json()
            concern = chosen(chain, there["touchpoint"], there["promise"])
            earlier = About(chain, wanted.version, concern)
    asked = [now] if earlier is None and wanted.day is None else [earlier or now, now]
    periods = _periods(wanted.day, len(asked))
    found = tuple(
        shape(one, found_out(database, one, at=at))
        for one in (
            About(one.chain, one.version, one.concern, period)
            for one, period in zip(asked, periods, strict=True)
        )
    )
    looks = _looks(wanted, now.version, it, zone)
    return Looked(now.chain, _promise(now), found, looks)


def _periods(day: datetime | None, looks: int) -> list[Period]:
    if day is None:
        return [ALL] * looks
    return [Period(until=day), Period(since=day)]


def _looks(
    wanted: Wanted, newest: int, it: Language, zone: ZoneInfo
) -> tuple[str, ...]:
    before, after = [], []
    if wanted.version is not None:
        before.append(it.say("version {n}", n=wanted.version))
        after.append(it.say("version {n}", n=newest))
    if wanted.day is not None:
        day = it.day(wanted.day, zone)
        before.append(it.say("orders begun before {day}", day=day))
        after.append(it.say("orders begun since {day}", day=day))
    return (", ".join(before), ", ".join(after)) if before else ()


def _promise(asked: About) -> PromiseConcern:
    known = asked.concern.as_json()
    return PromiseConcern(known["touchpoint"], known["promise"])


def kept_in_words(found: Mapping[str, Any], it: Language) -> str:
    """Say how often a promise is kept; '' for one without a time."""
    if found["within"] is None:
        return ""
    promised = it.say(
        "Promised: within {time}.", time=it.duration(_span(found["within"]))
    )
    share = found["on_time_with_open"] or found["on_time"]
    if share is None:
        return f"{promised} {it.say('Too few orders to say')}"
    exact = share["share"] * _HUNDRED
    in_time = it.say("{n} of 100 orders in time", n=it.number(round(exact)))
    return f"{promised} {in_time}"


def _steps(found: Mapping[str, Any]) -> dict[str, Took]:
    return {row["step"]: _took(row) for row in found["chain"] if "step" in row}


def _waits(found: Mapping[str, Any]) -> dict[tuple[str, str], Took]:
    return {_ends(row): _took(row) for row in found["chain"] if "handover" in row}


def _ends(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["handover"]["from"], row["handover"]["to"]


def _took(row: Mapping[str, Any]) -> Took:
    return Took(_maybe(row["allotted"]), _maybe(row["median"]))


def _maybe(seconds: float | None) -> timedelta | None:
    return None if seconds is None else _span(seconds)


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _together(looks: Sequence[Mapping[Any, Took]]) -> dict[Any, tuple[Took, ...]]:
    """Put the looks side by side; what the newest map no longer has is left out."""
    return {key: tuple(look.get(key, Took()) for look in looks) for key in looks[-1]}
