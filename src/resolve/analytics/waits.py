"""What the waits between the steps of a map were spent on: the same for both sides."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from statistics import median
from typing import Any

from sqlmodel import Session, col, select

from resolve.chain.model import Handover, ValueChain
from resolve.chain.order import in_order
from resolve.chain.timing import FEWEST
from resolve.departments.queries import by_id, calendars_of
from resolve.kit.clock import iso
from resolve.kit.kept import Kept
from resolve.maps.queries import chain_of, the_map
from resolve.steptimes.counting import changes_of
from resolve.steptimes.hours import hours_of
from resolve.steptimes.models import OrderTime, StepTime
from resolve.steptimes.waits import Cause, Closed, Span, Work, causes

MOST = 2000
"""So many of the latest orders are looked at."""

_AT_ONCE = 500
_KEPT: Kept[Waits]
Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Waited:
    """The waits of a hand-over, in seconds on the clock on the wall.

    `causes` are their means, which add up to `mean`; with too few waits nothing is said
    (None). `known` is the share of which it is known who or what did the work after.
    """

    handover: Handover
    count: int
    mean: float | None
    median: float | None
    causes: Mapping[Cause, float] | None
    known: float


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of a map in its latest orders, in the order of the chain."""

    map_id: str
    version: int
    orders: int
    since: datetime | None
    until: datetime | None
    handovers: tuple[Waited, ...]

    @property
    def longest(self) -> float:
        """Give the longest mean wait."""
        return max((one.mean or 0.0 for one in self.handovers), default=0.0)


def waits_of(session: Session, map_id: str) -> tuple[ValueChain, Waits]:
    """Give the newest version of a map with its waits; kept until anything changes.

    Raises:
        UnknownMap: there is none.
    """
    entry = the_map(session, map_id)
    chain = chain_of(session, map_id, entry.newest)
    calendars = calendars_of(session, by_id(session, chain.departments))
    hours = tuple(sorted((key, c.id, c.revision) for key, c in calendars.items()))
    key = (map_id, entry.newest, changes_of(session, map_id), hours)
    where = session.get_bind().engine.url
    return chain, _KEPT.get((where, *key), lambda: _waits(session, chain, entry.newest))


def waits_json(waits: Waits) -> dict[str, Any]:
    """Give waits as clients see them; times in seconds."""
    return {
        "map": waits.map_id,
        "version": waits.version,
        "orders": waits.orders,
        "since": iso(waits.since) if waits.since else None,
        "until": iso(waits.until) if waits.until else None,
        "handovers": [
            {
                "from": one.handover.source,
                "to": one.handover.target,
                "within": seconds_within(one.handover),
                "count": one.count,
                "mean": one.mean,
                "median": one.median,
                "causes": None if one.causes is None else dict(one.causes),
                "known": one.known,
            }
            for one in waits.handovers
        ],
    }


def seconds_within(handover: Handover) -> float | None:
    """Give the time agreed for a hand-over."""
    return None if handover.within is None else handover.within.total_seconds()


def _waits(session: Session, chain: ValueChain, version: int) -> Waits:
    rows = _latest(session, chain)
    works: list[Work] = []
    ends: list[Ends | None] = []
    before = _before(chain)
    for _, of_order in groupby(rows, key=lambda row: row.order):
        for work, whose in _laid(chain, list(of_order), before):
            works.append(work)
            ends.append(whose)
    found: dict[Ends, list[tuple[Work, Mapping[Cause, float]]]] = defaultdict(list)
    split = causes(works, closed=_closed(session, chain))
    for whose, work, why in zip(ends, works, split, strict=True):
        if whose is not None:
            found[whose].append((work, why))
    moments = [
        moment for row in rows for moment in (row.started or row.ended, row.ended)
    ]
    return Waits(
        map_id=chain.id,
        version=version,
        orders=len({row.order for row in rows}),
        since=_at(min(moments, default=None)),
        until=_at(max(moments, default=None)),
        handovers=tuple(
            _waited(one, found[one.source, one.target]) for one in _along(chain)
        ),
    )


def _along(chain: ValueChain) -> list[Handover]:
    place = {step: number for number, step in enumerate(in_order(chain))}
    return sorted(chain.handovers, key=lambda h: (place[h.source], place[h.target]))


def _waited(
    handover: Handover, found: Sequence[tuple[Work, Mapping[Cause, float]]]
) -> Waited:
    count = len(found)
    known = sum(1 for work, _ in found if work.resource is not None)
    share = known / count if count else 0.0
    if count < FEWEST:
        return Waited(handover, count, None, None, None, share)
    means = {cause: sum(why[cause] for _, why in found) / count for cause in Cause}
    times = [work.started - work.could for work, _ in found]
    return Waited(handover, count, sum(times) / count, median(times), means, share)


# ------------------------------------------------------------------------- the rows


@dataclass(frozen=True, slots=True)
class _Row:
    order: str
    step: str
    started: float | None
    ended: float
    resource: str | None


def _latest(session: Session, chain: ValueChain) -> list[_Row]:
    """Give the step times of the orders that began last."""
    orders = session.exec(
        select(OrderTime.order_id)
        .where(OrderTime.map_id == chain.id)
        .order_by(col(OrderTime.began_at).desc(), col(OrderTime.lot))
        .limit(MOST)
    ).all()
    columns: list[Any] = [
        col(StepTime.order_id), col(StepTime.step), col(StepTime.started_at),
        col(StepTime.ended_at), col(StepTime.resource),
    ]  # fmt: skip
    asked = select(*columns).where(StepTime.map_id == chain.id)
    found: list[_Row] = []
    for at in range(0, len(orders), _AT_ONCE):
        some = col(StepTime.order_id).in_(orders[at : at + _AT_ONCE])
        found += [
            _Row(order, step, start and start.timestamp(), end.timestamp(), who)
            for order, step, start, end, who in session.execute(asked.where(some))
            if step in chain.steps
        ]
    return sorted(
        found, key=lambda row: (row.order, row.started or row.ended, row.ended)
    )


def _before(chain: ValueChain) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in chain.handovers:
        found[one.target].add(one.source)
    return {step: frozenset(sources) for step, sources in found.items()}


def _laid(
    chain: ValueChain, rows: Sequence[_Row], before: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Work, Ends | None]]:
    """Give the work of an order, and the hand-over that its wait belongs to.

    It could start when the last of what it follows had ended, as far as that was before
    it did; of what follows its own pass before, the wait belongs to no hand-over.
    """
    ended = _ended(rows)
    for number, row in enumerate(rows):
        place = chain.steps[row.step].department
        if row.started is None:
            # When it began is not known, so neither is its wait, nor who was busy.
            yield Work(row.step, None, row.ended, row.ended, row.ended, place), None
            continue
        follows = before.get(row.step, frozenset()) | {row.step}
        last = _last(rows, number, [ended[one] for one in follows if one in ended])
        could = last.ended if last else row.started
        whose = (last.step, row.step) if last and last.step != row.step else None
        yield Work(row.step, row.resource, could, row.started, row.ended, place), whose


def _ended(rows: Sequence[_Row]) -> Mapping[str, list[tuple[float, int]]]:
    """Give when each step ended, with which row it was; the later the row, the less."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[row.step].append((row.ended, -number))
    for ends in found.values():
        ends.sort()
    return found


def _last(
    rows: Sequence[_Row], number: int, ended: Sequence[Sequence[tuple[float, int]]]
) -> _Row | None:
    """Give what ended last before a row began, itself left out."""
    begun = rows[number].started
    found = []
    for ends in ended:
        at = bisect_right(ends, (begun, 1)) - 1
        if at >= 0 and ends[at][1] == -number:
            at -= 1
        if at >= 0:
            found.append(ends[at])
    return rows[-max(found)[1]] if found else None


def _closed(session: Session, chain: ValueChain) -> Closed:
    """Give the spans outside the working hours of each department, by those of now."""
    hours = hours_of(session, chain) or {}
    known = {name: one.moments.tolist() for name, one in hours.items()}

    def closed(place: str, start: float, end: float) -> Iterable[Span]:
        moments = known.get(place, [])
        # Hours open at each odd place and close at the even one after it.
        at = bisect_right(moments, start) - 1
        while 0 <= at < len(moments) and moments[at] < end:
            if at % 2 == 0:
                after = moments[at + 1] if at + 1 < len(moments) else end
                yield moments[at], after
            at += 1

    return closed


def _at(moment: float | None) -> datetime | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC)


_KEPT = Kept(20)
