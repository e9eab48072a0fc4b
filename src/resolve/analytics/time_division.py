"""What a case's division of time is looked at with: the map's times and the orders'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlmodel import Session

from resolve.cases.models import Case
from resolve.chain.dividing import (
    Difference,
    Divided,
    difference_as_json,
    times_from_json,
)
from resolve.chain.durations import duration_text
from resolve.chain.rewriting import Part, Times
from resolve.chain.sampled import Sample, places_of, sample
from resolve.chain.simulating import Effect, WhatIf, simulate
from resolve.chain.suggesting import By, Suggestion, parts_of, suggestion
from resolve.chain.timing import Share
from resolve.chain.way_of import handovers_of, way_of
from resolve.kit.clock import iso
from resolve.kit.database import Database, reading
from resolve.kit.kept import Kept
from resolve.maps import queries as maps
from resolve.reviews import queries as ballots
from resolve.reviews.division_queries import (
    current,
    ground,
    map_changes,
    newest_ground,
)
from resolve.reviews.models import Division, DivisionStatus
from resolve.steptimes.keeping import About, Made, found_out, kept_orders, made_of
from resolve.steptimes.samples import Orders


@dataclass(frozen=True, slots=True)
class Actual:
    """What a part really took: in the middle, and at most in nine of ten orders.

    `orders` is how many passed it. The times of a loop are added up and said of its
    first step; `together` names all of them. They are without the waits inside it,
    which count nothing: nobody knows beforehand how often an order goes round.
    """

    middle: timedelta
    nine_of_ten: timedelta
    orders: int
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the orders of a concern.

    `known` is how many there are; where `is_sample`, the rest was not looked at.
    """

    sample: Sample
    actual: Mapping[Part, Actual]
    known: int
    is_sample: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """A division of the time of a case, on the version of the map it is made on.

    `division` is None before anybody began one; `ballot` is where it is voted on,
    `changes` what the newest version says otherwise of what it changes.
    """

    case: str
    of: Divided
    version: int
    newest: int
    division: Division | None
    ballot: str | None
    changes: tuple[Difference, ...]
    past: Past

    @property
    def times(self) -> dict[Part, timedelta]:
        """Give the times of the division, as far as they differ from the map."""
        return times_from_json(self.division.times) if self.division else {}

    @property
    def revision(self) -> int:
        return self.division.revision if self.division else 0

    @property
    def is_draft(self) -> bool:
        """Tell whether it can be edited: a draft on which nobody votes."""
        of = self.division
        return of is not None and of.status == DivisionStatus.DRAFT and not self.ballot

    def effect(self, times: Times, what_if: WhatIf | None = None) -> Effect | None:
        """Say what these times would do; None: too few orders to say.

        Raises:
            NotInARow, KeyError: as for `simulating.simulate`.
        """
        orders = self.past.sample
        now, then = (parts_of(self.of, orders, one) for one in ({}, times))
        return simulate(orders, now, then, what_if)

    def suggestion(self, by: By) -> Suggestion | None:
        """Suggest times; None: too few orders to say."""
        return suggestion(self.of, self.past.sample, by)


def look(session: Session, case: Case) -> Look:
    """Look at how the promised time of a case is divided; `known` tells of its orders.

    Raises:
        NothingToDivide: the case is about something without a promised time.
    """
    division = current(session, case)
    if division is None:
        version, of = newest_ground(session, case)
    else:
        version, of = division.map_version, ground(session, case, division)
    ballot = ballots.open_ballot_of_division(session, division.id) if division else None
    newest = maps.the_map(session, of.chain.id).newest
    return Look(
        case=case.id,
        of=of,
        version=version,
        newest=newest,
        division=division,
        ballot=ballot.id if ballot else None,
        changes=_changes(session, case, division, newest),
        past=nothing_known(of),
    )


def _changes(
    session: Session, case: Case, division: Division | None, newest: int
) -> tuple[Difference, ...]:
    if division is None or division.status != DivisionStatus.DRAFT:
        return ()
    if division.map_version == newest:
        return ()
    return map_changes(session, case, division)


def known(database: Database, found: Look, *, at: datetime) -> Look:
    """Know the orders too, as they are kept; not while something is being written.

    In this process they are ready until they are made anew.
    """
    about = About(found.of.chain, found.version, found.of.concern)
    made = _made(database, about, at)
    if made is None:
        kept_orders(database, about, at=at)  # which makes them
        made = _made(database, about, at)
    ready = _READY.get(
        (about.key, made),
        lambda: _past(
            found.of,
            kept_orders(database, about, at=at),
            found_out(database, about, at=at).figures.get("inside_loops", ()),
        ),
    )
    return replace(found, past=ready)


_READY: Kept[Past] = Kept(8)


def _made(database: Database, about: About, at: datetime) -> Made | None:
    with reading(database) as session:
        return made_of(session, about, at=at)


def nothing_known(of: Divided) -> Past:
    """Give what is known of orders before anybody asked: nothing."""
    way = way_of(of.chain, of.concern)
    handovers = handovers_of(of.chain, way)
    none = np.zeros(0)
    empty = sample(
        way,
        handovers,
        began=none,
        work=np.zeros((0, len(way.steps))),
        wait=np.zeros((0, len(handovers))),
        totals=none,
        within=of.promised.total_seconds(),
        as_of=0.0,
    )
    return Past(
        empty, {}, known=0, is_sample=False, as_of=datetime(1970, 1, 1, tzinfo=UTC)
    )


def _past(
    of: Divided, orders: Orders, inside: Iterable[Mapping[str, Any]] = ()
) -> Past:
    ready = sample(
        orders.way,
        orders.handovers,
        began=orders.began,
        work=orders.work,
        wait=orders.wait,
        totals=orders.totals,
        within=of.promised.total_seconds(),
        as_of=orders.as_of.timestamp(),
    )
    return Past(
        sample=ready,
        actual=dict(_inside(inside)) | dict(_actual(of, orders)),
        known=orders.known,
        is_sample=orders.known > len(orders.began),
        as_of=orders.as_of,
    )


def _inside(waits: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Part, Actual]]:
    """Give what is known of waits inside a loop; nothing is tried with them."""
    for one in waits:
        if one["median"] is not None:
            ends = one["handover"]
            yield (
                (ends["from"], ends["to"]),
                Actual(
                    timedelta(seconds=round(one["median"])),
                    timedelta(seconds=round(one["nine_of_ten"])),
                    one["orders"],
                ),
            )


def _actual(of: Divided, orders: Orders) -> Iterator[tuple[Part, Actual]]:
    place = places_of(orders.way)
    column = {handover: number for number, handover in enumerate(orders.handovers)}
    for part in of.parts:
        if len(part) == 1:
            number = place[part[0]]
            times = orders.work[:, number]
            known = times > 0 if orders.passed is None else orders.passed[:, number]
            members = orders.way.members[number]
            if part[0] != members[0]:
                continue
        elif (part[0], part[1]) in column:
            number = column[part[0], part[1]]
            times = orders.wait[:, number]
            known = times >= 0 if orders.went is None else orders.went[:, number]
            members = ()
        else:
            continue
        found = times[known]
        if len(found):
            middle, nine = np.quantile(found, (0.5, 0.9))
            yield (
                part,
                Actual(
                    timedelta(seconds=round(float(middle))),
                    timedelta(seconds=round(float(nine))),
                    len(found),
                    members if len(members) > 1 else (),
                ),
            )


# ------------------------------------------------------------------- as JSON shows it


def division_shape(found: Look) -> dict[str, Any]:
    """Give a division with all that it is divided among, in the order of the chain."""
    division, of = found.division, found.of
    return {
        "case": found.case,
        "id": division.id if division else None,
        "status": division.status if division else None,
        "revision": found.revision,
        "map": of.chain.id,
        "version": found.version,
        "newest": found.newest,
        "agreed_version": division.agreed_version if division else None,
        "saved_by": division.saved_by if division else None,
        "saved_at": iso(division.saved_at) if division else None,
        "ballot": found.ballot,
        "concern": of.concern.as_json(),
        **sums(of, found.times),
        "steps": [_step(found, part) for part in of.parts if len(part) == 1],
        "handovers": [_handover(found, part) for part in of.parts if len(part) > 1],
        "map_changes": [difference_as_json(one) for one in found.changes],
    }


def sums(of: Divided, times: Times) -> dict[str, Any]:
    """Give what is allotted, now and with these times, against what is promised."""
    total = of.total(times)
    return {
        "promised": duration_text(of.promised),
        "allotted_now": duration_text(of.total()),
        "allotted": duration_text(total),
        "above_promise": total > of.promised,
    }


def effect_shape(found: Look, effect: Effect | None) -> dict[str, Any] | None:
    """Give what a division would do; null where there are too few orders to say."""
    if effect is None:
        return None
    return {
        "orders": effect.orders,
        "known": found.past.known,
        "as_of": iso(found.past.as_of),
        "before": _share(effect.before),
        "after": _share(effect.after),
        "difference": {
            "value": effect.difference,
            "low": effect.low,
            "high": effect.high,
        },
        "every_part_kept": {"before": effect.keeps[0], "after": effect.keeps[1]},
        "critical": [
            {"step": one.step, "before": one.before, "after": one.after}
            for one in effect.critical
        ],
    }


def times_shape(of: Divided, times: Times) -> dict[str, Any]:
    """Give times as a division takes them."""
    ordered = [part for part in of.parts if part in times]
    return {
        "steps": {
            part[0]: duration_text(times[part]) for part in ordered if len(part) == 1
        },
        "handovers": [
            {"from": part[0], "to": part[1], "within": duration_text(times[part])}
            for part in ordered
            if len(part) > 1
        ],
    }


def _step(found: Look, part: Part) -> dict[str, Any]:
    step = found.of.chain.steps[part[0]]
    named = {"step": step.id, "department": step.department}
    return named | {"time": _text(found.of.now[part])} | _said(found, part)


def _handover(found: Look, part: Part) -> dict[str, Any]:
    named = {"from": part[0], "to": part[1], "within": _text(found.of.now[part])}
    return named | _said(found, part) | {"inside_loop": found.of.inside_loop(part)}


def _said(found: Look, part: Part) -> dict[str, Any]:
    actual = found.past.actual.get(part)
    return {
        "new": _text(found.times.get(part)),
        "median": _text(actual.middle) if actual else None,
        "nine_of_ten": _text(actual.nine_of_ten) if actual else None,
        "orders": actual.orders if actual else 0,
    }


def _share(share: Share) -> dict[str, float]:
    return {"value": share.value, "low": share.low, "high": share.high}


def _text(time: timedelta | None) -> str | None:
    return None if time is None else duration_text(time)
