"""Why something is due when it is: the working time counted, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from resolve.clocks.calendar import Calendar
from resolve.clocks.moments import (
    Span,
    clipped,
    dates,
    days_around,
    local_day,
    spans,
    utc,
    within_reach,
)
from resolve.clocks.working_time import counting_day, is_workday, workday_offset
from resolve.kit import clock


class Off(StrEnum):
    """Why no work is done on a day."""

    NO_HOURS = "no_hours"  # this day of the week is free
    HOLIDAY = "holiday"  # work would be done, were it not a holiday


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day of a term, and what of it was counted.

    `intervals` are in UTC. `number` is the place of a working day in a term of days,
    0 for the day on which the start counts; None where no day is counted.
    """

    day: date
    off: Off | None
    holiday: str
    intervals: tuple[Span, ...]
    number: int | None = None

    @property
    def seconds(self) -> float:
        return sum((end - start).total_seconds() for start, end in self.intervals)

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "off": self.off,
            "holiday": self.holiday,
            "intervals": [[clock.iso(a), clock.iso(b)] for a, b in self.intervals],
            "seconds": self.seconds,
            "number": self.number,
        }


@within_reach
def explain(
    calendar: Calendar, a: datetime, b: datetime, *, language: str = "en"
) -> tuple[ExplainedDay, ...]:
    """Say day by day which working time from a to b is counted.

    Its seconds add up to `working_seconds`.
    """
    start, end = utc(a), utc(b)
    told = (
        _explained(calendar, day, tuple(clipped(calendar, day, start, end)), language)
        for day in days_around(calendar, start, end)
    )
    last = local_day(calendar, end)
    return tuple(day for day in told if day.day <= last or day.intervals)


@within_reach
def explain_days(
    calendar: Calendar, start: datetime, n: int, *, language: str = "en"
) -> tuple[ExplainedDay, ...]:
    """Say day by day how `add_working_days` counts; the last number is n."""
    first = counting_day(calendar, start)
    last = workday_offset(calendar, first, n)
    told: list[ExplainedDay] = []
    number = 0
    for day in dates(local_day(calendar, utc(start)), last):
        if day < first or not is_workday(calendar, day):
            told.append(_explained(calendar, day, (), language))
            continue
        hours = spans(calendar, day)
        told.append(_explained(calendar, day, hours, language, number))
        number += 1
    return tuple(told)


def _explained(
    calendar: Calendar,
    day: date,
    intervals: tuple[Span, ...],
    language: str,
    number: int | None = None,
) -> ExplainedDay:
    off = _off(calendar, day)
    name = calendar.holiday_name(day, language) if off is Off.HOLIDAY else ""
    return ExplainedDay(day, off, name, intervals, number)


def _off(calendar: Calendar, day: date) -> Off | None:
    if is_workday(calendar, day):
        return None
    return Off.HOLIDAY if calendar.week[day.weekday()] else Off.NO_HOURS
