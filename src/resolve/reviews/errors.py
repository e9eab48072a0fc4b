"""What can go wrong with reviews."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Forbidden, Invalid, NotFound


class StillAwaited(Conflict):
    """Answers are awaited that are not past due."""

    code = "answers_still_awaited"


class UnknownProposal(Invalid):
    """The answer to this task has no such proposal."""

    code = "unknown_proposal"


class AlreadyAgreed(Conflict):
    code = "already_agreed"


class UnknownBallot(NotFound):
    code = "unknown_ballot"


class UnknownObjection(NotFound):
    code = "unknown_objection"


class AlreadyPut(Conflict):
    """It is being voted on."""

    code = "already_put_to_vote"


class BallotEnded(Conflict):
    """It was changed or dropped; nothing is voted on here any more."""

    code = "ballot_ended"


class NothingChanged(Invalid):
    """Changed means: worded otherwise than what was voted on."""

    code = "nothing_changed"


class NotOnTheCase(Invalid):
    """The department does not take part in this round."""

    code = "not_on_the_case"


class WordsMissing(Invalid):
    """This position needs words: what is needed, or why the customer would not."""

    code = "words_missing"


class VotedThemselves(Conflict):
    """The department voted itself; nobody else changes that."""

    code = "voted_themselves"


class NotYourObjection(Forbidden):
    """Only who raised an objection takes it back."""

    code = "not_your_objection"


class ObjectionEnded(Conflict):
    """It was met or taken back already."""

    code = "objection_ended"


class NotMetLikeThis(Invalid):
    """An objection is met by the customer's yes, a manager's reason, or a change."""

    code = "not_met_like_this"


class ManagerMissing(Invalid):
    """A manager's reason needs the manager's name."""

    code = "manager_missing"


class NotAManager(Invalid):
    """The reason is a manager's: a quality manager's, or that of one of our heads."""

    code = "not_a_manager"


class ObjectionUnmet(Conflict):
    """Somebody said that the customer would not accept it: never decided over."""

    code = "objection_unmet"


class VotesAwaited(Conflict):
    """Votes are awaited, and their time is not over."""

    code = "votes_awaited"


class VotesTimeTooShort(Invalid):
    """Departments have a working day to look at it, unless all have voted."""

    code = "votes_time_too_short"


class VotesTimeTooLong(Invalid):
    """So far ahead nobody waits for votes."""

    code = "votes_time_too_long"


class MandateNeeded(Conflict):
    """Not everybody agreed: it may only be decided by mandate, with a reason."""

    code = "mandate_needed"
