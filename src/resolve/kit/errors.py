"""The errors people can do something about.

    ResolveError                 what is wrong, where, and what to do
    +-- NotFound                 the thing named does not exist (HTTP 404)
    +-- Invalid                  what was sent cannot be taken (422)
    +-- BadRequest               the question itself is malformed (400)
    +-- Conflict                 true, but not in this state (409)
    +-- Stale                    somebody else changed it in between (412)
    +-- Forbidden                known, but not allowed to do this (403)
    +-- Unauthorized             not known (401)
    +-- TooLarge                 more than is taken at once (413)
    +-- Unavailable              cannot be done right now; nothing was changed (503)

A package subclasses one of these per meaning and sets `code`, which clients may
rely on. Nothing else reaches a person as an error text.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ResolveError(Exception):
    """Something a person can understand and mend.

    `message` says what is wrong and where, `hint` what to do; `pointer` is the JSON
    pointer of the field concerned, `extra` holds further members of the HTTP answer.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        pointer: str = "",
        **extra: Any,  # noqa: ANN401  members of a JSON answer
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.pointer = pointer
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class NotFound(ResolveError):
    code = "not_found"


class Invalid(ResolveError):
    code = "invalid"


class BadRequest(ResolveError):
    code = "bad_request"


class Conflict(ResolveError):
    code = "conflict"


class Stale(ResolveError):
    code = "stale"


class Forbidden(ResolveError):
    code = "forbidden"


class Unauthorized(ResolveError):
    code = "unauthorized"


class TooLarge(ResolveError):
    code = "too_large"


class Unavailable(ResolveError):
    code = "unavailable"
