"""Ballots of a joint review: put, voted on, objected to, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics import ballot_shapes as shapes
from resolve.analytics import lists
from resolve.analytics.shapes import cases
from resolve.cases.queries import case as case_of
from resolve.handling.deciding import Decision, decide
from resolve.handling.voting import put_to_vote
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.reviews import ballots, queries
from resolve.reviews.asking import ask_once_more
from resolve.reviews.models import Ballot, MetBy, Position
from resolve.reviews.motions import Motion
from resolve.reviews.objections import Meeting, meet, object_to, take_back
from resolve.reviews.votes import Voting, vote
from resolve_api import answers, bodies, examples
from resolve_api import ballot_bodies as forms
from resolve_api.dependencies import Acts, Call, Reads, Talks
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.parameters import Cursor, Id, Limit
from resolve_api.replies import paged, reply
from resolve_api.seen import (
    must_act_for,
    must_be_quality_manager,
    partner,
    show_words,
    the_case,
)

router = APIRouter(tags=["reviews"])

_ONE = {200: ("The ballot.", forms.BALLOT)}
_PUT = {201: ("The ballot; its departments are asked.", forms.BALLOT)}


@router.get(
    "/cases/{case}/ballots",
    summary="What a review votes on",
    description="In the order put, with votes, objections and how each stands.",
    responses=answered(
        {200: ("A page of ballots.", examples.page(forms.BALLOT))},
        model=answers.Page[forms.BallotAnswer],
    ),
)
def list_ballots(
    call: Reads, case: Id, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    with reading(call.database) as session:
        the_case(session, call.client, case)
        found = lists.ballots(session, case, lists.Wanted(limit, cursor))
        return paged(found, lambda rows: _shapes(session, call, case, rows))


@router.post(
    "/cases/{case}/ask-again",
    summary="Ask the departments once more, out of a review",
    description="For the quality manager. A new round begins; what is voted on is "
    "dropped, what is agreed goes on.",
    responses=answered(
        {200: ("The case.", examples.CASE)},
        409,
        model=answers.Case,
        body=True,
        etag=True,
    ),
    openapi_extra=takes(forms.DropBody, {"reason": "Nobody proposed for Fridays."}),
)
def ask_again(call: Acts, case: Id) -> Response:
    must_be_quality_manager(call.client)
    reason = call.body(forms.DropBody).reason
    with transaction(call.database) as session:
        found = ask_once_more(session, case, reason=reason, who=call.who, at=now())
        return reply(cases(session, [found])[0], etag=found.revision)


@router.post(
    "/cases/{case}/ballots",
    status_code=201,
    summary="Put something to the vote",
    description="For the quality manager. Everybody whose vote counts is told.",
    responses=answered(_PUT, 409, model=forms.BallotAnswer, body=True),
    openapi_extra=takes(forms.MotionBody, forms.MOTION),
)
def put_ballot(call: Acts, case: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(forms.MotionBody)
    motion = Motion(
        task_id=body.task,
        proposal=body.proposal,
        division_id=body.division,
        owner=body.owner or "",
        due=body.due,
        wording=body.wording or "",
        customer_says=body.customer_says or "",
        until=body.until,
    )
    with transaction(call.database) as session:
        made = put_to_vote(session, case, motion, who=call.who, at=now())
        location = f"/api/v1/cases/{case}/ballots"
        return _show(session, call, made, 201, location)


@router.post(
    "/ballots/{ballot}/vote",
    summary="Vote for a department",
    description="A key without department enters what a department said by word of "
    "mouth, which never replaces what it said itself. `customer_would_not` raises an "
    "objection; only who raised it takes it back by voting otherwise.",
    responses=answered(_ONE, 409, model=forms.BallotAnswer, body=True),
    openapi_extra=takes(
        forms.VoteBody,
        {"position": "agree", "department": "packing"},
        {"position": "not_yet", "text": "A second scanner first."},
        {"position": "customer_would_not", "text": "They ordered it for Friday."},
    ),
)
def vote_on(call: Acts, ballot: Id) -> Response:
    body = call.body(forms.VoteBody)
    with transaction(call.database) as session:
        found = _seen(session, call, ballot)
        department = body.department or _own(session, call, found)
        must_act_for(call.client, department)
        voting = Voting(Position(body.position), body.text or "")
        vote(
            session, ballot, department, voting, who=call.who, at=now(),
            by_word_of_mouth=department not in call.client.departments,
        )  # fmt: skip
        return _show(session, call, found)


@router.post(
    "/ballots/{ballot}/objections",
    status_code=201,
    summary="Say that the customer would not accept it",
    description="Anybody on the case may; it is never decided over.",
    responses=answered(
        {201: ("The objection.", forms.OBJECTION | {"status": "open", "met": None})},
        409,
        model=forms.ObjectionAnswer,
        body=True,
    ),
    openapi_extra=takes(
        forms.ObjectionBody, {"because": "They ordered it for Friday."}
    ),
)
def object_for_customer(call: Talks, ballot: Id) -> Response:
    body = call.body(forms.ObjectionBody)
    with transaction(call.database) as session:
        found = _seen(session, call, ballot)
        made = object_to(session, ballot, body.because, who=call.who, at=now())
        shape = shapes.objection_shape(made)
        return reply(
            show_words(session, call.client, shape, found.case_id), 201,
            location=f"/api/v1/cases/{found.case_id}/ballots",
        )  # fmt: skip


@router.post(
    "/objections/{objection}/meet",
    summary="Note by what an objection is met",
    description="For the quality manager. Everybody on the case sees it.",
    responses=answered(
        {200: ("The objection.", forms.OBJECTION)},
        409,
        model=forms.ObjectionAnswer,
        body=True,
    ),
    openapi_extra=takes(
        forms.MeetBody,
        {"by": "customer", "text": "Asked by phone on Monday: fine."},
        {"by": "manager", "manager": "Iryna Bondar", "text": "It helps all others."},
    ),
)
def meet_objection(call: Acts, objection: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(forms.MeetBody)
    meeting = Meeting(MetBy(body.by), body.text, body.manager or "")
    with transaction(call.database) as session:
        found = meet(session, objection, meeting, who=call.who, at=now())
        return reply(shapes.objection_shape(found))


@router.post(
    "/objections/{objection}/take-back",
    summary="Take back one's own objection",
    responses=answered(
        {
            200: (
                "The objection.",
                forms.OBJECTION | {"status": "taken_back", "met": None},
            )
        },
        409,
        model=forms.ObjectionAnswer,
        body=True,
    ),
    openapi_extra=takes(bodies.Nothing, {}, required=False),
)
def take_objection_back(call: Talks, objection: Id) -> Response:
    call.no_body()
    with transaction(call.database) as session:
        known = queries.objection(session, objection)
        _in_seen_case(
            session, call, known.case_id, queries.unknown_objection(objection)
        )
        found = take_back(session, objection, who=call.who, at=now())
        shape = shapes.objection_shape(found)
        return reply(show_words(session, call.client, shape, found.case_id))


@router.post(
    "/ballots/{ballot}/change",
    status_code=201,
    summary="Put a changed solution to the vote instead",
    description="For the quality manager. The votes begin anew; objections to the old "
    "one are met by the change.",
    responses=answered(_PUT, 409, model=forms.BallotAnswer, body=True),
    openapi_extra=takes(
        forms.ChangeBody,
        {"wording": "Pack by promised day, and call where it is late."},
    ),
)
def change_ballot(call: Acts, ballot: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(forms.ChangeBody)
    motion = Motion(
        division_id=body.division,
        owner=body.owner or "",
        due=body.due,
        wording=body.wording or "",
        customer_says=body.customer_says or "",
        until=body.until,
    )
    with transaction(call.database) as session:
        made = ballots.change(session, ballot, motion, who=call.who, at=now())
        location = f"/api/v1/cases/{made.case_id}/ballots"
        return _show(session, call, made, 201, location)


@router.post(
    "/ballots/{ballot}/extend",
    summary="Move the time for votes, later or earlier",
    responses=answered(_ONE, 409, model=forms.BallotAnswer, body=True),
    openapi_extra=takes(forms.UntilBody, {"until": examples.DUE}),
)
def extend_ballot(call: Acts, ballot: Id) -> Response:
    must_be_quality_manager(call.client)
    until = call.body(forms.UntilBody).until
    with transaction(call.database) as session:
        found = ballots.extend(session, ballot, until=until, who=call.who, at=now())
        return _show(session, call, found)


@router.post(
    "/ballots/{ballot}/drop",
    summary="Leave what was put to the vote",
    responses=answered(_ONE, 409, model=forms.BallotAnswer, body=True),
    openapi_extra=takes(forms.DropBody, {"reason": "The carrier found a better way."}),
)
def drop_ballot(call: Acts, ballot: Id) -> Response:
    must_be_quality_manager(call.client)
    reason = call.body(forms.DropBody).reason
    with transaction(call.database) as session:
        found = ballots.drop(session, ballot, reason=reason, who=call.who, at=now())
        return _show(session, call, found)


@router.post(
    "/ballots/{ballot}/decide",
    summary="Agree on what was put to the vote",
    description="For the quality manager: where everybody agrees, or by mandate once "
    "its time is over. Never over an objection for the customer.",
    responses=answered(_ONE, 409, model=forms.BallotAnswer, body=True),
    openapi_extra=takes(
        forms.DecideBody,
        {},
        {"mandate": True, "reason": "The season begins on Monday."},
    ),
)
def decide_on(call: Acts, ballot: Id) -> Response:
    must_be_quality_manager(call.client)
    body = call.body(forms.DecideBody)
    decision = Decision(body.mandate, body.reason or "", body.owner or "", body.due)
    with transaction(call.database) as session:
        found = decide(session, ballot, decision, who=call.who, at=now())
        return _show(session, call, found)


def _seen(session: Session, call: Call, ballot: str) -> Ballot:
    """Give a ballot of a case that this client may see."""
    found = queries.ballot(session, ballot)
    _in_seen_case(session, call, found.case_id, queries.unknown_ballot(ballot))
    return found


def _in_seen_case(
    session: Session, call: Call, case_id: str, unknown: Exception
) -> None:
    only = partner(call.client)
    if only is not None and not lists.takes_part(session, case_id, only):
        raise unknown


def _own(session: Session, call: Call, ballot: Ballot) -> str:
    """Give the department for which this client votes, if it is a single one."""
    asked = queries.asked(session, case_of(session, ballot.case_id))
    mine = [one for one in asked if one in call.client.departments]
    return mine[0] if len(mine) == 1 else ""


def _show(
    session: Session,
    call: Call,
    found: Ballot,
    status: int = 200,
    location: str | None = None,
) -> Response:
    [shape] = _shapes(session, call, found.case_id, [found])
    return reply(shape, status, location=location)


def _shapes(
    session: Session, call: Call, case_id: str, rows: Sequence[Ballot]
) -> list[dict[str, Any]]:
    case = case_of(session, case_id)
    shown = shapes.ballots(session, case, rows, at=now())
    return [show_words(session, call.client, one, case_id) for one in shown]
