"""Moments of the past weeks, named as working days before today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Past:
    """Where "3 10:20" is: 20 past 10, three working days before today."""

    now: datetime
    zone: ZoneInfo

    def moment(self, text: str, *, earlier: int = 0) -> datetime:
        """Give the moment, so many working days earlier still."""
        back, clock = text.split()
        hour, minute = map(int, clock.split(":"))
        day = self._working_day(int(back) + earlier)
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def _working_day(self, back: int) -> date:
        day = self.now.astimezone(self.zone).date()
        while back:
            day -= timedelta(days=1)
            back -= day.weekday() < _SATURDAY
        return day
