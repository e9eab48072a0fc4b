"""Forms of other sites are refused, by what every browser says of where it comes from.

Sec-Fetch-Site is sent by all present browsers and cannot be set by scripts; Origin
serves those that lack it. A client that sends neither is no browser, and carries no
cookie of anybody.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from resolve.kit.errors import Forbidden

_SAFE = ("GET", "HEAD", "OPTIONS")


class FromElsewhere(Forbidden):
    """A form was sent from a page that is not ours."""

    code = "from_elsewhere"


def guard_origin(request: Request) -> None:
    """Let only our own pages change anything.

    Raises:
        FromElsewhere: the request comes from another site.
    """
    if request.method in _SAFE or _is_ours(request):
        return
    raise FromElsewhere(
        "This was sent from a page of another site.",
        hint="Open the page here and send it again.",
    )


def _is_ours(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == request.headers.get("host", "")
