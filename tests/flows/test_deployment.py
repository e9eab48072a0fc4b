"""The flows as deployments on a work pool: deployed, and run once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from resolve.kit import clock
from resolve.kit.database import open_database, reading
from resolve.launcher.prefect_address import PrefectAddress
from resolve.outbox.models import Event, EventState
from resolve.tasks.queries import tasks_of
from tests.builders import filed, published

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(600)
def test_a_deployment_run_drains_the_outbox(
    sqlite_url: str, tmp_path: Path, prefect: PrefectAddress
) -> None:
    database = open_database(sqlite_url)
    published(database)
    cases = [
        filed(database, at=clock.now(), reference=str(number)).case_id
        for number in range(20)
    ]
    shutil.copy(ROOT / "flows/prefect.yaml", tmp_path)

    _prefect("work-pool create resolve --type process", tmp_path, prefect, sqlite_url)
    _prefect("--no-prompt deploy --all", tmp_path, prefect, sqlite_url)
    _prefect("deployment run drain/engine", tmp_path, prefect, sqlite_url)
    once = "worker start --pool resolve --type process --run-once"
    _prefect(once, tmp_path, prefect, sqlite_url)

    with reading(database) as session:
        assert all(tasks_of(session, case_id) for case_id in cases)
        states = set(session.exec(select(Event.state)).all())
    assert states == {EventState.SETTLED}
    database.engine.dispose()


def _prefect(line: str, folder: Path, prefect: PrefectAddress, url: str) -> None:
    paths = os.pathsep.join(str(ROOT / name) for name in ("src", "api", "flows"))
    environment = os.environ | {
        "PYTHONPATH": paths,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": prefect.url,
        "PREFECT_API_AUTH_STRING": prefect.auth or "",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "RESOLVE_HOME": str(folder / "home"),
        "RESOLVE_DATABASE_URL": url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *line.split()],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
