"""Reckoning with working time; pure and exact.

Moments are aware; those given back are in UTC. What "due n working days later" means
is written down in `docs/decisions/working-time.md`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from resolve.clocks.calendar import Calendar
from resolve.clocks.moments import (
    HORIZON,
    ONE_DAY,
    closing,
    dates,
    local_day,
    next_workday,
    spans_after,
    spans_before,
    spans_between,
    too_far,
    utc,
    within_reach,
)

_NONE = timedelta(0)


@within_reach
def add_working_time(
    calendar: Calendar, start: datetime, amount: timedelta
) -> datetime:
    """Give the first moment by which `amount` of working time has passed.

    Always in working time, its end included: nothing added to a Saturday is Monday's
    opening, a whole day from Monday's opening is Monday's closing. A negative amount
    gives the last moment since which that much has passed.

    >>> from datetime import UTC
    >>> from resolve.clocks.calendar import DEFAULT
    >>> friday = datetime(2026, 11, 20, 17, tzinfo=UTC)
    >>> add_working_time(DEFAULT, friday, timedelta(hours=2)).isoformat()
    '2026-11-23T10:00:00+00:00'
    """
    at, left = utc(start), abs(amount)
    if left > HORIZON:
        raise too_far()
    if amount < _NONE:
        return _before(calendar, at, left)
    for begin, end in spans_after(calendar, at):
        if left <= end - begin:
            return begin + left
        if end - at > HORIZON:
            break
        left -= end - begin
    raise too_far()


def _before(calendar: Calendar, at: datetime, left: timedelta) -> datetime:
    for begin, end in spans_before(calendar, at):
        if left <= end - begin:
            return end - left
        if at - begin > HORIZON:
            break
        left -= end - begin
    raise too_far()


def next_working_time(calendar: Calendar, at: datetime) -> datetime:
    """Give `at` if it is working time, closing included, else the next opening."""
    return add_working_time(calendar, at, _NONE)


@within_reach
def previous_working_time(calendar: Calendar, at: datetime) -> datetime:
    """Give `at` if it is working time, closing included, else the last closing."""
    return _before(calendar, utc(at), _NONE)


def working_seconds(calendar: Calendar, a: datetime, b: datetime) -> float:
    """Count the seconds of working time from a to b; 0 if b is before a.

    Whole seconds are an int.
    """
    seconds = working_time(calendar, a, b).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


@within_reach
def working_time(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """Count the working time from a to b, exactly; none if b is before a."""
    counted = spans_between(calendar, utc(a), utc(b))
    return sum((end - start for start, end in counted), _NONE)


@within_reach
def is_working_time(calendar: Calendar, at: datetime) -> bool:
    """Tell whether work goes on at this moment; at closing time it no longer does."""
    return working_time(calendar, at, at + timedelta.resolution) > _NONE


@within_reach
def add_working_days(calendar: Calendar, start: datetime, n: int) -> datetime:
    """Give the close of the n-th working day after the one on which `start` counts.

    A start after closing time or on a day off counts as the next working day.

    >>> from datetime import UTC
    >>> from resolve.clocks.calendar import DEFAULT
    >>> friday = datetime(2026, 11, 20, 17, tzinfo=UTC)
    >>> add_working_days(DEFAULT, friday, 2).isoformat()
    '2026-11-24T18:00:00+00:00'
    """
    if n < 0:
        raise ValueError("a due time lies n >= 0 working days ahead")
    return _due(calendar, counting_day(calendar, start), n)


@lru_cache(maxsize=65_536)
def _due(calendar: Calendar, first: date, n: int) -> datetime:
    return closing(calendar, workday_offset(calendar, first, n))


@within_reach
def counting_day(calendar: Calendar, start: datetime) -> date:
    """Give the working day on which something handed out at `start` counts."""
    at = utc(start)
    today = local_day(calendar, at)
    day = next_workday(calendar, today, ONE_DAY)
    if at < closing(calendar, day):
        return day
    return next_workday(calendar, day + ONE_DAY, ONE_DAY)


def is_workday(calendar: Calendar, day: date) -> bool:
    return bool(calendar.hours(day))


@within_reach
def workday_offset(calendar: Calendar, day: date, n: int) -> date:
    """Give the n-th working day after `day`, before it if negative; `day` itself for 0.

    >>> from resolve.clocks.calendar import DEFAULT
    >>> friday = date(2016, 1, 15)
    >>> workday_offset(DEFAULT, friday, 1).isoformat()
    '2016-01-18'
    """
    if abs(n) > HORIZON.days:
        raise too_far()
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _ in range(abs(n)):
        day = next_workday(calendar, day + step, step)
    return day


def workdays_between(calendar: Calendar, first: date, last: date) -> int:
    """Count the working days from first to last, both included."""
    return sum(is_workday(calendar, day) for day in dates(first, last))


def holidays_between(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    """List the holidays from first to last, both included."""
    return tuple(day for day in dates(first, last) if calendar.is_holiday(day))


def kept(due: datetime, done: datetime) -> bool:
    """Tell whether it was done in time; at the very moment it is due it still is."""
    return done <= due
