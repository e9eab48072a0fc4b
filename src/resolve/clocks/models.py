"""The table of clocks: events are what is stored, the due time is computed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class ClockKind(StrEnum):
    """What the clock is for."""

    TASK = "task"  # a department's answer
    ANSWER = "answer"  # the answer to the customer
    VOTE = "vote"  # the votes on something
    PROVING = "proving"  # until a change in place is judged


class ClockState(StrEnum):
    """Derived from the events; stored for the index of the sweep."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FIRED = "fired"  # past due, and those concerned were told


AWAITED = "kind = 'answer' AND state <> 'stopped'"
"""A customer waits for an answer; as the index that finds such clocks says it."""


class Clock(SQLModel, table=True):
    """A deadline with its rule (name, version, amount, calendar) and its events."""

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint(
            "state IN ('running', 'paused', 'stopped', 'fired')", name="state"
        ),
        Index("ix_clock_running", "due_at", "id",
              sqlite_where=text("state = 'running'"),
              postgresql_where=text("state = 'running'")),
        Index("ix_clock_awaited", "due_at", "id",
              sqlite_where=text(AWAITED), postgresql_where=text(AWAITED)),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    kind: str = Field(max_length=10)
    subject_id: str = Field(sa_type=ID)
    case_id: str = Field(sa_type=ID, index=True)
    rule: dict[str, Any] = Field(sa_type=JSON)
    events: list[dict[str, Any]] = Field(sa_type=JSON)
    state: str = Field(default=ClockState.RUNNING, max_length=10)
    due_at: datetime = Field(sa_type=UTCTime)
