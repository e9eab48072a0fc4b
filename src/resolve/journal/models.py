"""Tables of the journal, its seals and the change feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class JournalEntry(SQLModel, table=True):
    """One thing that happened; `hash` covers it and its predecessor's hash."""

    __tablename__ = "journal_entry"

    chain: str = Field(primary_key=True, max_length=120)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCTime)
    who: str = Field(max_length=120)
    what: str = Field(max_length=60)
    data: dict[str, Any] = Field(sa_type=JSON)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class JournalHead(SQLModel, table=True):
    """The newest entry of a chain, and how far it is sealed and in the feed."""

    __tablename__ = "journal_head"
    __table_args__ = (
        Index(
            "ix_journal_head_unsealed",
            "chain",
            sqlite_where=text("seq > sealed_seq"),
            postgresql_where=text("seq > sealed_seq"),
        ),
        Index(
            "ix_journal_head_unfed",
            "chain",
            sqlite_where=text("seq > fed_seq"),
            postgresql_where=text("seq > fed_seq"),
        ),
    )

    chain: str = Field(primary_key=True, max_length=120)
    seq: int
    hash: str = Field(max_length=64)
    sealed_seq: int = 0
    fed_seq: int = 0


class Seal(SQLModel, table=True):
    """An HMAC over the seal before it and the heads that moved since then."""

    __tablename__ = "seal"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCTime)
    mac: str = Field(max_length=64)


class SealedHead(SQLModel, table=True):
    """What a seal says of one chain."""

    __tablename__ = "sealed_head"
    __table_args__ = (Index("ix_sealed_head_chain", "chain", "seal"),)

    seal: int = Field(primary_key=True, foreign_key="seal.number")
    chain: str = Field(primary_key=True, max_length=120)
    seq: int
    hash: str = Field(max_length=64)


class FeedEntry(SQLModel, table=True):
    """A journal entry of a case at its place in the change feed."""

    __tablename__ = "feed_entry"

    position: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    at: datetime = Field(sa_type=UTCTime)
    kind: str = Field(max_length=60)
    case_id: str = Field(sa_type=ID, index=True)
    complaint_id: str | None = Field(default=None, sa_type=ID)
    task_id: str | None = Field(default=None, sa_type=ID)
