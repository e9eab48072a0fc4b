"""One `serve` per home."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from resolve.kit.errors import Conflict
from resolve.kit.settings import Settings


class AlreadyServed(Conflict):
    """Another `serve` runs on this home."""

    code = "already_served"


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the home; a process that dies lets go of it.

    Raises:
        AlreadyServed: another process holds it.
    """
    with settings.file("serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyServed(
                f"`resolve serve` runs on {settings.home} already, as process "
                f"{file.read().strip() or 'unknown'}.",
                hint="Use that one, or give another folder in RESOLVE_HOME.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


def is_served(settings: Settings) -> bool:
    """Tell whether a `serve` runs on this home."""
    with settings.file("serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
