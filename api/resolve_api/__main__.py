"""`python -m resolve_api`: serve on the address of the settings until SIGTERM."""

from __future__ import annotations

import logging
import sys
from threading import Thread
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from resolve.kit.errors import ResolveError
from resolve.kit.settings import settings
from resolve.wording import prepare
from resolve_api.main import create_app

_PATIENCE = 20


def main() -> int:
    """Serve; give the exit code."""
    try:
        known = settings()
        _log(known.log_level)
        app = create_app(settings=known)
    except ResolveError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    config = uvicorn.Config(
        app,
        host=known.host,
        port=known.port,
        http="httptools",
        loop="auto",
        access_log=False,
        log_level=known.log_level.lower(),
        timeout_graceful_shutdown=_PATIENCE,
        server_header=False,
    )
    Thread(target=prepare, name="wording", daemon=True).start()
    _Server(config, app).run()
    return 0


class _Server(uvicorn.Server):
    """Ends the streams of open pages first: they would hold up the stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.poller.stop()
        super().handle_exit(sig, frame)


def _log(level: str) -> None:
    # Tracebacks without values of variables: those may be a customer's words.
    shown = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
