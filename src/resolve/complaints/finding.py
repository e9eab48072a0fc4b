"""Tables of the search: what can be found by which words, and how far it is filled.

They hold nothing that is not elsewhere: deleted, they are filled anew. On PostgreSQL
`words` is indexed as it is; on SQLite triggers keep a full-text table beside it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from resolve.complaints.models import Complaint
from resolve.complaints.words import Terms, identifier, terms
from resolve.kit.database import ID

_WORDS = Text().with_variant(TSVECTOR(), "postgresql")
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_ID_BITS = 29
IDENTITY = ("name", "email", "phone")


class Found(StrEnum):
    """What can be found."""

    COMPLAINT = "complaint"  # with its answer and who the customer is
    ANSWER = "answer"  # of a department: its proposals, or what it observed
    REQUEST = "request"  # to a neighbour, with the reply
    TALK = "talk"


class Findable(SQLModel, table=True):
    """Something that can be found; the newer it is, the larger its id."""

    __tablename__ = "findable"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('complaint', 'answer', 'request', 'talk')", name="kind"
        ),
        UniqueConstraint("kind", "subject_id"),
        Index("ix_findable_case", "case_id", "kind"),
    )

    id: int = Field(
        primary_key=True,
        sa_type=_NUMBER,
        sa_column_kwargs={"autoincrement": False},
    )
    case_id: str = Field(sa_type=ID)
    kind: str = Field(max_length=10)
    subject_id: str = Field(sa_type=ID)
    words: str = Field(sa_type=_WORDS)


class FindableState(SQLModel, table=True):
    """How far the search is filled: one row.

    `position` is that in the change feed; cases opened before `back_to` are still to be
    taken in, newest first, until `complete`.
    """

    __tablename__ = "findable_state"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(
        default=1, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    position: int = Field(sa_type=BigInteger)
    back_to: str | None = Field(default=None, sa_type=ID)
    complete: bool = False


def number(at: datetime, subject_id: str) -> int:
    """Give the id of something: its second, then digits of its own."""
    own = int.from_bytes(sha256(subject_id.encode()).digest()[:8]) >> (64 - _ID_BITS)
    return (int(at.timestamp()) << _ID_BITS) | own


def row(
    kind: Found, subject_id: str, case_id: str, *, at: datetime, words: Terms
) -> dict[str, Any]:
    """Make the row of something that can be found."""
    return {
        "id": number(at, subject_id),
        "case_id": case_id,
        "kind": str(kind),
        "subject_id": subject_id,
        "words": " ".join(sorted(words)),
    }


def row_of(complaint: Complaint) -> dict[str, Any]:
    """Make the row of a complaint: its words, numbers, answer and customer."""
    customer = complaint.customer or {}
    wholes = (
        complaint.number,
        complaint.order_id,
        complaint.reference,
        customer.get("phone"),
    )
    words = terms(texts_of(complaint)).union(*(identifier(one) for one in wholes))
    return row(
        Found.COMPLAINT,
        complaint.id,
        complaint.case_id,
        at=complaint.received_at,
        words=words,
    )


def texts_of(complaint: Complaint) -> tuple[str, ...]:
    """Give what can be read of a complaint; the customer's own words come first."""
    customer = complaint.customer or {}
    texts = (
        complaint.text,
        complaint.desired_outcome,
        complaint.answer,
        complaint.remedy,
        complaint.number,
        complaint.order_id,
        complaint.reference,
        complaint.on_behalf_of,
        *(str(customer[name]) for name in IDENTITY if customer.get(name)),
    )
    return tuple(text for text in texts if text)


def said_in(content: dict[str, Any] | None) -> list[str]:
    """Give what a department wrote in its answer."""
    given = content or {}
    texts = [given.get("observed")]
    for one in given.get("proposals", ()):
        need = one.get("need") or {}
        texts += [one.get("change"), one.get("effect"), need.get("what")]
    return [text for text in texts if text]
