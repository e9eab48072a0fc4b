"""Agreeing on a proposal, and saying what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import Remarked, note
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, tell
from resolve.reviews.ballots import settle
from resolve.solutions import queries
from resolve.solutions.errors import AlreadyAgreed, OutcomeKnown, UnknownProposal
from resolve.solutions.models import Solution, SolutionStatus
from resolve.tasks import queries as tasks
from resolve.tasks.errors import DueInThePast
from resolve.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the review agrees on: a proposal of a task, who sees to it, by when."""

    task_id: str
    proposal: int
    owner: str
    due: date


def agree(
    session: Session, case_id: str, agreed: Agreement, *, who: str, at: datetime
) -> Solution:
    """Mark a proposal as agreed; the case is improving from now on.

    Raises:
        WrongState: the review is not open.
        UnknownProposal: the task is of another case, or has no such proposal.
        AlreadyAgreed: it was agreed before.
        DueInThePast: the day by which it is to be in place has passed.
        ObjectionUnmet, VotesAwaited: it is voted on, and cannot be decided yet.
    """
    case = the_case(session, case_id, lock=True)
    _guard_open(case, agreed, at=at)
    task = tasks.task(session, agreed.task_id)
    _guard_proposal(session, case, task, agreed.proposal)
    voted = settle(session, case, task.id, agreed.proposal, who=who, at=at)
    made = Solution(
        id=new_id(),
        case_id=case_id,
        round=case.round,
        task_id=task.id,
        proposal=agreed.proposal,
        owner=storable(agreed.owner, pointer="/owner", longest=100),
        due=agreed.due,
        agreed_at=at,
        agreed_by=who,
    )
    session.add(made)
    case.status = CaseStatus.IMPROVING
    case.revision += 1
    session.add(case)
    session.flush()
    data = {
        "agreement": made.id,
        "task": task.id,
        "proposal": agreed.proposal,
        "due": agreed.due.isoformat(),
        "states": {
            "case": str(CaseStatus.IMPROVING),
            f"agreement:{made.id}": str(SolutionStatus.AGREED),
        }
        | voted,
    }
    append(session, [Draft(case_chain(case_id), "agreed", data)], who=who, at=at)
    return made


def _guard_open(case: Case, agreed: Agreement, *, at: datetime) -> None:
    if case.status not in (CaseStatus.REVIEW, CaseStatus.IMPROVING):
        raise WrongState(
            f"The case is in the state {case.status}; its review is not open.",
            hint="Open the review first.",
            status=case.status,
        )
    if agreed.due < at.date() - timedelta(days=1):  # it may be yesterday elsewhere
        raise DueInThePast(
            "The day by which it is to be in place has passed.",
            hint="Name a day to come.",
            pointer="/due",
        )


def _guard_proposal(session: Session, case: Case, task: Task, number: int) -> None:
    answer = tasks.answers_to(session, [task.id]).get(task.id)
    content = (answer.content or {}) if answer else {}
    numbers = [one["number"] for one in content.get("proposals", [])]
    if task.case_id != case.id or task.round != case.round or number not in numbers:
        raise UnknownProposal(
            f"Task {task.id} has no proposal {number} in this review.",
            hint="The case shows the proposals with their numbers.",
            pointer="/proposal",
        )
    if any(
        (one.task_id, one.proposal) == (task.id, number)
        for one in queries.solutions_of(session, case.id)
    ):
        raise AlreadyAgreed("This proposal is agreed already.")


def say_outcome(
    session: Session,
    solution_id: str,
    *,
    in_place: bool,
    who: str,
    at: datetime,
    reason: str | None = None,
) -> Solution:
    """Say that an agreed change is in place, or is given up and why.

    Everybody who took part is told of a change in place.

    Raises:
        OutcomeKnown: it was said before.
        ReasonMissing: given up without a reason.
    """
    found = queries.solution(session, solution_id)
    case = the_case(session, found.case_id, lock=True)
    session.refresh(found)
    if found.status != SolutionStatus.AGREED:
        raise OutcomeKnown(f"This agreement is {found.status} already.")
    found.status = SolutionStatus.IN_PLACE if in_place else SolutionStatus.GIVEN_UP
    found.outcome_at = at
    found.revision += 1
    session.add(found)
    data: dict[str, object] = {
        "agreement": found.id,
        "states": {f"agreement:{found.id}": str(found.status)},
    }
    if reason or not in_place:
        remark = Remarked(case.id, found.id, str(found.status), reason or "")
        data["reason"] = note(session, remark, who=who, at=at)
    draft = Draft(case_chain(case.id), str(found.status), data)
    append(session, [draft], who=who, at=at)
    if in_place:
        _tell_all(session, case, found, at=at)
    return found


def _tell_all(session: Session, case: Case, of: Solution, *, at: datetime) -> None:
    took_part = {
        task.department_id for task in tasks.tasks_of(session, case.id, round_=of.round)
    }
    notes = [
        Note(
            MessageKind.IN_PLACE,
            department_of(department),
            of.id,
            case.id,
            {"task": of.task_id, "proposal": of.proposal, "department": department},
        )
        for department in sorted(took_part)
    ]
    tell(session, notes, at=at)
