"""Looking at letters on their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.kit.database import fixed
from resolve.messages.models import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Letters that wait for their time, those tried in vain, and how many of each."""

    waiting: Sequence[Delivery]
    in_vain: Sequence[Delivery]
    all_waiting: int
    all_in_vain: int


def on_the_way(session: Session, *, most: int) -> OnTheWay:
    """Give the letters that wait, the next first, and those that nobody takes."""
    waits = Delivery.state == fixed(DeliveryState.WAITING)
    vain = col(Delivery.state).in_(
        [fixed(DeliveryState.REFUSED), fixed(DeliveryState.NO_ADDRESS)]
    )
    by_time = (col(Delivery.due_at), col(Delivery.id))
    newest = (col(Delivery.settled_at).desc(), col(Delivery.id))
    return OnTheWay(
        session.exec(
            select(Delivery).where(waits).order_by(*by_time).limit(most)
        ).all(),
        session.exec(select(Delivery).where(vain).order_by(*newest).limit(most)).all(),
        session.exec(select(func.count()).select_from(Delivery).where(waits)).one(),
        session.exec(select(func.count()).select_from(Delivery).where(vain)).one(),
    )


def waiting_for(session: Session, person_id: str) -> datetime | None:
    """Give when the next letter of a person is due; None: nothing waits."""
    return session.exec(
        select(func.min(Delivery.due_at)).where(
            Delivery.person_id == person_id,
            Delivery.state == fixed(DeliveryState.WAITING),
        )
    ).one()
