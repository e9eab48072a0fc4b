"""A child process: started, started again when it dies, stopped in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LONG_ENOUGH = 60.0

log = structlog.get_logger(__name__)


class Child:
    """One child of the launcher, started again with growing pauses when it dies."""

    def __init__(
        self,
        name: str,
        module: Sequence[str],
        *,
        environment: Mapping[str, str],
        output: Path | None = None,
    ) -> None:
        self.name = name
        self.failures = 0
        self._module = tuple(module)
        self._environment = dict(environment)
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._next = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, tied to this process and out of reach of the terminal's Ctrl-C."""
        tied = [sys.executable, "-P", "-m", "resolve.launcher.tied", str(os.getpid())]
        command = [*tied, sys.executable, "-P", "-m", *self._module]
        output = self._output.open("wb") if self._output else None
        try:
            self._process = subprocess.Popen(  # noqa: S603  ours
                command,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output or sys.stderr,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
            )
        finally:
            if output:
                output.close()
        self._started = time.monotonic()

    def watch(self) -> None:
        """Start it again when it has died and its pause is over."""
        now = time.monotonic()
        if self.runs:
            if now - self._started > _LONG_ENOUGH:
                self.failures = 0
            return
        if self._process is not None:
            self._note_death(self._process, now)
        if now >= self._next:
            self.start()

    def _note_death(self, dead: subprocess.Popen[bytes], now: float) -> None:
        self._process = None
        pause = min(_FIRST_PAUSE * 2**self.failures, _LONGEST_PAUSE)
        self.failures += 1
        self._next = now + pause
        log.warning(
            "child ended", child=self.name, code=dead.returncode, starts_again_in=pause
        )

    def stop(self, patience: float) -> None:
        """Ask it to end, and end it if it does not."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            log.warning("child is killed", child=self.name)
            process.kill()
            process.wait()
