"""The shapes in which hand-overs and their standards are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from resolve.chain.durations import duration_text
from resolve.chain.model import Handover, ValueChain
from resolve.chain.order import in_order
from resolve.handovers.models import HandoverStandard, StandardStatus
from resolve.handovers.queries import alive, is_between
from resolve.handovers.rules import shorter_promises
from resolve.kit.clock import iso

Shape = dict[str, Any]
Known = Mapping[tuple[str, str, str, bool], HandoverStandard]
"""By from, to, status and whether the map still has its departments there."""


def between_departments(chain: ValueChain) -> list[Handover]:
    """Give what one department passes to another, in the order of the chain."""
    place = {step: n for n, step in enumerate(in_order(chain))}
    found = [one for one in chain.handovers if len(set(sides(chain, one))) > 1]
    return sorted(found, key=lambda one: (place[one.source], place[one.target]))


def sides(chain: ValueChain, of: Handover) -> tuple[str, str]:
    """Give who gives and who receives."""
    return chain.steps[of.source].department, chain.steps[of.target].department


def known_of(chain: ValueChain, standards: Iterable[HandoverStandard]) -> Known:
    """Sort the standards of a map, so that each hand-over finds its own."""
    return {
        (one.source, one.target, one.status, is_between(chain, one)): one
        for one in standards
        if one.map_id == chain.id
    }


def handovers(
    session: Session, chain: ValueChain, only: frozenset[str] | None
) -> list[Shape]:
    """Show the hand-overs of a map with what is agreed and proposed of each.

    `former` was agreed by departments that the map has no longer there.
    `only`: those that one of these departments gives or receives.
    """
    known = known_of(chain, alive(session))
    shown: list[Shape] = []
    for one in between_departments(chain):
        giver, receiver = sides(chain, one)
        if only is not None and only.isdisjoint((giver, receiver)):
            continue
        ends = (one.source, one.target)
        agreed = known.get((*ends, StandardStatus.AGREED, True))
        former = known.get((*ends, StandardStatus.AGREED, False))
        proposed = known.get((*ends, StandardStatus.PROPOSED, True))
        shown.append(
            {
                "from": one.source,
                "to": one.target,
                "giver": giver,
                "receiver": receiver,
                "what": [dict(text.by_language) for text in one.what],
                "within": duration_text(one.within) if one.within else None,
                "agreed": standard_shape(agreed, chain) if agreed else None,
                "former": standard_shape(former, chain) if former else None,
                "proposed": standard_shape(proposed, chain) if proposed else None,
            }
        )
    return shown


def standard_shape(of: HandoverStandard, chain: ValueChain) -> Shape:
    """Show a version of a standard: what both sides said, and when.

    It is warned of where the customer is promised less time than it alone takes.
    """
    return {
        "id": of.id,
        "map": of.map_id,
        "from": of.source,
        "to": of.target,
        "version": of.version,
        "status": of.status,
        "giver": of.giver,
        "receiver": of.receiver,
        "what": of.what,
        "state": of.state,
        "by_when": of.by_when,
        "within": duration_text(timedelta(seconds=of.within)) if of.within else None,
        "accepted": of.accepted,
        "proposed_by": of.proposed_by,
        "proposed_at": iso(of.proposed_at),
        "giver_agreed_at": _moment(of.giver_at),
        "receiver_agreed_at": _moment(of.receiver_at),
        "awaits": of.awaits,
        "ended_at": _moment(of.ended_at),
        "warnings": [
            {
                "pointer": "/within",
                "code": "longer_than_promised",
                "touchpoint": touchpoint.id,
                "promise": promise.id,
            }
            for touchpoint, promise in shorter_promises(chain, of)
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return iso(at) if at else None
