"""The table of events that wait, are being handled, or need a person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class Topic(StrEnum):
    """What happened; each is handled by one flow."""

    FILED = "filed"
    PLACED = "placed"
    ANSWERED = "answered"
    DUE = "due"
    MOVED = "moved"
    VOTED = "voted"


class EventState(StrEnum):
    """Where an event stands."""

    WAITING = "waiting"  # to be claimed once `not_before` has come
    SETTLED = "settled"  # its effects are committed
    FAILED = "failed"  # tried in vain; a person tries again or sets it aside
    SET_ASIDE = "set_aside"  # a person decided, with a reason


class Event(SQLModel, table=True):
    """One event; the oldest waiting one of a case is the only one that is live."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'settled', 'failed', 'set_aside')", name="state"
        ),
        Index("ix_outbox_event_waiting", "id",
              sqlite_where=text("state = 'waiting'"),
              postgresql_where=text("state = 'waiting'")),
        Index("ix_outbox_event_case_waiting", "case_id", "id",
              sqlite_where=text("state = 'waiting'"),
              postgresql_where=text("state = 'waiting'")),
        Index("ix_outbox_event_failed", "case_id",
              sqlite_where=text("state = 'failed'"),
              postgresql_where=text("state = 'failed'")),
    )  # fmt: skip

    id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
    )
    topic: str = Field(max_length=20)
    case_id: str = Field(sa_type=ID)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UTCTime)
    not_before: datetime = Field(sa_type=UTCTime)
    state: str = Field(default=EventState.WAITING, max_length=10)
    tries: int = 0
    claim_token: str | None = Field(default=None, sa_type=ID)
    claimed_until: datetime | None = Field(default=None, sa_type=UTCTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCTime)
    error: str | None = Field(default=None, max_length=500)
