"""Tables of the register."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from resolve.kit.database import JSON


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
