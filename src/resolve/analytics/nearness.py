"""What brings people of a department nearer to the customer: their work, and words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.complaints.models import Complaint
from resolve.kit.database import fixed
from resolve.tasks.models import Task, TaskStatus

_STATES = (TaskStatus.OPEN, TaskStatus.ANSWERED)


def open_tasks(session: Session, department_id: str) -> int:
    """Count the tasks of a department that are to be answered."""
    counted = select(func.count()).where(
        Task.department_id == department_id,
        col(Task.status) == fixed(TaskStatus.OPEN),
    )
    return session.exec(counted).one()


def has_cases(session: Session, department_id: str) -> bool:
    """Tell whether a department takes or took part in any case."""
    any_of = select(Task.id).where(Task.department_id == department_id).limit(1)
    return session.exec(any_of).first() is not None


def recent_complaints(
    session: Session, department_id: str, *, most: int = 10
) -> Sequence[Complaint]:
    """Give complaints of cases that a department takes part in, the latest first."""
    cases = [
        case_id
        for state in _STATES
        for case_id in session.exec(
            select(Task.case_id)
            .where(
                Task.department_id == department_id, col(Task.status) == fixed(state)
            )
            .order_by(col(Task.due_at).desc(), col(Task.id).desc())
            .limit(most)
        )
    ]
    return session.exec(
        select(Complaint)
        .where(col(Complaint.case_id).in_(cases))
        .order_by(col(Complaint.received_at).desc(), col(Complaint.id).desc())
        .limit(most)
    ).all()
