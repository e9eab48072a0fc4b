"""Opening the review."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.reviews.errors import StillAwaited
from resolve.tasks import queries as tasks
from resolve.tasks.models import TaskStatus
from resolve.tasks.service import withdraw_tasks


def open_review(session: Session, case_id: str, *, who: str, at: datetime) -> Case:
    """Open the review: answers end here, tasks still open are withdrawn.

    Raises:
        WrongState: the case is not in its tasks.
        StillAwaited: a task is open and not past due.
    """
    case = the_case(session, case_id, lock=True)
    if case.status != CaseStatus.TASKS or case.round == 0:
        raise WrongState(
            f"The case is in the state {case.status}; no answers are awaited.",
            hint="A review follows the tasks of a case.",
            status=case.status,
        )
    awaited = tasks.awaited(session, case_id, round_=case.round, at=at)
    if awaited:
        raise StillAwaited(
            f"{len(awaited)} answers are awaited and not past due.",
            hint="Wait for them, or withdraw these tasks with a reason.",
            tasks=[task.id for task in awaited],
        )
    still_open = [
        task
        for task in tasks.tasks_of(session, case_id, round_=case.round)
        if task.status == TaskStatus.OPEN
    ]
    withdraw_tasks(session, still_open, at=at)
    case.status, case.reviewed_at = CaseStatus.REVIEW, at
    case.revision += 1
    session.add(case)
    session.flush()
    states = {"case": str(CaseStatus.REVIEW)}
    states |= {f"task:{task.id}": str(TaskStatus.WITHDRAWN) for task in still_open}
    data = {"round": case.round, "states": states}
    append(session, [Draft(case_chain(case_id), "review_opened", data)], who=who, at=at)
    return case
