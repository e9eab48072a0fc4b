"""`resolve serve | worker`: running it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from resolve.cli.output import print_line
from resolve.kit.settings import settings


def serve() -> None:
    """Run everything on this machine until Ctrl-C: API, worker, Prefect's server."""
    from resolve.kit.logs import start_logging  # noqa: PLC0415  slow
    from resolve.launcher.serving import serve as run  # noqa: PLC0415

    start_logging(settings().log_level)
    run(settings(), say=_say)


def worker(
    *,
    drain: Annotated[
        bool, typer.Option("--drain", help="End when the outbox is empty.")
    ] = False,
) -> None:
    """Run one more worker, with the Prefect server that is set or served here."""
    from resolve.launcher.prefect_address import prefect_of  # noqa: PLC0415  slow

    prefect_of(settings())  # says in a sentence that there is none
    command = [
        sys.executable,
        "-P",
        "-m",
        "resolve_flows",
        *(["--drain"] if drain else []),
    ]
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606  ours


def _say(address: str) -> None:
    print_line(f"Resolve is ready: {address}")
    sys.stdout.flush()
