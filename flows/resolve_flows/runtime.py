"""What a process of ours is to Prefect: its settings, its client, its database.

`prepare` must be called before Prefect is imported: its settings are read then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from resolve.kit.database import Database, open_database
from resolve.kit.settings import settings
from resolve.launcher.prefect_address import PrefectAddress


def prepare(prefect: PrefectAddress, *, home: Path) -> None:
    """Set what Prefect reads when it is imported; what costs it seconds is off."""
    os.environ.update(worker_environment(prefect, home=home))


def worker_environment(prefect: PrefectAddress, *, home: Path) -> dict[str, str]:
    """Give the environment of a process that runs flows against this server."""
    environment = {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": prefect.url,
        "PREFECT_API_REQUEST_TIMEOUT": "10",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
        "PREFECT_CLIENT_MAX_RETRIES": "2",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        # What matters the worker says itself; Prefect would add a page to each.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        # Else a process without a server quietly starts one of its own.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    }
    if prefect.auth:
        environment["PREFECT_API_AUTH_STRING"] = prefect.auth
    return environment


@contextmanager
def connected() -> Iterator[None]:
    """Keep one client for all runs inside, and start no thread of heartbeats."""
    from prefect.context import SyncClientContext  # noqa: PLC0415  after `prepare`
    from prefect.settings import (  # noqa: PLC0415
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    # An empty variable is refused, and a thread of heartbeats costs each run a second.
    with (
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        SyncClientContext.get_or_create(),
    ):
        yield


@cache
def database() -> Database:
    """Give the database that flows of this process work on."""
    return open_database(settings().url)
