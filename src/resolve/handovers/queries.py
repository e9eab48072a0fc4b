"""Looking at the standards of hand-overs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, or_, select

from resolve.chain.model import Handover, ValueChain
from resolve.handovers.errors import UnknownHandover, UnknownStandard
from resolve.handovers.models import HandoverStandard, StandardStatus
from resolve.kit.ids import is_id
from resolve.maps.queries import chain_of, published_ids


def standard(
    session: Session, standard_id: str, *, lock: bool = False
) -> HandoverStandard:
    """Give a version of a standard.

    Raises:
        UnknownStandard: there is none with this id.
    """
    found = (
        session.get(
            HandoverStandard,
            standard_id,
            with_for_update=lock or None,
            populate_existing=lock,
        )
        if is_id(standard_id)
        else None
    )
    if found is None:
        raise unknown(standard_id)
    return found


def unknown(standard_id: str) -> UnknownStandard:
    """Say that there is no such standard, or none that somebody may see."""
    return UnknownStandard(
        f"There is no standard {standard_id!r}.", hint="A hand-over shows its own."
    )


def versions(
    session: Session, map_id: str, source: str, target: str
) -> Sequence[HandoverStandard]:
    """Give the versions of the standard of a hand-over, newest first."""
    return session.exec(
        select(HandoverStandard)
        .where(
            HandoverStandard.map_id == map_id,
            HandoverStandard.source == source,
            HandoverStandard.target == target,
        )
        .order_by(col(HandoverStandard.version).desc())
    ).all()


def alive(
    session: Session, departments: Iterable[str] | None = None
) -> Sequence[HandoverStandard]:
    """Give what is agreed or proposed, by map and version, for these departments."""
    states = (StandardStatus.AGREED, StandardStatus.PROPOSED)
    query = select(HandoverStandard).where(col(HandoverStandard.status).in_(states))
    if departments is not None:
        ids = list(departments)
        query = query.where(
            or_(
                col(HandoverStandard.giver).in_(ids),
                col(HandoverStandard.receiver).in_(ids),
            )
        )
    return session.exec(
        query.order_by(col(HandoverStandard.map_id), col(HandoverStandard.version))
    ).all()


def handover(chain: ValueChain, source: str, target: str) -> Handover:
    """Give a hand-over of a chain.

    Raises:
        UnknownHandover: nothing is handed over there.
    """
    for one in chain.handovers:
        if (one.source, one.target) == (source, target):
            return one
    raise UnknownHandover(
        f"On the map {chain.id!r} the step {source!r} hands nothing over to "
        f"{target!r}.",
        hint="The map lists its hand-overs.",
        pointer="/handover",
    )


def is_between(chain: ValueChain, of: HandoverStandard) -> bool:
    """Tell whether the departments of a version still give and receive there.

    Where the map gave a step to another department, what the two agreed on does not
    bind the one that has it now.
    """
    source, target = chain.steps.get(of.source), chain.steps.get(of.target)
    if source is None or target is None:
        return False
    return (source.department, target.department) == (of.giver, of.receiver)


def receiver_of(
    session: Session, map_id: str | None, source: str, target: str
) -> str | None:
    """Give who receives a hand-over; None where the map or hand-over is not known.

    A single published map need not be named, as in filing.
    """
    published = published_ids(session)
    if map_id is None and len(published) == 1:
        map_id = published[0]
    if map_id is None or map_id not in published:
        return None
    try:
        chain = chain_of(session, map_id)
        return chain.steps[handover(chain, source, target).target].department
    except UnknownHandover:
        return None
