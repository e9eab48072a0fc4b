"""Put, claim, settle, release: each event has its effects exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.database import fixed, insert_rows
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.outbox.errors import EventNotFailed, LostClaim, UnknownEvent
from resolve.outbox.models import Event, EventState, Topic

LEASE = timedelta(seconds=60)
# Five tries over ten minutes.
PAUSES = tuple(timedelta(seconds=s) for s in (15, 60, 150, 375))


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event that is ours until the lease ends."""

    id: int
    topic: str  # a Topic, unless another version of us put it
    case_id: str
    data: dict[str, Any]


def put(
    session: Session,
    topic: Topic,
    case_ids: Sequence[str],
    *,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Note that this happened to these cases; handled once the transaction commits."""
    row = {"topic": topic, "data": data or {}, "at": at, "not_before": at}
    row |= {"state": EventState.WAITING, "tries": 0}
    insert_rows(session, Event, [row | {"case_id": case_id} for case_id in case_ids])


def claim(
    session: Session, *, at: datetime, most: int, token: str, lease: timedelta = LEASE
) -> list[Claimed]:
    """Lease the oldest events that may be handled now, one per case."""
    older = aliased(Event)
    waiting_before = exists().where(
        col(older.case_id) == col(Event.case_id),
        col(older.state) == fixed(EventState.WAITING),
        col(older.id) < col(Event.id),
    )
    events = session.exec(
        select(Event)
        .where(
            col(Event.state) == fixed(EventState.WAITING),
            Event.not_before <= at,
            or_(col(Event.claimed_until).is_(None), col(Event.claimed_until) < at),
            ~waiting_before,
        )
        .order_by(col(Event.id))
        .limit(most)
        .with_for_update(skip_locked=True, of=Event)
    ).all()
    ids = [event.id for event in events]
    if ids:
        session.execute(
            update(Event)
            .where(col(Event.id).in_(ids))
            .values(claim_token=token, claimed_until=at + lease)
            .execution_options(synchronize_session=False)
        )
    return [_claimed(event) for event in events]


def _claimed(event: Event) -> Claimed:
    return Claimed(event.id or 0, event.topic, event.case_id, event.data)


def held(session: Session, ids: Sequence[int], *, token: str) -> list[Claimed]:
    """Give these events again, as long as all of them are ours.

    Raises:
        LostClaim: one of them is not, or not any more.
    """
    events = session.exec(
        select(Event)
        .where(
            col(Event.id).in_(ids),
            Event.claim_token == token,
            col(Event.state) == fixed(EventState.WAITING),
        )
        .order_by(col(Event.id))
    ).all()
    if len(events) != len(ids):
        raise LostClaim
    return [_claimed(event) for event in events]


def settle(session: Session, ids: Sequence[int], *, token: str, at: datetime) -> None:
    """Mark events as handled, in the transaction that holds their effects.

    Raises:
        LostClaim: one of them is no longer ours; the transaction must not commit.
    """
    done = session.execute(
        update(Event)
        .where(
            col(Event.id).in_(ids),
            col(Event.claim_token) == token,
            col(Event.state) == fixed(EventState.WAITING),
        )
        .values(state=EventState.SETTLED, settled_at=at, error=None)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != len(ids):  # type: ignore[attr-defined]
        raise LostClaim


def release(session: Session, *, token: str) -> None:
    """Give back what is claimed and not settled; it does not count as a try."""
    session.execute(
        update(Event)
        .where(
            col(Event.claim_token) == token,
            col(Event.state) == fixed(EventState.WAITING),
        )
        .values(claim_token=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


def note_failure(
    session: Session, event_id: int, *, token: str, error: str, at: datetime
) -> bool:
    """Count a try in vain and wait longer; tell whether it now needs a person."""
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    ours = event is not None and event.claim_token == token
    if event is None or not ours or event.state != EventState.WAITING:
        raise LostClaim
    event.tries += 1
    event.error = error[:500]
    event.claim_token = event.claimed_until = None
    if event.tries > len(PAUSES):
        event.state = EventState.FAILED
    else:
        event.not_before = at + PAUSES[event.tries - 1]
    session.add(event)
    session.flush()
    return event.state == EventState.FAILED


def retry(session: Session, event_id: int, *, who: str, at: datetime) -> Event:
    """Let a failed event be tried again, from the first try."""
    event = _failed(session, event_id)
    event.state, event.tries, event.not_before = EventState.WAITING, 0, at
    session.add(event)
    data = {"event": event_id, "topic": event.topic}
    draft = Draft(case_chain(event.case_id), "event_retried", data)
    append(session, [draft], who=who, at=at)
    return event


def set_aside(
    session: Session, event_id: int, *, reason: str, who: str, at: datetime
) -> Event:
    """Decide that a failed event shall have no effect, with the reason."""
    event = _failed(session, event_id)
    event.state, event.settled_at = EventState.SET_ASIDE, at
    salt = new_salt()
    event.data = event.data | {"reason": storable(reason), "salt": salt}
    session.add(event)
    data = {"event": event_id, "topic": event.topic, "reason": digest(salt, reason)}
    draft = Draft(case_chain(event.case_id), "event_set_aside", data)
    append(session, [draft], who=who, at=at)
    return event


def _failed(session: Session, event_id: int) -> Event:
    event = session.get(Event, event_id, with_for_update=True)
    if event is None:
        raise UnknownEvent(
            f"There is no event {event_id}.", hint="`resolve event list` shows them."
        )
    if event.state != EventState.FAILED:
        raise EventNotFailed(
            f"Event {event_id} is {event.state}, not failed.",
            hint="Only a failed event can be tried again or set aside.",
        )
    return event


def forget_settled(session: Session, *, before: datetime) -> int:
    """Remove events settled long ago; the journal keeps what happened."""
    gone = session.execute(
        delete(Event)
        .where(
            col(Event.state) == EventState.SETTLED,
            col(Event.settled_at) < before,
        )
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def new_token() -> str:
    """Make the token that fences one claim."""
    return new_id()
