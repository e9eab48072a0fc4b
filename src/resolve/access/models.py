"""Tables of people, their ways in, of keys and of kept answers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from resolve.kit.database import ID, JSON, UTCTime


class Person(SQLModel, table=True):
    """Somebody who signs in; `login` never changes, what else is said of them may.

    `roles` are those of `access.table.Role` that no department gives. Times of the day
    are HH:MM on the person's clock on the wall.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("mail IN ('each', 'digest', 'none')", name="mail"),
        CheckConstraint("theme IN ('auto', 'light', 'dark')", name="theme"),
    )

    id: str = Field(primary_key=True, sa_type=ID)
    login: str = Field(unique=True, max_length=100)
    name: str = Field(max_length=200)
    email: str | None = Field(default=None, max_length=254, index=True)
    password: str | None = Field(default=None, max_length=200)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    language: str | None = Field(default=None, max_length=2)
    zone: str | None = Field(default=None, max_length=60)
    theme: str = Field(default="auto", max_length=5)
    mail: str = Field(default="each", max_length=6)
    digest_at: str = Field(default="08:00", max_length=5)
    quiet_from: str | None = Field(default=None, max_length=5)
    quiet_until: str | None = Field(default=None, max_length=5)
    wording_help: bool = True
    created_at: datetime = Field(sa_type=UTCTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCTime)
    revision: int = 1


class SignIn(SQLModel, table=True):
    """A browser in which a person is signed in; only the secret's digest is kept."""

    __tablename__ = "sign_in"

    digest: str = Field(primary_key=True, max_length=64)
    id: str = Field(unique=True, sa_type=ID)
    person_id: str = Field(sa_type=ID, foreign_key="person.id", index=True)
    device: str = Field(default="", max_length=200)
    created_at: datetime = Field(sa_type=UTCTime)
    seen_at: datetime = Field(sa_type=UTCTime)
    expires_at: datetime = Field(sa_type=UTCTime, index=True)


class OneTimeLink(SQLModel, table=True):
    """A link that signs a person in once, to choose a password or without one."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('sign_in', 'password')", name="purpose"),
    )

    digest: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(sa_type=ID, foreign_key="person.id", index=True)
    purpose: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UTCTime)
    expires_at: datetime = Field(sa_type=UTCTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCTime)


class Patience(SQLModel, table=True):
    """How long a login or an address waits after failures; `of` is a digest."""

    __tablename__ = "patience"

    of: str = Field(primary_key=True, max_length=64)
    failures: int
    last_at: datetime = Field(sa_type=UTCTime, index=True)
    until: datetime = Field(sa_type=UTCTime)


class Absence(SQLModel, table=True):
    """Days on which somebody else does a person's work; both days are included.

    `zone` is the house's when it was entered: where the days begin and end for a person
    who names no zone.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("person_id <> substitute_id", name="somebody_else"),
    )

    id: str = Field(primary_key=True, sa_type=ID)
    person_id: str = Field(sa_type=ID, foreign_key="person.id", index=True)
    substitute_id: str = Field(sa_type=ID, foreign_key="person.id", index=True)
    first_day: date
    last_day: date
    zone: str = Field(max_length=60)
    created_at: datetime = Field(sa_type=UTCTime)
    created_by: str = Field(max_length=120)
    ended_at: datetime | None = Field(default=None, sa_type=UTCTime)


class ApiKey(SQLModel, table=True):
    """A key of a client; only the digest of its secret is kept."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, sa_type=ID)
    name: str = Field(unique=True, max_length=100)
    digest: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(sa_type=JSON)
    department_id: str | None = Field(default=None, foreign_key="department.id")
    person_id: str | None = Field(default=None, sa_type=ID, foreign_key="person.id")
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
