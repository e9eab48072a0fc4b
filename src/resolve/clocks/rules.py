"""When a clock is due: computed from its rule and its events, never typed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from resolve.clocks.calendar import Calendar
from resolve.clocks.working_time import (
    add_working_days,
    add_working_time,
    working_time,
)


def due(
    rule: Mapping[str, Any], events: Iterable[Mapping[str, Any]], calendar: Calendar
) -> datetime:
    """Compute the due time.

    `start` sets it to the rule's working days later, `resume` moves it by the working
    time that the clock stood still since `pause`, `extend` sets it to the time agreed.
    """
    at: datetime | None = None
    paused: datetime | None = None
    for event in events:
        moment = datetime.fromisoformat(event["at"])
        match event["what"]:
            case "start":
                at = add_working_days(calendar, moment, rule["working_days"])
            case "pause":
                paused = moment
            case "resume" if at and paused:
                stood = working_time(calendar, paused, moment)
                at, paused = add_working_time(calendar, at, stood), None
            case "extend":
                at = datetime.fromisoformat(event["due"])
    if at is None:
        msg = "a clock without a start"
        raise ValueError(msg)
    return at
