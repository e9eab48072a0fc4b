"""Agreeing on the standard of a hand-over: one side proposes, the other says yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from resolve.handovers import queries
from resolve.handovers.errors import (
    BetweenOthersNow,
    NothingAsked,
    NotProposed,
    NotYourHandover,
)
from resolve.handovers.models import HandoverStandard, StandardStatus
from resolve.journal.rules import digest, map_chain
from resolve.journal.service import Draft, append
from resolve.kit.database import lock_number, one_at_a_time
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.maps.queries import chain_of

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Wording:
    """What is handed over, in what state, by when, and how it is accepted."""

    what: str
    state: str = ""
    by_when: str = ""
    within: timedelta | None = None
    accepted: str = ""


def propose(  # noqa: PLR0913  which hand-over, what, for whom
    session: Session,
    map_id: str,
    handover: tuple[str, str],
    said: Wording,
    *,
    department: str,
    who: str,
    at: datetime,
) -> HandoverStandard:
    """Propose the next version of a standard for one of its two sides.

    A version that was proposed before and not agreed is replaced. Where one department
    gives and receives, it agrees with itself.

    Raises:
        UnknownMap, UnknownHandover: there is none.
        NotYourHandover: the department is on neither side.
        NothingAsked: it does not say what is handed over.
    """
    chain = chain_of(session, map_id)
    edge = queries.handover(chain, *handover)
    giver, receiver = (
        chain.steps[step].department for step in (edge.source, edge.target)
    )
    _guard_side(department, giver, receiver)
    _guard_words(said)
    _hold(session, map_id, *handover)
    before = queries.versions(session, map_id, *handover)
    replaced = [one for one in before if one.status == StandardStatus.PROPOSED]
    made = HandoverStandard(
        id=new_id(),
        map_id=map_id,
        source=edge.source,
        target=edge.target,
        version=before[0].version + 1 if before else 1,
        giver=giver,
        receiver=receiver,
        what=said.what.strip(),
        state=said.state.strip() or None,
        by_when=said.by_when.strip() or None,
        within=round(said.within.total_seconds()) if said.within else None,
        accepted=said.accepted.strip() or None,
        salt=new_salt(),
        proposed_by=who,
        proposed_at=at,
    )
    states = _end(session, replaced, StandardStatus.REPLACED, at=at)
    _say_yes(made, department, who=who, at=at)
    states |= _in_force(session, made, before, at=at)
    session.add(made)
    session.flush()
    _enter(session, made, "standard_proposed", states, who=who, at=at)
    return made


def agree(
    session: Session, standard_id: str, *, department: str, who: str, at: datetime
) -> HandoverStandard:
    """Say yes for the other side: the version is in force, the one before is replaced.

    Saying it twice is once.

    Raises:
        UnknownStandard: there is none with this id.
        NotYourHandover: the department is on neither side.
        NotProposed: it is replaced or withdrawn.
        BetweenOthersNow: the newest map has other departments there.
    """
    found = _held(session, standard_id)
    _guard_side(department, found.giver, found.receiver)
    if found.status == StandardStatus.AGREED:
        return found
    _guard_proposed(found)
    _guard_between(session, found)
    _say_yes(found, department, who=who, at=at)
    before = queries.versions(session, found.map_id, found.source, found.target)
    states = _in_force(session, found, before, at=at)
    found.revision += 1
    session.add(found)
    session.flush()
    if states[f"standard:{found.id}"] == StandardStatus.AGREED:
        _enter(session, found, "standard_agreed", states, who=who, at=at)
    return found


def withdraw(
    session: Session, standard_id: str, *, department: str, who: str, at: datetime
) -> HandoverStandard:
    """Take a proposed version back, for the side that proposed it.

    Raises:
        UnknownStandard: there is none with this id.
        NotYourHandover: the department did not propose it.
        NotProposed: it is agreed, replaced or withdrawn.
    """
    found = _held(session, standard_id)
    _guard_side(department, found.giver, found.receiver)
    _guard_proposed(found)
    if department == found.awaits:
        raise NotYourHandover(
            "The other side proposed this version.",
            hint="Agree to it, or propose otherwise.",
        )
    states = _end(session, [found], StandardStatus.WITHDRAWN, at=at)
    session.flush()
    _enter(session, found, "standard_withdrawn", states, who=who, at=at)
    return found


def _held(session: Session, standard_id: str) -> HandoverStandard:
    """Give a version of which nobody else says anything meanwhile."""
    known = queries.standard(session, standard_id)
    _hold(session, known.map_id, known.source, known.target)
    return queries.standard(session, standard_id, lock=True)


def _hold(session: Session, map_id: str, source: str, target: str) -> None:
    """Let nobody else propose or agree to a standard of this hand-over meanwhile."""
    one_at_a_time(session, lock_number("standard", map_id, source, target))


def _guard_side(department: str, giver: str, receiver: str) -> None:
    if department not in (giver, receiver):
        raise NotYourHandover(
            f"The department {department!r} neither gives nor receives here.",
            hint=f"It is between {giver} and {receiver}.",
        )


def _guard_words(said: Wording) -> None:
    if not said.what.strip():
        raise NothingAsked(
            "It is not said what is handed over.",
            hint="Say what passes from one step to the next.",
            pointer="/what",
        )
    for field in ("what", "state", "by_when", "accepted"):
        storable(getattr(said, field), pointer=f"/{field}", longest=_LONGEST)


def _guard_proposed(found: HandoverStandard) -> None:
    if found.status != StandardStatus.PROPOSED:
        raise NotProposed(
            f"This version is {found.status} already.",
            hint="Look at the hand-over anew.",
            status=found.status,
        )


def _guard_between(session: Session, found: HandoverStandard) -> None:
    if not queries.is_between(chain_of(session, found.map_id), found):
        raise BetweenOthersNow(
            "The map has other departments at this hand-over now.",
            hint="They agree on a new version: propose it.",
        )


def _say_yes(of: HandoverStandard, department: str, *, who: str, at: datetime) -> None:
    if department == of.giver and of.giver_at is None:
        of.giver_by, of.giver_at = who, at
    if department == of.receiver and of.receiver_at is None:
        of.receiver_by, of.receiver_at = who, at


def _in_force(
    session: Session,
    one: HandoverStandard,
    versions: Sequence[HandoverStandard],
    *,
    at: datetime,
) -> dict[str, str]:
    """Let a version that both agreed on be in force, instead of the one before."""
    states: dict[str, str] = {}
    if one.giver_at is not None and one.receiver_at is not None:
        earlier = [
            other
            for other in versions
            if other.status == StandardStatus.AGREED and other.id != one.id
        ]
        states = _end(session, earlier, StandardStatus.REPLACED, at=at)
        one.status = StandardStatus.AGREED
    return states | {f"standard:{one.id}": str(one.status)}


def _end(
    session: Session,
    ended: Sequence[HandoverStandard],
    status: StandardStatus,
    *,
    at: datetime,
) -> dict[str, str]:
    for one in ended:
        one.status, one.ended_at = status, at
        one.revision += 1
        session.add(one)
    session.flush()  # what is unique is free again
    return {f"standard:{one.id}": str(status) for one in ended}


def _enter(
    session: Session,
    of: HandoverStandard,
    what: str,
    states: dict[str, str],
    *,
    who: str,
    at: datetime,
) -> None:
    data = {
        "standard": of.id,
        "from": of.source,
        "to": of.target,
        "version": of.version,
        "text": digest(of.salt or "", of.what, of.state, of.by_when, of.accepted),
        "states": states,
    }
    append(session, [Draft(map_chain(of.map_id), what, data)], who=who, at=at)
