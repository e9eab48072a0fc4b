"""The API on an empty migrated database of each kind, and clients of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve.access.service import add_key
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.kit.ids import new_id
from resolve.kit.settings import Settings
from resolve_api.main import create_app
from tests.builders import published as publish_example
from tests.builders import work as drain

Api = Callable[..., TestClient]
Work = Callable[[], int]


def a_key(database: Database, *scopes: str, department: str | None = None) -> str:
    """Make a key with these scopes and give its secret."""
    with transaction(database) as session:
        return add_key(
            session, f"key {new_id()}", scopes, who="admin", at=now(),
            department=department,
        )  # fmt: skip


@pytest.fixture
def api(database: Database) -> Api:
    """Give a maker of clients: by scopes and department, each with a key of its own."""
    app = create_app(database, Settings(rate_limit=0))

    def client(*scopes: str, department: str | None = None) -> TestClient:
        made = TestClient(app, raise_server_exceptions=False)
        if scopes:
            secret = a_key(database, *scopes, department=department)
            made.headers["Authorization"] = f"Bearer {secret}"
        return made

    return client


@pytest.fixture
def published(database: Database) -> str:
    """Give the id of the map of the worked example, published."""
    publish_example(database, at=now())
    return "order"


@pytest.fixture
def work(database: Database) -> Work:
    """Give what handles all that waits, as the worker does."""
    return lambda: drain(database, at=now())


@pytest.fixture
def everybody(api: Api, published: str) -> TestClient:  # noqa: ARG001  published first
    """Give a client that may do everything, for the quality manager."""
    return api("file", "read", "act", "admin")


@pytest.fixture
def filed(everybody: TestClient, work: Work) -> dict[str, Any]:
    """Give a complaint whose case has its tasks."""
    made = everybody.post(
        "/api/v1/complaints",
        json={"text": "Late again.", "touchpoint": "door", "promise": "on-time"},
    )
    assert made.status_code == 201, made.text
    work()
    found: dict[str, Any] = made.json()
    return found
