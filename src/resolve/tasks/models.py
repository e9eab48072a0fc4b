"""Tables of tasks, their answers and the requests to neighbours.

What a task shows besides (steps, path, neighbours, question) follows from the case's
concern on its version of the map, so it is not stored.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class TaskStatus(StrEnum):
    """The life of a task; 'past due' is computed, never a state."""

    OPEN = "open"
    ANSWERED = "answered"  # may be changed until the review opens
    WITHDRAWN = "withdrawn"  # no answer is awaited any more


class RequestStatus(StrEnum):
    """The life of a request to a neighbour."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OTHER_PROPOSAL = "other_proposal"
    WITHDRAWN = "withdrawn"


class AnswerKind(StrEnum):
    """The two forms of an answer."""

    PROPOSALS = "proposals"
    NOTHING_TO_CHANGE = "nothing_to_change"


class Task(SQLModel, table=True):
    """The question to one department in one round of a case."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'answered', 'withdrawn')", name="status"),
        UniqueConstraint("case_id", "round", "department_id"),  # one each per round
        Index("ix_task_department", "department_id", "status", "due_at", "id"),
        Index("ix_task_due", "status", "due_at", "id"),
        Index("ix_task_all", "due_at", "id"),
        # What is one person's, and what was handed back: few among millions.
        Index("ix_task_assignee", "assignee", "status", "due_at", "id",
              sqlite_where=text("assignee IS NOT NULL"),
              postgresql_where=text("assignee IS NOT NULL")),
        Index("ix_task_returned", "due_at", "id",
              sqlite_where=text("returned_at IS NOT NULL"),
              postgresql_where=text("returned_at IS NOT NULL")),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id")
    department_id: str = Field(foreign_key="department.id", max_length=100)
    round: int
    status: str = Field(default=TaskStatus.OPEN, max_length=10)
    asked_at: datetime = Field(sa_type=UTCTime)
    due_at: datetime = Field(sa_type=UTCTime)
    assignee: str | None = Field(default=None, max_length=100)
    returned_at: datetime | None = Field(default=None, sa_type=UTCTime)  # "not ours"
    revision: int = 1


class Answer(SQLModel, table=True):
    """What a department answered: proposals, or what it observed."""

    __tablename__ = "task_answer"
    __table_args__ = (
        CheckConstraint("kind IN ('proposals', 'nothing_to_change')", name="kind"),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
    )

    task_id: str = Field(primary_key=True, sa_type=ID, foreign_key="task.id")
    kind: str = Field(max_length=20)
    content: dict[str, Any] | None = Field(sa_type=JSON)
    minutes: int | None = None
    answered_by: str = Field(max_length=120)
    answered_at: datetime = Field(sa_type=UTCTime)
    by_word_of_mouth: bool = False
    salt: str | None = Field(max_length=32)


class TaskDraft(SQLModel, table=True):
    """An answer being written; only people of the department see it.

    `content` holds the fields of the page as they were typed, nothing once the answer
    is given; `revision` goes on rising, so that no page takes one draft for another.
    """

    __tablename__ = "task_draft"

    task_id: str = Field(primary_key=True, sa_type=ID, foreign_key="task.id")
    content: dict[str, Any] = Field(sa_type=JSON)
    saved_by: str = Field(max_length=120)
    saved_at: datetime = Field(sa_type=UTCTime)
    revision: int = 1


class Request(SQLModel, table=True):
    """What a department asks of another one on the chain."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint(
            "status IN ('open', 'accepted', 'other_proposal', 'withdrawn')",
            name="status",
        ),
        CheckConstraint("from_department_id <> department_id", name="neighbour"),
        Index("ix_request_to", "department_id", "status", "id"),
        Index("ix_request_from", "from_department_id", "id"),
    )

    id: str = Field(primary_key=True, sa_type=ID)
    task_id: str = Field(sa_type=ID, foreign_key="task.id", index=True)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    from_department_id: str = Field(foreign_key="department.id", max_length=100)
    department_id: str = Field(foreign_key="department.id", max_length=100)
    status: str = Field(default=RequestStatus.OPEN, max_length=20)
    wanted_by: datetime | None = Field(default=None, sa_type=UTCTime)
    at: datetime = Field(sa_type=UTCTime)
    replied_at: datetime | None = Field(default=None, sa_type=UTCTime)
    what: str | None
    reply: str | None = None
    salt: str | None = Field(max_length=32)
    reply_salt: str | None = Field(default=None, max_length=32)
    revision: int = 1
