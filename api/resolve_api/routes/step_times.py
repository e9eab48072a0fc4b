"""Step times: when steps of orders really began and ended."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.service import Client
from resolve.journal.keys import seal_key
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.maps.queries import chain_of, published_ids
from resolve.steptimes.rows import Refusal, Timing, keyed, refusal
from resolve.steptimes.service import Taken, take
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import Call, Feeds, parse
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.problems import MalformedBody
from resolve_api.replies import reply

router = APIRouter(prefix="/step-times", tags=["step times"])
NDJSON = "application/x-ndjson"
_ABOUT = (
    "One row, a list of rows, or one row a line (application/x-ndjson). Rows that "
    "cannot be taken are told one by one, the rest is taken. The same row again is the "
    "same: by `source` and `id`; without an id by order, step, beginning or end, and "
    "the how manieth such row of the request it is. The same row with another content "
    "replaces the first."
)


_TAKES = takes(bodies.StepTimeBody, examples.STEP_TIME)
_JSON = _TAKES["requestBody"]["content"]["application/json"]
# Rows of a list are looked at one by one, so any list is taken.
_JSON["schema"] = {"oneOf": [_JSON["schema"], {"type": "array"}]}


@dataclass(slots=True)
class _Sorted:
    """Rows by where they go, and those that go nowhere."""

    good: dict[tuple[str, str], list[Timing]] = field(
        default_factory=lambda: defaultdict(list)
    )
    rejected: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0


@router.post(
    "",
    summary="Tell when steps really began and ended",
    description=_ABOUT,
    responses=answered(
        {200: ("What became of the rows.", examples.TAKEN)},
        model=answers.Taken,
        body=True,
    ),
    openapi_extra=_TAKES,
)
def take_step_times(call: Feeds) -> Response:
    at = now()
    with reading(call.database) as session:
        places = _places(session)
    found = _Sorted()
    for index, value in enumerate(_values(call)):
        found.rows += 1
        _sort(call, found, index, value, places)
    secret, seen, taken = seal_key(call.shop.settings), Counter[str](), Taken()
    with transaction(call.database) as session:
        for (map_id, source), rows in sorted(found.good.items()):
            named = list(
                keyed(rows, source=source, map_id=map_id, secret=secret, seen=seen)
            )
            taken += take(
                session, named, map_id=map_id, source=source, who=call.who, at=at
            )
    return reply(
        {
            "rows": found.rows,
            "new": taken.new,
            "same": taken.same,
            "replaced": taken.replaced,
            "rejected": found.rejected,
        }
    )


def _values(call: Call) -> Iterator[Any]:
    """Give the rows of the body: a list, one object, or one object a line."""
    call.of_type("application/json", NDJSON)
    given = call.request.headers.get("content-type", "").partition(";")[0].strip()
    if given.lower() == NDJSON:
        yield from (line for line in call.raw.splitlines() if line.strip())
        return
    try:
        value = json.loads(call.raw)
    except (ValueError, RecursionError) as why:
        raise MalformedBody(
            f"The body cannot be read as JSON: {why}.",
            hint=f"Send one object, a list, or one object a line as {NDJSON}.",
        ) from None
    if isinstance(value, list):
        yield from (json.dumps(row).encode() for row in value)
        return
    # A single row that is no row at all is refused as a whole.
    parse(call.raw, bodies.StepTimeBody)
    yield call.raw


def _sort(call: Call, found: _Sorted, index: int, raw: bytes, places: _Places) -> None:
    try:
        body = parse(raw, bodies.StepTimeBody)
    except ResolveError as why:
        found.rejected.append({"row": index, "code": why.code, "detail": why.message})
        return
    row = Timing(
        order=body.order,
        step=body.step,
        ended=body.ended,
        started=body.started,
        resource=body.resource,
        department=body.department,
        id=body.id,
    )
    maps = places.get(body.step, {})
    why_not = refusal(row, now=now()) or _nowhere(body.map, maps, call.client)
    if why_not is not None:
        detail = _DETAILS.get(why_not, "This cannot be right.")
        found.rejected.append({"row": index, "code": str(why_not), "detail": detail})
        return
    map_id = body.map or next(iter(maps))
    found.good[map_id, body.source or call.client.name].append(row)


_DETAILS = {
    Refusal.NO_ORDER: "The order is empty.",
    Refusal.TOO_LONG: "The order's number is longer than 200 characters.",
    Refusal.ENDS_BEFORE_IT_STARTS: "It ends before it starts.",
    Refusal.IN_THE_FUTURE: "It ends in the future; is its zone right?",
    Refusal.UNKNOWN_STEP: "No published map, or not the one named, has this step.",
    Refusal.ANOTHER_DEPARTMENT: "The step is another department's than the key.",
    Refusal.SEVERAL_MAPS: "Several published maps have this step: name the map.",
}


def _nowhere(
    map_id: str | None, maps: Mapping[str, str], client: Client
) -> Refusal | None:
    if not maps or (map_id is not None and map_id not in maps):
        return Refusal.UNKNOWN_STEP
    if map_id is None and len(maps) > 1:
        return Refusal.SEVERAL_MAPS
    department = maps[map_id or next(iter(maps))]
    if client.departments and department not in client.departments:
        return Refusal.ANOTHER_DEPARTMENT
    return None


_Places = dict[str, dict[str, str]]
"""By step: the published maps that have it, each with the step's department."""


def _places(session: Session) -> _Places:
    places: _Places = defaultdict(dict)
    for map_id in published_ids(session):
        for step in chain_of(session, map_id).steps.values():
            places[step.id][map_id] = step.department
    return places
