"""What can go wrong with solutions."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Invalid, NotFound


class UnknownSolution(NotFound):
    code = "unknown_agreement"


class UnknownProposal(Invalid):
    """The answer to this task has no such proposal."""

    code = "unknown_proposal"


class AlreadyAgreed(Conflict):
    code = "already_agreed"


class OutcomeKnown(Conflict):
    """It was said before whether this is in place."""

    code = "outcome_known"


class MeasureMissing(Invalid):
    """Without a measure nothing can be expected or proven."""

    code = "measure_missing"


class PlaceDoesNotFit(Invalid):
    """A step is named where a hand-over is measured, or the other way round."""

    code = "place_does_not_fit"


class PlaceNotOnWalk(Invalid):
    """The step or hand-over is not on the way that the case is about."""

    code = "step_not_on_walk"


class PromiseWithoutTime(Invalid):
    """Only a promise with a time can be kept in time."""

    code = "promise_without_time"


class ExpectedNotBetter(Invalid):
    """The expected effect makes nothing better, or more than all."""

    code = "expected_not_better"


class PeriodOutOfRange(Invalid):
    """The time in which a change is to be proven is none, or too long."""

    code = "proving_out_of_range"


class DayToCome(Invalid):
    """A change cannot be in place since a day to come."""

    code = "day_to_come"


class DayTooLongAgo(Invalid):
    """A day before all logs: most likely its year is mistyped."""

    code = "day_too_long_ago"


class NotProving(Conflict):
    """Nothing is measured here, or it was judged before."""

    code = "not_proving"


class StillProving(Conflict):
    """The days are not over, or not enough orders have ended."""

    code = "still_proving"
