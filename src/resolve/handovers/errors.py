"""What can go wrong with the standards of hand-overs."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownHandover(NotFound):
    """The map has no such hand-over."""

    code = "unknown_handover"


class UnknownStandard(NotFound):
    code = "unknown_standard"


class NotYourHandover(Forbidden):
    """The department neither gives nor receives here."""

    code = "not_your_handover"


class NothingAsked(Invalid):
    """A standard says at least what is handed over."""

    code = "nothing_said"


class NotProposed(Conflict):
    """This version is agreed, replaced or withdrawn already."""

    code = "standard_not_proposed"


class BetweenOthersNow(Conflict):
    """The map gives the hand-over to other departments than this version names."""

    code = "handover_between_others_now"
