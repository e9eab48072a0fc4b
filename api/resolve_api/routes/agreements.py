"""Agreements: what they are to change, what became of them, what the orders say."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.analytics.shapes import solution_shape
from resolve.handling.proving import judge_now
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid
from resolve.solutions import queries
from resolve.solutions.proving import prove_longer
from resolve.solutions.service import say_outcome, set_aim
from resolve_api import answers, bodies, examples
from resolve_api.agreement_bodies import AimBody, OutcomeBody
from resolve_api.dependencies import Acts, Reads
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.parameters import Id
from resolve_api.replies import reply
from resolve_api.seen import must_be_quality_manager, show_agreement, the_case

router = APIRouter(prefix="/agreements", tags=["cases"])

_ONE = {200: ("The agreement.", examples.AGREEMENT)}


class GivenUpHasNoDay(Invalid):
    """It is given up, and yet something is said of its proving."""

    code = "given_up_has_no_day"


@router.get(
    "/{agreement}",
    summary="Show an agreement, how its proving stands, and the verdict",
    responses=answered(_ONE, 404, model=answers.Agreement),
)
def show(call: Reads, agreement: Id) -> Response:
    with reading(call.database) as session:
        found = queries.solution(session, agreement)
        the_case(session, call.client, found.case_id)
        return reply(show_agreement(session, call.client, found))


@router.put(
    "/{agreement}/aim",
    summary="Say what an agreed change is to change, while it is not in place",
    responses=answered(_ONE, 409, model=answers.Agreement, body=True),
    openapi_extra=takes(
        AimBody,
        {"where": {"step": "pack"}, "measure": "time_of_step", "expected": -0.2},
        {"measure": "on_time", "prove_orders": 60},
    ),
)
def aim(call: Acts, agreement: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(AimBody)
    with transaction(call.database) as session:
        found = set_aim(session, agreement, body.aim, who=call.who, at=now())
        return reply(solution_shape(found))


@router.post(
    "/{agreement}/outcome",
    summary="Say that an agreed change is in place, or given up and why",
    responses=answered(_ONE, 409, model=answers.Agreement, body=True),
    openapi_extra=takes(
        OutcomeBody,
        {"in_place": True},
        {"in_place": True, "on": "2026-11-02"},
        {"in_place": True, "prove_days": 30},
        {"given_up": True, "reason": "The new scanner does the same."},
    ),
)
def tell_outcome(call: Acts, agreement: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(OutcomeBody)
    if body.given_up and (body.on or body.longer):
        raise GivenUpHasNoDay(
            "What is given up has no day since which it is in place.",
            hint="Leave `on`, `prove_days` and `prove_orders` out.",
            pointer="/given_up",
        )
    with transaction(call.database) as session:
        if body.longer:
            found = prove_longer(
                session, agreement, days=body.prove_days, orders=body.prove_orders,
                reason=body.reason, who=call.who, at=now(),
            )  # fmt: skip
        else:
            found = say_outcome(
                session, agreement, in_place=body.in_place is True,
                reason=body.reason, on=body.on, who=call.who, at=now(),
            )  # fmt: skip
        return reply(solution_shape(found))


@router.post(
    "/{agreement}/judge",
    summary="Judge a change in place now, once its time is over or its orders are in",
    responses=answered(_ONE, 409, model=answers.Agreement, body=True),
    openapi_extra=takes(bodies.Nothing, {}, required=False),
)
def judge(call: Acts, agreement: Id) -> Response:
    must_be_quality_manager(call.client)
    call.no_body()
    found = judge_now(call.database, agreement, who=call.who, at=now())
    return reply(solution_shape(found))
