"""What a cell of somebody's table says: words, and moments in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from resolve.mappings.form import Form

_SHOWN = 60


class Unreadable(ValueError):
    """A cell that does not say what its column should; the text says why."""


def moment(name: str, written: str | None, form: Form) -> datetime | None:
    """Read a date by the first format that fits.

    A time that the clocks of the zone show twice is the first of the two; one that
    they skip is counted on from before the skip.

    Raises:
        Unreadable: no format fits, or it is too far away.
    """
    if written is None:
        return None
    at = _parsed(written, form.dates)
    if at is None:
        forms = " or ".join(form.dates) or "a date such as 2026-11-23T09:00"
        raise Unreadable(f"{name}: `{shown(written)}` is not {forms}.")
    try:
        return _in_utc(at, form.zone)
    except OverflowError:
        raise Unreadable(f"{name}: `{shown(written)}` is too far away.") from None


def _parsed(written: str, forms: Iterable[str]) -> datetime | None:
    if not forms:
        try:
            return datetime.fromisoformat(written)
        except ValueError:
            return None
    for form in forms:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007  its zone comes after
        except ValueError:
            continue
    return None


def _in_utc(at: datetime, zone: ZoneInfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def shown(word: str) -> str:
    """Give a word on one line, cut where it gets long."""
    line = " ".join(word.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
