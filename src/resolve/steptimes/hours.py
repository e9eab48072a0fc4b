"""The working time of departments, so that very many times are reckoned at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from sqlmodel import Session, func, select

from resolve.chain.model import ValueChain
from resolve.clocks.calendar import Calendar
from resolve.clocks.moments import spans_between
from resolve.departments.queries import by_id, calendar, calendars_of
from resolve.steptimes.laying import Hours
from resolve.steptimes.models import OrderTime

_LONGEST = timedelta(days=40 * 366)


def hours_of(session: Session, chain: ValueChain) -> Mapping[str, Hours] | None:
    """Give the hours of each department over the whole log of a map.

    By the calendars of now. None: there is no log, or one of more than 40 years.
    """
    began, ended = session.execute(
        select(func.min(OrderTime.began_at), func.max(OrderTime.ended_at)).where(
            OrderTime.map_id == chain.id
        )
    ).one()
    if began is None or ended - began > _LONGEST:
        return None
    default = calendar(session).calendar
    known = calendars_of(session, by_id(session, chain.departments))
    named = {
        one: known[one].calendar if one in known else default
        for one in chain.departments
    }
    made: dict[Calendar, Hours] = {}
    for one in named.values():
        if one not in made:
            made[one] = hours(one, began, ended)
    return {department: made[one] for department, one in named.items()}


def hours(calendar: Calendar, began: datetime, ended: datetime) -> Hours:
    """Give how much working time has passed at each opening and closing."""
    moments, passed, so_far = [began.timestamp()], [0.0], 0.0
    for start, end in spans_between(calendar, began, ended):
        moments += (start.timestamp(), end.timestamp())
        passed += (so_far, so_far := so_far + (end - start).total_seconds())
    return Hours(np.array(moments), np.array(passed))
