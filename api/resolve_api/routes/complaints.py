"""Complaints: filed, read, answered, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.replays import Repeatable, alone
from resolve.access.service import Client
from resolve.access.table import Right
from resolve.analytics import lists
from resolve.chain.model import HandoverConcern
from resolve.complaints import service as complaints
from resolve.complaints import tracking
from resolve.complaints.filing import Filing
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.handovers.errors import NotYourHandover
from resolve.handovers.queries import receiver_of
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import BadRequest, Forbidden
from resolve_api import answers, bodies, examples
from resolve_api.dependencies import AnswersCustomers, Call, Files, ReadsOwn
from resolve_api.desk import Desk, Receipt, Slip
from resolve_api.documented import answers as answered
from resolve_api.documented import header, takes
from resolve_api.moments import as_moment
from resolve_api.parameters import Cursor, Filter, Id, Limit
from resolve_api.replies import JSON, paged, reply
from resolve_api.seen import (
    holds_link,
    must_answer_customers,
    partner,
    show_complaints,
    the_complaint,
)
from resolve_api.tracked import tracking_url

router = APIRouter(prefix="/complaints", tags=["complaints"])

_LONGEST_KEY = 255


class BadIdempotencyKey(BadRequest):
    code = "bad_idempotency_key"


@router.post(
    "",
    status_code=201,
    summary="File a complaint",
    description="Never refuses for an unknown map, touchpoint or promise: such a case "
    "waits to be placed, with a warning per field. With `handover` it is an internal "
    "complaint about what a department received from another one: for a key of the "
    "department that receives there, or of the house (403 not_your_handover).",
    responses=answered(
        {201: ("Filed, for ever.", examples.FILED)},
        409,
        model=answers.Filed,
        body=True,
    ),
    openapi_extra=takes(
        bodies.FilingBody,
        examples.FILING,
        examples.SHORT_FILING,
        examples.SETTLED_FILING,
        examples.INTERNAL_FILING,
    )
    | {
        "parameters": [
            header(
                "Idempotency-Key",
                "The same key with the same body files once; kept for 7 days.",
                "4711-1",
                longest=255,
            )
        ]
    },
)
def file_complaint(call: Files) -> Response:
    body = call.body(bodies.FilingBody)
    key = call.request.headers.get("idempotency-key")
    desk: Desk = call.request.app.state.desk
    slip = Slip(_filing(body, call), call.who)
    if key is None:
        return _filed(desk.file(slip))
    request = Repeatable(call.client.key_id or "", call.path, _good(key), call.raw)
    with alone(request):
        return _filed(desk.file(replace(slip, request=request)))


def _good(key: str) -> str:
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise BadIdempotencyKey(
            "The Idempotency-Key is empty or longer than 255 characters.",
            hint="Send a fresh UUID for each complaint.",
        )
    return key


class MayNotSettle(Forbidden):
    """Settling at once is for those who have the right to."""

    code = "may_not_settle"


def _filing(body: bodies.FilingBody, call: Call) -> Filing:
    client = call.client
    if body.settled_at_once and Right.SETTLE not in client.rights:
        raise MayNotSettle(
            "This key may not settle a complaint at once.",
            hint="File it without settled_at_once, or ask for a key that may act.",
            pointer="/settled_at_once",
        )
    given = {name: getattr(body, name) for name in type(body).model_fields}
    given["source"] = body.source or client.name
    given["customer"] = bodies.as_customer(body.customer)
    if body.handover is not None:
        edge = body.handover
        given["handover"] = HandoverConcern(edge.from_, edge.to, edge.late)
        with reading(call.database) as session:
            receiver = receiver_of(session, body.map, edge.from_, edge.to)
        given["internal_of"] = _internal_of(client, receiver)
    return Filing(**given)


def _internal_of(client: Client, receiver: str | None) -> str | None:
    """Give the department whose internal complaint it is.

    Raises:
        NotYourHandover: a department complains of what another one receives.
    """
    own = client.departments
    if receiver is None:  # unknown as yet: the case waits to be placed
        return next(iter(own)) if len(own) == 1 else None
    if own and receiver not in own:
        raise NotYourHandover(
            "Your department does not receive this hand-over.",
            hint=f"{receiver} receives it.",
            pointer="/handover",
        )
    return receiver


def _filed(receipt: Receipt) -> Response:
    headers = {"Location": receipt.location} if receipt.location else {}
    if receipt.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(receipt.body, 201, headers, JSON)


@router.get(
    "",
    summary="List complaints",
    description="By the time they last changed. A key with the scope file alone sees "
    "those it filed itself.",
    responses=answered(
        {200: ("A page of complaints.", examples.page(examples.COMPLAINT))},
        model=answers.Page[answers.Complaint],
    ),
)
def list_complaints(  # noqa: PLR0913  its filters
    call: ReadsOwn,
    *,
    limit: Limit = 20,
    cursor: Cursor = None,
    status: Annotated[ComplaintStatus | None, Query()] = None,
    source: Filter = None,
    reference: Filter = None,
    updated_since: Annotated[
        str | None,
        Query(json_schema_extra={"format": "date-time"}, examples=[examples.AT]),
    ] = None,
) -> Response:
    client = call.client
    with reading(call.database) as session:
        found = lists.complaints(
            session,
            lists.Wanted(limit, cursor),
            status=status,
            source=source,
            reference=reference,
            updated_since=as_moment(updated_since, "updated_since"),
            **_seen_by(client),
        )
        return paged(found, lambda rows: _shown(session, call, rows))


def _shown(
    session: Session, call: Call, rows: Sequence[Complaint]
) -> list[dict[str, Any]]:
    """Show complaints with the customer's private link, for who may hand it over."""
    shown = show_complaints(session, call.client, rows)
    for shape, row in zip(shown, rows, strict=True):
        theirs = partner(call.client) is None and holds_link(call.client, row)
        token = tracking.token(row) if theirs else None
        link = tracking_url(call.shop.settings, token) if token else None
        shape["tracking_url"] = link
    return shown


def _seen_by(client: Client) -> dict[str, Any]:
    """Say whose complaints a list shows: all, a partner's, or what the key filed."""
    only = partner(client)
    reads = Right.READ in client.rights
    its_own = Right.READ_OWN in client.rights and (only is not None or not reads)
    return {
        "filed_by": client.who if its_own else None,
        "seen_by": only if reads else None,
    }


@router.get(
    "/{complaint}",
    summary="Read a complaint",
    description="By its id or its number.",
    responses=answered(
        {200: ("The complaint.", examples.COMPLAINT)},
        model=answers.Complaint,
        etag=True,
    ),
)
def read_complaint(call: ReadsOwn, complaint: Id) -> Response:
    with reading(call.database) as session:
        found = the_complaint(session, call.client, complaint)
        shape = _shown(session, call, [found])[0]
    return reply(shape, etag=found.revision)


@router.post(
    "/{complaint}/answer",
    summary="Write the answer to the customer",
    responses=answered(
        {200: ("The answered complaint.", examples.COMPLAINT)},
        409,
        model=answers.Complaint,
        body=True,
    ),
    openapi_extra=takes(
        bodies.AnswerToCustomerBody,
        {"text": "We are sorry. It is at your door tomorrow.", "remedy": "No freight"},
    ),
)
def answer_complaint(call: AnswersCustomers, complaint: Id) -> Response:
    must_answer_customers(call.client)
    body = call.body(bodies.AnswerToCustomerBody)
    with transaction(call.database) as session:
        found = complaints.answer(
            session, complaint, text=body.text, remedy=body.remedy, who=call.who,
            at=now(),
        )  # fmt: skip
        return reply(_shown(session, call, [found])[0])


@router.post(
    "/{complaint}/close",
    summary="Close the customer's side",
    responses=answered(
        {200: ("The closed complaint.", examples.COMPLAINT)},
        409,
        model=answers.Complaint,
        body=True,
    ),
    openapi_extra=takes(bodies.CloseComplaintBody, {"as": "accepted"}),
)
def close_complaint(call: AnswersCustomers, complaint: Id) -> Response:
    must_answer_customers(call.client)
    ending = ClosedAs(call.body(bodies.CloseComplaintBody).as_)
    with transaction(call.database) as session:
        found = complaints.close(
            session, complaint, closed_as=ending, who=call.who, at=now()
        )
        return reply(_shown(session, call, [found])[0])
