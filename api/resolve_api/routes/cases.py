"""Cases: read, placed, reviewed, closed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics import lists, shapes
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import chain_of_case, walk_of_case
from resolve.cases.service import place
from resolve.chain.model import PromiseConcern
from resolve.diagrams import CaseState
from resolve.handling.closing import close_case
from resolve.journal.rules import case_chain
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Conflict, Invalid
from resolve.maps import queries as maps
from resolve.reviews.service import open_review
from resolve.solutions.service import Agreement, agree
from resolve.tasks.queries import tasks_of
from resolve_api import answers, bodies, examples
from resolve_api.agreement_bodies import AgreementBody
from resolve_api.dependencies import Acts, Call, Reads
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.filters import known_department
from resolve_api.parameters import Cursor, Filter, Id, Limit
from resolve_api.pictures import Format, drawn, picture
from resolve_api.replies import paged, reply
from resolve_api.seen import (
    must_be_quality_manager,
    partner,
    show_cases,
    show_tasks,
    the_case,
)

router = APIRouter(prefix="/cases", tags=["cases"])

_ONE = {200: ("The case.", examples.CASE)}
_PLACE = {"touchpoint": "delivery", "promise": "on-time", "map": "order-to-delivery"}


class NotPlaced(Conflict):
    """Nobody said yet what the case is about."""

    code = "case_not_placed"


class MapMissing(Invalid):
    """Several maps are published and none is named."""

    code = "map_missing"


@router.get(
    "",
    summary="List cases",
    description="By the time they were opened.",
    responses=answered(
        {200: ("A page of cases.", examples.page(examples.CASE))},
        model=answers.Page[answers.Case],
    ),
)
def list_cases(
    call: Reads,
    limit: Limit = 20,
    cursor: Cursor = None,
    status: Annotated[CaseStatus | None, Query()] = None,
    department: Filter = None,
) -> Response:
    with reading(call.database) as session:
        known_department(session, department)
        found = lists.cases(
            session,
            lists.Wanted(limit, cursor),
            status=status,
            department=department,
            seen_by=partner(call.client),
        )
        return paged(found, lambda rows: show_cases(session, call.client, rows))


@router.post(
    "/place",
    summary="Place several cases at once",
    description="All of them, or none.",
    responses=answered(
        {200: ("The placed cases.", {"data": [examples.CASE]})},
        409,
        model=answers.Placed,
        body=True,
    ),
    openapi_extra=takes(
        bodies.PlaceSeveralBody, _PLACE | {"cases": [examples.CASE_ID]}
    ),
)
def place_cases(call: Acts) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(bodies.PlaceSeveralBody)
    with transaction(call.database) as session:
        placed = [_place(session, call, one, body) for one in sorted(set(body.cases))]
        return reply({"data": shapes.cases(session, placed)})


@router.get(
    "/{case}",
    summary="Read a case",
    responses=answered(_ONE, model=answers.Case, etag=True),
)
def read_case(call: Reads, case: Id) -> Response:
    with reading(call.database) as session:
        found = the_case(session, call.client, case)
        return _show(session, call, found)


@router.get(
    "/{case}/tasks",
    summary="The tasks of a case",
    responses=answered(
        {200: ("A page of tasks.", examples.page(examples.TASK))},
        model=answers.Page[answers.Task],
    ),
)
def list_case_tasks(
    call: Reads, case: Id, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    with reading(call.database) as session:
        the_case(session, call.client, case)
        found = lists.tasks(session, lists.Wanted(limit, cursor), case_id=case)
        return paged(
            found, lambda rows: show_tasks(session, call.client, rows, call.language)
        )


@router.get(
    "/{case}/journal",
    summary="What happened in a case",
    description="No personal data and no free text: texts stand in it as digests.",
    responses=answered(
        {200: ("A page of the journal.", examples.page(examples.ENTRY))},
        model=answers.Page[answers.Entry],
    ),
)
def list_journal(
    call: Reads, case: Id, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    with reading(call.database) as session:
        the_case(session, call.client, case)
        found = lists.journal(session, case_chain(case), lists.Wanted(limit, cursor))
        return paged(found, lambda rows: [shapes.entry_shape(one) for one in rows])


@router.get(
    "/{case}/diagram.{kind}",
    summary="The diagram of a case",
    description="The steps taking part, and the state of each task.",
    responses=answered({}, 409) | drawn("svg", "png", "pdf"),
)
def draw_case(call: Reads, case: Id, kind: Format) -> Response:
    with reading(call.database) as session:
        found = the_case(session, call.client, case)
        chain, walk = chain_of_case(session, found), walk_of_case(session, found)
        tasks = tasks_of(session, case, round_=found.round)
    if chain is None or walk is None:
        raise NotPlaced(
            "There is no diagram of this case yet.",
            hint="Place it first.",
            status=found.status,
        )
    state = CaseState(walk, {one.department_id: one.status for one in tasks})
    return picture(chain, kind, language=call.language.code, case=state)


@router.post(
    "/{case}/place",
    summary="Say what a case is about",
    responses=answered(_ONE, 409, model=answers.Case, body=True, etag=True),
    openapi_extra=takes(bodies.PlaceBody, _PLACE),
)
def place_case(call: Acts, case: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(bodies.PlaceBody)
    with transaction(call.database) as session:
        return _show(session, call, _place(session, call, case, body))


@router.post(
    "/{case}/review",
    summary="Open the joint review",
    description="Answers end here; tasks still open are withdrawn.",
    responses=answered(_ONE, 409, model=answers.Case, body=True, etag=True),
    openapi_extra=takes(bodies.Nothing, {}, required=False),
)
def review_case(call: Acts, case: Id) -> Response:
    must_be_quality_manager(call.client)
    call.no_body()
    with transaction(call.database) as session:
        return _show(session, call, open_review(session, case, who=call.who, at=now()))


@router.post(
    "/{case}/agreements",
    status_code=201,
    summary="Agree on a proposal",
    responses=answered(
        {201: ("The agreement.", examples.AGREEMENT)},
        409,
        model=answers.Agreement,
        body=True,
    ),
    openapi_extra=takes(
        AgreementBody,
        {"task": examples.TASK_ID, "proposal": 1, "owner": "Head of packing",
         "due": "2026-12-15"},
        {"task": examples.TASK_ID, "proposal": 1, "owner": "Head of packing",
         "due": "2026-12-15", "where": {"step": "pack"}, "measure": "time_of_step",
         "expected": -0.2, "prove_days": 30},
    ),
)  # fmt: skip
def agree_in_case(call: Acts, case: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(AgreementBody)
    agreed = Agreement(body.task, body.proposal, body.owner, body.due, body.aim)
    with transaction(call.database) as session:
        made = agree(session, case, agreed, who=call.who, at=now())
        return reply(shapes.solution_shape(made), 201, location=f"/api/v1/cases/{case}")


@router.post(
    "/{case}/close",
    summary="Close a case of which nothing is open",
    responses=answered(_ONE, 409, model=answers.Case, body=True, etag=True),
    openapi_extra=takes(bodies.Nothing, {}, required=False),
)
def close(call: Acts, case: Id) -> Response:
    must_be_quality_manager(call.client)
    call.no_body()
    with transaction(call.database) as session:
        return _show(session, call, close_case(session, case, who=call.who, at=now()))


def _show(session: Session, call: Call, found: Case) -> Response:
    shown = show_cases(session, call.client, [found])
    return reply(shown[0], etag=found.revision)


def _place(session: Session, call: Call, case: str, body: bodies.PlaceBody) -> Case:
    concern = PromiseConcern(body.touchpoint, body.promise)
    map_id = body.map or _only_map(session)
    return place(session, case, map_id=map_id, concern=concern, who=call.who, at=now())


def _only_map(session: Session) -> str:
    published = maps.published_ids(session)
    if len(published) != 1:
        raise MapMissing(
            f"{len(published)} maps are published; say which one is meant.",
            hint="Name it in `map`.",
            pointer="/map",
        )
    return published[0]
