"""The table of agreed solutions."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class SolutionStatus(StrEnum):
    """The life of an agreed change."""

    AGREED = "agreed"
    IN_PLACE = "in_place"  # with a measure: being proven
    PROVEN = "proven"
    NOT_PROVEN = "not_proven"  # back to the review
    GIVEN_UP = "given_up"  # by the review, with the reason


PROVING = "status = 'in_place' AND measure IS NOT NULL"
"""A change is being proven; as the index that finds such changes says it."""

_MEASURES = "'time_of_step', 'wait_of_handover', 'time_of_order', 'on_time'"
_A_DAY = dt.timedelta(days=1)


class Solution(SQLModel, table=True):
    """A proposal that the review agreed on, and what the orders say of it.

    It changes a `step`, or with `from_step` the hand-over from that one to it. With a
    `measure` it is proven: by `prove_days` since `in_place_on`, or by `prove_orders`
    that began since then and have ended, of which `orders_so_far` are known. `expected`
    is the effect hoped for: a share of the time before, or points of the share of
    orders in time. `verdict` is what `judging.Judged` says, with the moments looked at.
    `looked_seq` is how far the journal of the house was read for new step times.
    """

    __tablename__ = "solution"
    __table_args__ = (
        CheckConstraint(
            "status IN ('agreed', 'in_place', 'proven', 'not_proven', 'given_up')",
            name="status",
        ),
        UniqueConstraint("task_id", "proposal"),  # a proposal is agreed once
        CheckConstraint("from_step IS NULL OR step IS NOT NULL", name="place"),
        CheckConstraint(f"measure IN ({_MEASURES})", name="measure"),
        CheckConstraint(
            "CASE WHEN measure IS NULL "
            "THEN prove_days IS NULL AND prove_orders IS NULL "
            "ELSE (prove_days IS NULL) <> (prove_orders IS NULL) END",
            name="proving",  # for so many days, or for so many orders
        ),
        Index("ix_solution_agreed", "agreed_at", "status"),
        Index("ix_solution_proving", "id",
              sqlite_where=text(PROVING), postgresql_where=text(PROVING)),
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
    step: str | None = Field(default=None, max_length=100)
    from_step: str | None = Field(default=None, max_length=100)
    measure: str | None = Field(default=None, max_length=20)
    expected: float | None = None
    prove_days: int | None = None
    prove_orders: int | None = None
    in_place_on: dt.date | None = None
    orders_so_far: int | None = None
    looked_seq: int | None = None
    looked_at: dt.datetime | None = Field(default=None, sa_type=UTCTime)
    verdict: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    judged_at: dt.datetime | None = Field(default=None, sa_type=UTCTime)
    revision: int = 1

    @property
    def is_proving(self) -> bool:
        """Tell whether orders are awaited that show what it changed."""
        return self.status == SolutionStatus.IN_PLACE and self.measure is not None

    @property
    def is_backdated(self) -> bool:
        """Tell whether it was said later than the day after that it is in place."""
        if self.in_place_on is None or self.outcome_at is None:
            return False
        return self.in_place_on < self.outcome_at.date() - _A_DAY
