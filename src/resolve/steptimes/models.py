"""The tables of step times, and of what is kept of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


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


class OrderTime(SQLModel, table=True):
    """What is known of an order as a whole, kept beside its step times.

    `lot` is its place in a lot drawn once and for all: of the orders of a period those
    with the lowest lots are the sample. `times` counts its step times.
    """

    __tablename__ = "order_time"
    __table_args__ = (
        CheckConstraint("times > 0", name="known"),
        Index("ix_order_time_lot", "map_id", "lot", "began_at"),
        Index("ix_order_time_began", "map_id", "began_at", "lot"),
    )

    map_id: str = Field(primary_key=True, foreign_key="map.id", max_length=100)
    order_id: str = Field(primary_key=True, max_length=200)
    lot: int = Field(sa_type=BigInteger)
    began_at: datetime = Field(sa_type=UTCTime)
    ended_at: datetime = Field(sa_type=UTCTime)
    times: int


class TimesOfMap(SQLModel, table=True):
    """How many step times of a map were taken in or replaced: what is kept is old."""

    __tablename__ = "times_of_map"

    map_id: str = Field(primary_key=True, foreign_key="map.id", max_length=100)
    changes: int = Field(sa_type=BigInteger)


class KeptTimes(SQLModel, table=True):
    """What was last found out about a concern in a period, so that a page is quick.

    `content` holds the sampled orders as numbers, `figures` what is said of them;
    `changes` is what `TimesOfMap` said then.
    """

    __tablename__ = "kept_times"

    map_id: str = Field(primary_key=True, foreign_key="map.id", max_length=100)
    version: int = Field(primary_key=True)
    concern: str = Field(primary_key=True, max_length=500)
    period: str = Field(primary_key=True, max_length=100)
    changes: int = Field(sa_type=BigInteger)
    made_at: datetime = Field(sa_type=UTCTime)
    content: bytes = Field(sa_type=LargeBinary)
    figures: dict[str, Any] = Field(sa_type=JSON)
