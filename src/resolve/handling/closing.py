"""Ending a case: nothing of it is open any more."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.errors import NotFinished, WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.complaints.queries import still_open
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.reviews.queries import open_ballots_of
from resolve.solutions.models import SolutionStatus
from resolve.solutions.queries import solutions_of
from resolve.tasks.models import TaskStatus
from resolve.tasks.queries import tasks_of
from resolve.tasks.requests import withdraw_open


def close_case(session: Session, case_id: str, *, who: str, at: datetime) -> Case:
    """Close a case; requests to neighbours that wait for a reply are withdrawn.

    Raises:
        WrongState: it is closed or merged already.
        NotFinished: a complaint, a task or an agreement of it is still open.
    """
    case = the_case(session, case_id, lock=True)
    if case.status in (CaseStatus.CLOSED, CaseStatus.MERGED):
        raise WrongState(f"This case is {case.status} already.", status=case.status)
    _guard_nothing_open(session, case)
    case.status, case.closed_at = CaseStatus.CLOSED, at
    case.revision += 1
    session.add(case)
    withdrawn = withdraw_open(session, case_id)
    session.flush()
    data = {"states": {"case": str(CaseStatus.CLOSED)} | withdrawn}
    append(session, [Draft(case_chain(case_id), "closed", data)], who=who, at=at)
    return case


def _guard_nothing_open(session: Session, case: Case) -> None:
    complaints = [one.number for one in still_open(session, case.id)]
    if complaints:
        raise NotFinished(
            f"{len(complaints)} complaints of this case are open: {complaints[0]} ...",
            hint="Answer and close them first.",
            complaints=complaints[:100],
        )
    awaited = [
        one.id for one in tasks_of(session, case.id) if one.status == TaskStatus.OPEN
    ]
    if awaited:
        raise NotFinished(
            f"{len(awaited)} tasks of this case are open.",
            hint="Open the review, or withdraw them with a reason.",
            tasks=awaited,
        )
    voted_on = [one.id for one in open_ballots_of(session, case.id)]
    if voted_on:
        raise NotFinished(
            f"{len(voted_on)} things are being voted on in this case.",
            hint="Decide on them, or drop them with a reason.",
            ballots=voted_on,
        )
    solutions = solutions_of(session, case.id)
    agreed = [one.id for one in solutions if one.status == SolutionStatus.AGREED]
    if agreed:
        raise NotFinished(
            f"{len(agreed)} agreed changes are neither in place nor given up.",
            hint="Say for each what became of it.",
            agreements=agreed,
        )
    proving = [one.id for one in solutions if one.is_proving]
    if proving:
        raise NotFinished(
            f"{len(proving)} changes in place are still being proven.",
            hint="Wait for what the orders say, or give them up with the reason.",
            agreements=proving,
        )
