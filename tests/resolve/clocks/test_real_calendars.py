"""Public holidays of decades, and deadlines a city really set."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from resolve.clocks.calendar import DEFAULT, Calendar
from resolve.clocks.working_time import is_workday, kept

DAYS_OFF_DECREED_LATER = {
    "RU": {
        2026: ("01-09", "03-09", "05-11", "12-31"),
        2027: ("02-22", "05-03", "05-10", "06-14", "11-05", "12-31"),
    }
}
"""The lists were made before these were."""


@pytest.mark.parametrize("country", ["KZ", "DE", "GB", "RU"])
def test_has_exactly_the_public_holidays_of_the_country(
    data: Path, country: str
) -> None:
    listed = _listed(data, country)
    ours = _ours(country, listed)
    later = {
        date.fromisoformat(f"{year}-{day}")
        for year, days in DAYS_OFF_DECREED_LATER.get(country, {}).items()
        for day in days
    }
    assert ours == set(listed) | later


def test_has_no_holidays_of_ukraine_while_they_are_working_days(data: Path) -> None:
    listed = _listed(data, "UA")
    war = date(2022, 4, 1)
    assert _ours("UA", listed) == {day for day in listed if day < war}
    assert any(day > war for day in listed)


def test_leaves_out_american_days_that_are_no_days_off(data: Path) -> None:
    listed = _listed(data, "US")
    ours = _ours("US", listed)
    assert ours < set(listed)
    kinds = {listed[day].removesuffix(" (observed)") for day in ours}
    assert {"Independence Day", "Thanksgiving Day", "Christmas Day"} <= kinds
    assert not {"Halloween", "Groundhog Day", "Christmas Eve", "Mother's Day"} & kinds
    assert date(2021, 12, 31) in ours  # New Year's Day 2022, moved across the year


@pytest.mark.parametrize("country", ["KZ", "DE", "GB", "RU", "UA"])
def test_calls_a_holiday_by_the_name_the_list_has(data: Path, country: str) -> None:
    listed = _listed(data, country)
    calendar = _calendar(country)
    named = {day: calendar.holiday_name(day) for day in _ours(country, listed)}
    assert {d: n for d, n in named.items() if d in listed} == {
        day: listed[day] for day in named if day in listed
    }


def test_added_days_make_a_ukrainian_holiday() -> None:
    independence = date(2026, 8, 24)
    assert is_workday(_calendar("UA"), independence)
    rests = Calendar("Europe/Kyiv", DEFAULT.week, "UA", add=(independence,))
    assert not is_workday(rests, independence)


def test_boston_was_on_time_if_and_only_if_closed_by_the_target(data: Path) -> None:
    rows = list(_closed_with_a_target(data / "complaints" / "boston311-100.csv"))
    assert len(rows) == 77
    for row in rows:
        due, done = (
            datetime.fromisoformat(row[name]) for name in ("target_dt", "closed_dt")
        )
        assert kept(due, done) == (row["ontime"] == "ONTIME"), row["case_enquiry_id"]


def _closed_with_a_target(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["target_dt"].strip() and row["closed_dt"].strip():
                yield row


def _listed(data: Path, country: str) -> dict[date, str]:
    file = data / "calendars" / f"{country}_COMMON.json"
    read = json.loads(file.read_text("utf-8"))
    return {date.fromisoformat(day): name for day, name in read.items()}


def _calendar(country: str) -> Calendar:
    return Calendar("UTC", DEFAULT.week, country)


def _ours(country: str, listed: dict[date, str]) -> set[date]:
    first, last = date(min(listed).year, 1, 1), date(max(listed).year, 12, 31)
    days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    calendar = _calendar(country)
    return {day for day in days if calendar.is_holiday(day)}
