"""The change feed: entries of cases, numbered after they were committed.

Whoever reads numbers first what is new, one at a time under a lock. Entries that
commit late therefore get a later position, and a reader who keeps the last position
misses nothing and sees nothing twice.
"""

from __future__ import annotations

from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import attrgetter

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from resolve.journal.models import FeedEntry, JournalEntry, JournalHead
from resolve.journal.service import mark_heads
from resolve.kit.database import Database, insert_rows, one_at_a_time, transaction

FEEDING = 7265738
_AT_ONCE = 5000


def anything_new(session: Session) -> bool:
    """Tell whether entries wait for a position."""
    waiting = select(JournalHead.chain).where(
        col(JournalHead.seq) > col(JournalHead.fed_seq)
    )
    return session.exec(waiting.limit(1)).first() is not None


def number_new(database: Database) -> int:
    """Give positions to all that is committed and has none; give how many."""
    total = 0
    while True:
        with transaction(database) as session:
            numbered = _number_some(session)
        if not numbered:
            return total
        total += numbered


def _number_some(session: Session) -> int:
    one_at_a_time(session, FEEDING)
    entries = _unnumbered(session)
    if not entries:
        return 0
    first = (session.exec(select(func.max(FeedEntry.position))).one() or 0) + 1
    chains = [
        list(of_one)
        for _, of_one in groupby(sorted(entries, key=_place), key=attrgetter("chain"))
    ]
    # By time, but never against the order within a case.
    ordered = merge(*chains, key=attrgetter("at"))
    cases = (entry for entry in ordered if entry.chain.startswith("case:"))
    rows = [
        {
            "position": position,
            "at": entry.at,
            "kind": entry.what,
            "case_id": entry.chain.removeprefix("case:"),
            "complaint_id": entry.data.get("complaint"),
            "task_id": entry.data.get("task"),
        }
        for position, entry in enumerate(cases, first)
    ]
    insert_rows(session, FeedEntry, rows)
    marks = [(of_one[-1].chain, of_one[-1].seq) for of_one in chains]
    mark_heads(session, marks, field="fed_seq")
    return len(entries)


def _place(entry: JournalEntry) -> tuple[str, int]:
    return entry.chain, entry.seq


def _unnumbered(session: Session) -> list[JournalEntry]:
    heads = (
        select(JournalHead.chain, JournalHead.fed_seq, JournalHead.seq)
        .where(col(JournalHead.seq) > col(JournalHead.fed_seq))
        .limit(_AT_ONCE)
        .subquery()
    )
    return list(
        session.exec(
            select(JournalEntry).join(
                heads,
                and_(
                    col(JournalEntry.chain) == heads.c.chain,
                    col(JournalEntry.seq) > heads.c.fed_seq,
                    col(JournalEntry.seq) <= heads.c.seq,
                ),
            )
        )
    )


def after(session: Session, position: int, *, limit: int) -> list[FeedEntry]:
    """Give the entries after this position, oldest first."""
    return list(
        session.exec(
            select(FeedEntry)
            .where(col(FeedEntry.position) > position)
            .order_by(col(FeedEntry.position))
            .limit(limit)
        )
    )


def newest(session: Session) -> tuple[int, datetime] | None:
    """Give position and time of the newest entry."""
    last = session.exec(
        select(FeedEntry).order_by(col(FeedEntry.position).desc()).limit(1)
    ).first()
    return (last.position, last.at) if last else None
