"""What may be decided now, and why not (pure).

    standing(Count(...), at=...) -> Standing

A ballot stands in one of these ways; nobody is outvoted, and no number of votes counts
against an objection for the customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from resolve.reviews.models import BallotStatus, Position

AGREEING = frozenset({Position.AGREE, Position.AGREE_WITH_NOTE})


class Standing(StrEnum):
    """What may be done with a ballot now."""

    ENDED = "ended"  # nothing any more
    OBJECTION = "objection"  # first the objection is met; never decided over it
    AGREED_BY_ALL = "agreed_by_all"  # it may be agreed
    AWAITED = "awaited"  # votes are awaited, or what somebody needs first
    MANDATE = "mandate"  # its time is over: by mandate, with a reason for everybody


@dataclass(frozen=True, slots=True)
class Count:
    """What was said to a ballot: by department, of those asked; open objections."""

    status: str
    asked: tuple[str, ...]
    said: Mapping[str, str]
    objections: int
    until: datetime

    @property
    def silent(self) -> tuple[str, ...]:
        """Give those whose vote is awaited, in the order asked."""
        return tuple(one for one in self.asked if one not in self.said)

    @property
    def not_agreeing(self) -> tuple[str, ...]:
        """Give those who have not said that they agree, in the order asked."""
        return tuple(one for one in self.asked if self.said.get(one) not in AGREEING)


def standing(count: Count, *, at: datetime) -> Standing:
    """Say what may be done with a ballot at this moment.

    >>> from datetime import UTC
    >>> until = datetime(2026, 3, 4, tzinfo=UTC)
    >>> count = Count("open", ("stock",), {"stock": "not_yet"}, 0, until)
    >>> standing(count, at=datetime(2026, 3, 3, tzinfo=UTC))
    <Standing.AWAITED: 'awaited'>
    >>> standing(count, at=until)
    <Standing.MANDATE: 'mandate'>
    """
    if count.status != BallotStatus.OPEN:
        return Standing.ENDED
    if count.objections:
        return Standing.OBJECTION
    if not count.not_agreeing:
        return Standing.AGREED_BY_ALL
    return Standing.MANDATE if at >= count.until else Standing.AWAITED
