"""Tables of attachments and their content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, UTCTime


class AttachedContent(SQLModel, table=True):
    """The bytes of files, each stored once under their SHA-256.

    They lie in the database, so that a filing with files is one durable transaction
    and every process that serves sees them.
    """

    __tablename__ = "attached_content"

    digest: str = Field(primary_key=True, max_length=64)
    size: int
    content: bytes = Field(sa_type=LargeBinary)


class Attachment(SQLModel, table=True):
    """A file of a complaint under the name it came with."""

    __tablename__ = "attachment"

    id: str = Field(primary_key=True, sa_type=ID)
    complaint_id: str = Field(sa_type=ID, foreign_key="complaint.id", index=True)
    name: str | None = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    digest: str | None = Field(
        max_length=64, foreign_key="attached_content.digest", index=True
    )
    added_by: str = Field(max_length=120)
    at: datetime = Field(sa_type=UTCTime)
