"""Many cases for trying size, as the engine leaves them, written in bulk.

The stories are played through the services in a scratch database; each case there
becomes a mould, and the cases are cast from the moulds. Same seed, number and moment:
same cases.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.complaints.filing import House
from resolve.complaints.models import Complaint
from resolve.demo import company
from resolve.demo.bulk import next_serials, write
from resolve.demo.case_rows import OF_A_CASE, is_forgotten, rows_of
from resolve.demo.moulds import Cast, Mould
from resolve.demo.stories import Story, stories
from resolve.demo.telling import tell
from resolve.handling.upkeep import KEEP
from resolve.journal.feed import FEEDING
from resolve.journal.models import FeedEntry, Seal, SealedHead
from resolve.journal.rules import NOTHING, seal_mac
from resolve.journal.service import SEALING
from resolve.kit.database import Database, one_at_a_time, open_database, transaction
from resolve.migrations import upgrade
from resolve.outbox.models import Event

_AT_ONCE = 2000
_STEP = 8  # working days between the beginnings of one story
_SPREAD = timedelta(minutes=50)  # like cases begin within so long
_FEED = ("position", "at", "kind", "case_id", "complaint_id", "task_id")


@dataclass(frozen=True, slots=True)
class Share:
    """How often a story is told."""

    story: Story
    count: int


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    cases: int
    tasks: int


def shares(n: int) -> list[Share]:
    """Divide n cases among the stories by their weights (largest remainders)."""
    told = [(one, part) for story in stories() for one, part in _parts(story)]
    total = sum(part for _, part in told)
    exact = [n * part / total for _, part in told]
    counts = [int(one) for one in exact]
    rest = sorted(range(len(told)), key=lambda i: (counts[i] - exact[i], i))
    for i in rest[: n - sum(counts)]:
        counts[i] += 1
    return [
        Share(one, count) for (one, _), count in zip(told, counts, strict=True) if count
    ]


def _parts(story: Story) -> Iterator[tuple[Story, float]]:
    told = story.told_earlier(_STEP) if story.weight else []
    for one in told:
        yield one, story.weight / len(told)


def write_many(  # noqa: PLR0913  one command
    database: Database,
    n: int,
    *,
    now: datetime,
    house: House,
    key: bytes,
    seed: int = 1,
    tell_progress: Callable[[int], object] = lambda _: None,
) -> Written:
    """Write n cases; `key` is that of the seals, `tell_progress` hears how many."""
    sqlite = database.is_sqlite
    wanted = shares(n)
    moulds = _moulds(wanted, now=now, house=house, sqlite=sqlite)
    moulds.sort(key=lambda one: one[0].filed_at)
    waiting = _beginnings(moulds)
    random = Random(seed)  # noqa: S311  nothing secret
    written = tasks = 0
    while some := list(islice(waiting, _AT_ONCE)):
        with _without_collecting(), transaction(database) as session:
            if not written:
                newest = session.exec(select(func.max(Complaint.serial))).one()
                random = Random(f"{seed}/{newest}")  # noqa: S311  nothing secret
            _write(session, some, random, key=key, at=now)
        written += len(some)
        tasks += sum(mould.tasks for mould, _ in some)
        tell_progress(len(some))
    return Written(written, tasks)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare the search for cycles: the rows of a batch have none, and are many."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _beginnings(
    moulds: Sequence[tuple[Mould, int]],
) -> Iterator[tuple[Mould, timedelta]]:
    for mould, count in moulds:
        for i in range(count):
            yield mould, timedelta(seconds=int(_SPREAD.total_seconds()) * i // count)


# --------------------------------------------------------------------- the moulds


def _moulds(
    wanted: Sequence[Share], *, now: datetime, house: House, sqlite: bool
) -> list[tuple[Mould, int]]:
    with TemporaryDirectory(prefix="resolve-demo-") as folder:
        scratch = open_database(f"sqlite:///{Path(folder, 'scratch.db')}")
        try:
            upgrade(scratch)
            with transaction(scratch) as session:
                company.found(session, now=now)
                tell(session, [one.story for one in wanted], now=now, house=house)
                return [
                    (_mould(session, one.story, now=now, sqlite=sqlite), one.count)
                    for one in wanted
                ]
        finally:
            scratch.engine.dispose()


def _mould(session: Session, story: Story, *, now: datetime, sqlite: bool) -> Mould:
    case_id = session.exec(
        select(Complaint.case_id).where(Complaint.reference == story.reference())
    ).one()
    rows = rows_of(session, case_id)
    rows[Event] = [
        row for row in rows[Event] if not is_forgotten(row, before=now - KEEP)
    ]
    return Mould(rows, dashes=not sqlite, zoned=not sqlite)


# --------------------------------------------------------------------- the writing


def _write(
    session: Session,
    beginnings: Sequence[tuple[Mould, timedelta]],
    random: Random,
    *,
    key: bytes,
    at: datetime,
) -> None:
    one_at_a_time(session, SEALING)
    one_at_a_time(session, FEEDING)
    serials = next_serials(session, len(beginnings))
    casts = [
        mould.cast(random, serial=serial, later=later)
        for (mould, later), serial in zip(beginnings, serials, strict=True)
    ]
    columns = beginnings[0][0].columns
    for place, kind in enumerate(OF_A_CASE):
        rows = [row for cast in casts for row in cast.rows[place]]
        write(session, kind, columns(kind), rows)
    _feed(session, casts)
    _seal(session, casts, key=key, at=at)


def _feed(session: Session, casts: Sequence[Cast]) -> None:
    """Give positions by time; the entries of a case keep their order."""
    newest = session.exec(select(func.max(FeedEntry.position))).one() or 0
    entries = [entry for cast in casts for entry in cast.feed]
    entries.sort(key=lambda entry: str(entry[0]))
    rows = [(place, *entry) for place, entry in enumerate(entries, newest + 1)]
    write(session, FeedEntry, _FEED, rows)


def _seal(session: Session, casts: Sequence[Cast], *, key: bytes, at: datetime) -> None:
    last = session.exec(select(Seal).order_by(col(Seal.number).desc()).limit(1)).first()
    number, previous = (last.number + 1, last.mac) if last else (1, NOTHING)
    heads = [cast.head for cast in casts]
    mac = seal_mac(key, previous, number, heads)
    session.add(Seal(number=number, at=at, mac=mac))
    session.flush()
    rows = [(number, *head) for head in heads]
    write(session, SealedHead, ("seal", "chain", "seq", "hash"), rows)
