"""What runs from time to time: due clocks, reconciling, sealing, mail, forgetting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from resolve.access.replays import forget
from resolve.access.signing_in import forget_ended
from resolve.handling.moving import fire_due_clocks
from resolve.handling.reconciling import reconcile
from resolve.journal.service import seal
from resolve.kit.database import Database, transaction
from resolve.outbox.service import forget_settled

_AT_ONCE = 500
KEEP = timedelta(days=7)


def fire_all_due(database: Database, *, at: datetime) -> int:
    """Let every clock that is due fire, so many per transaction."""
    total = 0
    while True:
        with transaction(database) as session:
            fired = fire_due_clocks(session, at=at, most=_AT_ONCE)
        total += fired
        if fired < _AT_ONCE:
            return total


def put_back_all(database: Database, *, at: datetime) -> int:
    """Put every case that stands still back on the road."""
    with transaction(database) as session:
        return reconcile(session, at=at)


def seal_journal(database: Database, *, key: bytes, at: datetime) -> int | None:
    """Seal what happened since the last seal."""
    with transaction(database) as session:
        return seal(session, key=key, at=at)


def forget_old(session: Session, *, at: datetime) -> int:
    """Remove what is only kept for a while: settled events, kept answers, sign-ins."""
    forget_ended(session, at=at)
    return forget_settled(session, before=at - KEEP) + forget(session, before=at - KEEP)
