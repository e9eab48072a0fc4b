"""The application as a thing: made, used, let go."""

from __future__ import annotations

import gc
import weakref

from starlette.testclient import TestClient

from resolve.kit.database import Database
from resolve.kit.settings import Settings
from resolve_api.main import create_app


def test_an_application_that_is_done_with_is_let_go(database: Database) -> None:
    """Nothing that lives longer, as a cache of FastAPI, knows it."""
    app = create_app(database, Settings(rate_limit=0))
    assert TestClient(app).get("/sign-in").status_code == 200

    known = weakref.ref(app)
    del app
    gc.collect()

    assert known() is None
