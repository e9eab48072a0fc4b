"""Claiming a batch, and giving back what was not settled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from resolve.kit import clock
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Unavailable
from resolve.kit.settings import settings
from resolve.outbox import queries
from resolve.outbox.errors import LostClaim
from resolve.outbox.models import Topic
from resolve.outbox.service import claim, new_token, release
from resolve_flows.batch import TriedInVain
from resolve_flows.runtime import database

WALKED = {Topic.FILED, Topic.PLACED}
_PER_EVENT = timedelta(milliseconds=60)
_AT_LEAST = timedelta(seconds=20)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """Events that are ours for a short while, by the flow that handles them."""

    token: str
    to_walk: list[int]
    to_move: list[int]

    def __len__(self) -> int:
        return len(self.to_walk) + len(self.to_move)


def claimed() -> Claim:
    """Claim the oldest events; none is the usual answer, and a cheap one."""
    token = new_token()
    if not anything_to_handle():
        return Claim(token, [], [])
    at = clock.now()
    most = settings().batch
    lease = max(_AT_LEAST, most * _PER_EVENT)
    with transaction(database()) as session:
        events = claim(session, at=at, most=most, token=token, lease=lease)
    return Claim(
        token,
        [event.id for event in events if event.topic in WALKED],
        [event.id for event in events if event.topic not in WALKED],
    )


def anything_to_handle() -> bool:
    """Tell whether an event waits that nobody holds."""
    with reading(database()) as session:
        return queries.anything_to_claim(session, at=clock.now())


def nothing_left() -> bool:
    """Tell whether every event that can be handled now was."""
    with reading(database()) as session:
        return not queries.anything_to_wait_for(session, at=clock.now())


@contextmanager
def given_back(claim_: Claim) -> Iterator[None]:
    """Give back what is claimed and not settled when the work inside ends early.

    What was tried in vain is noted already; what another worker took over is its own.
    """
    try:
        yield
    except TriedInVain as why:
        log.warning("tried in vain", events=why.event_ids, why=str(why))
    except LostClaim:
        log.warning("another worker took over", token=claim_.token)
        _release(claim_)
    except BaseException:
        _release(claim_)
        raise


def _release(claim_: Claim) -> None:
    # If the database is away, the lease ends by itself.
    with suppress(Unavailable), transaction(database()) as session:
        release(session, token=claim_.token)
