"""The tables of joint reviews: what is put to the vote, votes, divisions of time."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class BallotKind(StrEnum):
    """What is put to the vote."""

    PROPOSAL = "proposal"  # a change that a department proposed
    DIVISION = "division"  # the promised time divided anew


class BallotStatus(StrEnum):
    """The life of a ballot; it ends once."""

    OPEN = "open"  # votes are taken
    AGREED = "agreed"  # by all, or by mandate after its time
    CHANGED = "changed"  # another ballot asks about what it became
    DROPPED = "dropped"  # the review leaves it


class Position(StrEnum):
    """What a department says to a ballot; the last one is never outvoted."""

    AGREE = "agree"
    AGREE_WITH_NOTE = "agree_with_note"
    NOT_YET = "not_yet"  # needs something first
    CUSTOMER_WOULD_NOT = "customer_would_not"  # accept this, because ...


class MetBy(StrEnum):
    """What met the objection that the customer would not accept it."""

    CHANGE = "change"  # the solution was changed
    CUSTOMER = "customer"  # the customer said yes
    MANAGER = "manager"  # a named manager's written reason, for everybody to see


class ObjectionStatus(StrEnum):
    """The life of an objection; while it is open nothing is agreed over it."""

    OPEN = "open"
    MET = "met"  # by what `MetBy` says
    TAKEN_BACK = "taken_back"  # by who raised it


class Ballot(SQLModel, table=True):
    """One thing put to the vote of the departments of a case.

    `wording` is the change as it is voted on, where the review worded it anew;
    `customer_says` answers "what would the customer say?". `until` is when the
    facilitator may decide over silence and "not yet"; `ready_at`, since when all have
    agreed and no objection is open.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("kind IN ('proposal', 'division')", name="kind"),
        CheckConstraint(
            "status IN ('open', 'agreed', 'changed', 'dropped')", name="status"
        ),
        CheckConstraint(
            "(kind = 'division') = (division_id IS NOT NULL)", name="of_division"
        ),
        CheckConstraint("(kind = 'proposal') = (task_id IS NOT NULL "
                        "AND proposal IS NOT NULL)", name="of_proposal"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
        Index("ix_ballot_case", "case_id", "id"),
        # A thing is voted on once at a time.
        Index("ix_ballot_open_proposal", "task_id", "proposal", unique=True,
              sqlite_where=text("status = 'open'"),
              postgresql_where=text("status = 'open'")),
        Index("ix_ballot_open_division", "division_id", unique=True,
              sqlite_where=text("status = 'open'"),
              postgresql_where=text("status = 'open'")),
        # What awaits votes or a decision: few among all that ever were.
        Index("ix_ballot_open", "until", "id",
              sqlite_where=text("status = 'open'"),
              postgresql_where=text("status = 'open'")),
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id")
    round: int
    kind: str = Field(max_length=10)
    task_id: str | None = Field(default=None, sa_type=ID, foreign_key="task.id")
    proposal: int | None = None
    division_id: str | None = Field(default=None, sa_type=ID, foreign_key="division.id")
    instead_of: str | None = Field(default=None, sa_type=ID, foreign_key="ballot.id")
    owner: str | None = Field(default=None, max_length=120)
    due: dt.date | None = None
    wording: str | None = None
    wording_salt: str | None = Field(default=None, max_length=32)
    customer_says: str | None = None
    customer_says_salt: str | None = Field(default=None, max_length=32)
    put_by: str = Field(max_length=120)
    put_at: dt.datetime = Field(sa_type=UTCTime)
    until: dt.datetime = Field(sa_type=UTCTime)
    ready_at: dt.datetime | None = Field(default=None, sa_type=UTCTime)
    status: str = Field(default=BallotStatus.OPEN, max_length=10)
    decided_by: str | None = Field(default=None, max_length=120)
    decided_at: dt.datetime | None = Field(default=None, sa_type=UTCTime)
    by_mandate: bool = False
    reason: str | None = None
    reason_salt: str | None = Field(default=None, max_length=32)
    revision: int = 1


class Vote(SQLModel, table=True):
    """What a department says to a ballot; it may be changed while the ballot is open.

    `text` is the note, or what is needed first; why the customer would not accept it
    stands in the objection that this vote raises.
    """

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint(
            "position IN ('agree', 'agree_with_note', 'not_yet', 'customer_would_not')",
            name="position",
        ),
        UniqueConstraint("ballot_id", "department_id"),  # one each
    )

    id: str = Field(primary_key=True, sa_type=ID)
    ballot_id: str = Field(sa_type=ID, foreign_key="ballot.id")
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    department_id: str = Field(foreign_key="department.id", max_length=100)
    position: str = Field(max_length=20)
    text: str | None = None
    salt: str | None = Field(default=None, max_length=32)
    who: str = Field(max_length=120)
    by_word_of_mouth: bool = False
    at: dt.datetime = Field(sa_type=UTCTime)
    revision: int = 1


class Objection(SQLModel, table=True):
    """That the customer would not accept it, because ...: anybody on a case may say so.

    `voter` is the department whose vote it is ("department:ID"), else who raised it.
    `met_*` say by what it was met: `met_who` entered it, `met_name` is the manager who
    gives the reason in `met_text`, or there stands when and how the customer said yes.
    """

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'met', 'taken_back')", name="status"),
        CheckConstraint(
            "met_by IS NULL OR met_by IN ('change', 'customer', 'manager')",
            name="met_by",
        ),
        CheckConstraint("(status = 'met') = (met_by IS NOT NULL)", name="met"),
        CheckConstraint("(met_by IS NULL) = (met_at IS NULL)", name="met_at"),
        Index("ix_objection_open", "ballot_id", "voter", unique=True,
              sqlite_where=text("status = 'open'"),
              postgresql_where=text("status = 'open'")),  # one each at a time
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=ID)
    ballot_id: str = Field(sa_type=ID, foreign_key="ballot.id")
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id", index=True)
    voter: str = Field(max_length=120)
    department_id: str | None = Field(
        default=None, foreign_key="department.id", max_length=100
    )
    text: str | None = None
    salt: str | None = Field(default=None, max_length=32)
    who: str = Field(max_length=120)
    at: dt.datetime = Field(sa_type=UTCTime)
    status: str = Field(default=ObjectionStatus.OPEN, max_length=10)
    met_by: str | None = Field(default=None, max_length=10)
    met_who: str | None = Field(default=None, max_length=120)
    met_at: dt.datetime | None = Field(default=None, sa_type=UTCTime)
    met_name: str | None = Field(default=None, max_length=200)
    met_text: str | None = None
    met_salt: str | None = Field(default=None, max_length=32)
    revision: int = 1


class DivisionStatus(StrEnum):
    """The life of a division of time."""

    DRAFT = "draft"  # being tried; anybody on the case sees it
    AGREED = "agreed"  # in the map since `agreed_version`
    LEFT = "left"  # not followed any more


class Division(SQLModel, table=True):
    """A promised time divided anew among the steps of a walk.

    `times` is what differs from the version it is made on: seconds per step, and per
    hand-over: {"steps": {step: s}, "handovers": [[from, to, s], ...]}.
    """

    __tablename__ = "division"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'agreed', 'left')", name="status"),
        CheckConstraint(
            "(status = 'agreed') = (agreed_version IS NOT NULL)", name="agreed"
        ),
        Index("ix_division_case", "case_id", "id"),
    )

    id: str = Field(primary_key=True, sa_type=ID)
    case_id: str = Field(sa_type=ID, foreign_key="complaint_case.id")
    round: int
    map_id: str = Field(foreign_key="map.id", max_length=100)
    map_version: int
    times: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = Field(default=DivisionStatus.DRAFT, max_length=10)
    saved_by: str = Field(max_length=120)
    saved_at: dt.datetime = Field(sa_type=UTCTime)
    agreed_version: int | None = None
    revision: int = 1
