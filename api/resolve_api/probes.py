"""Whether we can work: the database, and beside it Prefect."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from resolve.kit.database import Database, reading
from resolve.kit.errors import ResolveError
from resolve.kit.settings import Settings
from resolve.launcher.prefect_address import prefect_of

T = TypeVar("T")
_ROOM = 1_000_000
_PREFECT_SECONDS = 5.0
_DATABASE_SECONDS = 1.0


class Lately(Generic[T]):
    """A value that is asked for anew after so many seconds."""

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self._ask, self._seconds = ask, seconds
        self._lock = Lock()
        self._known: tuple[float, T] | None = None

    def get(self) -> T:
        with self._lock:
            if self._known is None or self._known[0] <= monotonic():
                self._known = (monotonic() + self._seconds, self._ask())
            return self._known[1]


@dataclass(frozen=True, slots=True)
class Probes:
    """What /ready asks; both answers are kept for a moment."""

    database: Lately[str]
    prefect: Lately[str]


def probes(database: Database, settings: Settings) -> Probes:
    return Probes(
        Lately(lambda: database_state(database), _DATABASE_SECONDS),
        Lately(lambda: prefect_state(settings), _PREFECT_SECONDS),
    )


def database_state(database: Database) -> str:
    """Say `ok`, or why complaints cannot be filed."""
    try:
        with reading(database) as session:
            session.connection().execute(text("SELECT 1 FROM complaint_case LIMIT 1"))
    except ResolveError as error:
        return error.code
    except SQLAlchemyError:
        return "away"
    file = database.engine.url.database
    if (
        database.is_sqlite
        and file
        and shutil.disk_usage(Path(file).parent).free < _ROOM
    ):
        return "disk_full"
    return "ok"


def prefect_state(settings: Settings) -> str:
    """Say `up` or `away`; filing needs neither."""
    try:
        return "up" if prefect_of(settings).answers() else "away"
    except (ResolveError, OSError, ValueError):
        return "away"
