"""Many rows in one statement: what the hot paths write with.

SQLite takes an executemany of tuples made column by column, PostgreSQL the rows as one
JSON text. SQLAlchemy's own way looks at each value of each row, and psycopg sends each
row by itself; together that is twice the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    Integer,
    String,
    Table,
    Uuid,
)

Rows = Sequence[Mapping[str, Any]]
Convert = Callable[[Any], Any]


def write(connection: Connection, table: Table, rows: Rows, *, missing: bool) -> None:
    """Write rows, which all have the fields of the first one.

    `missing`: only those that no unique constraint says are there already.
    """
    defaults = _defaults(table, tuple(rows[0]))
    if defaults:
        rows = [{n: make() for n, make in defaults.items()} | {**row} for row in rows]
    names = tuple(rows[0])
    write_all = _as_json if connection.dialect.name == "postgresql" else _as_tuples
    write_all(connection, table, names, rows, " ON CONFLICT DO NOTHING" * missing)


def json_text(value: object) -> str:
    """Write JSON as it is stored."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # an integer of more than 64 bits, half of a surrogate pair
        return json.dumps(value, default=str)


def _as_json(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Rows, end: str
) -> None:
    for name in _times(table, names):
        _guard_zones(row[name] for row in rows)
    statement = _from_json(table, names)
    connection.exec_driver_sql(f"{statement}{end}", (json_text(rows),))


@cache
def _from_json(table: Table, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    typed = ", ".join(f'"{name}" {_postgres_type(table.c[name])}' for name in names)
    return (
        f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} '  # noqa: S608
        f"FROM json_to_recordset(%s::json) AS given ({typed})"
    )


@cache
def _times(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(n for n in names if isinstance(_kind(table.c[n]), DateTime))


def _guard_zones(times: Iterable[datetime | None]) -> None:
    for at in times:
        if at is not None and at.tzinfo is None:
            msg = f"a time without a zone cannot be stored: {at}"
            raise ValueError(msg)


_POSTGRES_TYPES: tuple[tuple[type, str], ...] = (
    (Uuid, "uuid"),
    (JSON, "jsonb"),
    (Boolean, "boolean"),
    (Integer, "bigint"),
    (DateTime, "timestamptz"),
    # Not varchar(n): a cast to it would cut what is too long, and say nothing.
    (String, "text"),
)


def _postgres_type(column: Column[Any]) -> str:
    kind = _kind(column)
    return next(name for known, name in _POSTGRES_TYPES if isinstance(kind, known))


def _kind(column: Column[Any]) -> object:
    return getattr(column.type, "impl_instance", column.type)


def _as_tuples(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Rows, end: str
) -> None:
    statement, converters = _with_places(table, names, connection.dialect)
    columns = [
        [row[name] for row in rows]
        if convert is None
        else [convert(row[name]) for row in rows]
        for name, convert in zip(names, converters, strict=True)
    ]
    connection.exec_driver_sql(f"{statement}{end}", list(zip(*columns, strict=True)))


@cache
def _with_places(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[Convert | None, ...]]:
    columns = ", ".join(f'"{name}"' for name in names)
    places = ", ".join("?" for _ in names)
    kinds = [table.c[name].type for name in names]
    converters = [kind.dialect_impl(dialect).bind_processor(dialect) for kind in kinds]
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'  # noqa: S608
    return statement, tuple(converters)


@cache
def _defaults(table: Table, given: tuple[str, ...]) -> dict[str, Callable[[], Any]]:
    return {
        column.name: _default(column)
        for column in table.c
        if column.default is not None and column.name not in given
    }


def _default(column: Column[Any]) -> Callable[[], Any]:
    argument = column.default.arg  # type: ignore[union-attr]
    return (lambda: argument(None)) if callable(argument) else (lambda: argument)
