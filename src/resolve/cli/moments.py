"""Moments as people write them on the command line."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from resolve.kit.errors import BadRequest


def moment(text: str, zone: tzinfo) -> datetime:
    """Read a moment; without a zone it is in this one, a day alone means its end.

    Raises:
        BadRequest: it is no moment.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(
            f"{text!r} is no moment.",
            hint="Write one such as 2026-11-23T09:00Z, or a day such as 2026-11-23.",
        ) from error
    if "T" not in text.upper() and at.time() == time() and " " not in text.strip():
        at += timedelta(days=1)
    return at if at.tzinfo else at.replace(tzinfo=zone)
