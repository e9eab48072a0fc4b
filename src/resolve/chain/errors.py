"""What a question about a chain can get wrong."""

from __future__ import annotations

from typing import ClassVar

from resolve.kit.errors import Conflict, NotFound


class UnknownTouchpoint(NotFound):
    code: ClassVar[str] = "unknown_touchpoint"


class UnknownPromise(NotFound):
    code: ClassVar[str] = "unknown_promise"


class UnknownHandover(NotFound):
    code: ClassVar[str] = "unknown_handover"


class PromiseNotHere(Conflict):
    """Both exist, but the touchpoint does not list the promise."""

    code: ClassVar[str] = "promise_not_here"
