"""How long a promise takes, along the chain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from resolve.analytics.timing import about, shape
from resolve.kit.clock import now
from resolve.kit.database import reading
from resolve.steptimes.keeping import found_out
from resolve.steptimes.periods import Period
from resolve_api import answers, examples
from resolve_api.dependencies import Reads
from resolve_api.documented import answers as answered
from resolve_api.moments import as_moment
from resolve_api.parameters import MapId
from resolve_api.replies import reply

router = APIRouter(prefix="/maps", tags=["step times"])
_ABOUT = (
    "Share in time, how long orders take, and each hand-over and step in the order of "
    "the chain: allotted and actual, how often on the longest way, and what a change "
    "could bring. Times are seconds on the clock on the wall; what too few orders are "
    "known for is null. Of more than 20,000 orders a sample is looked at, as `orders` "
    "says. It is kept for some minutes: `more_since` counts step times that came in "
    "after `made_at`. Without touchpoint and promise it is about the first that has a "
    "time."
)
Named = Annotated[str | None, Query(min_length=1, max_length=200)]
Began = Annotated[
    str | None,
    Query(
        max_length=40,
        description="A time with its zone; orders that began from then on, or before.",
    ),
]


@router.get(
    "/{map_id}/timing",
    summary="How long a promise takes",
    description=_ABOUT,
    responses=answered(
        {200: ("What the orders tell.", examples.TIMING)}, 409, model=answers.Timing
    ),
)
def read_timing(
    call: Reads,
    map_id: MapId,
    *,
    touchpoint: Named = None,
    promise: Named = None,
    since: Began = None,
    until: Began = None,
) -> Response:
    period = Period(as_moment(since, "since"), as_moment(until, "until"))
    with reading(call.database) as session:
        asked = about(session, map_id, touchpoint, promise, period)
    return reply(shape(asked, found_out(call.database, asked, at=now())))
