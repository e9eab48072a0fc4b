"""A business calendar: its zone, the hours of a week, its holidays.

A value and nothing else; `calendar_file` reads one, `working_time` reckons with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Working hours on the clock on the wall, in minutes since midnight.

    `end` is not included and may be 24:00.
    """

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a department works. `week` has seven days, Monday first.

    A day is a holiday if it is in `add`, or if `country` has it and `drop` does not.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    country: str | None = None
    add: tuple[date, ...] = ()
    drop: tuple[date, ...] = ()
    digest: str = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        written = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(written.encode()).hexdigest()
        object.__setattr__(self, "digest", digest)
        object.__setattr__(self, "_hash", int(digest[:15], 16))

    def __hash__(self) -> int:
        # Reckoned once: every cache of due times is looked up by calendar.
        return self._hash

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def hours(self, day: date) -> tuple[Hours, ...]:
        """Give the hours worked on this day, none on a holiday."""
        hours = self.week[day.weekday()]
        return () if hours and self.is_holiday(day) else hours

    def is_holiday(self, day: date) -> bool:
        if day in self.add:
            return True
        if self.country is None or day in self.drop:
            return False
        return day in _public_holidays(self.country, day.year, "en_US")

    def holiday_name(self, day: date, language: str = "en") -> str:
        """Give the name the country has for this holiday, '' if it has none."""
        if self.country is None or not self.is_holiday(day):
            return ""
        spoken = "en_US" if language == "en" else language
        return _public_holidays(self.country, day.year, spoken).get(day, "")

    def as_json(self) -> dict[str, Any]:
        """Write what `from_json` and `read_calendar` read."""
        named = zip(WEEKDAYS, self.week, strict=True)
        return {
            "zone": self.zone,
            "week": {name: [str(h) for h in hours] for name, hours in named if hours},
            "holidays": {
                "country": self.country,
                "add": [day.isoformat() for day in self.add],
                "drop": [day.isoformat() for day in self.drop],
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `as_json` wrote; what people wrote goes to `read_calendar`."""
        week, off = data["week"], data["holidays"]
        return cls(
            zone=data["zone"],
            week=tuple(
                tuple(_hours(text) for text in week.get(name, ())) for name in WEEKDAYS
            ),
            country=off["country"],
            add=_dates(off["add"]),
            drop=_dates(off["drop"]),
        )


def _hours(text: str) -> Hours:
    start, end = ((int(t[:2]) * 60 + int(t[3:])) for t in text.split("-"))
    return Hours(start, end)


def _dates(texts: Iterable[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


@lru_cache(maxsize=4096)
def _public_holidays(country: str, year: int, language: str) -> Mapping[date, str]:
    """List the days off of one year, moved ones ("observed") included."""
    import holidays  # noqa: PLC0415  costs 0.2 s, and many calendars name no country

    return dict(holidays.country_holidays(country, years=year, language=language))


def is_country(code: str) -> bool:
    """Tell whether this two-letter code has public holidays to look up."""
    import holidays  # noqa: PLC0415  as above

    if len(code) != 2 or not code.isascii() or not code.isupper():  # noqa: PLR2004
        return False
    try:
        holidays.country_holidays(code)
    except NotImplementedError:
        return False
    return True


_OFFICE = (Hours(9 * 60, 18 * 60),)

DEFAULT = Calendar(zone="UTC", week=(*(_OFFICE,) * 5, (), ()))
"""Monday to Friday from nine to six, until somebody says otherwise."""
