"""Asking the departments once more: the review needs other proposals."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import Remarked, note
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.outbox.models import Topic
from resolve.outbox.service import put
from resolve.reviews.ballots import drop_all


def ask_once_more(
    session: Session, case_id: str, *, reason: str, who: str, at: datetime
) -> Case:
    """Begin a new round with the same question, and say why; answers that are in stay.

    What is being voted on is dropped; what is agreed goes on.

    Raises:
        WrongState: the case is not in its review.
        ReasonMissing: it is empty.
    """
    case = the_case(session, case_id, lock=True)
    if case.status != CaseStatus.REVIEW:
        raise WrongState(
            f"The case is in the state {case.status}; its review is not open.",
            hint="Departments are asked once more out of a review.",
            status=case.status,
        )
    states = drop_all(session, case_id, who=who, at=at)
    states["case"] = str(CaseStatus.TASKS)
    remark = Remarked(case_id, case_id, "asked_once_more", reason)
    data = {
        "round": case.round,
        "states": states,
        "reason": note(session, remark, who=who, at=at),
    }
    case.status, case.reviewed_at = CaseStatus.TASKS, None
    case.revision += 1
    session.add(case)
    session.flush()
    draft = Draft(case_chain(case_id), "asked_once_more", data)
    append(session, [draft], who=who, at=at)
    put(session, Topic.PLACED, [case_id], at=at, data={"round": case.round + 1})
    return case
