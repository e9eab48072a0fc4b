"""A task that is not the department's: handed back, and asked again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.cases.remarks import Remarked, note
from resolve.kit.errors import Conflict
from resolve.kit.ids import derived_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.tasks.models import Task
from resolve.tasks.service import enter, open_task


class NotReturned(Conflict):
    """Nobody handed this task back, or it was asked again already."""

    code = "not_returned"


def hand_back(
    session: Session, task_id: str, *, reason: str, who: str, at: datetime
) -> Task:
    """Hand a task back to the facilitator: it is not ours, because ...

    It stays open, with its clock, until the facilitator asks again, passes it on or
    goes on without it; an answer is still welcome. Handed back twice is once.

    Raises:
        TaskNotOpen, TaskWithdrawn, ReviewOpen: no answer is awaited any more.
        ReasonMissing: it is empty.
    """
    task, case = open_task(session, task_id)
    if task.returned_at is not None:
        return task
    task.returned_at = at
    _enter(session, task, case, "task_returned", reason, who=who, at=at)
    subject = derived_id(task.id, "returned", task.revision)
    facts = {"task": task.id, "department": task.department_id}
    facilitator = case.led_by
    told = Note(MessageKind.RETURNED, facilitator, subject, case.id, facts)
    tell(session, [told], at=at)
    return task


def ask_again(
    session: Session, task_id: str, *, reason: str, who: str, at: datetime
) -> Task:
    """Ask the department again that handed a task back, and say why.

    Raises:
        NotReturned: nobody handed it back.
        TaskNotOpen, TaskWithdrawn, ReviewOpen: no answer is awaited any more.
        ReasonMissing: it is empty.
    """
    task, case = open_task(session, task_id)
    if task.returned_at is None:
        raise NotReturned(
            "This task was not handed back.", hint="The department has it already."
        )
    task.returned_at = None
    _enter(session, task, case, "task_asked_again", reason, who=who, at=at)
    subject = derived_id(task.id, "asked_again", task.revision)
    facts = {"task": task.id, "department": task.department_id}
    asked = task.assignee and person(task.assignee)
    recipient = asked or department_of(task.department_id)
    tell(session, [Note(MessageKind.TASK, recipient, subject, case.id, facts)], at=at)
    return task


def _enter(  # noqa: PLR0913  one act
    session: Session,
    task: Task,
    case: Case,
    what: str,
    reason: str,
    *,
    who: str,
    at: datetime,
) -> None:
    task.revision += 1
    session.add(task)
    session.flush()
    remark = Remarked(case.id, task.id, what, reason)
    data = {
        "task": task.id,
        "department": task.department_id,
        "reason": note(session, remark, who=who, at=at),
    }
    enter(session, case, what, data, who=who, at=at)
