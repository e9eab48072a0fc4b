"""The database: engines, column types and the only place that commits.

SQLite runs in WAL with `synchronous=FULL` and every writing transaction begins
IMMEDIATE; PostgreSQL runs READ COMMITTED and services lock the rows they decide on.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from sqlalchemy import JSON as JSON_TEXT
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    String,
    Table,
    Uuid,
    event,
    literal_column,
    make_url,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel, create_engine

from resolve.kit import bulk
from resolve.kit.errors import Invalid, Unavailable

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

JSON = JSON_TEXT(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
ID = Uuid(as_uuid=False)

_WAIT_SECONDS = 30.0
_IN_UTC = {"options": "-c TimeZone=UTC"}
_WRITES = "resolve_writes"


class UTCTime(TypeDecorator[datetime]):
    """An aware moment; SQLite, which forgets zones, holds it in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a time without a zone cannot be stored: {value}"
            raise ValueError(msg)
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  given by SQLAlchemy
    ) -> datetime | None:
        if value is None:
            return None
        return (
            value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        )


class DatabaseBusy(Unavailable):
    """Another process holds the database; trying again helps."""

    code = "database_busy"


class DatabaseFull(Unavailable):
    """The disk takes no more."""

    code = "disk_full"


class DatabaseAway(Unavailable):
    """The database cannot be reached."""

    code = "database_away"


@dataclass(frozen=True, slots=True)
class Database:
    """An opened database; `writing` lets one thread of an SQLite process write."""

    engine: Engine
    writing: threading.Lock | None = field(default=None)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def open_database(url: str, *, wait: float = _WAIT_SECONDS) -> Database:
    """Open the database at this address; nothing is created or migrated.

    Raises:
        Invalid: the address cannot be read or names another kind of database.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise ArgumentError  # noqa: TRY301  one message for all of them
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(parsed.render_as_string(hide_password=False), wait)
        engine = create_engine(
            parsed,
            json_serializer=bulk.json_text,
            hide_parameters=True,  # they may be a customer's words; errors are logged
            # Elsewhere the year 1 would come back as one before Christ.
            connect_args={} if "options" in parsed.query else _IN_UTC,
            pool_size=20,
            max_overflow=30,
            pool_pre_ping=True,
        )
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise Invalid(
            "The address of the database cannot be used.",
            hint="Give RESOLVE_DATABASE_URL as sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/NAME.",
        ) from None
    return Database(engine)


def _open_sqlite(url: str, wait: float) -> Database:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        json_serializer=bulk.json_text,
        connect_args={
            "isolation_level": None,
            "timeout": wait,
            "check_same_thread": False,
        },
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, threading.Lock())


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  DBAPI
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16384",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  SQLAlchemy's
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """Do everything inside, or nothing: the only place that commits.

    Raises:
        DatabaseBusy: no turn to write within half a minute.
        DatabaseFull: the disk is full.
        DatabaseAway: the connection was lost.
    """
    lock = database.writing
    if lock and not lock.acquire(timeout=_WAIT_SECONDS):
        raise DatabaseBusy("The database is busy.", hint="Try again in a moment.")
    try:
        with _told(), _session(database, writes=True) as session:
            yield session
            session.commit()
    finally:
        if lock:
            lock.release()


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """Look at one consistent state; nothing that is changed inside is kept."""
    with _told(), _session(database, writes=False) as session:
        yield session


@contextmanager
def _session(database: Database, *, writes: bool) -> Iterator[Session]:
    options: dict[str, Any] = {_WRITES: writes}
    if not writes and not database.is_sqlite:
        # Several questions of one look are answered from one snapshot.
        options["isolation_level"] = "REPEATABLE READ"
    with (
        database.engine.connect().execution_options(**options) as connection,
        Session(connection, expire_on_commit=False, autoflush=writes) as session,
    ):
        yield session


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        known = _known(error)
        if known is None:
            raise
        raise known from error


def _known(error: DBAPIError) -> Unavailable | None:
    if not (isinstance(error, OperationalError) or error.connection_invalidated):
        return None  # its text may hold words of people
    text = str(error.orig).lower()
    if "locked" in text or "lock timeout" in text or "deadlock" in text:
        return DatabaseBusy("The database is busy.", hint="Try again in a moment.")
    if "full" in text or "disk i/o" in text or "no space" in text:
        return DatabaseFull(
            "The disk of the database takes no more; nothing was changed.",
            hint="Make room on it and try again.",
        )
    if error.connection_invalidated or "connection" in text or "unable to open" in text:
        return DatabaseAway(
            "The database cannot be reached; nothing was changed.",
            hint="See that it runs and that RESOLVE_DATABASE_URL is right.",
        )
    return None


def insert_rows(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write many rows at once, past the ORM: what the hot paths use."""
    _write(session, table, rows, missing=False)


def insert_missing(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write the rows that no unique constraint says are there already."""
    _write(session, table, rows, missing=True)


def _write(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    missing: bool,
) -> None:
    if rows:
        known = cast("Table", table.__table__)  # type: ignore[attr-defined]
        bulk.write(session.connection(), known, rows, missing=missing)


def fixed(value: StrEnum) -> ColumnElement[str]:
    """Write a state into the statement itself, not as a parameter.

    A partial index is used only where the statement says the state that it is for.
    """
    return literal_column(f"'{value.value}'", String)


def one_at_a_time(session: Session, *what: int) -> None:
    """Wait until no other transaction holds these advisory locks, then hold them.

    SQLite needs none: there a writing transaction is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(
            # In one order for everybody.
            "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number",
            (sorted(what),),
        )


def lock_number(*names: str) -> int:
    """Give the advisory lock that belongs to these names (63 bits of a digest)."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest()[:8]) >> 1
