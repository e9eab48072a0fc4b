"""The change feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from resolve.analytics import lists
from resolve.analytics.shapes import feed_shape
from resolve.journal.feed import anything_new, number_new
from resolve.kit.database import reading
from resolve_api import answers, examples
from resolve_api.dependencies import Reads
from resolve_api.documented import answers as answered
from resolve_api.parameters import Cursor, Limit
from resolve_api.replies import reply
from resolve_api.seen import partner

_LONGEST = 19  # digits of a position, and one

router = APIRouter(prefix="/events", tags=["events"])


@router.get(
    "",
    summary="What changed after a position",
    description="A reader that keeps the last position it saw, and gives it as "
    "`after`, misses nothing and sees nothing twice. `cursor` takes the `next_cursor` "
    "of a page.",
    responses=answered(
        {200: ("Entries, oldest first.", examples.page(examples.FEED_ENTRY))},
        model=answers.Page[answers.FeedEntry],
    ),
)
def read_events(
    call: Reads,
    after: Annotated[int, Query(ge=0, le=2**62, examples=[0])] = 0,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    start = after if cursor is None else _position(cursor)
    with reading(call.database) as session:
        waiting = anything_new(session)
    if waiting:
        number_new(call.database)
    with reading(call.database) as session:
        rows = lists.feed(session, start, limit=limit + 1, seen_by=partner(call.client))
    shown, more = rows[:limit], len(rows) > limit
    mark = {
        "next_cursor": str(shown[-1].position) if more else None,
        "has_more": more,
    }
    return reply({"data": [feed_shape(row) for row in shown], "page": mark})


def _position(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < _LONGEST):
        raise lists.BadCursor(
            "The cursor cannot be used for this list.",
            hint="Give the position of the last entry as `after`.",
            pointer="/cursor",
        )
    return int(cursor)
