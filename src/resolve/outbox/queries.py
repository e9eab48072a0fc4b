"""Looking at the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from resolve.kit.database import fixed
from resolve.outbox.models import Event, EventState


def waiting(session: Session, *, at: datetime) -> tuple[int, datetime | None]:
    """Count the events that may be handled now, and say since when the oldest waits."""
    count, oldest = session.exec(
        select(func.count(), func.min(Event.at)).where(
            col(Event.state) == fixed(EventState.WAITING), Event.not_before <= at
        )
    ).one()
    return count, oldest


def failed(session: Session, *, most: int | None = None) -> Sequence[Event]:
    """Give the events that need a person, oldest first."""
    return session.exec(
        select(Event)
        .where(col(Event.state) == fixed(EventState.FAILED))
        .order_by(col(Event.id))
        .limit(most)
    ).all()


def count_failed(session: Session) -> int:
    """Count the events that need a person."""
    is_failed = col(Event.state) == fixed(EventState.FAILED)
    return session.exec(select(func.count()).where(is_failed)).one()


def set_aside_last(session: Session, *, most: int) -> Sequence[Event]:
    """Give the events that a person decided to leave without effect, newest first."""
    return session.exec(
        select(Event)
        .where(col(Event.state) == fixed(EventState.SET_ASIDE))
        .order_by(col(Event.id).desc())
        .limit(most)
    ).all()


def anything_to_claim(session: Session, *, at: datetime) -> bool:
    """Tell whether an event may be handled now and nobody holds it."""
    return _first(session, at=at, unclaimed=True)


def anything_to_wait_for(session: Session, *, at: datetime) -> bool:
    """Tell whether an event may be handled now, or is being handled by somebody."""
    return _first(session, at=at, unclaimed=False)


def _first(session: Session, *, at: datetime, unclaimed: bool) -> bool:
    older = aliased(Event)
    waits_before = exists().where(
        col(older.case_id) == col(Event.case_id),
        col(older.state) == fixed(EventState.WAITING),
        col(older.id) < col(Event.id),
    )
    found = (
        select(Event.id)
        .where(
            col(Event.state) == fixed(EventState.WAITING),
            Event.not_before <= at,
            ~waits_before,
        )
        .order_by(col(Event.id))
        .limit(1)
    )
    if unclaimed:
        free = or_(col(Event.claimed_until).is_(None), col(Event.claimed_until) < at)
        found = found.where(free)
    return session.exec(found).first() is not None
