"""The table of agreed solutions."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, UTCTime


class SolutionStatus(StrEnum):
    """The life of an agreed change."""

    AGREED = "agreed"
    IN_PLACE = "in_place"
    PROVEN = "proven"
    NOT_PROVEN = "not_proven"
    GIVEN_UP = "given_up"  # by the review, with the reason


class Solution(SQLModel, table=True):
    """A proposal that the review agreed on."""

    __tablename__ = "solution"
    __table_args__ = (
        CheckConstraint(
            "status IN ('agreed', 'in_place', 'proven', 'not_proven', 'given_up')",
            name="status",
        ),
        UniqueConstraint("task_id", "proposal"),  # a proposal is agreed once
        Index("ix_solution_agreed", "agreed_at", "status"),
        Index("ix_solution_due", "due", "id",
              sqlite_where=text("status = 'agreed'"),
              postgresql_where=text("status = 'agreed'")),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    round: int
    task_id: str = Field(sa_type=ID, foreign_key="task.id")
    proposal: int
    owner: str = Field(max_length=120)
    due: dt.date
    status: str = Field(default=SolutionStatus.AGREED, max_length=10)
    agreed_at: dt.datetime = Field(sa_type=UTCTime)
    agreed_by: str = Field(max_length=120)
    outcome_at: dt.datetime | None = Field(default=None, sa_type=UTCTime)
    revision: int = 1
