"""From the records of a log to step times, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from resolve.mappings.cells import Unreadable, moment
from resolve.mappings.form import normal
from resolve.mappings.records import Record
from resolve.steptimes.mapping import LogMapping
from resolve.steptimes.rows import Refusal, Timing, refusal


@dataclass(slots=True)
class Tally:
    """What a log held, and what became of it."""

    rows: int = 0
    orders: set[str] = field(default_factory=set)
    activities: set[str] = field(default_factory=set)
    rejected: Counter[str] = field(default_factory=Counter)
    unmatched: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A record with its step time; without one, `why` says why it is not taken."""

    record: Record
    timing: Timing | None = None
    why: Refusal | None = None
    detail: str = ""


def lines_of(
    records: Iterable[Record],
    mapping: LogMapping,
    steps: Mapping[str, str],
    *,
    now: datetime,
    tally: Tally,
) -> Iterator[Line]:
    """Make a step time of each record; an activity that is no step is counted."""
    for record in records:
        tally.rows += 1
        line = _line(record, mapping, steps, now, tally)
        if line.timing is not None:
            _count(tally, line.timing)
        elif line.why is not None and line.why is not Refusal.UNKNOWN_STEP:
            tally.rejected[line.why] += 1
        yield line


def _line(
    record: Record,
    mapping: LogMapping,
    steps: Mapping[str, str],
    now: datetime,
    tally: Tally,
) -> Line:
    if record.problem:
        return Line(record, why=Refusal.UNREADABLE, detail=record.problem)
    said = {name: record.values.get(c) for name, c in mapping.fields.items()}
    activity = normal(said.get("activity") or "")
    if not activity:
        return Line(record, why=Refusal.NO_STEP)
    tally.activities.add(activity)
    step = steps.get(activity)
    if step is None:
        tally.unmatched[activity] += 1
        return Line(record, why=Refusal.UNKNOWN_STEP, detail=activity)
    try:
        ended = moment("ended", _or_none(said.get("ended")), mapping)
        started = moment("started", _or_none(said.get("started")), mapping)
    except Unreadable as why:
        return Line(record, why=Refusal.UNREADABLE, detail=str(why))
    if ended is None:
        return Line(record, why=Refusal.NO_END)
    made = Timing(
        order=(said.get("order") or "").strip(),
        step=step,
        ended=ended,
        started=started,
        resource=_or_none(said.get("resource")),
        department=department_of(said, mapping),
        id=_or_none(said.get("id")),
    )
    wrong = refusal(made, now=now)
    return Line(record, why=wrong) if wrong else Line(record, made)


def department_of(said: Mapping[str, str | None], mapping: LogMapping) -> str | None:
    """Give whose work it was: as mapped, else as the column `department` says."""
    word = said.get("department") or said.get("resource")
    known = mapping.departments.get(normal(word or ""))
    return known or _or_none(said.get("department"))


def _or_none(word: str | None) -> str | None:
    return (word or "").strip() or None


def _count(tally: Tally, timing: Timing) -> None:
    tally.orders.add(timing.order)
    begun = timing.started or timing.ended
    tally.first = begun if tally.first is None else min(tally.first, begun)
    tally.last = timing.ended if tally.last is None else max(tally.last, timing.ended)
