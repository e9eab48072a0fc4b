"""Requests: what a department needs from a neighbour on the chain."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from resolve.cases.models import CaseStatus
from resolve.cases.queries import case as the_case
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, tell
from resolve.tasks import queries
from resolve.tasks.answers import Answering, guard_neighbour
from resolve.tasks.errors import AlreadyReplied, AnswerForm, TaskNotOpen
from resolve.tasks.models import Request, RequestStatus, Task, TaskStatus

_ASKABLE = (CaseStatus.TASKS, CaseStatus.REVIEW)


def ask(  # noqa: PLR0913  one request
    session: Session,
    task_id: str,
    *,
    department: str,
    what: str,
    who: str,
    at: datetime,
    by: datetime | None = None,
) -> Request:
    """Ask a neighbour for what the department of a task needs.

    The asked department takes part in the case from now on, without a task.

    Raises:
        NotANeighbour: no hand-over between its steps and that department.
        TaskNotOpen: the task is withdrawn or its case past the review.
    """
    task = queries.task(session, task_id)
    case = the_case(session, task.case_id, lock=True)
    session.refresh(task)
    open_round = case.status in _ASKABLE and task.round == case.round
    if task.status == TaskStatus.WITHDRAWN or not open_round:
        raise TaskNotOpen(
            "Nothing is asked in this case any more.", hint="Talk to the facilitator."
        )
    guard_neighbour(department, queries.participant(session, task), "/department")
    if not storable(what, pointer="/what").strip():
        raise AnswerForm("Say what is needed.", pointer="/what")
    return _ask(session, task, department, what, by=by, who=who, at=at)


def ask_needs(
    session: Session, task: Task, given: Answering, *, who: str, at: datetime
) -> None:
    """Turn the needs of an answer into requests, those not asked for yet."""
    open_ones = session.exec(
        select(Request).where(
            Request.task_id == task.id, Request.status != RequestStatus.WITHDRAWN
        )
    ).all()
    asked = {(one.department_id, one.what) for one in open_ones}
    for proposal in given.proposals:
        need = proposal.need
        if need and (need.department, need.what) not in asked:
            asked.add((need.department, need.what))
            _ask(session, task, need.department, need.what, who=who, at=at)


def reply(
    session: Session,
    request_id: str,
    *,
    accept: bool,
    instead: str | None = None,
    who: str,
    at: datetime,
) -> Request:
    """Accept a neighbour's request, or propose something else.

    Raises:
        AlreadyReplied: it has a reply, or was withdrawn.
        AnswerForm: neither accepted nor another proposal, or both.
    """
    found = queries.request(session, request_id)
    the_case(session, found.case_id, lock=True)
    session.refresh(found)
    if accept == (instead is not None):
        raise AnswerForm(
            "A reply either accepts or proposes something instead.",
            hint='Send {"accept": true} or {"instead": "..."}.',
        )
    if instead is not None and not storable(instead, pointer="/instead").strip():
        raise AnswerForm("Say what you propose instead.", pointer="/instead")
    if found.status != RequestStatus.OPEN:
        raise AlreadyReplied(f"This request is {found.status} already.")
    found.status = RequestStatus.ACCEPTED if accept else RequestStatus.OTHER_PROPOSAL
    found.reply, found.replied_at, found.reply_salt = instead, at, new_salt()
    found.revision += 1
    session.add(found)
    data = {
        "task": found.task_id,
        "request": found.id,
        "reply": digest(found.reply_salt, instead),
        "states": {f"request:{found.id}": str(found.status)},
    }
    draft = Draft(case_chain(found.case_id), "request_replied", data)
    append(session, [draft], who=who, at=at)
    facts = {"task": found.task_id, "department": found.from_department_id}
    note = Note(
        MessageKind.REPLY,
        department_of(found.from_department_id),
        found.id,
        found.case_id,
        facts,
    )
    tell(session, [note], at=at)
    return found


def withdraw_open(session: Session, case_id: str) -> dict[str, str]:
    """Await no reply in this case any more; give the states for the journal."""
    open_ones = session.exec(
        select(Request).where(
            Request.case_id == case_id, Request.status == RequestStatus.OPEN
        )
    ).all()
    for one in open_ones:
        one.status = RequestStatus.WITHDRAWN
        one.revision += 1
        session.add(one)
    return {f"request:{one.id}": str(RequestStatus.WITHDRAWN) for one in open_ones}


def _ask(  # noqa: PLR0913  one request
    session: Session,
    task: Task,
    department: str,
    what: str,
    *,
    who: str,
    at: datetime,
    by: datetime | None = None,
) -> Request:
    made = Request(
        id=new_id(),
        task_id=task.id,
        case_id=task.case_id,
        from_department_id=task.department_id,
        department_id=department,
        wanted_by=by,
        at=at,
        what=what,
        salt=new_salt(),
    )
    session.add(made)
    session.flush()
    data = {
        "task": task.id,
        "request": made.id,
        "department": department,
        "what": digest(made.salt or "", what),
        "by": iso(by) if by else None,
        "states": {f"request:{made.id}": str(RequestStatus.OPEN)},
    }
    append(
        session, [Draft(case_chain(task.case_id), "requested", data)], who=who, at=at
    )
    facts = {"task": task.id, "department": department, "from": task.department_id}
    note = Note(
        MessageKind.REQUEST, department_of(department), made.id, task.case_id, facts
    )
    tell(session, [note], at=at)
    return made
