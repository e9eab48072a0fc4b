"""Tables of keys and of kept answers."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class ApiKey(SQLModel, table=True):
    """A key of a client; only the digest of its secret is kept."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, sa_type=ID)
    name: str = Field(unique=True, max_length=100)
    digest: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(sa_type=JSON)
    department_id: str | None = Field(default=None, foreign_key="department.id")
    created_at: datetime = Field(sa_type=UTCTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCTime)


class KeptAnswer(SQLModel, table=True):
    """The answer to a request with an Idempotency-Key, kept for seven days."""

    __tablename__ = "kept_answer"

    key_id: str = Field(primary_key=True, sa_type=ID)
    path: str = Field(primary_key=True, max_length=200)
    idempotency_key: str = Field(primary_key=True, max_length=255)
    body_digest: str = Field(max_length=64)
    status: int
    location: str | None = Field(default=None, max_length=300)
    body: str
    at: datetime = Field(sa_type=UTCTime, index=True)
