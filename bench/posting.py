"""Filing over HTTP, against a route that validates the same and commits one row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from bench import stock
from bench.app import BARE
from bench.ground import KINDS, Ground, Process
from bench.http import Server, rate, ready
from bench.row import Line, Reach, Row, compared
from resolve.launcher.prefect_server import free_port

BEFORE = 200_000
CLIENTS = 8
REACH = Reach(0.35, aim=0.6, at_least=True)
_SECONDS = 4.0
_TIMES = 5


def measure(ground: Ground) -> Iterator[Line]:
    for kind in KINDS:
        yield _on(ground, kind)


ROW = Row("post", measure, room=lambda scale: round(BEFORE * scale * stock.BYTES_EACH))


def _on(ground: Ground, kind: str) -> Line:
    before = ground.size(BEFORE)
    with ground.database(kind) as (database, url):
        key = stock.open_house(database)
        stock.fill(database, before)
        with serving(ground, url, key, module="bench.app") as server:
            pairs = _pairs(server)
    ours, bare = (median(rates) for rates in zip(*pairs, strict=True))
    return compared(
        "post",
        f"POST /complaints on {before:,}, {CLIENTS} clients, {kind}",
        measured=(ours, f"{ours:.0f}/s"),
        against=(bare, f"one row {bare:.0f}/s"),
        reach=REACH,
        figures={"rates": pairs},
    )


def _pairs(server: Server) -> list[tuple[float, float]]:
    def per_second(path: str, length: float) -> float:
        return rate(server, path, stock.body, clients=CLIENTS, length=length)

    for path in ("/api/v1/complaints", BARE):
        per_second(path, 1.0)
    return [
        (per_second("/api/v1/complaints", _SECONDS), per_second(BARE, _SECONDS))
        for _ in range(_TIMES)
    ]


@contextmanager
def serving(
    ground: Ground, url: str, key: str, *, module: str = "resolve_api"
) -> Iterator[Server]:
    """Give a running API on this database."""
    with api(ground, url, key, module=module) as (_, server):
        yield server


@contextmanager
def api(
    ground: Ground, url: str, key: str, *, module: str = "resolve_api"
) -> Iterator[tuple[Process, Server]]:
    """Give a running API on this database, and its process."""
    port = free_port()
    with ground.process(
        module,
        home=str(ground.folder / "home"),
        database_url=url,
        port=str(port),
        rate_limit="0",
        log_level="WARNING",
    ) as process:
        ready(port, process)
        yield process, Server(port, key)
