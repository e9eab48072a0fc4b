"""The answers that two well-kept business-time libraries give."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from resolve.clocks.calendar import Calendar
from resolve.clocks.calendar_file import read_calendar
from resolve.clocks.working_time import (
    add_working_time,
    holidays_between,
    next_working_time,
    previous_working_time,
    workday_offset,
    workdays_between,
    working_seconds,
)

Vectors = dict[str, Any]
ONE_DAY = timedelta(days=1)
COUNTS = {"add_business_time": 22, "business_time_between": 3}
RICKAR_COUNTS = {
    "workdays_in_range": 6,
    "holidays_in_range": 2,
    "workday_offset": 10,
    "workdays_remain_in_month_after_date": 11,
    "workdays_in_month": 5,
    "nth_workday": 8,
    "work_hours_in_range_9to17": 5,
    "add_work_hours_9to17": 6,
}


@pytest.fixture(scope="module")
def biz(data: Path) -> Vectors:
    return _vectors(data, "biz_business_time.json")


@pytest.fixture(scope="module")
def rickar(data: Path) -> Vectors:
    return _vectors(data, "rickar_business_days.json")


def _vectors(data: Path, name: str) -> Vectors:
    read: Vectors = json.loads((data / "vectors" / name).read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def biz_calendar(biz: Vectors) -> Calendar:
    week = {day: ["-".join(hours)] for day, hours in biz["schedule"].items()}
    return read_calendar({"zone": biz["time_zone"], "week": week})


@pytest.fixture(scope="module")
def rickar_calendar() -> Calendar:
    """Independence Day, moved to Friday or Monday where it falls on a weekend."""
    days = ("mon", "tue", "wed", "thu", "fri")
    fourths = [date(year, 7, 4) for year in range(2010, 2025)]
    moved = [
        d + {5: -ONE_DAY, 6: ONE_DAY}.get(d.weekday(), 0 * ONE_DAY) for d in fourths
    ]
    return read_calendar(
        {
            "zone": "UTC",
            "week": {day: ["09:00-17:00"] for day in days},
            "holidays": {"add": [day.isoformat() for day in moved]},
        }
    )


def test_every_row_of_both_is_asked_below(biz: Vectors, rickar: Vectors) -> None:
    assert {k: len(v) for k, v in biz.items() if isinstance(v, list)} == COUNTS
    rows = {k: len(v) for k, v in rickar.items() if isinstance(v, list)}
    assert rows == RICKAR_COUNTS


@pytest.mark.parametrize("n", range(COUNTS["add_business_time"]))
def test_biz_adds_business_time(biz: Vectors, biz_calendar: Calendar, n: int) -> None:
    row = biz["add_business_time"][n]
    start, expected = _at(row["time"]), _at(row["expected"])
    add = _biz_days if row["unit"] == "day" else _biz_time
    assert add(biz_calendar, start, row) == expected


def _biz_time(calendar: Calendar, start: datetime, row: Vectors) -> datetime:
    amount = timedelta(**{f"{row['unit']}s": row["amount"]})
    if row["direction"] == "after":
        return add_working_time(calendar, start, amount)
    if not amount:
        return previous_working_time(calendar, start)
    return add_working_time(calendar, start, -amount)


def _biz_days(calendar: Calendar, start: datetime, row: Vectors) -> datetime:
    """Its days keep the time of day, moved on or back into working time."""
    back = row["direction"] == "before"
    day = workday_offset(
        calendar, start.date(), -row["amount"] if back else row["amount"]
    )
    moved = datetime.combine(day, start.timetz())
    return (previous_working_time if back else next_working_time)(calendar, moved)


@pytest.mark.parametrize("n", range(COUNTS["business_time_between"]))
def test_biz_counts_business_time(biz: Vectors, biz_calendar: Calendar, n: int) -> None:
    row = biz["business_time_between"][n]
    counted = working_seconds(biz_calendar, _at(row["start"]), _at(row["end"]))
    assert counted == row["expected_seconds"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["workdays_in_range"]))
def test_rickar_counts_workdays(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["workdays_in_range"][n]
    days = workdays_between(rickar_calendar, _day(row["from_"]), _day(row["to"]))
    assert days == row["expected"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["holidays_in_range"]))
def test_rickar_counts_holidays(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["holidays_in_range"][n]
    days = holidays_between(rickar_calendar, _day(row["from_"]), _day(row["to"]))
    assert len(days) == row["expected"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["workday_offset"]))
def test_rickar_offsets_workdays(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["workday_offset"][n]
    day = workday_offset(rickar_calendar, _day(row["date"]), row["offset"])
    assert day == _day(row["expected"])


@pytest.mark.parametrize(
    "n", range(RICKAR_COUNTS["workdays_remain_in_month_after_date"])
)
def test_rickar_counts_workdays_left_in_the_month(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["workdays_remain_in_month_after_date"][n]
    day = _day(row["date"])
    left = workdays_between(rickar_calendar, day + ONE_DAY, _end_of_month(day))
    assert left == row["expected"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["workdays_in_month"]))
def test_rickar_counts_workdays_of_a_month(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["workdays_in_month"][n]
    first = date(row["year"], row["month"], 1)
    days = workdays_between(rickar_calendar, first, _end_of_month(first))
    assert days == row["expected"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["nth_workday"]))
def test_rickar_finds_the_nth_workday_of_a_month(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["nth_workday"][n]
    first = date(row["year"], row["month"], 1)
    outside = first - ONE_DAY if row["n"] >= 0 else _end_of_month(first) + ONE_DAY
    day = workday_offset(rickar_calendar, outside, row["n"])
    found = day.day if (day.year, day.month) == (first.year, first.month) else 0
    assert found == row["expected_day"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["work_hours_in_range_9to17"]))
def test_rickar_counts_work_hours(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["work_hours_in_range_9to17"][n]
    counted = working_seconds(rickar_calendar, _at(row["from_"]), _at(row["to"]))
    assert counted == row["expected_seconds"]


@pytest.mark.parametrize("n", range(RICKAR_COUNTS["add_work_hours_9to17"]))
def test_rickar_adds_work_hours(
    rickar: Vectors, rickar_calendar: Calendar, n: int
) -> None:
    row = rickar["add_work_hours_9to17"][n]
    start, amount = _at(row["time"]), timedelta(seconds=row["add_seconds"])
    # The one difference: with nothing to add it stays outside working time, and
    # biz, whom we follow, does not.
    moved = add_working_time(rickar_calendar, start, amount) if amount else start
    assert moved == _at(row["expected"])


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
