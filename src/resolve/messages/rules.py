"""When somebody's letter is sent, by their own clock on the wall (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


class MailWish(StrEnum):
    """How somebody wants their mail."""

    EACH = "each"  # each letter when there is something to tell
    DIGEST = "digest"  # one letter a day with everything
    NONE = "none"  # none at all


class Turn(StrEnum):
    """What is to be done with a letter now."""

    SEND = "send"
    GATHER = "gather"  # into the digest of today
    WAIT = "wait"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How and when somebody wants their mail; times are of their clock on the wall."""

    mail: MailWish
    digest_at: time
    quiet: tuple[time, time] | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a letter, and until when it waits."""

    turn: Turn
    until: datetime | None = None


def decide(wishes: Wishes, *, written: datetime, at: datetime) -> Decision:
    """Say what is to be done now with a letter that was written then."""
    if wishes.mail == MailWish.NONE:
        return Decision(Turn.DROP)
    due = written
    if wishes.mail == MailWish.DIGEST:
        due = next_digest(wishes, after=written)
    until = quiet_ends(wishes, at=max(due, at))
    if until > at:
        return Decision(Turn.WAIT, until)
    return Decision(Turn.GATHER if wishes.mail == MailWish.DIGEST else Turn.SEND)


def next_digest(wishes: Wishes, *, after: datetime) -> datetime:
    """Give the first moment after this one at which a digest is due.

    A time that the clock skips is due as much later; of one that comes twice the first
    is meant.

    >>> rome = Wishes(MailWish.DIGEST, time(8), None, ZoneInfo("Europe/Rome"))
    >>> next_digest(rome, after=datetime(2026, 3, 28, 7, tzinfo=UTC)).isoformat()
    '2026-03-29T06:00:00+00:00'
    """
    day = after.astimezone(wishes.zone).date()
    found = (_on(day + n * _DAY, wishes.digest_at, wishes.zone) for n in (-1, 0, 1, 2))
    return next(moment for moment in found if moment > after)


def quiet_ends(wishes: Wishes, *, at: datetime) -> datetime:
    """Give the moment itself, or the end of the quiet hours that it lies in.

    Where the clock goes back over their end, they begin once more; where it skips their
    end, they end as much later.
    """
    if wishes.quiet is None or not _is_quiet(wishes, at):
        return at
    day, until = at.astimezone(wishes.zone).date(), wishes.quiet[1]
    ends = (
        _on(day + n * _DAY, until, wishes.zone, fold=fold)
        for n in (0, 1, 2)
        for fold in (0, 1)
    )
    return min(end for end in ends if end > at and not _is_quiet(wishes, end))


def wait_after(tries: int) -> timedelta:
    """Give how long to wait after so many tries in vain.

    >>> [int(wait_after(n).total_seconds() // 60) for n in (1, 2, 3, 9, 10, 500)]
    [1, 2, 4, 256, 360, 360]
    """
    return min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(tries - 1, 20)))


def _is_quiet(wishes: Wishes, at: datetime) -> bool:
    if wishes.quiet is None:
        return False
    begin, end = wishes.quiet
    clock = at.astimezone(wishes.zone).time()
    if begin <= end:
        return begin <= clock < end
    return clock >= begin or clock < end


def _on(day: date, clock: time, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    wall = datetime.combine(day, clock, tzinfo=zone).replace(fold=fold)
    return wall.astimezone(UTC)
