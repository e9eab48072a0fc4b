"""Agreeing on a proposal, and saying what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.queries import chain_of_case
from resolve.cases.remarks import Remarked, note
from resolve.clocks import service as clocks
from resolve.clocks.models import ClockKind
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import storable
from resolve.maps.queries import concern_of
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, tell
from resolve.reviews.ballots import settle
from resolve.solutions import queries
from resolve.solutions.aims import Aim, settled
from resolve.solutions.errors import (
    AlreadyAgreed,
    DayToCome,
    DayTooLongAgo,
    OutcomeKnown,
    UnknownProposal,
)
from resolve.solutions.models import Solution, SolutionStatus
from resolve.solutions.proving import back_to_improving, begin, departments_of
from resolve.tasks import queries as tasks
from resolve.tasks.errors import DueInThePast
from resolve.tasks.models import Task

_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the review agrees on: a proposal of a task, who sees to it, by when.

    `aim` is what it is to change; without a measure it is not proven afterwards.
    """

    task_id: str
    proposal: int
    owner: str
    due: date
    aim: Aim | None = None


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
        What `aims.settled` raises.
    """
    case = the_case(session, case_id, lock=True)
    _guard_open(case, agreed, at=at)
    task = tasks.task(session, agreed.task_id)
    step = _guard_proposal(session, case, task, agreed.proposal)
    aim = _settled(session, case, agreed.aim, step)
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
    _take_aim(made, aim)
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
    } | _aim_data(made)
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


def _guard_proposal(session: Session, case: Case, task: Task, number: int) -> str:
    """Refuse what cannot be agreed on; give the step that the proposal changes."""
    steps = _proposed(session, task)
    if task.case_id != case.id or task.round != case.round or number not in steps:
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
    return steps[number]


def _proposed(session: Session, task: Task) -> dict[int, str]:
    """Give the steps that the proposals of a task change, by their numbers."""
    answer = tasks.answers_to(session, [task.id]).get(task.id)
    content = (answer.content or {}) if answer else {}
    return {one["number"]: one["step"] for one in content.get("proposals", [])}


def _settled(session: Session, case: Case, aim: Aim | None, step: str) -> Aim:
    chain = chain_of_case(session, case)
    if aim is None or chain is None or case.concern is None:
        return Aim()
    return settled(aim, chain, concern_of(case.concern), step=step)


def _take_aim(of: Solution, aim: Aim) -> None:
    of.measure = aim.measure
    of.from_step, of.step = aim.handover or (None, aim.step)
    of.expected = aim.expected
    of.prove_days, of.prove_orders = aim.days, aim.orders


def _aim_data(of: Solution) -> dict[str, Any]:
    """Give an aim as the journal tells it: nothing of what is not said."""
    said = {
        "step": of.step,
        "from_step": of.from_step,
        "measure": of.measure,
        "expected": of.expected,
        "prove_days": of.prove_days,
        "prove_orders": of.prove_orders,
    }
    return {name: value for name, value in said.items() if value is not None}


def set_aim(
    session: Session, solution_id: str, aim: Aim, *, who: str, at: datetime
) -> Solution:
    """Say what an agreed change is to change, while it is not in place yet.

    Raises:
        OutcomeKnown: it is in place, or given up.
        What `aims.settled` raises.
    """
    found = queries.solution(session, solution_id)
    case = the_case(session, found.case_id, lock=True)
    session.refresh(found)
    _guard_outcome_open(found)
    step = _proposed(session, tasks.task(session, found.task_id))[found.proposal]
    _take_aim(found, _settled(session, case, aim, step))
    found.revision += 1
    session.add(found)
    session.flush()
    data = {"agreement": found.id} | _aim_data(found)
    append(session, [Draft(case_chain(case.id), "aimed", data)], who=who, at=at)
    return found


def _guard_outcome_open(of: Solution) -> None:
    if of.status != SolutionStatus.AGREED:
        raise OutcomeKnown(f"This agreement is {of.status} already.")


def say_outcome(  # noqa: PLR0913  what became of it
    session: Session,
    solution_id: str,
    *,
    in_place: bool,
    who: str,
    at: datetime,
    reason: str | None = None,
    on: date | None = None,
) -> Solution:
    """Say that an agreed change is in place, or is given up and why.

    In place, it is told to everybody who took part, and with a measure it is being
    proven from the day `on` (default today, a past one is allowed). What is being
    proven, or is not proven, may be given up, too.

    Raises:
        OutcomeKnown: it was said before.
        DayToCome, DayTooLongAgo: the day is not here yet, or before 1900.
        ReasonMissing: given up without a reason.
    """
    found = queries.solution(session, solution_id)
    case = the_case(session, found.case_id, lock=True)
    session.refresh(found)
    if in_place or not _may_be_given_up(found):
        _guard_outcome_open(found)
    found.status = SolutionStatus.IN_PLACE if in_place else SolutionStatus.GIVEN_UP
    found.in_place_on = _day(session, on, at=at) if in_place else found.in_place_on
    found.outcome_at = at
    found.revision += 1
    session.add(found)
    session.flush()
    data: dict[str, Any] = {"agreement": found.id}
    data |= {"on": str(found.in_place_on)} if in_place else {}
    data["states"] = {f"agreement:{found.id}": str(found.status)}
    data["states"] |= _begin_or_end(session, case, found, at=at)
    if reason or not in_place:
        remark = Remarked(case.id, found.id, str(found.status), reason or "")
        data["reason"] = note(session, remark, who=who, at=at)
    draft = Draft(case_chain(case.id), str(found.status), data)
    append(session, [draft], who=who, at=at)
    if in_place:
        _tell_all(session, case, found, at=at)
    return found


def _begin_or_end(
    session: Session, case: Case, of: Solution, *, at: datetime
) -> dict[str, str]:
    """Start proving it, or end that and let its case go on."""
    if of.is_proving:
        begin(session, of, at=at)
    if of.status != SolutionStatus.GIVEN_UP:
        return {}
    clocks.stop(session, ClockKind.PROVING, [of.id], at=at)
    return back_to_improving(session, case)


def _may_be_given_up(of: Solution) -> bool:
    return of.is_proving or of.status == SolutionStatus.NOT_PROVEN


def _day(session: Session, on: date | None, *, at: datetime) -> date:
    """Give the day since when a change is in place, by the default calendar's clock."""
    today = at.astimezone(calendar(session).calendar.tz).date()
    if on is not None and on > today + timedelta(days=1):  # elsewhere it may be already
        raise DayToCome(
            "A change cannot be in place since a day to come.",
            hint="Name today, or a day before.",
            pointer="/on",
        )
    if on is not None and on < _EARLIEST:
        raise DayTooLongAgo(
            f"The day {on} is before everything that a log tells of.",
            hint="Look at the year.",
            pointer="/on",
        )
    return on or today


def _tell_all(session: Session, case: Case, of: Solution, *, at: datetime) -> None:
    notes = [
        Note(
            MessageKind.IN_PLACE,
            department,
            of.id,
            case.id,
            {
                "task": of.task_id,
                "proposal": of.proposal,
                "department": department.removeprefix("department:"),
            },
        )
        for department in departments_of(session, case, of)
    ]
    tell(session, notes, at=at)
