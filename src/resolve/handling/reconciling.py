"""An open case always has somebody with work, or a running clock (invariant 5).

Nothing should ever be found here; what is found is put back on the road.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, col, select

from resolve.cases.models import Case, CaseStatus
from resolve.handling.voting import unwatched
from resolve.kit.database import fixed
from resolve.outbox.models import Event, EventState, Topic
from resolve.outbox.service import put
from resolve.reviews.models import Ballot
from resolve.tasks.models import Task, TaskStatus


def reconcile(session: Session, *, at: datetime, most: int = 500) -> int:
    """Put an event for each case that nothing would move on; give how many."""
    found = _stranded(session, at=at, most=most)
    put(
        session,
        Topic.FILED,
        [case_id for case_id, round_ in found if not round_],
        at=at,
    )
    put(session, Topic.MOVED, [case_id for case_id, round_ in found if round_], at=at)
    voting = _unwatched(session, most=most)
    put(session, Topic.VOTED, voting, at=at)
    return len(found) + len(voting)


def anything_stranded(session: Session, *, at: datetime) -> bool:
    """Tell whether there is a case that nothing would move on."""
    return bool(_stranded(session, at=at, most=1) or _unwatched(session, most=1))


def _unwatched(session: Session, *, most: int) -> Sequence[str]:
    """Give the cases in which something is put to the vote that no clock watches."""
    waiting = exists().where(
        col(Event.case_id) == col(Ballot.case_id),
        col(Event.state).in_((fixed(EventState.WAITING), fixed(EventState.FAILED))),
    )
    return session.exec(
        select(Ballot.case_id).where(unwatched(), ~waiting).distinct().limit(most)
    ).all()


def _stranded(session: Session, *, at: datetime, most: int) -> list[tuple[str, int]]:
    waiting, failed = (
        exists().where(
            col(Event.case_id) == col(Case.id), col(Event.state) == fixed(state)
        )
        for state in (EventState.WAITING, EventState.FAILED)
    )
    awaited = exists().where(
        col(Task.case_id) == col(Case.id),
        col(Task.round) == col(Case.round),
        # As "is open" SQLite would read every open task for each case.
        col(Task.status).not_in((TaskStatus.ANSWERED, TaskStatus.WITHDRAWN)),
        col(Task.due_at) > at,
    )
    # Those asked to review, to place, to improve have work as long as the case is open.
    never_asked = (col(Case.round) == 0) | (col(Case.asked_round) < col(Case.round))
    rows = session.exec(
        select(Case.id, Case.round)
        .where(
            Case.status == CaseStatus.TASKS, never_asked, ~waiting, ~failed, ~awaited
        )
        .order_by(col(Case.id))
        .limit(most)
    )
    return list(rows.all())
