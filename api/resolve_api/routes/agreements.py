"""Agreements: what became of an agreed change."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.shapes import solution_shape
from resolve.kit.clock import now
from resolve.kit.database import transaction
from resolve.solutions.service import say_outcome
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import Acts
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.parameters import Id
from resolve_api.replies import reply
from resolve_api.seen import must_be_quality_manager

router = APIRouter(prefix="/agreements", tags=["cases"])


@router.post(
    "/{agreement}/outcome",
    summary="Say that an agreed change is in place, or given up and why",
    responses=answered(
        {200: ("The agreement.", examples.AGREEMENT)},
        409,
        model=answers.Agreement,
        body=True,
    ),
    openapi_extra=takes(
        bodies.OutcomeBody,
        {"in_place": True},
        {"given_up": True, "reason": "The new scanner does the same."},
    ),
)
def tell_outcome(call: Acts, agreement: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(bodies.OutcomeBody)
    with transaction(call.database) as session:
        found = say_outcome(
            session, agreement, in_place=body.in_place is True, reason=body.reason,
            who=call.who, at=now(),
        )  # fmt: skip
        return reply(solution_shape(found))
