"""Appending to the journal, and sealing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from resolve.journal.models import JournalEntry, JournalHead, Seal, SealedHead
from resolve.journal.rules import NOTHING, entry_hash, seal_mac
from resolve.kit.database import insert_rows, one_at_a_time

_CHUNK = 500
SEALING = 7265737


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be entered: `data` holds ids, states, times and digests only."""

    chain: str
    what: str
    data: dict[str, Any]


def append(
    session: Session,
    drafts: Sequence[Draft],
    *,
    who: str,
    at: datetime,
    fresh: bool = False,
) -> None:
    """Enter the drafts in the given order; `fresh`: their chains begin here.

    Locks the heads of the chains until the transaction ends, so that entries of one
    case stand one after the other.
    """
    chains = list(dict.fromkeys(draft.chain for draft in drafts))
    heads = {} if fresh else _heads(session, chains)
    known = set(heads)
    entries = []
    for draft in drafts:
        seq, previous = heads.get(draft.chain, (0, NOTHING))
        entry = _entry(draft, seq=seq + 1, previous=previous, who=who, at=at)
        heads[draft.chain] = (entry["seq"], entry["hash"])
        entries.append(entry)
    insert_rows(session, JournalEntry, entries)
    _move_heads(session, [c for c in chains if c in known], heads)
    insert_rows(
        session,
        JournalHead,
        [
            {"chain": c, "seq": heads[c][0], "hash": heads[c][1]}
            | {"sealed_seq": 0, "fed_seq": 0}
            for c in chains
            if c not in known
        ],
    )


def _entry(
    draft: Draft, *, seq: int, previous: str, who: str, at: datetime
) -> dict[str, Any]:
    hashed = entry_hash(
        draft.chain,
        seq,
        at=at,
        who=who,
        what=draft.what,
        data=draft.data,
        previous=previous,
    )
    return {
        "chain": draft.chain,
        "seq": seq,
        "at": at,
        "who": who,
        "what": draft.what,
        "data": draft.data,
        "previous": previous,
        "hash": hashed,
    }


def _heads(session: Session, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    heads: dict[str, tuple[int, str]] = {}
    ordered = sorted(chains)  # one order of locking for everybody
    for start in range(0, len(ordered), _CHUNK):
        rows = session.exec(
            select(JournalHead.chain, JournalHead.seq, JournalHead.hash)
            .where(col(JournalHead.chain).in_(ordered[start : start + _CHUNK]))
            .order_by(col(JournalHead.chain))
            .with_for_update()
        )
        heads |= {chain: (seq, hashed) for chain, seq, hashed in rows}
    return heads


def _move_heads(
    session: Session, chains: Sequence[str], heads: dict[str, tuple[int, str]]
) -> None:
    if not chains:
        return
    table = JournalHead.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table)
        .where(table.c.chain == bindparam("of"))
        .values(seq=bindparam("to_seq"), hash=bindparam("to_hash")),
        [{"of": c, "to_seq": heads[c][0], "to_hash": heads[c][1]} for c in chains],
    )


def seal(session: Session, *, key: bytes, at: datetime) -> int | None:
    """Seal the heads that moved since the last seal; give its number, if any did."""
    one_at_a_time(session, SEALING)
    moved = session.exec(
        select(JournalHead.chain, JournalHead.seq, JournalHead.hash)
        .where(col(JournalHead.seq) > col(JournalHead.sealed_seq))
        .order_by(col(JournalHead.chain))
    ).all()
    if not moved:
        return None
    last = session.exec(select(Seal).order_by(col(Seal.number).desc()).limit(1)).first()
    number, previous = (last.number + 1, last.mac) if last else (1, NOTHING)
    heads = [(chain, seq, hashed) for chain, seq, hashed in moved]
    mac = seal_mac(key, previous, number, heads)
    insert_rows(session, Seal, [{"number": number, "at": at, "mac": mac}])
    insert_rows(
        session,
        SealedHead,
        [{"seal": number, "chain": c, "seq": s, "hash": h} for c, s, h in heads],
    )
    mark_heads(session, ((c, s) for c, s, _ in heads), field="sealed_seq")
    return number


def mark_heads(
    session: Session, marks: Iterable[tuple[str, int]], *, field: str
) -> None:
    """Note how far chains are sealed (`sealed_seq`) or in the feed (`fed_seq`)."""
    table = JournalHead.__table__  # type: ignore[attr-defined]
    rows = [{"of": chain, "to": seq} for chain, seq in marks]
    if rows:
        session.connection().execute(
            update(table)
            .where(table.c.chain == bindparam("of"))
            .values({field: bindparam("to")}),
            rows,
        )
