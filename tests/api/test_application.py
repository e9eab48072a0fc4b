"""The application as a thing: made, used, let go."""

from __future__ import annotations

import gc
import time
import weakref
from pathlib import Path

from starlette.testclient import TestClient

from resolve.kit.database import Database, open_database
from resolve.kit.settings import Settings
from resolve.migrations import upgrade
from resolve_api.main import create_app
from tests.api.conftest import Api


def test_an_application_that_is_done_with_is_let_go(database: Database) -> None:
    """Nothing that lives longer, as a cache of FastAPI, knows it."""
    app = create_app(database, Settings(rate_limit=0))
    assert TestClient(app).get("/sign-in").status_code == 200

    known = weakref.ref(app)
    del app
    # The thread that answered ends a moment after its answer.
    end = time.monotonic() + 20
    while known() and time.monotonic() < end:
        gc.collect()
        time.sleep(0.01)

    assert known() is None


def test_two_applications_know_nothing_of_each_other(api: Api, tmp_path: Path) -> None:
    """Their addresses are the same objects; what they answer from is not."""
    one = api("read")
    elsewhere = open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    upgrade(elsewhere)
    other = TestClient(create_app(elsewhere, Settings(rate_limit=0)))

    assert one.get("/api/v1/cases").status_code == 200
    assert other.get("/api/v1/cases", headers=one.headers).status_code == 401

    elsewhere.engine.dispose()
