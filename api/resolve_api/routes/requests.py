"""Requests to neighbours: replied to."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.shapes import request_shape
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.tasks import queries
from resolve.tasks.requests import reply as reply_to
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import Acts
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.parameters import Id
from resolve_api.replies import reply
from resolve_api.seen import must_act_for, show_words

router = APIRouter(prefix="/requests", tags=["tasks"])


@router.post(
    "/{request}/reply",
    summary="Accept a neighbour's request, or propose something else",
    responses=answered(
        {200: ("The request with its reply.", examples.REQUEST)},
        409,
        model=answers.Request,
        body=True,
    ),
    openapi_extra=takes(
        bodies.ReplyBody, {"accept": True}, {"instead": "By three, from Monday on."}
    ),
)
def reply_to_request(call: Acts, request: Id) -> Response:
    body = call.body(bodies.ReplyBody)
    with transaction(call.database) as session:
        must_act_for(call.client, queries.request(session, request).department_id)
        found = reply_to(
            session, request, accept=body.accept is True, instead=body.instead,
            who=call.who, at=now(),
        )  # fmt: skip
        shape = request_shape(found)
        return reply(show_words(session, call.client, shape, found.case_id))
