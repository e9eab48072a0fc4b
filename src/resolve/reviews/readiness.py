"""Which ballots all have agreed to: noted as it happens, told by the engine."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.outbox.models import Topic
from resolve.outbox.service import put
from resolve.reviews import queries
from resolve.reviews.models import Ballot
from resolve.reviews.rules import Standing, standing


def moved(session: Session, case: Case, *, at: datetime) -> None:
    """Note what became ready; the engine then tells the facilitator."""
    refresh_ready(session, case, at=at)
    put(session, Topic.VOTED, [case.id], at=at)


def refresh_ready(session: Session, case: Case, *, at: datetime) -> list[Ballot]:
    """Note of each open ballot whether all have agreed; give those that are ready."""
    ready = []
    for one in queries.open_ballots_of(session, case.id):
        count = queries.count_of(session, one, case)
        if standing(count, at=at) != Standing.AGREED_BY_ALL:
            one.ready_at = None
        else:
            one.ready_at = one.ready_at or at
            ready.append(one)
        session.add(one)
    session.flush()
    return ready
