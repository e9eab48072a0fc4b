"""What the API and a worker hold in memory after many complaints, against after few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from time import monotonic, sleep

from bench import stock
from bench.ground import KINDS, Ground, Process
from bench.http import Server, post_all
from bench.posting import api
from bench.row import Line, Reach, Row, compared
from resolve.kit.clock import now
from resolve.kit.database import Database, reading
from resolve.outbox.queries import anything_to_wait_for

MANY, FEW = 50_000, 1_000
REACH = Reach(1.2)
_CLIENTS = 8
_HANDLED_WITHIN = 1_800.0


def measure(ground: Ground) -> Iterator[Line]:
    for kind in KINDS:
        yield from _on(ground, kind)


ROW = Row("memory", measure, room=lambda scale: round(MANY * scale * stock.BYTES_EACH))


def _on(ground: Ground, kind: str) -> Iterator[Line]:
    many, few = ground.size(MANY, least=2_000), ground.size(FEW, least=1_000)
    with ExitStack() as running:
        database, url = running.enter_context(ground.database(kind))
        key = stock.open_house(database)
        prefect = running.enter_context(ground.prefect())
        worker = running.enter_context(ground.worker(url, prefect))
        served, server = running.enter_context(api(ground, url, key))
        processes = {"the worker": worker, "the API": served}
        before = _after(few, server, database, processes)
        after = _after(many - few, server, database, processes)
    for name in processes:
        yield compared(
            "memory",
            f"memory of {name} after {many:,}, {kind}",
            measured=(after[name], f"{after[name] / 1e6:.0f} MB"),
            against=(before[name], f"after {few:,} {before[name] / 1e6:.0f} MB"),
            reach=REACH,
        )


def _after(
    many: int, server: Server, database: Database, processes: dict[str, Process]
) -> dict[str, int]:
    """File so many more, wait until they are handled, give the memory of each."""
    post_all(server, (stock.body() for _ in range(many)), clients=_CLIENTS)
    until = monotonic() + _HANDLED_WITHIN
    while _waits(database):
        if monotonic() > until:
            raise RuntimeError("the worker does not keep up")
        sleep(0.5)
    sleep(2)
    return {name: process.resident() for name, process in processes.items()}


def _waits(database: Database) -> bool:
    with reading(database) as session:
        return anything_to_wait_for(session, at=now())
