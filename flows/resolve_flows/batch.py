"""A batch of events: done as a whole, or else by halves down to the single event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

import structlog

from resolve.handling.failures import note_try_in_vain
from resolve.kit import clock
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Unavailable
from resolve.outbox.errors import LostClaim
from resolve.outbox.service import Claimed, held
from resolve_flows.runtime import database

V = TypeVar("V")

log = structlog.get_logger(__name__)


class Carried(Generic[V]):
    """Carries a value from stage to stage; Prefect does not look through it.

    A dataclass, list or tuple would be searched for futures, item by item.
    """

    __slots__ = ("value",)

    def __init__(self, value: V) -> None:
        self.value = value


class TriedInVain(Exception):
    """Events that could not be handled; each is counted as tried, the rest is done."""

    def __init__(self, event_ids: Sequence[int], why: str) -> None:
        self.event_ids = tuple(event_ids)
        ids = ", ".join(map(str, self.event_ids[:20]))
        super().__init__(f"tried in vain: event {ids}: {why}")


def do_all(
    token: str, event_ids: Sequence[int], work: Callable[[list[Claimed]], object]
) -> None:
    """Do the work on all these events, which this token claims.

    Raises:
        TriedInVain: for some of them it failed; that was noted, the others are done.
        Unavailable: it cannot be done now; what is not settled is to be released.
        LostClaim: another worker took over.
    """
    with reading(database()) as session:
        events = held(session, event_ids, token=token)
    failed = []
    for event, error in _failing(events, work):
        failed.append((event.id, reason(error)))
        log.warning("an event failed", event_id=event.id, exc_info=error)
        with transaction(database()) as session:
            note_try_in_vain(
                session, event, token=token, error=reason(error), at=clock.now()
            )
    if failed:
        raise TriedInVain([event_id for event_id, _ in failed], failed[0][1])


def _failing(
    events: list[Claimed], work: Callable[[list[Claimed]], object]
) -> Iterator[tuple[Claimed, Exception]]:
    try:
        work(events)
    except (Unavailable, LostClaim):
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, a person will see it
        if len(events) == 1:
            yield events[0], error
            return
    else:
        return
    middle = len(events) // 2
    yield from _failing(events[:middle], work)
    yield from _failing(events[middle:], work)


def reason(error: Exception) -> str:
    """Say in a line why it failed, without the values that a statement was given."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0] if lines else ''}"[:300]
