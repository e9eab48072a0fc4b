"""Rows that are written as they are, by the fastest way each database has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel, col, func, select

from resolve.complaints.models import SERIAL, Complaint


def write(
    session: Session,
    kind: type[SQLModel],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Write rows whose values are texts and numbers as the database takes them."""
    if not rows:
        return
    table: Table = kind.__table__  # type: ignore[attr-defined]
    names = ", ".join(f'"{name}"' for name in columns)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        statement = f'COPY "{table.name}" ({names}) FROM STDIN'
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(columns))
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({names}) VALUES ({places})',  # noqa: S608
        list(rows),
    )


def next_serials(session: Session, n: int) -> list[int]:
    """Take as many serials of complaints as asked for."""
    if session.get_bind().dialect.name == "postgresql":
        rows = session.connection().exec_driver_sql(
            f"SELECT nextval('{SERIAL.name}') FROM generate_series(1, %s)",  # noqa: S608
            (n,),
        )
        return [row[0] for row in rows]
    # SQLite: this transaction is the only one that writes.
    first = (session.exec(select(func.max(col(Complaint.serial)))).one() or 0) + 1
    return list(range(first, first + n))


def size(session: Session) -> int:
    """Give the bytes that the database takes."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        asked = "SELECT pg_database_size(current_database())"
        return int(connection.exec_driver_sql(asked).scalar_one())
    pages, each = (
        int(connection.exec_driver_sql(f"PRAGMA {what}").scalar_one())
        for what in ("page_count", "page_size")
    )
    return pages * each
