"""Looking at tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.cases.queries import walk_of_case
from resolve.chain.walk import Participant
from resolve.kit.ids import is_id
from resolve.tasks.errors import UnknownRequest, UnknownTask
from resolve.tasks.models import Answer, Request, Task, TaskStatus


def task(session: Session, task_id: str, *, lock: bool = False) -> Task:
    """Give a task.

    Raises:
        UnknownTask: there is none with this id.
    """
    found = (
        session.get(Task, task_id, with_for_update=lock or None, populate_existing=lock)
        if is_id(task_id)
        else None
    )
    if found is None:
        raise unknown(task_id)
    return found


def unknown(task_id: str) -> UnknownTask:
    """Make the error for a task that does not exist, or not for who is asking."""
    return UnknownTask(
        f"There is no task {task_id!r}.", hint="`resolve task list` shows them."
    )


def participant(session: Session, of: Task) -> Participant:
    """Give what the walk says of the department of a task."""
    case = session.get_one(Case, of.case_id)
    walk = walk_of_case(session, case)
    for one in walk.participants if walk else ():
        if one.department == of.department_id:
            return one
    msg = f"task {of.id} of a department that does not take part"
    raise LookupError(msg)


def tasks_of(
    session: Session, case_id: str, *, round_: int | None = None
) -> Sequence[Task]:
    """Give the tasks of a case, of one round if it is named, in the order made."""
    query = select(Task).where(Task.case_id == case_id)
    if round_ is not None:
        query = query.where(Task.round == round_)
    return session.exec(query.order_by(col(Task.round), col(Task.id))).all()


def awaited(
    session: Session, case_id: str, *, round_: int, at: datetime
) -> Sequence[Task]:
    """Give the tasks of a round that are open and not past due."""
    return session.exec(
        select(Task).where(
            Task.case_id == case_id,
            Task.round == round_,
            Task.status == TaskStatus.OPEN,
            Task.due_at > at,
        )
    ).all()


def answers_to(session: Session, task_ids: Sequence[str]) -> dict[str, Answer]:
    """Give the answers to these tasks, by task."""
    rows = session.exec(select(Answer).where(col(Answer.task_id).in_(task_ids)))
    return {row.task_id: row for row in rows}


def answers_by_department(
    session: Session, case_ids: Sequence[str]
) -> dict[str, datetime]:
    """Give each department that answered in these cases, with when it last did."""
    rows = session.exec(
        select(Task.department_id, func.max(Answer.answered_at))
        .where(Answer.task_id == Task.id, col(Task.case_id).in_(case_ids))
        .group_by(col(Task.department_id))
    )
    return dict(rows.all())


def request(session: Session, request_id: str, *, lock: bool = False) -> Request:
    """Give a request to a neighbour.

    Raises:
        UnknownRequest: there is none with this id.
    """
    found = (
        session.get(
            Request, request_id, with_for_update=lock or None, populate_existing=lock
        )
        if is_id(request_id)
        else None
    )
    if found is None:
        raise UnknownRequest(
            f"There is no request {request_id!r}.", hint="A task shows its requests."
        )
    return found


def requests_of(session: Session, case_ids: Sequence[str]) -> Sequence[Request]:
    """Give the requests to neighbours in these cases, oldest first."""
    return session.exec(
        select(Request)
        .where(col(Request.case_id).in_(case_ids))
        .order_by(col(Request.id))
    ).all()
