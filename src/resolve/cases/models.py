"""Tables of cases and of the flow runs that moved them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class CaseStatus(StrEnum):
    """Our side's life; each state says who has work."""

    TO_PLACE = "to_place"  # the quality manager
    TASKS = "tasks"  # the departments; the facilitator once all are in or past due
    REVIEW = "review"  # the facilitator; no task is open
    IMPROVING = "improving"  # the owners of agreed solutions
    CLOSED = "closed"  # nothing open, every complaint of it closed
    MERGED = "merged"  # its complaints are in another case


READY = "status = 'tasks' AND round > 0 AND asked_round = round"
"""The review of a case can be opened; as the index that finds such cases says it."""


class Case(SQLModel, table=True):
    """Our handling of complaints with the same cause.

    `concern` is the canonical JSON of what they are about; it, the map and its version
    are set together, when the case is placed, and never change within a round.
    """

    __tablename__ = "complaint_case"
    __table_args__ = (
        CheckConstraint(
            "status IN ("
            "'to_place', 'tasks', 'review', 'improving', 'closed', 'merged')",
            name="status",
        ),
        # Only a placed case can hold tasks.
        CheckConstraint("status NOT IN ('tasks', 'review', 'improving') "
                        "OR concern IS NOT NULL", name="placed"),
        CheckConstraint("(concern IS NULL) = (map_version IS NULL)", name="concern"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        ForeignKeyConstraint(
            ["map_id", "map_version"], ["map_version.map_id", "map_version.version"]
        ),
        Index("ix_complaint_case_status", "status", "id"),
        Index("ix_complaint_case_opened", "opened_at", "id"),
        Index("ix_complaint_case_state_opened", "status", "opened_at", "id"),
        # All answers are in, or past due: the facilitator has work.
        Index("ix_complaint_case_ready", "id",
              sqlite_where=text(READY), postgresql_where=text(READY)),
        Index("ix_complaint_case_joinable", "map_id", "map_version", "concern", "id",
              sqlite_where=text("status = 'tasks'"),
              postgresql_where=text("status = 'tasks'")),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    status: str = Field(max_length=10)
    round: int = 0
    map_id: str | None = Field(default=None, max_length=100)
    map_version: int | None = None
    concern: str | None = Field(default=None, max_length=500)
    owner: str = Field(max_length=120)
    facilitator: str = Field(max_length=120)
    opened_at: datetime = Field(sa_type=UTCTime)
    asked_round: int = 0  # the last round whose facilitator was asked to review
    reviewed_at: datetime | None = Field(default=None, sa_type=UTCTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCTime)
    merged_into: str | None = Field(
        default=None, sa_type=ID, foreign_key="complaint_case.id"
    )
    revision: int = 1

    @property
    def led_by(self) -> str:
        """Name the facilitator as people are named; a bare word is a login."""
        return _person(self.facilitator)

    @property
    def owned_by(self) -> str:
        """Name the owner as people are named; a bare word is a login."""
        return _person(self.owner)


def _person(named: str) -> str:
    return f"person:{named.removeprefix('person:')}"


class Remark(SQLModel, table=True):
    """The reason somebody gave for an act; the journal holds its digest."""

    __tablename__ = "remark"

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    subject_id: str = Field(sa_type=ID)
    what: str = Field(max_length=60)
    text: str | None
    salt: str | None = Field(max_length=32)
    who: str = Field(max_length=120)
    at: datetime = Field(sa_type=UTCTime)


class TalkEntry(SQLModel, table=True):
    """Something said in the one conversation of a case; the text can be erased.

    `about` is empty, or names what it is tied to: {"step": id} or {"task": id,
    "proposal": number}. `mentions` are ids of people and of departments
    ("department:ID").
    """

    __tablename__ = "talk_entry"
    __table_args__ = (Index("ix_talk_entry_case", "case_id", "id"),)

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id")
    who: str = Field(max_length=120)
    department_id: str | None = Field(
        default=None, foreign_key="department.id", max_length=100
    )
    text: str | None
    salt: str | None = Field(max_length=32)
    about: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    mentions: list[str] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(sa_type=UTCTime)


class HiddenWords(SQLModel, table=True):
    """Words that somebody marked as telling who the customer of a case is."""

    __tablename__ = "hidden_words"

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    text: str | None = Field(max_length=200)
    who: str = Field(max_length=120)
    at: datetime = Field(sa_type=UTCTime)


class CaseFlowRun(SQLModel, table=True):
    """A flow run that moved a case."""

    __tablename__ = "case_flow_run"

    case_id: str = Field(primary_key=True, sa_type=ID, foreign_key="complaint_case.id")
    run_id: str = Field(primary_key=True, sa_type=ID)
    at: datetime = Field(sa_type=UTCTime)
