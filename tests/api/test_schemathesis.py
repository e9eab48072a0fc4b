"""Schemathesis with all its checks: what the description says is what is done."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from resolve.kit.database import Database
from resolve.kit.settings import Settings
from resolve_api.main import create_app

SEED = "20261121"
EXAMPLES = "3"
ST = Path(sys.executable).with_name("schemathesis")
# A description cannot say which cursor, version or concern exists: such requests look
# right and are refused with a code of their own, which `told.py` insists on.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = [
  "2xx", "3xx", "401", "403", "404", "409", "429", "5xx", "400", "412", "422", "428",
]
[checks.negative_data_rejection]
expected-statuses = [
  "400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428",
  "429", "5xx",
]
"""
TOLD = """
import schemathesis

MEANT = {
    "bad_cursor", "bad_filter", "bad_concern", "stale", "precondition_required",
    "idempotency_key_reused", "invalid_map", "id_mismatch", "invalid_calendar",
    "bad_id", "unknown_proposal", "reason_missing", "map_missing", "answer_form",
    "unknown_mention", "unknown_subject", "bad_duration", "negative_time",
    "time_too_long", "step_not_on_walk", "handover_not_on_walk", "handover_in_loop",
    "steps_not_in_a_row", "division_changed", "proving_out_of_range",
    "given_up_has_no_day",
}
BEFORE_MEANING = {
    "bad_parameter", "bad_idempotency_key", "malformed_json", "invalid",
    "wrong_media_type", "body_too_large",
}


@schemathesis.check
def refused_for_a_reason_no_description_can_hold(ctx, response, case):
    if response.status_code not in (400, 412, 422, 428):
        return
    code = response.json()["code"]
    assert code in MEANT | BEFORE_MEANING, code
    if case.meta and case.meta.generation.mode.is_positive:
        assert code in MEANT, f"a request that fits the description: {response.text}"
"""


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Give the stricter of the two: it minds lengths, zones and every NUL."""
    return postgres_url


@pytest.fixture
def served(database: Database, published: str) -> Iterator[Callable[[], str]]:  # noqa: ARG001
    """Give the address of a server of the application on a free port."""
    app = create_app(database, Settings(rate_limit=0))
    server, thread = _serve(app)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield lambda: f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_schemathesis_finds_nothing(
    served: Callable[[], str], api: Callable[..., object], tmp_path: Path
) -> None:
    client = api("file", "read", "act", "admin")
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    (tmp_path / "told.py").write_text(TOLD)
    done = subprocess.run(
        [
            str(ST), "run", f"{served()}/api/v1/openapi.json",
            "--header", f"Authorization: {client.headers['Authorization']}",  # type: ignore[attr-defined]
            "--checks", "all", "--seed", SEED, "--max-examples", EXAMPLES,
            "--phases", "examples,coverage,fuzzing,stateful",
            "--continue-on-failure", "--no-color", "--max-failures", "50",
        ],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "told"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert "generated" in done.stdout


def _serve(app: FastAPI) -> tuple[uvicorn.Server, threading.Thread]:
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    return server, thread
