"""`python -m resolve_api` as a process: starts, refuses, stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


def test_it_answers_until_it_is_told_to_stop(sqlite_url: str, tmp_path: Path) -> None:
    port = _free_port()
    process = _start(sqlite_url, tmp_path, port)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode in (0, -signal.SIGTERM), said


def test_a_database_that_is_not_upgraded_is_refused_in_a_sentence(
    tmp_path: Path,
) -> None:
    process = _start(f"sqlite:///{tmp_path}/empty.db", tmp_path, 0)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "resolve db upgrade" in said
    assert "Traceback" not in said


def test_starting_does_not_load_prefect() -> None:
    code = "import sys, resolve_api.main; sys.exit('prefect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0


def _start(url: str, home: Path, port: int) -> subprocess.Popen[str]:
    environment = os.environ | {
        "RESOLVE_DATABASE_URL": url,
        "RESOLVE_HOME": str(home),
        "RESOLVE_PORT": str(port),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "resolve_api"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    msg = f"{url} does not answer"
    raise TimeoutError(msg)
