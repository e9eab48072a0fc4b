"""The hours of a calendar as moments, right when the clocks change.

Hours begin and end at the first moment at which the clock on the wall of the
calendar's zone shows their time, or a later one where that time is skipped. So days
never overlap, round-the-clock hours leave nothing out, and what is counted is time
that really passes: the hours 00:00-24:00 are 23 of them in spring and 25 in autumn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from resolve.clocks.calendar import DAY, Calendar
from resolve.kit.errors import Invalid

ONE_DAY = timedelta(days=1)
HORIZON = timedelta(days=400 * 366)
"""How far is looked, so that a mistyped amount ends in words and not in a wait."""
LONGEST_PAUSE = timedelta(days=10 * 366)

_SECOND = timedelta(seconds=1)

Span = tuple[datetime, datetime]
P = ParamSpec("P")
T = TypeVar("T")


class OutOfReach(Invalid):
    """The moment asked for is too far away to be reckoned."""

    code = "out_of_reach"


class NoWorkingTime(Invalid):
    """For years on end this calendar has no working time."""

    code = "no_working_time"


def too_far() -> OutOfReach:
    return OutOfReach(
        "That is further than a calendar reaches: 400 years, within the years 1 to"
        " 9999.",
        hint="Check the amount and the dates.",
    )


def within_reach(function: Callable[P, T]) -> Callable[P, T]:
    """Say `OutOfReach` where a date would leave the years 1 to 9999."""

    @wraps(function)
    def reckon(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except OverflowError as error:
            raise too_far() from error

    return reckon


def utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment without a zone means nothing to a calendar")
    return at.astimezone(UTC)


def local_day(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.tz).date()


def dates(first: date, last: date) -> Iterator[date]:
    """Give the days from first to last, both included."""
    span = range(first.toordinal(), last.toordinal() + 1)
    if len(span) > HORIZON.days:
        raise too_far()
    return (date.fromordinal(n) for n in span)


@lru_cache(maxsize=65_536)
def spans(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """Give the working time of one day; nothing that the clock skips."""
    ends = (
        (_moment(calendar.tz, day, h.start), _moment(calendar.tz, day, h.end))
        for h in calendar.hours(day)
    )
    return tuple((start, end) for start, end in ends if start < end)


@lru_cache(maxsize=65_536)
def closing(calendar: Calendar, workday: date) -> datetime:
    """Give the end of the last hours of a working day."""
    return _moment(calendar.tz, workday, calendar.hours(workday)[-1].end)


@lru_cache(maxsize=65_536)
def next_workday(calendar: Calendar, day: date, step: timedelta) -> date:
    """Give this day, or the next one in this direction, on which work is done."""
    since = day
    while not calendar.hours(day):
        day += step
        if abs(day - since) > LONGEST_PAUSE:
            raise NoWorkingTime(
                f"The calendar has no working time for ten years from {since}.",
                hint="Check its week and its holidays.",
            )
    return day


def spans_after(calendar: Calendar, at: datetime) -> Iterator[Span]:
    """Give the working time from `at` on, the moment of closing included."""
    day = local_day(calendar, at)
    day -= ONE_DAY if day > date.min else timedelta(0)
    while True:
        day = next_workday(calendar, day, ONE_DAY)
        for start, end in spans(calendar, day):
            if end >= at:
                yield max(start, at), end
        day += ONE_DAY


def spans_before(calendar: Calendar, at: datetime) -> Iterator[Span]:
    """Give the working time up to `at`, latest first, the opening moment included."""
    day = local_day(calendar, at)
    day += ONE_DAY if day < date.max else timedelta(0)
    while True:
        day = next_workday(calendar, day, -ONE_DAY)
        for start, end in reversed(spans(calendar, day)):
            if start <= at:
                yield start, min(end, at)
        day -= ONE_DAY


def spans_between(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    for day in days_around(calendar, start, end):
        yield from clipped(calendar, day, start, end)


def clipped(
    calendar: Calendar, day: date, start: datetime, end: datetime
) -> Iterator[Span]:
    """Give what of the working time of this day lies between start and end."""
    for opened, closed in spans(calendar, day):
        since, to = max(opened, start), min(closed, end)
        if since < to:
            yield since, to


def days_around(calendar: Calendar, start: datetime, end: datetime) -> Iterator[date]:
    """Give all days that can matter.

    Where a clock is put back over midnight, a moment may belong to the hours of the
    next day already.
    """
    first, last = local_day(calendar, start), local_day(calendar, end)
    return dates(first, last if last == date.max else last + ONE_DAY)


def _moment(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """Give the first moment at which the wall clock shows this time or a later one."""
    if minutes == DAY:
        day, minutes = day + ONE_DAY, 0
    wall = datetime(
        day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone
    )
    at = wall.astimezone(UTC)
    if _wall(zone, at) == wall.replace(tzinfo=None):
        return at
    return _end_of_gap(zone, wall)


def _end_of_gap(zone: ZoneInfo, wall: datetime) -> datetime:
    """Find the moment the clock jumps over `wall`, which it therefore never shows."""
    shown = wall.replace(tzinfo=None)
    before, after = sorted(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _wall(zone, middle) < shown:
            before = middle
        else:
            after = middle
    return after


def _wall(zone: ZoneInfo, at: datetime) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
