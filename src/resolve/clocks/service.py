"""Starting, stopping and moving clocks, and the one sweep over those that are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from resolve.clocks.models import Clock, ClockKind, ClockState
from resolve.kit.clock import iso
from resolve.kit.database import fixed, insert_rows
from resolve.kit.ids import new_id

RULE_VERSION = 1


def new_clock(  # noqa: PLR0913  a row of the table
    kind: ClockKind,
    subject_id: str,
    *,
    case_id: str,
    at: datetime,
    due_at: datetime,
    working_days: int,
    calendar: tuple[str, int],
) -> dict[str, Any]:
    """Make the row of a clock that starts now; `calendar` is its id and revision."""
    return {
        "id": new_id(),
        "kind": kind,
        "subject_id": subject_id,
        "case_id": case_id,
        "rule": {
            "name": str(kind),
            "version": RULE_VERSION,
            "working_days": working_days,
            "calendar": calendar[0],
            "calendar_revision": calendar[1],
        },
        "events": [{"what": "start", "at": iso(at)}],
        "state": ClockState.RUNNING,
        "due_at": due_at,
    }


def start(session: Session, clocks: Sequence[dict[str, Any]]) -> None:
    """Write the rows that `new_clock` made."""
    insert_rows(session, Clock, clocks)


def stop(
    session: Session, kind: ClockKind, subject_ids: Sequence[str], *, at: datetime
) -> None:
    """Stop the clocks of these things that still run, stand still or have fired."""
    clocks = session.exec(
        select(Clock)
        .where(
            Clock.kind == kind,
            col(Clock.subject_id).in_(subject_ids),
            Clock.state != ClockState.STOPPED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    _note(session, clocks, {"what": "stop", "at": iso(at)}, ClockState.STOPPED)


def extend(
    session: Session,
    kind: ClockKind,
    subject_id: str,
    *,
    due_at: datetime,
    at: datetime,
) -> None:
    """Move a clock's due time; one that has fired runs again."""
    clock = session.exec(
        select(Clock)
        .where(Clock.kind == kind, Clock.subject_id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    event = {"what": "extend", "at": iso(at), "due": iso(due_at)}
    _note(session, [clock], event, ClockState.RUNNING, due_at=due_at)


def sweep(session: Session, *, at: datetime, most: int) -> list[Clock]:
    """Let the clocks that are due fire, the oldest first, and give them."""
    clocks = session.exec(
        select(Clock)
        .where(col(Clock.state) == fixed(ClockState.RUNNING), Clock.due_at <= at)
        .order_by(col(Clock.due_at), col(Clock.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    _note(session, clocks, {"what": "due", "at": iso(at)}, ClockState.FIRED)
    return list(clocks)


def _note(
    session: Session,
    clocks: Sequence[Clock],
    event: dict[str, Any],
    state: ClockState,
    *,
    due_at: datetime | None = None,
) -> None:
    if not clocks:
        return
    table = Clock.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table)
        .where(table.c.id == bindparam("of"))
        .values(
            events=bindparam("noted"), state=bindparam("now"), due_at=bindparam("due")
        ),
        [
            {"of": clock.id, "noted": [*clock.events, event], "now": state}
            | {"due": due_at or clock.due_at}
            for clock in clocks
        ],
    )
    for clock in clocks:
        session.expire(clock)
