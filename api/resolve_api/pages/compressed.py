"""Pages and what they are made with travel compressed; the API as it always did.

Nothing secret stands in a page beside what a visitor sent, so that the length of an
answer tells nothing: the secret of the sign-in is in a cookie only.
"""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from resolve_api.addresses import is_page

_LEAST = 800
_LEVEL = 5


class Compressed:
    """The middleware; streams of events are left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, _LEAST, _LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        compressed = scope["type"] == "http" and (
            is_page(path) or path.startswith("/static/")
        )
        await (self._compressed if compressed else self._plain)(scope, receive, send)
