"""What can go wrong with an event."""

from __future__ import annotations

from resolve.kit.errors import Conflict, NotFound


class LostClaim(Exception):
    """The lease ended and another worker took over: nothing of this may be kept."""


class UnknownEvent(NotFound):
    code = "unknown_event"


class EventNotFailed(Conflict):
    """Only an event that was tried in vain can be tried again or set aside."""

    code = "event_not_failed"
