"""The entry point: `create_app` for tests and servers of ours, `app` for others."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from resolve.kit.database import Database, open_database
from resolve.kit.settings import Settings
from resolve.kit.settings import settings as read_settings
from resolve_api.application import build


def create_app(
    database: Database | None = None, settings: Settings | None = None
) -> FastAPI:
    """Make the application; by default on the database that the settings name.

    Raises:
        NotUpgraded: the database has another form than this version works with.
    """
    settings = settings or read_settings()
    return build(database or open_database(settings.url), settings)


def __getattr__(name: str) -> Any:  # noqa: ANN401  a module's attribute
    """Make `app` when a server asks for it: importing us opens no database."""
    if name != "app":
        raise AttributeError(name)
    made = globals()["app"] = create_app()
    return made
