"""Everything of one machine, from one command, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.request import urlopen

import structlog

from resolve.kit.errors import Unavailable
from resolve.kit.settings import Settings
from resolve.launcher.children import Child
from resolve.launcher.home import alone
from resolve.launcher.prefect_address import PrefectAddress, prefect_of
from resolve.launcher.prefect_server import PrefectServer, free_port, is_free
from resolve.launcher.preparing import prepare_database

_WATCH_EVERY = 0.2
_API_PATIENCE = 10.0
_WORKER_PATIENCE = 30.0

log = structlog.get_logger(__name__)


class PortTaken(Unavailable):
    """Somebody else listens where the API should."""

    code = "port_taken"


class _Watched(Protocol):
    def watch(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _House:
    """What runs: the server of Prefect only if it is ours."""

    prefect: PrefectServer | None
    worker: Child
    api: Child

    def watched(self) -> list[_Watched]:
        own = [self.prefect] if self.prefect else []
        return [*own, self.api, self.worker]

    def stop(self) -> None:
        """Stop in order: nobody files, then nothing is handled, then Prefect."""
        self.api.stop(_API_PATIENCE)
        self.worker.stop(_WORKER_PATIENCE)
        if self.prefect:
            self.prefect.stop()


def serve(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Run Prefect's server, a worker and the API until SIGTERM or Ctrl-C.

    `say` is told the address once it answers.

    Raises:
        AlreadyServed: another `serve` runs on this home.
        PortTaken: the port of the API is taken.
        NotUpgraded: the database has to be upgraded first.
    """
    with alone(settings):
        port = _port(settings)
        prepare_database(settings)
        stop = _stopping()
        house = _house(settings, port)
        try:
            _watch(house, stop, _Announcement(settings.host, port, say))
        finally:
            house.stop()


def _port(settings: Settings) -> int:
    if not settings.port:
        return free_port()
    if not is_free(settings.host, settings.port):
        raise PortTaken(
            f"Port {settings.port} of {settings.host} is taken.",
            hint="End what listens there, or give another one in RESOLVE_PORT.",
        )
    return settings.port


def _stopping() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _house(settings: Settings, port: int) -> _House:
    prefect = None if settings.prefect_url else PrefectServer(settings)
    address = prefect.address if prefect else prefect_of(settings)
    environment = _environment(settings, address)
    # The worker writes letters with links to the API's pages.
    environment |= {"RESOLVE_HOST": settings.host, "RESOLVE_PORT": str(port)}
    return _House(
        prefect,
        Child("worker", ["resolve_flows"], environment=environment),
        Child("api", ["resolve_api"], environment=environment),
    )


def _environment(settings: Settings, address: PrefectAddress) -> dict[str, str]:
    given = {
        "RESOLVE_HOME": str(settings.home.absolute()),
        "RESOLVE_PREFECT_URL": address.url,
    }
    return given | ({"RESOLVE_PREFECT_AUTH": address.auth} if address.auth else {})


def _watch(house: _House, stop: threading.Event, announcement: _Announcement) -> None:
    while not stop.is_set():
        for one in house.watched():
            one.watch()
        announcement.look()
        stop.wait(_WATCH_EVERY)


class _Announcement:
    """Says once that the API answers, and where."""

    def __init__(self, host: str, port: int, say: Callable[[str], None]) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        host = f"[{host}]" if ":" in host else host
        self._address = f"http://{host}:{port}"
        self._say = say
        self._said = False

    def look(self) -> None:
        if not self._said and _answers(f"{self._address}/health"):
            self._said = True
            self._say(self._address)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1):  # noqa: S310  our own
            return True
    except HTTPError:
        return True
    except (OSError, HTTPException):
        return False
