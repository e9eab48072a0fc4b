"""The internal customer: who receives a hand-over says that it was not as agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from resolve.access.models import Person
from resolve.access.people import person_named
from resolve.chain.model import HandoverConcern
from resolve.complaints.filing import Filed, Filing, House, file
from resolve.handovers.errors import NotYourHandover
from resolve.handovers.queries import handover
from resolve.maps.queries import chain_of

SOURCE = "internal"


@dataclass(frozen=True, slots=True)
class NotAsAgreed:
    """What the receiver of a hand-over says; `late`: its time was missed."""

    text: str
    late: bool = False
    order: str | None = None


def raise_internal(  # noqa: PLR0913  one act
    session: Session,
    map_id: str,
    between: tuple[str, str],
    said: NotAsAgreed,
    *,
    department: str,
    house: House,
    who: str,
    at: datetime,
) -> Filed:
    """File an internal complaint; it then goes the way of every complaint.

    The answer goes to who raised it. Names of colleagues are no customer's identity, so
    only the address is kept as such.

    Raises:
        UnknownMap, UnknownHandover: there is none.
        NotYourHandover: the department does not receive there.
        NothingSaid: the text is empty.
    """
    chain = chain_of(session, map_id)
    edge = handover(chain, *between)
    receiver = chain.steps[edge.target].department
    if department != receiver:
        raise NotYourHandover(
            f"The department {department!r} does not receive this hand-over.",
            hint=f"{receiver} receives it.",
        )
    raised_by = _person(session, who)
    email = raised_by.email if raised_by else None
    filing = Filing(
        text=said.text,
        source=SOURCE,
        map=map_id,
        order=said.order,
        handover=HandoverConcern(edge.source, edge.target, said.late),
        internal_of=department,
        language=raised_by.language if raised_by else None,
        customer={"email": email} if email else None,
    )
    return file(session, filing, house=house, who=who, at=at)


def _person(session: Session, who: str) -> Person | None:
    kind, _, name = who.partition(":")
    return person_named(session, name) if kind == "person" else None
