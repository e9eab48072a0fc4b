"""The pages served for real, with an engine that handles what waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

import uvicorn
from fastapi import FastAPI

from resolve.handling.upkeep import fire_all_due
from resolve.kit.clock import now
from resolve.kit.database import Database
from tests import builders

_STARTS_WITHIN = 30.0
_LOOKS_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are served."""

    address: str
    host: str


@contextmanager
def served(app: FastAPI) -> Iterator[Site]:
    """Serve an application on a port of its own until the end of the block."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", http="httptools"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = monotonic() + _STARTS_WITHIN
        while not server.started:
            assert thread.is_alive(), "the server ended"
            assert monotonic() < until, "the server did not start"
            sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield Site(f"http://{host}:{port}", f"{host}:{port}")
    finally:
        app.state.poller.stop()
        server.should_exit = True
        thread.join(30)


@contextmanager
def engine(database: Database) -> Iterator[None]:
    """Handle what waits, as the worker does, until the end of the block.

    The handling is the same; Prefect, which would only run it, is tested elsewhere.
    """
    stop = threading.Event()
    failed: list[Exception] = []

    def run() -> None:
        try:
            while not stop.wait(_LOOKS_EVERY):
                fire_all_due(database, at=now())
                builders.work(database, at=now())
        except Exception as error:  # noqa: BLE001  told below, in the test's thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    if failed:
        raise failed[0]
