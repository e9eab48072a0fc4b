"""Letters on their way: addressed, taken to be carried, settled; each once.

A letter that is taken is not due again for a while: killed in between, whoever took it
loses nothing, and two never carry the same one at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.kit.database import fixed, insert_missing, lock_number, one_at_a_time
from resolve.kit.ids import new_id
from resolve.messages.carriers import Fate, Outcome
from resolve.messages.models import Delivery, DeliveryState, Message
from resolve.messages.rules import (
    Decision,
    MailWish,
    Turn,
    Wishes,
    decide,
    next_digest,
    quiet_ends,
    wait_after,
)

IN_VAIN = (DeliveryState.REFUSED, DeliveryState.NO_ADDRESS)
_LONGEST_TROUBLE = 300
_TAKING = lock_number("deliveries")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to: `key` names them once for each message."""

    key: str
    person_id: str | None = None
    instead_of: str | None = None


CUSTOMER = Addressee("customer")


def not_given_to_the_mail(session: Session, *, most: int) -> Sequence[Message]:
    """Give the oldest messages of which no letters were made yet, for changing."""
    return session.exec(
        select(Message)
        .where(col(Message.mailed_at).is_(None))
        .order_by(col(Message.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def address(
    session: Session,
    messages: Sequence[Message],
    to: Mapping[str, Sequence[Addressee]],
    *,
    at: datetime,
) -> None:
    """Make a letter of each message to each of its addressees; twice is once."""
    rows = [
        {
            "id": new_id(),
            "message_id": message.id,
            "addressee": one.key,
            "person_id": one.person_id,
            "instead_of": one.instead_of,
            "state": str(DeliveryState.WAITING),
            "due_at": at,
            "created_at": message.at,
        }
        for message in messages
        for one in to[message.id]
    ]
    insert_missing(session, Delivery, rows)
    session.execute(
        update(Message)
        .where(col(Message.id).in_([one.id for one in messages]))
        .values(mailed_at=at)
        .execution_options(synchronize_session=False)
    )


def take(
    session: Session, *, at: datetime, takes: timedelta, zone: ZoneInfo, most: int
) -> tuple[list[Delivery], int]:
    """Take the letters that are due, as their people want them.

    Gives those to be carried now, and how many were looked at. `zone` is that of the
    house, for people who name none.
    """
    one_at_a_time(session, _TAKING)
    due = session.exec(
        select(Delivery)
        .where(Delivery.state == fixed(DeliveryState.WAITING), Delivery.due_at <= at)
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(most)
        .with_for_update()
    ).all()
    people = _people(session, due)
    chosen: list[Delivery] = []
    for one in due:
        if one.state != DeliveryState.WAITING:
            continue  # gathered a moment ago, with another one
        chosen += _decided(session, one, people.get(one.person_id or ""), zone, at)
    for one in chosen:
        one.due_at = at + takes
        session.add(one)
    session.flush()
    return chosen, len(due)


def settle(
    session: Session, outcomes: Iterable[tuple[str, Outcome]], *, at: datetime
) -> None:
    """Note what became of letters, by their ids; one settled meanwhile stays so."""
    fates = dict(outcomes)
    rows = session.exec(
        select(Delivery)
        .where(col(Delivery.id).in_(fates), Delivery.state == DeliveryState.WAITING)
        .with_for_update()
    )
    for found in rows:
        _settle(found, fates[found.id], at)
        session.add(found)


def drop(session: Session, ids: Sequence[str], *, at: datetime) -> None:
    """Note that there is nothing to tell any more, or nobody to tell it."""
    session.execute(
        update(Delivery)
        .where(col(Delivery.id).in_(ids), col(Delivery.state) == DeliveryState.WAITING)
        .values(state=str(DeliveryState.NOT_WANTED), settled_at=at)
        .execution_options(synchronize_session=False)
    )


def look_anew(session: Session, person_id: str, *, at: datetime) -> None:
    """Let what waits for a person be looked at now: they want their mail otherwise."""
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.person_id) == person_id,
            col(Delivery.state) == DeliveryState.WAITING,
            col(Delivery.tries) == 0,
        )
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )


def try_again(session: Session, *, at: datetime) -> int:
    """Let every letter that was tried in vain be tried now; give how many."""
    tried = col(Delivery.state).in_(IN_VAIN) | (
        (col(Delivery.state) == DeliveryState.WAITING) & (col(Delivery.tries) > 0)
    )
    done = session.execute(
        update(Delivery)
        .where(tried)
        .values(state=str(DeliveryState.WAITING), due_at=at, settled_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def anything_due(session: Session, *, at: datetime) -> bool:
    """Tell whether a letter is to be looked at now."""
    waits = select(Delivery.id).where(
        Delivery.state == fixed(DeliveryState.WAITING), Delivery.due_at <= at
    )
    return session.exec(waits.limit(1)).first() is not None


def wishes_of(person: Person, house: ZoneInfo) -> Wishes:
    """Give how somebody wants their mail."""
    quiet = None
    if person.quiet_from and person.quiet_until:
        quiet = (_clock(person.quiet_from), _clock(person.quiet_until))
    zone = ZoneInfo(person.zone) if person.zone else house
    return Wishes(MailWish(person.mail), _clock(person.digest_at), quiet, zone)


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _people(session: Session, letters: Sequence[Delivery]) -> dict[str, Person]:
    ids = {one.person_id for one in letters if one.person_id}
    rows = session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {row.id: row for row in rows}


def _decided(
    session: Session,
    one: Delivery,
    person: Person | None,
    house: ZoneInfo,
    at: datetime,
) -> list[Delivery]:
    """Do with a letter as its person wants; give what is to be carried now."""
    if person is None:
        return [one]
    wishes = wishes_of(person, house)
    decision = _decision(one, person, wishes, at)
    if decision.turn == Turn.SEND:
        return [one]
    if decision.turn == Turn.GATHER:
        return _gathered(session, one, wishes, at)
    if decision.turn == Turn.DROP:
        one.state, one.settled_at = DeliveryState.NOT_WANTED, at
    one.due_at = decision.until or one.due_at
    session.add(one)
    return []


def _decision(one: Delivery, person: Person, wishes: Wishes, at: datetime) -> Decision:
    if person.ended_at is not None:
        return Decision(Turn.DROP)
    if one.digest_day is None:
        return decide(wishes, written=one.created_at, at=at)
    until = quiet_ends(wishes, at=at)
    return Decision(Turn.WAIT, until) if until > at else Decision(Turn.SEND)


def _gathered(
    session: Session, one: Delivery, wishes: Wishes, at: datetime
) -> list[Delivery]:
    """Gather all that waits for a person into the digest of this day, if it is new."""
    day = at.astimezone(wishes.zone).date()
    had = select(Delivery.id).where(
        Delivery.person_id == one.person_id, Delivery.digest_day == day
    )
    if session.exec(had).first() is not None:
        one.due_at = next_digest(wishes, after=at)
        session.add(one)
        return []
    made = Delivery(
        id=new_id(),
        addressee=one.addressee,
        person_id=one.person_id,
        digest_day=day,
        due_at=at,
        created_at=at,
    )
    session.add(made)
    session.flush()
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.person_id) == one.person_id,
            col(Delivery.state) == DeliveryState.WAITING,
            col(Delivery.digest_day).is_(None),
        )
        .values(state=str(DeliveryState.GATHERED), digest_id=made.id, settled_at=at)
        .execution_options(synchronize_session="fetch")
    )
    return [made]


def _settle(found: Delivery, outcome: Outcome, at: datetime) -> None:
    if outcome.fate == Fate.NOT_TRIED:
        found.due_at = at
        return
    found.trouble = outcome.why[:_LONGEST_TROUBLE] or None
    if outcome.fate == Fate.WAITS:
        found.tries += 1
        found.due_at = at + wait_after(found.tries)
        return
    found.state, found.settled_at = DeliveryState(outcome.fate.value), at
