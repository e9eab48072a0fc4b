"""Times as a form of a browser sends them: the reader's clock on the wall."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from resolve.kit.errors import Invalid
from resolve_api.pages.said import SAID


class BadMoment(Invalid):
    """A date or time that cannot be read."""

    code = "bad_moment"


SAID["bad_moment"] = lambda it, _: it.say("Choose a day, and a time if it is asked.")


def local_moment(text: str, zone: ZoneInfo, *, pointer: str) -> datetime:
    """Read what a field for day and time gives.

    Raises:
        BadMoment: it is empty, or no time.
    """
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError):
        raise BadMoment("This is no time.", pointer=pointer) from None


def end_of_day(text: str, zone: ZoneInfo, *, pointer: str) -> datetime | None:
    """Read what a field for a day gives, as the end of it; None: it is left empty.

    Raises:
        BadMoment: it is no day.
    """
    if not text.strip():
        return None
    return local_moment(f"{text.strip()[:10]}T23:59", zone, pointer=pointer)
