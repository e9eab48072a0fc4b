"""Taking a log in: so many rows per transaction, and a second time only what is new."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from resolve.kit.database import Database, transaction
from resolve.steptimes.logs import Line
from resolve.steptimes.rows import Keyed, Timing, keyed
from resolve.steptimes.service import Taken, take

AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Into:
    """Where a log goes: to which map, as which source, by whom."""

    map_id: str
    source: str
    secret: bytes
    who: str


def take_log(
    database: Database,
    lines: Iterable[Line],
    into: Into,
    *,
    now: Callable[[], datetime],
    reject: Callable[[Line], None],
    done: Callable[[int], None] = lambda _: None,
) -> Taken:
    """Take in the rows that are not there yet; `reject` is told of those refused.

    What is committed stays if this is interrupted: rows have keys, so going through
    the same log again takes in exactly what is missing.
    """
    taken, left, seen = Taken(), iter(lines), Counter[str]()
    while True:
        with _not_collecting():
            batch = list(islice(left, AT_ONCE))
            if not batch:
                return taken
            rows = _keyed(batch, into, seen, reject)
            with transaction(database) as session:
                taken += take(
                    session,
                    rows,
                    map_id=into.map_id,
                    source=into.source,
                    who=into.who,
                    at=now(),
                )
        done(len(batch))


def _keyed(
    batch: Iterable[Line],
    into: Into,
    seen: Counter[str],
    reject: Callable[[Line], None],
) -> list[Keyed]:
    good: list[Timing] = []
    for line in batch:
        if line.timing is not None:
            good.append(line.timing)
        else:
            reject(line)
    return list(
        keyed(
            good,
            source=into.source,
            map_id=into.map_id,
            secret=into.secret,
            seen=seen,
        )
    )


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Look for no garbage while a batch is made: a third of the time went there."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
