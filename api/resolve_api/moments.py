"""Moments given as parameters."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from resolve_api.bodies import Moment
from resolve_api.dependencies import BadFilter

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def as_moment(text: str | None, name: str) -> datetime | None:
    """Read a moment from a parameter.

    Raises:
        BadFilter: it is none, or has no zone.
    """
    if text is None:
        return None
    try:
        return _MOMENT.validate_python(text)
    except ValidationError:
        raise BadFilter(
            f"{name} is no time with its zone.",
            hint="Write it as 2026-11-21T09:30:00Z.",
            errors=[{"parameter": name, "detail": "a time with zone is expected"}],
        ) from None
