"""The first page of tasks on very many complaints, against the same on few."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from time import perf_counter

from bench import stock
from bench.ground import KINDS, Ground
from bench.http import Client, Server
from bench.posting import serving
from bench.repetitions import milliseconds, quantile
from bench.row import Line, Reach, Row, compared

MANY, FEW = 1_000_000, 10_000
REACH = Reach(1.5)
PAGES = (
    "/api/v1/tasks",
    "/api/v1/tasks?status=open",
    "/api/v1/tasks?department=packing&status=open",
)
_TIMES = 300


def measure(ground: Ground) -> Iterator[Line]:
    for kind in KINDS:
        yield from _on(ground, kind)


ROW = Row(
    "tasks", measure, room=lambda scale: round(1.2 * MANY * scale * stock.BYTES_EACH)
)


def _on(ground: Ground, kind: str) -> Iterator[Line]:
    many, few = ground.size(MANY), ground.size(FEW, least=1_000)
    with ExitStack() as running:
        large = _served(ground, running, kind, many)
        small = _served(ground, running, kind, few)
        for page in PAGES:
            ours, theirs = asyncio.run(_slowest(large, small, page))
            yield compared(
                "tasks",
                f"GET {page.removeprefix('/api/v1')} on {many:,}, {kind}",
                measured=(ours, f"p95 {milliseconds(ours)}"),
                against=(theirs, f"on {few:,} p95 {milliseconds(theirs)}"),
                reach=REACH,
            )


def _served(ground: Ground, running: ExitStack, kind: str, many: int) -> Server:
    database, url = running.enter_context(ground.database(kind))
    key = stock.open_house(database)
    stock.fill(database, many)
    return running.enter_context(serving(ground, url, key))


async def _slowest(large: Server, small: Server, page: str) -> tuple[float, float]:
    """Ask both in turn; give the p95 of each."""
    taken: tuple[list[float], list[float]] = ([], [])
    async with Client(large) as first, Client(small) as second:
        for number in range(_TIMES + 20):
            for client, seconds in zip((first, second), taken, strict=True):
                start = perf_counter()
                await client.ask("GET", page, expected=b"200")
                if number >= 20:  # noqa: PLR2004  the first ones warm up
                    seconds.append(perf_counter() - start)
    return quantile(taken[0], 0.95), quantile(taken[1], 0.95)
