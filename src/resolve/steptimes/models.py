"""The table of step times."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, UTCTime


class StepTime(SQLModel, table=True):
    """One step of one order, as it really was.

    `key` says which row of which source this is, so that taking it in twice is once;
    `content` is a digest of what it says. Without `started_at` only the end is known.
    `resource` is a keyed hash of the person or machine: who it was cannot be read.
    `department_id` is set where it was another one than the map says.
    """

    __tablename__ = "step_time"
    __table_args__ = (
        CheckConstraint("started_at IS NULL OR started_at <= ended_at", name="order"),
        Index("ix_step_time_order", "order_id", "map_id"),
    )

    key: str = Field(primary_key=True, sa_type=ID)
    map_id: str = Field(foreign_key="map.id", max_length=100)
    order_id: str = Field(max_length=200)
    step: str = Field(max_length=100)
    started_at: datetime | None = Field(default=None, sa_type=UTCTime)
    ended_at: datetime = Field(sa_type=UTCTime)
    source: str = Field(max_length=100)
    department_id: str | None = Field(default=None, max_length=100)
    resource: str | None = Field(default=None, max_length=32)
    content: str = Field(max_length=32)
