"""Complaints that arrive for a minute: how long each waits for its tasks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import mean
from time import perf_counter

from sqlmodel import col, select

from bench import stock
from bench.ground import KINDS, Ground
from bench.http import Client, Server
from bench.posting import serving
from bench.repetitions import milliseconds, quantile
from bench.row import Line, Row
from resolve.cases.models import Case
from resolve.kit.database import Database, reading

BEFORE = 200_000
PER_SECOND = 20
SECONDS = 60
_AIM = 2.0
_LOOK_EVERY = 0.05
_CLIENTS = 8
_PATIENCE = 60.0


@dataclass(slots=True)
class _Seen:
    """What waits for its tasks since when, how long others waited, how many waited."""

    waiting: dict[str, float] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    arriving: bool = True


def measure(ground: Ground) -> Iterator[Line]:
    for kind in KINDS:
        yield _on(ground, kind)


ROW = Row(
    "arriving", measure, room=lambda scale: round(BEFORE * scale * stock.BYTES_EACH)
)


def _on(ground: Ground, kind: str) -> Line:
    before = ground.size(BEFORE)
    seconds = ground.size(SECONDS, least=10)
    with ExitStack() as running:
        database, url = running.enter_context(ground.database(kind))
        key = stock.open_house(database)
        stock.fill(database, before)
        prefect = running.enter_context(ground.prefect())
        running.enter_context(ground.worker(url, prefect))
        server = running.enter_context(serving(ground, url, key))
        asyncio.run(_arrive(server, database, _Seen(), seconds=5))
        seen = _Seen()
        asyncio.run(_arrive(server, database, seen, seconds=seconds))
    return _line(kind, before, seconds, seen)


def _line(kind: str, before: int, seconds: int, seen: _Seen) -> Line:
    slow = quantile(seen.waited, 0.95)
    third = len(seen.lengths) // 3
    middle, last = mean(seen.lengths[third : 2 * third]), mean(seen.lengths[-third:])
    # What arrives within a second may wait at any moment.
    grows = last > 1.5 * middle + PER_SECOND
    return Line(
        row="arriving",
        what=f"filed to tasks, {PER_SECOND}/s for {seconds} s on {before:,}, {kind}",
        measured=f"p95 {milliseconds(slow)}, waiting {middle:.1f}, then {last:.1f}",
        against="-",
        ratio=None,
        reach=f"queue not growing (p95 {_AIM:g} s)",
        ok=not grows,
        figures={"p95": slow, "waiting": [middle, last], "n": len(seen.waited)},
    )


async def _arrive(
    server: Server, database: Database, seen: _Seen, *, seconds: int
) -> None:
    numbers = iter(range(seconds * PER_SECOND))
    start = perf_counter()

    async def post() -> None:
        async with Client(server) as client:
            for number in numbers:
                await asyncio.sleep(start + number / PER_SECOND - perf_counter())
                sent = perf_counter()
                answer = await client.ask("POST", "/api/v1/complaints", stock.body())
                seen.waiting[json.loads(answer)["case"]] = sent

    looking = asyncio.create_task(_look(database, seen))
    await asyncio.gather(*(post() for _ in range(_CLIENTS)))
    seen.arriving = False
    await asyncio.wait_for(looking, _PATIENCE)


async def _look(database: Database, seen: _Seen) -> None:
    while seen.arriving or seen.waiting:
        if seen.arriving:
            seen.lengths.append(len(seen.waiting))
        there = await asyncio.to_thread(_with_tasks, database, list(seen.waiting))
        for case_id in there:
            seen.waited.append(perf_counter() - seen.waiting.pop(case_id))
        await asyncio.sleep(_LOOK_EVERY)


def _with_tasks(database: Database, case_ids: list[str]) -> list[str]:
    query = select(Case.id).where(col(Case.id).in_(case_ids[:500]), Case.round > 0)
    with reading(database) as session:
        return list(session.exec(query))
