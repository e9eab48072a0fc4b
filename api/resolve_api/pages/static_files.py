"""Static files: their address changes when they do, so browsers may keep them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class Kept(StaticFiles):
    """Files that a browser keeps for a year if it asked by an address with a mark."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file."""
        found = await super().get_response(path, scope)
        marked = bool(scope.get("query_string"))
        found.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if marked else "no-cache"
        )
        return found
