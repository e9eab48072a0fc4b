"""What can go wrong with reviews."""

from __future__ import annotations

from resolve.kit.errors import Conflict


class StillAwaited(Conflict):
    """Answers are awaited that are not past due."""

    code = "answers_still_awaited"
