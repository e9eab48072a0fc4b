"""The table of messages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class MessageKind(StrEnum):
    """What a message tells."""

    TASK = "task"  # a department has a task
    TO_PLACE = "to_place"  # the quality manager places a case
    ALL_IN = "all_in"  # the facilitator may open the review
    PAST_DUE = "past_due"  # a task returned to the facilitator
    NEEDS_A_PERSON = "needs_a_person"  # an event keeps failing
    REQUEST = "request"  # a neighbour asks for something
    REPLY = "reply"  # the neighbour replied
    ANSWER = "answer"  # the answer to the customer
    IN_PLACE = "in_place"  # an agreed change is in place: told to all who took part


class Message(SQLModel, table=True):
    """One message; its words are made from `facts` when it is read or mailed."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("kind", "recipient", "subject_id"),  # told once
        Index("ix_message_unmailed", "id", sqlite_where=text("mailed_at IS NULL"),
              postgresql_where=text("mailed_at IS NULL")),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    kind: str = Field(max_length=20)
    recipient: str = Field(max_length=120)
    subject_id: str = Field(sa_type=ID)
    case_id: str = Field(sa_type=ID, index=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UTCTime)
    mailed_at: datetime | None = Field(default=None, sa_type=UTCTime)
