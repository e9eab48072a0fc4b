"""The promised time of a case, divided anew."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics.time_division import (
    Look,
    division_shape,
    effect_shape,
    known,
    look,
    sums,
    times_shape,
)
from resolve.chain.rewriting import Times
from resolve.chain.suggesting import Suggestion
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.reviews.division_errors import DivisionChanged
from resolve.reviews.division_guards import guard_given, guard_times
from resolve.reviews.divisions import begin, save
from resolve_api import division_forms as forms
from resolve_api.dependencies import Acts, Call, Reads, revision
from resolve_api.dividing import must_divide, tried
from resolve_api.documented import answers as answered
from resolve_api.documented import header, takes
from resolve_api.parameters import Id
from resolve_api.replies import reply
from resolve_api.seen import the_case

router = APIRouter(prefix="/cases", tags=["cases"])

_ONE = {200: ("The division.", forms.DIVISION)}
_MATCH = header("If-Match", 'The ETag as read; "0" for the first.', '"2"')


@router.get(
    "/{case}/division",
    summary="How the promised time is divided",
    description="In the order of the chain, with what steps and waits really took. "
    "Before anybody divided it anew, `id` is null and the ETag 0. 409 "
    "nothing_to_divide: the case is not about a promise with a time.",
    responses=answered(_ONE, 409, model=forms.Division, etag=True),
)
def read_division(call: Reads, case: Id) -> Response:
    return _shown(call, case)


@router.put(
    "/{case}/division",
    summary="Divide the promised time anew",
    description="The times that differ from the map; what is left out is as in the "
    "map. A sum above the promise is kept and shown, but cannot be agreed. Inside of a "
    "loop hand-overs count nothing and are not divided.",
    responses=answered(_ONE, 409, 412, 428, model=forms.Division, body=True, etag=True),
    openapi_extra=takes(forms.DivisionBody, forms.DIVIDED) | {"parameters": [_MATCH]},
)
def divide(call: Acts, case: Id) -> Response:
    call.must_name_version()
    times = call.body(forms.DivisionBody).times()
    with transaction(call.database) as session:
        of_case = the_case(session, call.client, case)
        must_divide(session, call.client, of_case.id)
        found = look(session, of_case)
        guard_given(found.of, times)
        _keep(session, call, found, times)
    return _shown(call, case)


def _shown(call: Call, case: str) -> Response:
    with reading(call.database) as session:
        found = look(session, the_case(session, call.client, case))
    found = known(call.database, found, at=now())
    return reply(division_shape(found), etag=found.revision)


def _keep(session: Session, call: Call, found: Look, times: Times) -> None:
    """Save the draft; one that nobody votes on, else begin another."""
    made_on = revision(call.expected(), found.revision)
    if found.is_draft and found.division is not None:
        save(
            session, found.division.id, times, revision=made_on, who=call.who,
            at=now(),
        )  # fmt: skip
        return
    if made_on != found.revision:
        raise DivisionChanged(
            "Somebody else divided the time in between.",
            hint="Read it anew and make the change on it.",
            revision=found.revision,
        )
    begin(session, found.case, times, who=call.who, at=now())


@router.post(
    "/{case}/division/simulate",
    summary="Try a division before it is agreed",
    description="Nothing is kept. The same orders before and after; an allotted time "
    "is a target: where it becomes shorter, longer times come halfway down to it.",
    responses=answered(
        {200: ("What it would do.", forms.SIMULATED)},
        409,
        model=forms.Simulated,
        body=True,
    ),
    openapi_extra=takes(forms.SimulateBody, forms.TRIED, {"suggest": "variance"}),
)
def simulate(call: Acts, case: Id) -> Response:
    body = call.body(forms.SimulateBody)
    given = body.times()
    with reading(call.database) as session:
        found = look(session, the_case(session, call.client, case))
        must_divide(session, call.client, found.case)
    guard_given(found.of, given)
    found = known(call.database, found, at=now())
    proposed = found.suggestion(body.suggest) if body.suggest else None
    times = given if body.names_times else found.times
    if proposed is not None:
        times = {**proposed.times, **given}
    guard_times(found.of, times)
    effect = tried(found, times, body.what_if)
    shape: dict[str, Any] = {**sums(found.of, times), **times_shape(found.of, times)}
    shape["suggestion"] = _suggested(proposed)
    return reply(shape | {"effect": effect_shape(found, effect)})


def _suggested(found: Suggestion | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"by": str(found.by), "share": found.share, "branches": found.branches}
