"""Hand-overs: what both sides agreed on, proposed, agreed and taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.service import Client
from resolve.access.table import Right
from resolve.analytics.handover_shapes import handovers, sides, standard_shape
from resolve.handovers import queries, service
from resolve.handovers.errors import NotYourHandover
from resolve.handovers.models import HandoverStandard
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.maps.queries import chain_of, the_map
from resolve_api import handover_bodies as forms
from resolve_api.dependencies import Acts, Reads
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.parameters import Id, MapId
from resolve_api.replies import reply
from resolve_api.seen import partner

router = APIRouter(tags=["hand-overs"])

Source = Annotated[str, Path(min_length=1, max_length=100, examples=["pick"])]
Target = Annotated[str, Path(min_length=1, max_length=100, examples=["pack"])]
_ONE = {200: ("The standard.", forms.AGREED)}


@router.get(
    "/maps/{map_id}/handovers",
    summary="What departments pass to each other",
    description="The hand-overs of the newest version between departments, each with "
    "the standard that both sides agreed on and with the one that is proposed. "
    "Partners see their own.",
    responses=answered(
        {200: ("The hand-overs.", forms.HANDOVERS)}, model=forms.Handovers
    ),
)
def list_handovers(call: Reads, map_id: MapId) -> Response:
    with reading(call.database) as session:
        chain = chain_of(session, map_id)
        version = the_map(session, map_id).newest
        shown = handovers(session, chain, partner(call.client))
    return reply({"map": chain.id, "version": version, "handovers": shown})


@router.post(
    "/maps/{map_id}/handovers/{source}/{target}/standards",
    status_code=201,
    summary="Propose a standard of a hand-over",
    description="For one of the two departments; the other one agrees, or proposes "
    "otherwise. A version that is proposed already is replaced. `warnings` tells the "
    "promises to the customer that leave less time than it alone takes.",
    responses=answered(
        {201: ("The proposed version.", forms.STANDARD)},
        409,
        model=forms.Standard,
        body=True,
    ),
    openapi_extra=takes(forms.StandardBody, forms.PROPOSED, {"what": "One box"}),
)
def propose_standard(
    call: Acts, map_id: MapId, source: Source, target: Target
) -> Response:
    body = call.body(forms.StandardBody)
    with transaction(call.database) as session:
        chain = chain_of(session, map_id)
        both = sides(chain, queries.handover(chain, source, target))
        made = service.propose(
            session, map_id, (source, target), body.wording(),
            department=_side(call.client, body.department, both), who=call.who,
            at=now(),
        )  # fmt: skip
        return reply(standard_shape(made, chain), 201)


@router.post(
    "/standards/{standard}/agree",
    summary="Agree to a proposed standard",
    description="For the side whose yes is awaited. It is then in force, instead of "
    "the version before; agreeing twice is once.",
    responses=answered(_ONE, 409, model=forms.Standard, body=True),
    openapi_extra=takes(forms.SideBody, {}, {"department": "stock"}),
)
def agree_to_standard(call: Acts, standard: Id) -> Response:
    named = call.body(forms.SideBody).department
    with transaction(call.database) as session:
        found = _seen(session, call.client, standard)
        side = _side(call.client, named, (found.giver, found.receiver), found.awaits)
        agreed = service.agree(
            session, standard, department=side, who=call.who, at=now()
        )
        return reply(standard_shape(agreed, chain_of(session, agreed.map_id)))


@router.post(
    "/standards/{standard}/withdraw",
    summary="Take a proposed standard back",
    responses=answered(_ONE, 409, model=forms.Standard, body=True),
    openapi_extra=takes(forms.SideBody, {}, {"department": "packing"}),
)
def withdraw_standard(call: Acts, standard: Id) -> Response:
    named = call.body(forms.SideBody).department
    with transaction(call.database) as session:
        found = _seen(session, call.client, standard)
        side = _side(call.client, named, (found.giver, found.receiver))
        ended = service.withdraw(
            session, standard, department=side, who=call.who, at=now()
        )
        return reply(standard_shape(ended, chain_of(session, ended.map_id)))


def _seen(session: Session, client: Client, standard: str) -> HandoverStandard:
    """Give a standard; partners see those of their own hand-overs only."""
    found = queries.standard(session, standard)
    only = partner(client)
    if only is not None and only.isdisjoint((found.giver, found.receiver)):
        raise queries.unknown(standard)
    return found


def _side(
    client: Client,
    named: str | None,
    both: tuple[str, str],
    awaited: str | None = None,
) -> str:
    """Give the department for which a client speaks here.

    Raises:
        NotYourHandover: it is none of the client's, or neither side is named or meant.
    """
    handles = Right.HANDLE in client.rights
    may = [one for one in dict.fromkeys(both) if handles or one in client.departments]
    if named is not None and named in may:
        return named
    meant = [awaited] if awaited in may else may
    if named is None and len(meant) == 1 and meant[0] is not None:
        return meant[0]
    raise NotYourHandover(
        f"This hand-over is between {both[0]} and {both[1]}.",
        hint="Name in `department` the one of them for which you speak.",
        pointer="/department",
    )
