"""Steps in this process, and workers as real ones, on the database of a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resolve.kit.database import Database
from resolve.kit.settings import settings
from resolve.launcher.prefect_address import PrefectAddress
from resolve_flows import runtime

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join(str(ROOT / name) for name in ("src", "api", "flows"))


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
