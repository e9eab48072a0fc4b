"""Somebody leaves: who they were ends, and what was passed on to them goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.access.people import end_person
from resolve.departments import members
from resolve.kit.errors import Conflict
from resolve.tasks.models import Task, TaskStatus
from resolve.tasks.service import give_back


def let_go(session: Session, person_id: str, *, who: str, at: datetime) -> Person:
    """Let somebody go: they sign in no more, and belong to no department.

    Open tasks that were passed on to them are their departments' again, who are told.

    Raises:
        UnknownPerson, LastAdministrator
    """
    # People are locked before departments, as by whoever changes a person.
    found = end_person(session, person_id, who=who, at=at)
    members.leave(session, person_id, who=who, at=at)
    for task_id in _passed_on_to(session, person_id):
        try:
            give_back(session, task_id, who=who, at=at)
        except Conflict:
            continue  # no answer is awaited any more
    return found


def _passed_on_to(session: Session, person_id: str) -> Sequence[str]:
    return session.exec(
        select(Task.id)
        .where(Task.assignee == person_id, Task.status == TaskStatus.OPEN)
        .order_by(col(Task.case_id), col(Task.id))
    ).all()
