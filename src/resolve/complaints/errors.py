"""What can go wrong with complaints."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Invalid, NotFound


class UnknownComplaint(NotFound):
    code = "unknown_complaint"


class AlreadyFiled(Conflict):
    """This source filed this reference before; `existing` is where."""

    code = "already_filed"


class NothingSaid(Invalid):
    """A complaint without a word of the customer."""

    code = "text_missing"


class WrongComplaintState(Conflict):
    """True, but not in the state that the complaint is in."""

    code = "complaint_not_in_this_state"
