"""Looking at clocks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from resolve.clocks.models import Clock, ClockKind


def clocks_of(
    session: Session, kind: ClockKind, subject_ids: Sequence[str]
) -> Sequence[Clock]:
    """Give the clocks of these things, the earliest due first."""
    return session.exec(
        select(Clock)
        .where(Clock.kind == kind, col(Clock.subject_id).in_(subject_ids))
        .order_by(col(Clock.due_at), col(Clock.id))
    ).all()
