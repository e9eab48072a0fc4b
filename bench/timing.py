"""How long a promise takes: the page on very many step times, against on few."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any
from uuid import UUID

import numpy as np

from bench import stock
from bench.ground import KINDS, Ground, told
from bench.http import Client, Server
from bench.pages import MANAGER, signed_in
from bench.posting import serving
from bench.repetitions import milliseconds, quantile
from bench.row import Line, Reach, Row, compared
from resolve.chain.model import PromiseConcern
from resolve.chain.way_of import way_of
from resolve.kit.database import Database, reading, transaction
from resolve.maps.queries import chain_of
from resolve.steptimes.counting import lot_of, note_changes

MANY, FEW = 10_000_000, 100_000
REACH = Reach(1.5)
MAP = "order-to-delivery"
PAGE = f"/maps/{MAP}/timing"
BYTES_EACH = 700
_TIMES = 100
_WARM_UP = 10
_AT_ONCE = 20_000
_BEGAN = datetime(2023, 1, 1, tzinfo=UTC)
_STEP = "key, map_id, order_id, step, started_at, ended_at, source, content"
_ORDER = "map_id, order_id, lot, began_at, ended_at, times"


def measure(ground: Ground) -> Iterator[Line]:
    many, few = ground.size(MANY), ground.size(FEW, least=10_000)
    for kind in KINDS:
        with ExitStack() as running:
            large = _served(ground, running, kind, many)
            small = _served(ground, running, kind, few)
            ours, theirs, first = asyncio.run(_slowest(large, small))
        yield compared(
            "timing",
            f"times along the chain on {many:,}, {kind}",
            measured=(ours, f"p95 {milliseconds(ours)}, first look {first[0]:.3g} s"),
            against=(
                theirs,
                f"on {few:,} p95 {milliseconds(theirs)}, first look {first[1]:.3g} s",
            ),
            reach=REACH,
            figures={"first_look": first},
        )


ROW = Row("timing", measure, room=lambda scale: round(MANY * scale * BYTES_EACH * 1.5))


def _served(ground: Ground, running: ExitStack, kind: str, many: int) -> Server:
    database, url = running.enter_context(ground.database(kind))
    key = stock.open_house(database)
    told(f"  {many:,} step times are written first ...")
    write(database, many)
    cookie = signed_in(database, MANAGER)
    return replace(running.enter_context(serving(ground, url, key)), cookie=cookie)


def write(database: Database, many: int) -> None:
    """Write orders along the way to the door, past the taking in, as it leaves them."""
    with reading(database) as session:
        steps = way_of(chain_of(session, MAP), PromiseConcern("door", "on-time")).steps
    chance = np.random.default_rng(1)
    orders, written = -(-many // len(steps)), 0
    for start in range(0, orders, _AT_ONCE):
        some = min(_AT_ONCE, orders - start)
        step_rows, order_rows = _rows(chance, steps, range(start, start + some))
        _insert(database, "step_time", _STEP, step_rows)
        _insert(database, "order_time", _ORDER, order_rows)
        written += len(step_rows)
    with transaction(database) as session:
        note_changes(session, MAP, written)
    if not database.is_sqlite:
        with transaction(database) as session:
            session.connection().exec_driver_sql("ANALYZE")


# In order, so that ten million of them are written in minutes.
_KEYS = (str(UUID(int=number)) for number in count(1))
_Rows = list[tuple[Any, ...]]


def _rows(
    chance: np.random.Generator, steps: tuple[str, ...], orders: range
) -> tuple[_Rows, _Rows]:
    shape = (len(orders), len(steps))
    took = chance.lognormal(8.5, 0.8, size=shape)
    waited = chance.lognormal(8, 0.8, size=shape)
    began = chance.uniform(0, 3 * 365 * 86_400, size=len(orders))
    ended = began[:, None] + np.cumsum(took + waited, axis=1)
    step_rows: _Rows = []
    order_rows: _Rows = []
    for row, number in enumerate(orders):
        name = f"O-{number}"
        ends = [_BEGAN + timedelta(seconds=round(one)) for one in ended[row].tolist()]
        starts = [
            end - timedelta(seconds=round(one))
            for end, one in zip(ends, took[row].tolist(), strict=True)
        ]
        step_rows += [
            (next(_KEYS), MAP, name, step, _text(start), _text(end), "bench", "")
            for step, start, end in zip(steps, starts, ends, strict=True)
        ]
        lot = lot_of(MAP, name)
        first, last = _text(starts[0]), _text(ends[-1])
        order_rows.append((MAP, name, lot, first, last, len(steps)))
    return step_rows, order_rows


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.000000"


def _insert(database: Database, table: str, columns: str, rows: _Rows) -> None:
    with transaction(database) as session:
        connection = session.connection()
        if database.is_sqlite:
            places = ", ".join("?" * len(rows[0]))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
            # As SQLite keeps a UUID.
            given = [(row[0].replace("-", ""), *row[1:]) for row in rows]
            connection.exec_driver_sql(
                statement, given if table == "step_time" else rows
            )
            return
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


async def _slowest(
    large: Server, small: Server
) -> tuple[float, float, tuple[float, float]]:
    """Ask both in turn; give the p95 of each, and how long the first looks took."""
    taken: tuple[list[float], list[float]] = ([], [])
    # Each on a line of its own: one that is idle for long is closed.
    firsts = (await _first(large), await _first(small))
    async with Client(large) as one, Client(small) as two:
        for number in range(_TIMES + _WARM_UP):
            for client, seconds in zip((one, two), taken, strict=True):
                took = await _asked(client)
                if number >= _WARM_UP:
                    seconds.append(took)
    return quantile(taken[0], 0.95), quantile(taken[1], 0.95), firsts


async def _first(server: Server) -> float:
    async with Client(server) as client:
        return await _asked(client)


async def _asked(client: Client) -> float:
    start = perf_counter()
    await client.ask("GET", PAGE, expected=b"200")
    return perf_counter() - start
