"""Answers: JSON, with an ETag where something can be edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.responses import Response

from resolve.analytics.lists import Page
from resolve_api.problems import to_json

T = TypeVar("T")
JSON = "application/json"


def reply(
    value: object,
    status: int = 200,
    *,
    location: str | None = None,
    etag: int | None = None,
    **headers: str,
) -> Response:
    """Answer with JSON; `Some_Header=` becomes Some-Header."""
    more = {name.replace("_", "-"): text for name, text in headers.items()}
    if location is not None:
        more["Location"] = location
    if etag is not None:
        more["ETag"] = f'"{etag}"'
    return Response(to_json(value), status, more, JSON)


def paged(found: Page[T], show: Callable[[Sequence[T]], list[Any]]) -> Response:
    """Answer with a page of a list."""
    mark = {"next_cursor": found.next_cursor, "has_more": found.has_more}
    return reply({"data": show(found.rows), "page": mark})
