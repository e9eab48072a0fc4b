"""The ways that orders really went: what follows what in a log, how often (pure).

The directly-follows graph as defined: rows of an order sorted by start (else end), then
end, then place in the file; an edge for each neighbouring pair; a variant is the
sequence of activities of an order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Event:
    """A row of a log; at least one of the two times is said.

    `department` is whose work it was, where that is known.
    """

    order: str
    activity: str
    started: datetime | None
    ended: datetime | None
    department: str | None = None

    @property
    def begun(self) -> datetime:
        """When it began; where only the end is known, when it ended."""
        at = self.started or self.ended
        assert at is not None  # noqa: S101  said above
        return at


Trace = tuple[Event, ...]
"""What was done for one order, sorted."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done, how often, in how many orders, and how long it took.

    `begins` and `ends` count the orders that begin and end with it; `time` is the
    median of what it took, None where that cannot be known.
    """

    name: str
    count: int
    orders: int
    begins: int
    ends: int
    time: timedelta | None
    departments: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Edge:
    """One activity directly after another: how often, in how many orders.

    `wait` is the median time between them, None where no beginning is known; work that
    overlaps is not waiting.
    """

    source: str
    target: str
    count: int
    orders: int
    wait: timedelta | None


@dataclass(frozen=True, slots=True)
class Discovered:
    """The directly-follows graph of a log; activities in the order of the way."""

    orders: int
    events: int
    activities: Mapping[str, Activity]
    variants: Mapping[tuple[str, ...], int]
    edges: Mapping[tuple[str, str], Edge]


def traces_of(events: Iterable[Event]) -> tuple[Trace, ...]:
    """Sort the rows of each order; orders stay in the order of the file."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.order, []).append(event)
    return tuple(tuple(sorted(rows, key=_place)) for rows in found.values())


def _place(event: Event) -> tuple[datetime, datetime]:
    begun = event.begun
    return begun, event.ended or begun


def discover(traces: Iterable[Trace]) -> Discovered:
    """Count what follows what.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    >>> rows = [Event("1", name, at, at) for name in "aba"]
    >>> found = discover(traces_of(rows))
    >>> [(*edge, one.count) for edge, one in found.edges.items()]
    [('a', 'b', 1), ('b', 'a', 1)]
    """
    counts = _Counts()
    for trace in traces:
        counts.add(trace)
    return counts.found()


def without_rare(traces: Iterable[Trace], share: float) -> tuple[Trace, ...]:
    """Leave out the activities that fewer than this share of orders have."""
    whole = tuple(traces)
    orders = Counter(name for trace in whole for name in _names(trace))
    often = {name for name, n in orders.items() if n >= share * len(whole)}
    kept = (tuple(one for one in trace if one.activity in often) for trace in whole)
    return tuple(trace for trace in kept if trace)


def _names(trace: Trace) -> set[str]:
    return {one.activity for one in trace}


@dataclass(slots=True)
class _Seen:
    count: int = 0
    orders: int = 0
    begins: int = 0
    ends: int = 0
    place: float = 0.0
    times: list[timedelta] = field(default_factory=list)
    departments: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Counts:
    """Counts traces one by one."""

    orders: int = 0
    variants: Counter[tuple[str, ...]] = field(default_factory=Counter)
    seen: dict[str, _Seen] = field(default_factory=lambda: defaultdict(_Seen))
    edges: Counter[tuple[str, str]] = field(default_factory=Counter)
    having: Counter[tuple[str, str]] = field(default_factory=Counter)
    waits: dict[tuple[str, str], list[timedelta]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, trace: Trace) -> None:
        names = tuple(one.activity for one in trace)
        self.orders += 1
        self.variants[names] += 1
        self.seen[names[0]].begins += 1
        self.seen[names[-1]].ends += 1
        for place, name in enumerate(dict.fromkeys(names)):
            self.seen[name].orders += 1
            self.seen[name].place += place / len(set(names))
        for event, time in _timed(trace):
            self._row(event, time)
        self._edges(trace)

    def _row(self, event: Event, time: timedelta | None) -> None:
        seen = self.seen[event.activity]
        seen.count += 1
        if time is not None:
            seen.times.append(time)
        if event.department:
            seen.departments[event.department] += 1

    def _edges(self, trace: Trace) -> None:
        pairs = [(one.activity, two.activity) for one, two in pairwise(trace)]
        self.edges.update(pairs)
        self.having.update(set(pairs))
        for one, two in pairwise(trace):
            if two.started is not None and one.ended is not None:
                wait = max(_NONE, two.started - one.ended)
                self.waits[one.activity, two.activity].append(wait)

    def found(self) -> Discovered:
        # By where they stand in the orders that have them, then as the log has them.
        along = sorted(self.seen.items(), key=lambda one: one[1].place / one[1].orders)
        return Discovered(
            orders=self.orders,
            events=sum(seen.count for seen in self.seen.values()),
            activities={name: _activity(name, seen) for name, seen in along},
            variants=self.variants,
            edges={ends: self._edge(ends) for ends in sorted(self.edges)},
        )

    def _edge(self, ends: tuple[str, str]) -> Edge:
        wait = _middle(self.waits.get(ends, []))
        return Edge(*ends, self.edges[ends], self.having[ends], wait)


def _activity(name: str, seen: _Seen) -> Activity:
    return Activity(
        name=name,
        count=seen.count,
        orders=seen.orders,
        begins=seen.begins,
        ends=seen.ends,
        time=_middle(seen.times),
        departments=seen.departments,
    )


def _middle(times: list[timedelta]) -> timedelta | None:
    if not times:
        return None
    return timedelta(seconds=median(time.total_seconds() for time in times))


def _timed(trace: Trace) -> Iterator[tuple[Event, timedelta | None]]:
    """Give each row with what it took.

    Of which only the end is known began when the one before it in time ended; nothing
    is known of the first such row.
    """
    before: datetime | None = None
    for event in trace:
        yield event, _took(event, before)
        if event.ended is not None:
            before = event.ended if before is None else max(before, event.ended)


def _took(event: Event, before: datetime | None) -> timedelta | None:
    begun = event.started or before
    if begun is None or event.ended is None or begun > event.ended:
        return None
    return event.ended - begun
