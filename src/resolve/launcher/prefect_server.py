"""Our own Prefect server: its home, its settings, and what to do when it is broken.

Prefect is no record of ours, so its home may be deleted or moved aside at any time.
"""

from __future__ import annotations

import secrets
import socket
import time
from pathlib import Path

import structlog

from resolve.kit.settings import Settings
from resolve.launcher.children import Child
from resolve.launcher.prefect_address import (
    PrefectAddress,
    keep_address,
    kept_address,
)

LOOPBACK = "127.0.0.1"
_START_WITHIN = 120.0
_LOOK_EVERY = 3.0
_GIVE_UP_AFTER = 4
_TRIES_BEFORE_ANEW = 2

log = structlog.get_logger(__name__)


class PrefectServer:
    """The child that is Prefect's server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.address = address_for(settings)
        keep_address(settings, self.address)
        self._child = Child(
            "prefect",
            ["prefect", "server", "start"],
            environment=environment(self.address, self._home),
            output=settings.file("prefect", "server.log"),
        )
        self._ready = False
        self._failed_starts = 0
        self._silences = 0
        self._moved_aside = False
        self._inode = 0
        self._started = self._next_look = time.monotonic()

    @property
    def pid(self) -> int | None:
        return self._child.pid

    @property
    def _home(self) -> Path:
        return self._settings.file("prefect", "home", "prefect.db").parent

    def watch(self) -> None:
        """Keep it running; a home that is gone, or will not do, is made anew."""
        if not self._child.runs:
            if self._child.pid is not None and not self._ready:
                self._did_not_start()
            self._restart()
        elif time.monotonic() >= self._next_look:
            self._look()
            self._next_look = time.monotonic() + (_LOOK_EVERY if self._ready else 0.3)

    def _restart(self) -> None:
        keep_address(self._settings, self.address)  # its folder may have been deleted
        before = self._child.pid
        self._child.watch()
        if self._child.pid not in (None, before):
            self._ready, self._silences, self._inode = False, 0, 0
            self._started = time.monotonic()

    def _look(self) -> None:
        if self.address.answers():
            self._note_answer()
        elif self._ready:
            self._silences += 1
        elif time.monotonic() - self._started > _START_WITHIN:
            self._child.stop(1)
            self._did_not_start()
        gone = self._inode and _inode(self._home / "prefect.db") != self._inode
        if gone or self._silences >= _GIVE_UP_AFTER:
            log.warning("prefect is started again", its_home_is_gone=bool(gone))
            self._child.stop(2)

    def _note_answer(self) -> None:
        if not self._ready:
            log.info("prefect answers", url=self.address.url)
        self._ready, self._moved_aside = True, False
        self._failed_starts = self._silences = 0
        self._inode = self._inode or _inode(self._home / "prefect.db")

    def _did_not_start(self) -> None:
        """Move the home aside after two tries; a fresh one that fails, too, stays."""
        self._failed_starts += 1
        if self._failed_starts >= _TRIES_BEFORE_ANEW and not self._moved_aside:
            self._moved_aside = True
            aside = move_aside(self._home)
            log.warning("prefect did not start; its home is moved aside", to=str(aside))

    def stop(self) -> None:
        """Stop it; what it holds is no record."""
        self._child.stop(5)


def environment(address: PrefectAddress, home: Path) -> dict[str, str]:
    """Give the environment of our server; what it writes beside runs is off."""
    port = address.url.removesuffix("/api").rpartition(":")[2]
    return {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": address.url,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": (
            f"sqlite+aiosqlite:///{home / 'prefect.db'}"
        ),
        "PREFECT_API_AUTH_STRING": address.auth or "",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_API_AUTH_STRING": address.auth or "",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": address.url.removesuffix("/api"),
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": port,
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P1D",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "604800",
        # Else it writes to its SQLite file while runs are created, and both fail.
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    }


def address_for(settings: Settings) -> PrefectAddress:
    """Give the address kept from last time, with another port if it is taken now."""
    kept = kept_address(settings)
    auth = kept.auth if kept else None
    auth = auth or f"resolve:{secrets.token_urlsafe(24)}"
    if kept:
        port = kept.url.removesuffix("/api").rpartition(":")[2]
        if port.isdigit() and is_free(LOOPBACK, int(port)):
            return PrefectAddress(kept.url, auth)
    return PrefectAddress(f"http://{LOOPBACK}:{free_port()}/api", auth)


def free_port() -> int:
    """Let the system choose a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Tell whether one can listen on this port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def move_aside(home: Path) -> Path:
    """Give the home another name, so that a new one is made in its place."""
    number = 1
    while (aside := home.with_name(f"{home.name}-aside-{number}")).exists():
        number += 1
    if home.exists():
        home.rename(aside)
    return aside


def _inode(file: Path) -> int:
    try:
        return file.stat().st_ino
    except OSError:
        return 0
