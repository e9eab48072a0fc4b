"""Departments and their calendars."""

from __future__ import annotations

import re

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics import lists
from resolve.analytics.shapes import department_shape
from resolve.departments import queries
from resolve.departments.service import DepartmentChange, change, set_calendar
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import Administers, Call, Reads, revision
from resolve_api.documented import answers as answered
from resolve_api.documented import header, takes, takes_yaml
from resolve_api.parameters import Cursor, DepartmentId, Limit
from resolve_api.replies import paged, reply

router = APIRouter(tags=["departments"])

_TYPES = ("application/yaml", "application/json", "application/x-yaml", "text/yaml")
_ID = re.compile(r"[\w-]{1,100}")


class BadCalendarId(Invalid):
    code = "bad_id"


@router.get(
    "/departments",
    summary="List departments and partners",
    responses=answered(
        {200: ("A page of departments.", examples.page(examples.DEPARTMENT))},
        model=answers.Page[answers.Department],
    ),
)
def list_departments(call: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    with reading(call.database) as session:
        found = lists.departments(session, lists.Wanted(limit, cursor))
        return paged(found, lambda rows: [department_shape(row) for row in rows])


@router.put(
    "/departments/{department}",
    summary="Change a department",
    description="What is left out stays as it is, an empty text removes.",
    responses=answered(
        {200: ("The department.", examples.DEPARTMENT)},
        412,
        model=answers.Department,
        body=True,
        etag=True,
    ),
    openapi_extra=takes(
        bodies.DepartmentBody,
        {"head": "Head of packing", "email": "packing@example.com"},
    )
    | {"parameters": [header("If-Match", "The ETag as read.", '"2"')]},
)
def change_department(call: Administers, department: DepartmentId) -> Response:
    body = call.body(bodies.DepartmentBody)
    wanted = DepartmentChange(
        title={str(k): v for k, v in body.title.items()} if body.title else None,
        head=body.head, email=body.email, calendar=body.calendar,
    )  # fmt: skip
    with transaction(call.database) as session:
        present = queries.department(session, department).revision
        found = change(
            session, department, wanted, who=call.who, at=now(),
            revision=revision(call.expected(), present),
        )  # fmt: skip
        return reply(department_shape(found), etag=found.revision)


@router.put(
    "/calendars/{calendar}",
    summary="Set a calendar",
    description="As its next revision; clocks that run keep theirs. The calendar "
    "`default` serves departments that name none.",
    responses=answered(
        {
            200: ("A new revision.", examples.HOURS | {"id": "default", "revision": 2}),
            201: ("A new calendar.", examples.HOURS | {"id": "night", "revision": 1}),
        },
        412,
        model=answers.Calendar,
        body=True,
        etag=True,
    ),
    openapi_extra=takes_yaml(
        examples.HOURS_YAML, also=bodies.CalendarBody, also_example=examples.HOURS
    )
    | {"parameters": [header("If-Match", "The ETag as read.", '"1"')]},
)
def put_calendar(call: Administers, calendar: DepartmentId) -> Response:
    call.of_type(*_TYPES)
    if not _ID.fullmatch(calendar):
        raise BadCalendarId(
            "This cannot be the id of a calendar.",
            hint="Use letters, digits, - and _, 100 at most.",
        )
    with transaction(call.database) as session:
        return _set_calendar(session, call, calendar)


def _set_calendar(session: Session, call: Call, calendar: str) -> Response:
    present = queries.newest_revision(session, calendar)
    stored = set_calendar(
        session, calendar, call.raw, who=call.who, at=now(),
        revision=revision(call.expected(), present),
    )  # fmt: skip
    shape = {"id": stored.id, "revision": stored.revision, **stored.source}
    return reply(shape, 200 if present else 201, etag=stored.revision)
