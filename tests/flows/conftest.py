"""One Prefect server for all tests of a process: ours, as the launcher starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resolve.kit.database import Database
from resolve.kit.settings import Settings, settings
from resolve.launcher.prefect_address import PrefectAddress
from resolve.launcher.prefect_server import PrefectServer
from resolve_flows import runtime

START_WITHIN = 120.0
ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join(str(ROOT / name) for name in ("src", "api", "flows"))


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectAddress]:
    """Give the address of a Prefect server that answers."""
    server = PrefectServer(Settings(home=tmp_path_factory.mktemp("served")))
    until = time.monotonic() + START_WITHIN
    while not server.address.answers():
        server.watch()
        assert time.monotonic() < until, "Prefect's server did not start"
        time.sleep(0.2)
    yield server.address
    server.stop()


@pytest.fixture
def here(
    tmp_path: Path,
    database_url: str,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Database]:
    """Let steps in this process work on the test's database."""
    monkeypatch.setenv("RESOLVE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RESOLVE_DATABASE_URL", database_url)
    settings.cache_clear()
    runtime.database.cache_clear()
    yield database
    runtime.database().engine.dispose()
    runtime.database.cache_clear()
    settings.cache_clear()


@pytest.fixture
def drain(
    tmp_path: Path, database_url: str, prefect: PrefectAddress
) -> Callable[[], None]:
    """Give what runs a worker, a real process, until the outbox is empty."""
    environment = os.environ | {
        "PYTHONPATH": PATHS,
        "RESOLVE_HOME": str(tmp_path / "home"),
        "RESOLVE_DATABASE_URL": database_url,
        "RESOLVE_PREFECT_URL": prefect.url,
        "RESOLVE_PREFECT_AUTH": prefect.auth or "",
    }

    def run() -> None:
        done = subprocess.run(
            [sys.executable, "-m", "resolve", "worker", "--drain"],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr

    return run
