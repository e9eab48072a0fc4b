"""What can go wrong with cases."""

from __future__ import annotations

from resolve.kit.errors import Conflict, NotFound


class UnknownCase(NotFound):
    code = "unknown_case"


class WrongState(Conflict):
    """True, but not in the state that the case is in."""

    code = "case_not_in_this_state"


class NotFinished(Conflict):
    """Something of the case is still open."""

    code = "case_not_finished"
