"""`resolve serve` as people run it: real processes, killed and robbed of their home."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from urllib.request import urlopen

import psutil
import pytest

from resolve.kit import clock
from resolve.kit.database import Database, open_database, reading
from resolve.kit.settings import Settings
from resolve.launcher.preparing import prepare_database
from resolve.tasks.queries import tasks_of
from tests.builders import filed, published

ROOT = Path(__file__).resolve().parents[2]
SOON = 150.0
pytestmark = pytest.mark.timeout(400)


@dataclass
class Served:
    """A `serve` that runs, its home and its database."""

    process: subprocess.Popen[str]
    home: Path
    database: Database
    lines: Queue[str]

    def child(self, module: str) -> psutil.Process:
        """Give the child that runs this module."""
        until(lambda: bool(self._running(module)))
        return self._running(module)[0]

    def _running(self, module: str) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [one for one in children if ["-m", module] == one.cmdline()[2:4]]

    def ready(self) -> str:
        """Wait for the line that says where it answers; give that address."""
        try:
            line = self.lines.get(timeout=SOON)
        except Empty:
            pytest.fail("serve did not become ready")
        match = re.fullmatch(r"Resolve is ready: (http://\S+)", line.strip())
        assert match, line
        return match[1]

    def handled(self, case_id: str) -> None:
        """Wait until the case has its tasks."""
        until(lambda: self._has_tasks(case_id), within=SOON)

    def _has_tasks(self, case_id: str) -> bool:
        with reading(self.database) as session:
            return bool(tasks_of(session, case_id))


def test_it_becomes_ready_and_catches_up_with_what_was_filed_before(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as served:
        case_id = filed(served.database, at=clock.now()).case_id
        with urlopen(f"{served.ready()}/health", timeout=20) as answer:
            assert answer.status == 200
        served.handled(case_id)
        children = psutil.Process(served.process.pid).children()
        served.process.terminate()
        assert served.process.wait(40) == 0
        assert not any(child.is_running() for child in children)


def test_what_is_killed_is_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.handled(filed(served.database, at=clock.now()).case_id)
        for module in ("prefect", "resolve_flows"):
            served.child(module).kill()
            case_id = filed(served.database, at=clock.now()).case_id
            served.handled(case_id)


def test_the_home_of_prefect_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.handled(filed(served.database, at=clock.now()).case_id)
        shutil.rmtree(served.home / "prefect")
        case_id = filed(served.database, at=clock.now()).case_id
        until((served.home / "prefect/server.json").exists)
        served.handled(case_id)
        served.handled(filed(served.database, at=clock.now()).case_id)


def test_a_home_of_prefect_that_will_not_start_is_moved_aside(tmp_path: Path) -> None:
    broken = tmp_path / "home/prefect/home/prefect.db"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"no database at all " * 100)
    with serving(tmp_path) as served:
        served.handled(filed(served.database, at=clock.now()).case_id)
    aside = tmp_path / "home/prefect/home-aside-1/prefect.db"
    assert aside.read_bytes() == b"no database at all " * 100


def test_a_serve_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.child("prefect")
        children = psutil.Process(served.process.pid).children()
        assert len(children) == 3
        served.process.kill()
        until(lambda: not any(_alive(child) for child in children), within=30)


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    home = folder / "home"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            str(ROOT / name) for name in ("src", "api", "flows")
        ),
        "RESOLVE_HOME": str(home),
        "RESOLVE_PORT": "0",
    }
    # Whatever lies in the folder it is started in is none of its business.
    (folder / "h2.py").write_text("raise RuntimeError('somebody else\\'s file')\n")
    prepare_database(Settings(home=home))
    database = open_database(Settings(home=home).url)
    published(database)
    lines: Queue[str] = Queue()
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "resolve", "serve"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        threading.Thread(target=_listen, args=(process, lines), daemon=True).start()
        try:
            yield Served(process, home, database, lines)
        except BaseException:
            sys.stderr.write((folder / "log").read_text("utf-8")[-4000:])
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            database.engine.dispose()


def _listen(process: subprocess.Popen[str], lines: Queue[str]) -> None:
    assert process.stdout
    for line in process.stdout:
        lines.put(line)


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def until(true: Callable[[], bool], *, within: float = SOON) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
