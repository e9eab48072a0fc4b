"""Answers kept for requests that are sent again with the same Idempotency-Key.

The answer is kept in the transaction that did the work: either both exist or none.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from resolve.access.errors import KeyReused, StillRunning
from resolve.access.models import KeptAnswer
from resolve.kit.database import lock_number


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may be sent again: whose, where, which key, which body."""

    key_id: str
    path: str
    idempotency_key: str
    body: bytes

    @property
    def body_digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.key_id, self.path, self.idempotency_key


_running: set[tuple[str, str, str]] = set()
_guard = threading.Lock()


@contextmanager
def alone(request: Repeatable) -> Iterator[None]:
    """Let one request with this identity run at a time in this process.

    Raises:
        StillRunning: another one runs.
    """
    with _guard:
        if request.identity in _running:
            raise _still_running()
        _running.add(request.identity)
    try:
        yield
    finally:
        with _guard:
            _running.discard(request.identity)


def kept(session: Session, request: Repeatable) -> KeptAnswer | None:
    """Give the answer kept for this request; hold off the same one elsewhere.

    Raises:
        KeyReused: the key was used with another body.
        StillRunning: another process works on it.
    """
    if session.get_bind().dialect.name == "postgresql":
        got = session.connection().exec_driver_sql(
            "SELECT pg_try_advisory_xact_lock(%s)", (lock_number(*request.identity),)
        )
        if not got.scalar():
            raise _still_running()
    found = session.get(KeptAnswer, request.identity)
    if found is not None and found.body_digest != request.body_digest:
        raise KeyReused(
            "This Idempotency-Key was used with another body.",
            hint="Use a fresh key for a new request.",
        )
    return found


def keep(
    session: Session,
    request: Repeatable,
    *,
    status: int,
    location: str | None,
    body: str,
    at: datetime,
) -> None:
    """Keep the answer that this request gets."""
    key_id, path, idempotency_key = request.identity
    session.add(
        KeptAnswer(
            key_id=key_id,
            path=path,
            idempotency_key=idempotency_key,
            body_digest=request.body_digest,
            status=status,
            location=location,
            body=body,
            at=at,
        )
    )


def forget(session: Session, *, before: datetime) -> int:
    """Remove the answers kept before this moment."""
    gone = session.execute(
        delete(KeptAnswer)
        .where(col(KeptAnswer.at) < before)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _still_running() -> StillRunning:
    return StillRunning(
        "A request with this Idempotency-Key is still running.",
        hint="Send it again in a second.",
    )
