"""Judging changes in place: first orders are read, then what they say is entered."""

from __future__ import annotations

from datetime import datetime

import structlog

from resolve.handling.placing import ENGINE
from resolve.kit.database import Database, reading, transaction
from resolve.solutions.errors import NotProving, StillProving
from resolve.solutions.following import look
from resolve.solutions.models import Solution
from resolve.solutions.proving import enter
from resolve.solutions.queries import to_look_at

log = structlog.get_logger(__name__)


def judge_now(
    database: Database, solution_id: str, *, who: str, at: datetime
) -> Solution:
    """Judge a change because somebody asks for it.

    Raises:
        NotProving: nothing is measured, or it was judged before.
        StillProving: the days are not over, or not enough orders have ended.
    """
    with reading(database) as session:
        looked = look(session, solution_id, at=at)
    with transaction(database) as session:
        found = enter(session, solution_id, looked, who=who, at=at)
        awaited = found.prove_orders
    if looked.judged is None:
        raise StillProving(
            "The time to prove it is not over: a look too early deceives."
            if awaited is None
            else f"{looked.ended} of {awaited} orders have ended so far.",
            hint="It is judged by itself as soon as enough is known.",
        )
    return found


def judge_all_due(database: Database, *, at: datetime) -> int:
    """Look at every change of which the orders may say something new; give how many."""
    with reading(database) as session:
        due = list(to_look_at(session, at=at))
    for solution_id in due:
        try:
            _judge(database, solution_id, at=at)
        except NotProving:  # given up or judged meanwhile
            continue
        except Exception:  # one that cannot be judged holds up no other
            log.exception("a change could not be judged", agreement=solution_id)
    return len(due)


def _judge(database: Database, solution_id: str, *, at: datetime) -> None:
    with reading(database) as session:
        looked = look(session, solution_id, at=at)
    with transaction(database) as session:
        enter(session, solution_id, looked, who=ENGINE, at=at)
