"""Tables of the register."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from resolve.chain.model import Text
from resolve.kit.database import ID, JSON, UTCTime


class StoredCalendar(SQLModel, table=True):
    """One revision of a calendar; all are kept, so that old due times stay explained.

    The calendar `default` serves departments that name none.
    """

    __tablename__ = "calendar"

    id: str = Field(primary_key=True, max_length=100)
    revision: int = Field(primary_key=True)
    source: dict[str, Any] = Field(sa_type=JSON)


class DepartmentRecord(SQLModel, table=True):
    """A department as the register knows it; its id means the same in every map."""

    __tablename__ = "department"
    __table_args__ = (CheckConstraint("kind IN ('internal', 'partner')", name="kind"),)

    id: str = Field(primary_key=True, max_length=100)
    title: dict[str, str] = Field(sa_type=JSON)
    kind: str = Field(max_length=10)
    head: str | None = Field(default=None, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    calendar_id: str | None = Field(default=None, max_length=100)
    revision: int = 1

    def titled(self, language: str) -> str:
        """Give the title in a language, or what there is; the id if there is none."""
        return Text(self.title).in_(language) or self.id


class Post(StrEnum):
    """What somebody is in a department."""

    HEAD = "head"  # its tasks come to them
    MEMBER = "member"
    CHAMPION = "champion"  # keeps the customer in mind


class Membership(SQLModel, table=True):
    """A person in a department; one may be several things in several of them."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("post IN ('head', 'member', 'champion')", name="post"),
    )

    person_id: str = Field(primary_key=True, sa_type=ID, foreign_key="person.id")
    department_id: str = Field(
        primary_key=True, foreign_key="department.id", max_length=100, index=True
    )
    post: str = Field(primary_key=True, max_length=10)


class TouchKind(StrEnum):
    """How people of a department came near a customer."""

    TOOK_PART = "took_part"  # in a case
    READ = "read"  # a customer's own words
    VISITED = "visited"  # a place where customers are met
    SPOKE = "spoke"  # with a customer


class Touch(SQLModel, table=True):
    """When people of a department last came near a customer in this way."""

    __tablename__ = "touch"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('took_part', 'read', 'visited', 'spoke')", name="kind"
        ),
    )

    department_id: str = Field(
        primary_key=True, foreign_key="department.id", max_length=100
    )
    kind: str = Field(primary_key=True, max_length=10)
    at: datetime = Field(sa_type=UTCTime)
