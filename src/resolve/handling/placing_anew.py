"""Placing a case anew: what it is about was seen differently at first."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import Remarked, note
from resolve.cases.service import place
from resolve.chain.model import Concern
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.reviews.ballots import drop_all
from resolve.solutions.queries import solutions_of
from resolve.tasks.models import TaskStatus
from resolve.tasks.queries import tasks_of
from resolve.tasks.requests import withdraw_open
from resolve.tasks.service import withdraw_tasks

_MAY = (CaseStatus.TASKS, CaseStatus.REVIEW)


def place_anew(  # noqa: PLR0913  one act
    session: Session,
    case_id: str,
    *,
    map_id: str,
    concern: Concern,
    reason: str,
    who: str,
    at: datetime,
) -> Case:
    """Say anew what a case is about: a new round begins, answers that are in stay.

    Tasks and requests that are still open are withdrawn, ballots are dropped.

    Raises:
        WrongState: it has no tasks and no open review, or something is agreed already.
        ReasonMissing: it is empty.
        What `cases.service.place` raises.
    """
    case = the_case(session, case_id, lock=True)
    if case.status not in _MAY or case.round == 0 or solutions_of(session, case_id):
        raise WrongState(
            f"The case is in the state {case.status}; it is not placed anew now.",
            hint="A case is placed anew before anything is agreed.",
            status=case.status,
        )
    still_open = [
        one for one in tasks_of(session, case_id) if one.status == TaskStatus.OPEN
    ]
    withdraw_tasks(session, still_open, at=at)
    states = {f"task:{one.id}": str(TaskStatus.WITHDRAWN) for one in still_open}
    states |= withdraw_open(session, case_id) | {"case": str(CaseStatus.TO_PLACE)}
    states |= drop_all(session, case_id, who=who, at=at)
    remark = Remarked(case_id, case_id, "placed_anew", reason)
    data = {"states": states, "reason": note(session, remark, who=who, at=at)}
    case.status = CaseStatus.TO_PLACE
    case.map_id = case.map_version = case.concern = None
    case.reviewed_at = None
    case.revision += 1
    session.add(case)
    session.flush()
    draft = Draft(case_chain(case_id), "placed_anew", data)
    append(session, [draft], who=who, at=at)
    return place(session, case_id, map_id=map_id, concern=concern, who=who, at=at)
