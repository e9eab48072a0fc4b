"""Maps: published, read, drawn, walked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics import lists, shapes
from resolve.chain.findings import InvalidMap
from resolve.chain.model import Concern, HandoverConcern, PromiseConcern
from resolve.chain.walk import walk, walk_as_json
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import BadRequest
from resolve.maps import queries
from resolve.maps.models import Map
from resolve.maps.service import publish
from resolve_api import answers, examples
from resolve_api.dependencies import Call, Publishes, Reads, revision
from resolve_api.documented import answers as answered
from resolve_api.documented import header, takes_yaml
from resolve_api.parameters import Cursor, Limit, MapId, Version
from resolve_api.pictures import Format, drawn, picture
from resolve_api.problems import PreconditionRequired
from resolve_api.replies import paged, reply
from resolve_api.times_seen import Wanted, looked

router = APIRouter(prefix="/maps", tags=["maps"])

_YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
TimedPromise = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=401,
        description="Touchpoint and promise, with / between.",
    ),
]
Day = Annotated[date | None, Query(description="A day in UTC, such as 2026-03-01.")]
StepId = Annotated[str | None, Query(min_length=1, max_length=200)]


class BadConcern(BadRequest):
    """Neither a promise at a touchpoint nor a hand-over."""

    code = "bad_concern"


@router.get(
    "",
    summary="List maps",
    responses=answered(
        {200: ("A page of maps.", examples.page(examples.MAP_ENTRY))},
        model=answers.Page[answers.MapEntry],
    ),
)
def list_maps(call: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    with reading(call.database) as session:
        found = lists.maps(session, lists.Wanted(limit, cursor))
        return paged(found, lambda rows: [_entry(session, row) for row in rows])


def _entry(session: Session, row: Map) -> dict[str, Any]:
    chain = queries.chain_of(session, row.id, row.newest)
    title = dict(chain.title.by_language)
    return {"id": row.id, "status": row.status, "version": row.newest, "title": title}


@router.put(
    "/{map_id}",
    summary="Publish a map",
    description="As its next version. If-None-Match: * for the first, If-Match with "
    "the ETag of the newest version after. Cases keep the version they are on.",
    responses=answered(
        {
            200: ("Nothing changed.", examples.MAP_VERSION),
            201: ("A new version.", examples.MAP_VERSION),
        },
        412,
        428,
        model=answers.MapVersion,
        body=True,
        etag=True,
    ),
    openapi_extra=takes_yaml(examples.MAP_YAML)
    | {
        "parameters": [
            header("If-Match", "The ETag of the newest version.", '"1"'),
            header("If-None-Match", "* if there is no version yet.", "*"),
        ]
    },
)
def publish_map(call: Publishes, map_id: MapId) -> Response:
    call.of_type(*_YAML)
    with transaction(call.database) as session:
        expected = _expected(session, call, map_id)
        try:
            version, is_new = publish(
                session, call.raw, who=call.who, at=now(), map_id=map_id,
                newest=expected,
            )  # fmt: skip
        except InvalidMap as error:
            error.extra.setdefault("steps", [])
            raise
        return reply(
            shapes.version_shape(version),
            201 if is_new else 200,
            location=f"/api/v1/maps/{map_id}?version={version.version}",
            etag=version.version,
        )


def _expected(session: Session, call: Call, map_id: str) -> int:
    known = session.get(Map, map_id)
    if call.request.headers.get("if-none-match", "").strip() == "*":
        return 0
    if known is not None or "if-match" in call.request.headers:
        call.must_name_version()
        # No version is -1, so a map that is not there is never matched.
        return revision(call.expected(), known.newest if known else -1)
    raise PreconditionRequired(
        "Say that this is the first version.", hint="Send If-None-Match: *."
    )


@router.get(
    "/{map_id}",
    summary="Read a map",
    description="With its file, and all that a filing client chooses from.",
    responses=answered({200: ("The map.", examples.MAP)}, model=answers.Map, etag=True),
)
def read_map(call: Reads, map_id: MapId, version: Version = None) -> Response:
    with reading(call.database) as session:
        found = queries.version(session, map_id, version)
        of = queries.the_map(session, map_id)
        chain = queries.chain_of(session, map_id, found.version)
    shape = shapes.version_shape(found) | shapes.chain_shape(chain)
    shape |= {"status": of.status, "newest": of.newest, "source": found.source}
    return reply(shape, etag=found.version)


@router.get(
    "/{map_id}/versions",
    summary="The versions of a map",
    responses=answered(
        {200: ("A page of versions.", examples.page(examples.MAP_VERSION))},
        model=answers.Page[answers.MapVersion],
    ),
)
def list_versions(
    call: Reads, map_id: MapId, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    with reading(call.database) as session:
        queries.the_map(session, map_id)
        found = lists.map_versions(session, map_id, lists.Wanted(limit, cursor))
        return paged(found, _versions)


def _versions(rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [shapes.version_shape(row) for row in rows]


@router.get(
    "/{map_id}/diagram.svg",
    summary="The diagram of a map",
    description="As a whole, with one department in focus, or with the times of a "
    "promise: `time=TOUCHPOINT/PROMISE` draws what the newest version allots, what it "
    "usually takes, the waits, and the longest way; `day` compares the orders begun "
    "before a day with those since, `version` that version with the newest.",
    responses=answered({}) | drawn("svg"),
)
def draw_map(
    call: Reads,
    map_id: MapId,
    department: StepId = None,
    version: Version = None,
    time: TimedPromise = None,
    day: Day = None,
) -> Response:
    if time is not None:
        return _draw_times(call, map_id, time, day, version)
    with reading(call.database) as session:
        number = queries.version(session, map_id, version).version
        chain = queries.chain_of(session, map_id, number)
    return picture(
        chain, Format.SVG, language=call.language.code, department=department
    )


def _draw_times(
    call: Call, map_id: str, time: str, day: date | None, version: int | None
) -> Response:
    touchpoint, _, promise = time.partition("/")
    with reading(call.database) as session:
        newest = queries.the_map(session, map_id).newest
        if version is not None:
            queries.version(session, map_id, version)
    begun = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    earlier = version if version != newest else None
    wanted = Wanted(touchpoint or None, promise or None, begun, earlier)
    found = looked(
        call.database, map_id, wanted, it=call.language, zone=ZoneInfo("UTC"), at=now()
    )
    return picture(
        found.chain,
        Format.SVG,
        language=call.language.code,
        times=found.times(call.language),
    )


@router.get(
    "/{map_id}/walk",
    summary="Who takes part when a promise is not kept",
    description="Give touchpoint and promise, or from, to and late of a hand-over.",
    responses=answered(
        {200: ("Those taking part, the nearest first.", examples.WALK)},
        409,
        model=answers.Walked,
    ),
)
def walk_map(  # noqa: PLR0913  the parameters of the query
    call: Reads,
    map_id: MapId,
    *,
    touchpoint: StepId = None,
    promise: StepId = None,
    from_: Annotated[
        str | None, Query(alias="from", min_length=1, max_length=200)
    ] = None,
    to: StepId = None,
    late: bool = False,
    version: Version = None,
) -> Response:
    concern = _concern(touchpoint, promise, (from_, to), late=late)
    with reading(call.database) as session:
        found = queries.version(session, map_id, version)
        chain = queries.chain_of(session, map_id, found.version)
    return reply(walk_as_json(walk(chain, concern), chain, found.version))


def _concern(
    touchpoint: str | None,
    promise: str | None,
    handover: tuple[str | None, str | None],
    *,
    late: bool,
) -> Concern:
    source, target = handover
    promised = touchpoint is not None and promise is not None
    handed = source is not None and target is not None
    if promised and not handed and not late:
        return PromiseConcern(touchpoint or "", promise or "")
    if handed and touchpoint is None and promise is None:
        return HandoverConcern(source or "", target or "", late=late)
    raise BadConcern(
        "Say what the concern is.",
        hint="Give touchpoint and promise, or from and to, and late=true.",
    )
