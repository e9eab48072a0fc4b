"""`resolve audit verify`: what was altered, is missing, reordered or erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from sqlmodel import Session, col, select

from resolve.journal.models import JournalEntry, Seal, SealedHead
from resolve.journal.rules import NOTHING, entry_hash, seal_mac

ERASED = "erased"
_TOLD_EVERY = 1000


class Trouble(StrEnum):
    """What can be wrong with a journal."""

    ALTERED = "altered"  # an entry does not match its hash
    REORDERED = "reordered"  # an entry does not follow the one before it
    MISSING = "missing"  # an entry that must be there is not
    CHAIN_MISSING = "chain_missing"  # a whole chain that a seal covers is gone
    SEAL_BROKEN = "seal_broken"  # a seal does not match key, heads or predecessor


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and the seal that had it right."""

    trouble: Trouble
    chain: str
    seq: int | None = None
    seal: int | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """Texts that were erased, by whom and when: an entry like any other."""

    chain: str
    seq: int
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; `unsealed` entries are younger than the last seal."""

    entries: int
    chains: int
    seals: int
    unsealed: int
    problems: tuple[Problem, ...]
    erasures: tuple[Erasure, ...]

    @property
    def sound(self) -> bool:
        return not self.problems


def verify(
    session: Session,
    *,
    key: bytes,
    tell_progress: Callable[[int], object] = lambda _: None,
) -> Report:
    """Read the whole journal and compare it with its hashes and seals.

    `tell_progress` hears from time to time how many entries were read.
    """
    sealed = _sealed_heads(session)
    problems: list[Problem] = []
    erasures: list[Erasure] = []
    entries = chains = unsealed = 0
    for chain, of_one in groupby(_entries(session), key=attrgetter("chain")):
        chains += 1
        head = sealed.pop(chain, None)
        last, previous = 0, NOTHING
        for entry in of_one:
            entries += 1
            if entries % _TOLD_EVERY == 0:
                tell_progress(entries)
            problems += _look(entry, last, previous, head)
            unsealed += head is None or entry.seq > head.seq
            last, previous = entry.seq, entry.hash
            if entry.what == ERASED:
                erasures.append(Erasure(chain, entry.seq, entry.who, entry.at))
        if head is not None and last < head.seq:
            problems.append(Problem(Trouble.MISSING, chain, last + 1, head.seal))
    problems += [
        Problem(Trouble.CHAIN_MISSING, chain, None, head.seal)
        for chain, head in sorted(sealed.items())
    ]
    broken, seals = _broken_seals(session, key)
    return Report(
        entries, chains, seals, unsealed, (*problems, *broken), tuple(erasures)
    )


def _entries(session: Session) -> Iterator[JournalEntry]:
    yield from session.exec(
        select(JournalEntry)
        .order_by(col(JournalEntry.chain), col(JournalEntry.seq))
        .execution_options(yield_per=2000)
    )


def _look(
    entry: JournalEntry, last: int, previous: str, head: SealedHead | None
) -> Iterator[Problem]:
    if entry.seq > last + 1:
        yield Problem(Trouble.MISSING, entry.chain, last + 1)
    elif entry.previous != previous:
        yield Problem(Trouble.REORDERED, entry.chain, entry.seq)
    right = entry_hash(
        entry.chain,
        entry.seq,
        at=entry.at,
        who=entry.who,
        what=entry.what,
        data=entry.data,
        previous=entry.previous,
    )
    sealed_otherwise = (
        head is not None and entry.seq == head.seq and entry.hash != head.hash
    )
    if right != entry.hash or sealed_otherwise:
        yield Problem(Trouble.ALTERED, entry.chain, entry.seq)


def _sealed_heads(session: Session) -> dict[str, SealedHead]:
    rows = session.exec(
        select(SealedHead)
        .order_by(col(SealedHead.seal))
        .execution_options(yield_per=2000)
    )
    return {row.chain: row for row in rows}


def _broken_seals(session: Session, key: bytes) -> tuple[list[Problem], int]:
    broken, previous, count = [], NOTHING, 0
    for seal in session.exec(select(Seal).order_by(col(Seal.number))).all():
        count += 1
        heads = session.exec(
            select(SealedHead.chain, SealedHead.seq, SealedHead.hash).where(
                SealedHead.seal == seal.number
            )
        ).all()
        right = seal_mac(key, previous, seal.number, [(c, s, h) for c, s, h in heads])
        if seal.number != count or right != seal.mac:
            broken.append(Problem(Trouble.SEAL_BROKEN, "", None, seal.number))
            count = seal.number
        previous = seal.mac
    return broken, count
