"""Looking at step times."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from resolve.steptimes.models import StepTime

_MOST = 2000


def of_order(session: Session, map_id: str, order: str) -> Sequence[StepTime]:
    """Give the step times of an order on a map, at most 2,000 of them, by their end."""
    return session.exec(
        select(StepTime)
        .where(StepTime.order_id == order, StepTime.map_id == map_id)
        .order_by(col(StepTime.ended_at), col(StepTime.key))
        .limit(_MOST)
    ).all()


def any_of_orders(session: Session, map_id: str | None, orders: Sequence[str]) -> bool:
    """Tell whether step times of one of these orders are known on a map."""
    if not orders:
        return False
    found = select(StepTime.key).where(
        StepTime.map_id == map_id, col(StepTime.order_id).in_(orders)
    )
    return session.exec(found.limit(1)).first() is not None


def any_of_map(session: Session, map_id: str | None) -> bool:
    """Tell whether step times of a map are known."""
    found = select(StepTime.key).where(StepTime.map_id == map_id).limit(1)
    return session.exec(found).first() is not None
