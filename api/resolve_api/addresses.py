"""Which addresses people look at, and which only clients ask."""

from __future__ import annotations

_OF_CLIENTS = ("/api/", "/health", "/ready", "/metrics", "/static/")


def is_page(path: str) -> bool:
    """Tell whether a person looks at this address.

    >>> is_page("/inbox"), is_page("/api/v1/tasks")
    (True, False)
    """
    return not path.startswith(_OF_CLIENTS)
