"""The table of complaints."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, Sequence, UniqueConstraint
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime

SERIAL = Sequence("complaint_serial", metadata=SQLModel.metadata)


class ComplaintStatus(StrEnum):
    """The customer's side."""

    RECEIVED = "received"  # the customer awaits an answer
    ANSWERED = "answered"  # the customer may accept it or not
    CLOSED = "closed"  # see `closed_as`


class ClosedAs(StrEnum):
    """How the customer's side ended."""

    ACCEPTED = "accepted"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"
    SETTLED_AT_ONCE = "settled_at_once"
    OUTSIDE = "outside"


class Severity(StrEnum):
    """How much it weighs for the customer."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Complaint(SQLModel, table=True):
    """One customer's expression of dissatisfaction, in the customer's own words.

    `map_id`, `touchpoint` and `promise` are as the client named them, known or not.
    An internal complaint is one of the department `internal_of` about what it received
    at a `handover`: {"from", "to", "late"}.
    The texts, the customer and the salt are what can be erased.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("status IN ('received', 'answered', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (closed_as IS NOT NULL)", name="closed"),
        UniqueConstraint("source", "reference"),  # the same one is never filed twice
        Index("ix_complaint_status", "status", "id"),
        Index("ix_complaint_updated", "updated_at", "id"),
        Index("ix_complaint_filed_by", "filed_by", "id"),
        Index("ix_complaint_received", "received_at", "id"),
    )

    id: str = Field(primary_key=True, sa_type=ID)
    serial: int = Field(unique=True)
    number: str = Field(unique=True, max_length=30)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    status: str = Field(default=ComplaintStatus.RECEIVED, max_length=10)
    stage: int = 1
    closed_as: str | None = Field(default=None, max_length=20)
    source: str = Field(max_length=100)
    reference: str | None = Field(default=None, max_length=200)
    filed_by: str = Field(max_length=120)
    language: str | None = Field(default=None, max_length=20)
    map_id: str | None = Field(default=None, max_length=200)
    touchpoint: str | None = Field(default=None, max_length=200)
    promise: str | None = Field(default=None, max_length=200)
    handover: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    internal_of: str | None = Field(
        default=None, foreign_key="department.id", max_length=100
    )
    order_id: str | None = Field(default=None, max_length=200)
    severity: str | None = Field(default=None, max_length=10)
    safety: bool = False
    occurred_at: datetime | None = Field(default=None, sa_type=UTCTime)
    received_at: datetime = Field(sa_type=UTCTime)
    updated_at: datetime = Field(sa_type=UTCTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCTime)
    text: str | None
    desired_outcome: str | None = None
    on_behalf_of: str | None = None
    customer: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    salt: str | None = Field(max_length=32)
    answer: str | None = None
    remedy: str | None = None
    answer_salt: str | None = Field(default=None, max_length=32)
    revision: int = 1
