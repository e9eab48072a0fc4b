"""Pages for people: rendered here, working without scripts, live with them."""

from __future__ import annotations

from fastapi import FastAPI

from resolve_api.pages import account, first_start, home, live, sign_in
from resolve_api.pages.showing import STATIC
from resolve_api.pages.static_files import Kept

_PARTS = (home, sign_in, first_start, account, live)


def add_pages(app: FastAPI) -> None:
    """Add every page and what pages are made with."""
    app.mount("/static", Kept(directory=STATIC), name="static")
    for part in _PARTS:
        app.include_router(part.router, include_in_schema=False)
