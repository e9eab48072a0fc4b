"""The period of orders that is looked at (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STANDARD = (None, 12, 3)
"""All orders, or those of the last so many months: these are kept up to date."""


@dataclass(frozen=True, slots=True)
class Period:
    """Orders that began from `since` on and before `until`, or in the last months.

    The last months are those before the end of the log, so that an old log tells of
    its own time.
    """

    since: datetime | None = None
    until: datetime | None = None
    months: int | None = None

    @property
    def is_standard(self) -> bool:
        return self.since is None and self.until is None and self.months in STANDARD

    @property
    def text(self) -> str:
        """Write it so that equal ones are equal texts.

        >>> Period(months=12).text
        'last-12'
        >>> Period(since=datetime(2026, 3, 1, tzinfo=UTC)).text
        '2026-03-01T00:00:00+00:00..'
        """
        if self.months is not None:
            return f"last-{self.months}"
        if self.since is None and self.until is None:
            return "all"
        return f"{_said(self.since)}..{_said(self.until)}"

    def bounds(self, as_of: datetime) -> tuple[datetime | None, datetime | None]:
        """Give from when and until when, the last moment of the log being known."""
        if self.months is None:
            return self.since, self.until
        return months_before(as_of, self.months), None


ALL = Period()


def period_of(text: str) -> Period:
    """Read back what `text` of a period wrote."""
    if text == "all":
        return Period()
    if text.startswith("last-"):
        return Period(months=int(text.removeprefix("last-")))
    since, _, until = text.partition("..")
    return Period(_read(since), _read(until))


def months_before(at: datetime, months: int) -> datetime:
    """Give the beginning of the same day so many months before, else the month's last.

    >>> months_before(datetime(2026, 5, 31, 9, tzinfo=UTC), 3).date().isoformat()
    '2026-02-28'
    """
    count = max(at.year * 12 + at.month - 1 - months, 12)
    year, month = divmod(count, 12)
    following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC)  # noqa: PLR2004  December
    last = following - timedelta(days=1)
    return last.replace(day=min(at.day, last.day))


def _said(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
