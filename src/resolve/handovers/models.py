"""The table of hand-over standards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, UTCTime


class StandardStatus(StrEnum):
    """The life of a version of a standard; one at most is agreed at a time."""

    PROPOSED = "proposed"  # by one side; the other side agrees or proposes otherwise
    AGREED = "agreed"
    REPLACED = "replaced"  # another version is agreed, or proposed instead
    WITHDRAWN = "withdrawn"  # by who proposed it


class HandoverStandard(SQLModel, table=True):
    """What the step `source` passes to the step `target`, as both sides agree.

    `what` is handed over, in which `state`, `by_when`, how it is `accepted`; `within`
    is the time in seconds where there is one. The two sides are departments; each says
    yes once. A version counts only while the map has these two there
    (`queries.is_between`). The texts and the salt are what can be erased.
    """

    __tablename__ = "handover_standard"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'agreed', 'replaced', 'withdrawn')", name="status"
        ),
        CheckConstraint("status <> 'agreed' OR (giver_at IS NOT NULL "
                        "AND receiver_at IS NOT NULL)", name="agreed_by_both"),
        CheckConstraint("within IS NULL OR within > 0", name="within"),
        UniqueConstraint("map_id", "source", "target", "version"),
        # At most one is in force, and at most one is proposed.
        Index("uq_handover_standard_agreed", "map_id", "source", "target", unique=True,
              sqlite_where=text("status = 'agreed'"),
              postgresql_where=text("status = 'agreed'")),
        Index("uq_handover_standard_proposed", "map_id", "source", "target",
              unique=True, sqlite_where=text("status = 'proposed'"),
              postgresql_where=text("status = 'proposed'")),
        Index("ix_handover_standard_giver", "giver", "status"),
        Index("ix_handover_standard_receiver", "receiver", "status"),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    map_id: str = Field(foreign_key="map.id", max_length=100)
    source: str = Field(max_length=100)
    target: str = Field(max_length=100)
    version: int
    status: str = Field(default=StandardStatus.PROPOSED, max_length=10)
    giver: str = Field(foreign_key="department.id", max_length=100)
    receiver: str = Field(foreign_key="department.id", max_length=100)
    what: str | None
    state: str | None = None
    by_when: str | None = None
    within: int | None = None
    accepted: str | None = None
    salt: str | None = Field(max_length=32)
    proposed_by: str = Field(max_length=120)
    proposed_at: datetime = Field(sa_type=UTCTime)
    giver_by: str | None = Field(default=None, max_length=120)
    giver_at: datetime | None = Field(default=None, sa_type=UTCTime)
    receiver_by: str | None = Field(default=None, max_length=120)
    receiver_at: datetime | None = Field(default=None, sa_type=UTCTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCTime)
    revision: int = 1

    @property
    def awaits(self) -> str | None:
        """Give the department whose yes is awaited; None: nobody's."""
        if self.status != StandardStatus.PROPOSED:
            return None
        return self.receiver if self.receiver_at is None else self.giver
