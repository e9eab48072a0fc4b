"""How long somebody waits after tries in vain: twice as long each time.

Tries are counted by the login they name and by the address they come from; only digests
of both are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from resolve.access.errors import TooManyTries
from resolve.access.models import Patience
from resolve.kit.database import lock_number, one_at_a_time

_FREE_TRIES = 5
_LONGEST_WAIT = timedelta(minutes=15)
_FORGETS_AFTER = timedelta(days=1)
_FORGIVES_ONE_IN = (timedelta(minutes=30), timedelta(minutes=1))
"""One try of a login, of an address: else those of a whole office only ever add up."""


def names(what: str, login: str, address: str) -> tuple[str, str]:
    """Give what tries of this kind are counted by: the login, and the address."""
    # Those of signing in are the oldest, and have no name of their own.
    kind = "" if what == "sign-in" else f"{what} "
    login = login.strip().lower()
    return _digest(f"{kind}login\0{login}"), _digest(f"{kind}address\0{address}")


def guard(session: Session, counted: Sequence[str], *, at: datetime) -> None:
    """Let tries of one login or address come one after the other.

    Raises:
        TooManyTries: this login or address has to wait.
    """
    one_at_a_time(session, *(lock_number("patience", name) for name in counted))
    rows = session.exec(select(Patience).where(col(Patience.of).in_(counted))).all()
    until = max((row.until for row in rows), default=at)
    if until > at:
        seconds = int((until - at).total_seconds()) + 1
        raise TooManyTries(
            f"Too many tries. Wait {seconds} seconds.",
            hint="If you forgot the password, ask the administrator for a link.",
            seconds=seconds,
        )


def count(session: Session, counted: Sequence[str], *, at: datetime) -> None:
    """Count a try in vain."""
    for place, name in enumerate(counted):
        row = session.get(Patience, name)
        row = row or Patience(of=name, failures=0, last_at=at, until=at)
        forgiven = (at - row.last_at) // _FORGIVES_ONE_IN[place]
        row.failures = max(0, row.failures - forgiven) + 1
        row.last_at = at
        # Many people may share an address: it is given ten times as many tries.
        row.until = at + _wait(row.failures // (10 if place else 1))
        session.add(row)


def take_back(session: Session, counted: Sequence[str], *, at: datetime) -> None:
    """Take a counted try back, for it was right; those of the login are forgotten."""
    login, *others = counted
    session.exec(delete(Patience).where(col(Patience.of) == login))
    for name in others:
        row = session.get(Patience, name, with_for_update=True)
        if row is not None and row.failures:
            row.failures -= 1
            row.until = at
            session.add(row)


def anything_old(session: Session, *, at: datetime) -> bool:
    """Tell whether there are tries that mean nothing any more."""
    old = select(Patience.of).where(Patience.last_at <= at - _FORGETS_AFTER).limit(1)
    return session.exec(old).first() is not None


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget tries that mean nothing any more."""
    session.exec(delete(Patience).where(col(Patience.last_at) <= at - _FORGETS_AFTER))


def _wait(failures: int) -> timedelta:
    """Give how long to wait after so many failures.

    >>> [int(_wait(n).total_seconds()) for n in (1, 4, 5, 6, 7, 20)]
    [0, 0, 1, 2, 4, 900]
    """
    over = failures - _FREE_TRIES
    if over < 0:
        return timedelta(0)
    return min(_LONGEST_WAIT, timedelta(seconds=2 ** min(over, 20)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
