"""Real processes of a house: started, looked into, killed, and never left behind."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
import psutil

from resolve.launcher.prefect_address import PrefectAddress
from resolve.launcher.prefect_server import LOOPBACK, free_port

ROOT = Path(__file__).resolve().parents[2]
IMPATIENT = Path(__file__).with_name("impatient.py")
PATHS = os.pathsep.join(str(ROOT / name) for name in ("src", "api", "flows"))
STARTS_WITHIN = 60.0

T = TypeVar("T")


def until(
    found: Callable[[], T], *, within: float, what: str, every: float = 0.05
) -> T:
    """Wait until something is there, but not for ever."""
    end = time.monotonic() + within
    while True:
        if result := found():
            return result
        assert time.monotonic() < end, f"after {within:.0f} s still not: {what}"
        time.sleep(every)


@dataclass
class Processes:
    """What a test started, in one home; `close` leaves none of it."""

    home: Path
    url: str
    settings: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    seen: set[psutil.Process] = field(default_factory=set)

    def environment(self, **more: str) -> dict[str, str]:
        """Give what a process of ours is told."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("RESOLVE_")}
        ours = {
            "PYTHONPATH": PATHS,
            "RESOLVE_HOME": str(self.home),
            "RESOLVE_DATABASE_URL": self.url,
            "RESOLVE_RATE_LIMIT": "0",
            "RESOLVE_LOG_LEVEL": "WARNING",
        }
        return clean | ours | self.settings | more

    def start(
        self, *command: str, most_bytes: int | None = None, **more: str
    ) -> subprocess.Popen[bytes]:
        """Start Python with these arguments; what it says goes into `said`."""
        limit = most_bytes and (lambda: limit_files(most_bytes))
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.home,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=limit or None,  # noqa: PLW1509  no thread holds a lock yet
            )
        self.started.append(process)
        return process

    def cli(
        self, *arguments: str, most_bytes: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of `resolve` to its end."""
        limit = most_bytes and (lambda: limit_files(most_bytes))
        return subprocess.run(
            [sys.executable, "-m", "resolve", *arguments],
            cwd=self.home,
            env=self.environment(),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            preexec_fn=limit or None,
        )

    @property
    def log(self) -> Path:
        return self.home / "processes.log"

    def said(self) -> str:
        """Give the last of what the processes said."""
        return self.log.read_text("utf-8", "replace")[-6000:] if self.started else ""

    def api(self, *, wait: float | None = None, most_bytes: int | None = None) -> Api:
        """Start the API alone; `wait`: seconds it waits for a turn to write."""
        port = free_port()
        module = ["-m", "resolve_api"]
        if wait is not None:
            module = [str(IMPATIENT), str(wait), "resolve_api"]
        process = self.start(
            *module,
            most_bytes=most_bytes,
            RESOLVE_HOST=LOOPBACK,
            RESOLVE_PORT=str(port),
        )
        api = Api(f"http://{LOOPBACK}:{port}", process.pid)
        self._until_ready(api, process)
        return api

    def worker(
        self, prefect: PrefectAddress, *, wait: float | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a worker; `wait`: seconds it waits for a turn to write."""
        module = ["-m", "resolve_flows"]
        if wait is not None:
            module = [str(IMPATIENT), str(wait), "resolve_flows"]
        return self.start(
            *module,
            RESOLVE_PREFECT_URL=prefect.url,
            RESOLVE_PREFECT_AUTH=prefect.auth or "",
        )

    def serve(self, port: int | None = None) -> Served:
        """Start everything, as a person does; it is ready when it can be filed."""
        port = port or free_port()
        process = self.start(
            "-m", "resolve", "serve", RESOLVE_HOST=LOOPBACK, RESOLVE_PORT=str(port)
        )
        served = Served(f"http://{LOOPBACK}:{port}", process.pid, process, self)
        self._until_ready(served, process)
        return served

    def _until_ready(self, api: Api, process: subprocess.Popen[bytes]) -> None:
        def ready() -> bool:
            assert process.poll() is None, self.said()
            return api.ready()

        until(ready, within=STARTS_WITHIN, what=f"ready at {api.address}")

    def close(self) -> None:
        """End everything that was started here, and all that came of it."""
        every = set(self.seen)
        for process in self.started:
            with contextlib.suppress(psutil.NoSuchProcess):
                every |= {*psutil.Process(process.pid).children(recursive=True)}
        for process in self.started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        for one in every:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        _, left = psutil.wait_procs(every, timeout=10)
        assert not left, f"left behind: {left}"


@dataclass(frozen=True)
class Api:
    """The API of a process."""

    address: str
    pid: int

    def ready(self) -> bool:
        try:
            answer = httpx.get(f"{self.address}/ready", timeout=2)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK


@dataclass(frozen=True)
class Served(Api):
    """`resolve serve` and its children."""

    process: subprocess.Popen[bytes]
    house: Processes

    def child(self, name: str) -> psutil.Process | None:
        """Give the child that runs this module, if it runs now."""
        for one in self.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if name in one.cmdline():
                    return one
        return None

    def children(self) -> list[psutil.Process]:
        try:
            found = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        self.house.seen |= set(found)
        return found

    def kill_child(self, name: str) -> bool:
        """Kill -9 a child; tell whether it ran."""
        found = self.child(name)
        if found is None:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            found.kill()
        return True

    def kill(self) -> None:
        """Kill -9 the launcher; its children have to go with it."""
        children = self.children()
        self.process.kill()
        self.process.wait(10)
        _, left = psutil.wait_procs(children, timeout=10)
        assert not left, f"the launcher is gone, but these run on: {left}"


def limit_files(most_bytes: int) -> None:
    """Let no file grow beyond this, as if the disk were full; it can be lifted."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


def lift_limit(pid: int) -> None:
    """Make room again for a process that runs."""
    everything = (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY)
    psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE, everything)


def holding(house: Processes, file: Path, seconds: float) -> subprocess.Popen[bytes]:
    """Let another process hold the right to write to an SQLite file for a while."""
    mark = house.home / f"held-{len(house.started)}"
    program = (
        "import pathlib, sqlite3, sys, time\n"
        "held = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "held.execute('BEGIN IMMEDIATE')\n"
        "pathlib.Path(sys.argv[3]).touch()\n"
        "time.sleep(float(sys.argv[2]))\n"
        "held.execute('ROLLBACK')\n"
        "held.close()\n"
    )
    process = house.start("-c", program, str(file), str(seconds), str(mark))
    until(mark.exists, within=15, what="the database is held")
    return process
