"""Looking at the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.outbox.models import Event, EventState


def waiting(session: Session, *, at: datetime) -> tuple[int, datetime | None]:
    """Count the events that may be handled now, and say since when the oldest waits."""
    count, oldest = session.exec(
        select(func.count(), func.min(Event.at)).where(
            Event.state == EventState.WAITING, Event.not_before <= at
        )
    ).one()
    return count, oldest


def failed(session: Session) -> Sequence[Event]:
    """Give the events that need a person, oldest first."""
    return session.exec(
        select(Event).where(Event.state == EventState.FAILED).order_by(col(Event.id))
    ).all()
