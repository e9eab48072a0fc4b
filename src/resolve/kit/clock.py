"""The one place that tells the time; everything else is told it as `at=`."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place


def iso(at: datetime) -> str:
    """Write a moment in UTC with Z, as every interface of ours shows it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
