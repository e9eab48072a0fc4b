"""The tables of messages, and of the letters that they become."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class MessageKind(StrEnum):
    """What a message tells."""

    TASK = "task"  # a department has a task
    TO_PLACE = "to_place"  # the quality manager places a case
    ALL_IN = "all_in"  # the facilitator may open the review
    PAST_DUE = "past_due"  # a task returned to the facilitator
    NEEDS_A_PERSON = "needs_a_person"  # an event keeps failing
    RETURNED = "returned"  # a department says that a task is not its own
    REQUEST = "request"  # a neighbour asks for something
    REPLY = "reply"  # the neighbour replied
    MENTION = "mention"  # somebody is mentioned in the talk of a case
    ANSWER = "answer"  # the answer to the customer
    NOT_ACCEPTED = "not_accepted"  # the customer does not accept the answer
    IN_PLACE = "in_place"  # an agreed change is in place: told to all who took part
    PROVEN = "proven"  # it worked: thanks to everybody who contributed
    NOT_PROVEN = "not_proven"  # the review looks at it again: told to all
    TOO_FEW = "too_few"  # too few orders to say: told to the facilitator
    VOTE = "vote"  # something is put to the vote
    OBJECTION = "objection"  # the customer would not accept it: told to all on the case
    OBJECTION_MET = "objection_met"  # to who raised it
    ALL_VOTED = "all_voted"  # all agree: the facilitator may decide
    DECIDED = "decided"  # the review agreed on what was put to the vote


class Message(SQLModel, table=True):
    """One message; its words are made from `facts` when it is read or mailed.

    `mailed_at` is when it was given to the mail: each `Delivery` of it says what became
    of its letter.
    """

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


class DeliveryState(StrEnum):
    """What became of a letter; only one that waits is looked at again."""

    WAITING = "waiting"  # not before `due_at`
    SENT = "sent"  # in the folder of mail, or taken by the mail server
    GATHERED = "gathered"  # told in a digest, which is a letter of its own
    REFUSED = "refused"  # the mail server takes none for this address
    NO_ADDRESS = "no_address"  # the mail server is there, but no address is known
    NOT_WANTED = "not_wanted"  # the person wants none, or what it told of is gone


class Delivery(SQLModel, table=True):
    """A letter to one addressee: of a message, or a person's digest of one day.

    `addressee` is `person:ID`, `department:ID` for its address in the register,
    `name:...` for a name that is nobody's here, or `customer`; `instead_of` is the
    person away for whom it stands in.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sent', 'gathered', 'refused', 'no_address', "
            "'not_wanted')",
            name="state",
        ),
        CheckConstraint(
            "(message_id IS NULL) = (digest_day IS NOT NULL)", name="of_something"
        ),
        UniqueConstraint("message_id", "addressee"),  # each told once
        UniqueConstraint("person_id", "digest_day"),  # one digest a day
        Index("ix_delivery_waiting", "due_at", "id",
              sqlite_where=text("state = 'waiting'"),
              postgresql_where=text("state = 'waiting'")),
        Index("ix_delivery_in_vain", "settled_at", "id",
              sqlite_where=text("state IN ('refused', 'no_address')"),
              postgresql_where=text("state IN ('refused', 'no_address')")),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    message_id: str | None = Field(default=None, sa_type=ID, foreign_key="message.id")
    addressee: str = Field(max_length=120)
    person_id: str | None = Field(default=None, sa_type=ID, foreign_key="person.id")
    instead_of: str | None = Field(default=None, sa_type=ID, foreign_key="person.id")
    digest_day: date | None = None
    digest_id: str | None = Field(
        default=None, sa_type=ID, foreign_key="delivery.id", index=True
    )
    state: str = Field(default=DeliveryState.WAITING, max_length=10)
    due_at: datetime = Field(sa_type=UTCTime)
    tries: int = 0
    trouble: str | None = Field(default=None, max_length=300)
    created_at: datetime = Field(sa_type=UTCTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCTime)

    @property
    def file(self) -> str:
        """Name its file and its Message-ID: always the same ones."""
        if self.message_id is None:
            return self.id
        return ".".join(filter(None, (self.message_id, self.person_id)))
