"""What can go wrong with step times."""

from __future__ import annotations

from resolve.kit.errors import Invalid


class RowRefused(Invalid):
    """A row that cannot be taken; the rest of its request is."""

    code = "row_refused"


class NoActivities(Invalid):
    """Nothing in the log is a step of the map."""

    code = "no_activities"
