"""Whether everything runs, from what it leaves in the database: ids and times only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from resolve.journal.models import JournalEntry, JournalHead, Seal
from resolve.messages.models import Delivery
from resolve.outbox.queries import count_failed, waiting

_PATIENCE = timedelta(minutes=3)
"""How long something may wait for a worker that runs."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the engine stands; what waits too long says that no worker runs."""

    waiting: int
    oldest: datetime | None
    failed: int
    last_seal: datetime | None
    unsealed_long: bool
    letters_waiting: int
    letters_in_vain: int
    at: datetime

    @property
    def handles(self) -> bool:
        """Tell whether a worker seems to run: nothing waits for it for long."""
        late = self.oldest is not None and self.at - self.oldest > _PATIENCE
        return not late and not self.unsealed_long


def health(session: Session, *, at: datetime) -> Health:
    """Look how the engine stands."""
    count, oldest = waiting(session, at=at)
    return Health(
        waiting=count,
        oldest=oldest,
        failed=count_failed(session),
        last_seal=session.exec(
            select(Seal.at).order_by(col(Seal.number).desc()).limit(1)
        ).first(),
        unsealed_long=_unsealed(session, before=at - _PATIENCE),
        letters_waiting=_letters(session, "state = 'waiting'"),
        # SQLite uses the index only where its own condition stands.
        letters_in_vain=_letters(
            session, "state IN ('refused', 'no_address') AND state = 'refused'"
        ),
        at=at,
    )


def _letters(session: Session, so: str) -> int:
    return session.exec(
        select(func.count()).select_from(Delivery).where(text(so))
    ).one()


def _unsealed(session: Session, *, before: datetime) -> bool:
    """Tell whether a chain waits for its seal since before this moment."""
    found = session.exec(
        select(JournalEntry.seq)
        .join(
            JournalHead,
            (col(JournalHead.chain) == col(JournalEntry.chain))
            & (col(JournalHead.seq) == col(JournalEntry.seq)),
        )
        .where(col(JournalHead.seq) > col(JournalHead.sealed_seq))
        .where(col(JournalEntry.at) < before)
        .limit(1)
    )
    return found.first() is not None
