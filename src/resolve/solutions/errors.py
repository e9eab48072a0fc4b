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
