"""Tables of maps and their versions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, UTCTime


class MapStatus(StrEnum):
    """Whether new complaints are placed on it."""

    PUBLISHED = "published"
    RETIRED = "retired"


class Map(SQLModel, table=True):
    """A map and its newest version."""

    __tablename__ = "map"
    __table_args__ = (
        CheckConstraint("status IN ('published', 'retired')", name="status"),
    )

    id: str = Field(primary_key=True, max_length=100)
    status: str = Field(default=MapStatus.PUBLISHED, max_length=10)
    newest: int


class MapVersion(SQLModel, table=True):
    """One version as it was published; cases keep to theirs.

    `reason` says why it was made, if somebody said so; the journal holds its digest.
    """

    __tablename__ = "map_version"

    map_id: str = Field(primary_key=True, foreign_key="map.id", max_length=100)
    version: int = Field(primary_key=True)
    source: str
    digest: str = Field(max_length=64)
    published_at: datetime = Field(sa_type=UTCTime)
    published_by: str = Field(max_length=120)
    reason: str | None = None
    reason_salt: str | None = Field(default=None, max_length=32)


class MapDraft(SQLModel, table=True):
    """A map being written; `based_on` is the version it began from, 0 for a new map."""

    __tablename__ = "map_draft"

    id: str = Field(primary_key=True, sa_type=ID)
    map_id: str | None = Field(default=None, max_length=100, index=True)
    based_on: int = 0
    source: str
    created_at: datetime = Field(sa_type=UTCTime)
    saved_by: str = Field(max_length=120)
    saved_at: datetime = Field(sa_type=UTCTime)
    revision: int = 1
