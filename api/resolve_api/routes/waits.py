"""What the waits between the steps of a map were spent on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.waits import waits_json, waits_of
from resolve.kit.database import reading
from resolve_api import answers, examples
from resolve_api.dependencies import Reads
from resolve_api.documented import answers as answered
from resolve_api.parameters import MapId
from resolve_api.replies import reply

router = APIRouter(prefix="/maps", tags=["maps"])


@router.get(
    "/{map_id}/waits",
    summary="What the waits of a map were spent on",
    description="Per hand-over, in the order of the chain: the mean wait of the latest "
    "orders in seconds, and how much of it was spent on what: `batching` until the "
    "last of those done together could start, `contention` busy with what could start "
    "earlier, `prioritisation` busy with what could start later, `unavailability` "
    "outside working hours, `extraneous` none of these or not known. With fewer than "
    "20 waits nothing is said (null). `known`: for which share it is known who or what "
    "did the step after.",
    responses=answered(
        {200: ("The waits, by cause.", examples.WAITS)}, model=answers.Waits
    ),
)
def read_waits(call: Reads, map_id: MapId) -> Response:
    with reading(call.database) as session:
        _, waits = waits_of(session, map_id)
    return reply(waits_json(waits))
