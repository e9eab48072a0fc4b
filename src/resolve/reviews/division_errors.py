"""What can go wrong with dividing the promised time."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Invalid, NotFound, Stale


class UnknownDivision(NotFound):
    code = "unknown_division"


class NothingToDivide(Conflict):
    """The case is about something without a promised time."""

    code = "nothing_to_divide"


class DivisionChanged(Stale):
    """Somebody else saved it in between; `extra` holds its new `revision`."""

    code = "division_changed"


class DivisionPut(Conflict):
    """It is being voted on as it is; a changed one is another."""

    code = "division_put_to_vote"


class DivisionEnded(Conflict):
    """It is agreed, or left."""

    code = "division_ended"


class DivisionEmpty(Conflict):
    """It changes nothing."""

    code = "division_empty"


class AbovePromise(Conflict):
    """Its parts together take longer than what the customer was promised."""

    code = "above_promise"


class StepNotOnWalk(Invalid):
    code = "step_not_on_walk"


class HandoverNotOnWalk(Invalid):
    code = "handover_not_on_walk"


class HandoverInLoop(Invalid):
    """A wait inside a loop is not divided: its time counts nothing."""

    code = "handover_in_loop"


class NegativeTime(Invalid):
    code = "negative_time"


class TimeTooLong(Invalid):
    code = "time_too_long"


class MapWentOn(Conflict):
    """The newest map says otherwise; `extra["changes"]` says what. Nothing was done."""

    code = "map_changed"
