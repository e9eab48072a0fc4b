"""Errors as RFC 9457 problems: one table from classes to statuses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from resolve.access.errors import StillRunning
from resolve.kit import errors

MEDIA_TYPE = "application/problem+json"

Headers = dict[str, str]


class PreconditionRequired(errors.ResolveError):
    """A change without saying which version it is made on."""

    code = "precondition_required"


class WrongMediaType(errors.ResolveError):
    code = "wrong_media_type"


class TooManyRequests(errors.ResolveError):
    code = "too_many_requests"


class MalformedBody(errors.BadRequest):
    """Not JSON at all, or JSON that means two things."""

    code = "malformed_json"


STATUS: Mapping[type[errors.ResolveError], int] = {
    errors.BadRequest: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    WrongMediaType: 415,
    errors.Invalid: 422,
    PreconditionRequired: 428,
    TooManyRequests: 429,
    errors.Unavailable: 503,
}
_RETRY_AFTER: Mapping[type[errors.ResolveError], str] = {
    StillRunning: "1",
    errors.Unavailable: "5",
}
# RFC 9457 has a member `status` of its own: that of the answer.
_TAKEN = {"status": "state"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def status_of(error: errors.ResolveError) -> int:
    """Give the status of the nearest class in the table."""
    return next((STATUS[c] for c in type(error).__mro__ if c in STATUS), 500)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,  # noqa: ANN401  members of a JSON answer
) -> Response:
    """Make a problem; members that are empty are left out."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    } | {name: value for name, value in members.items() if value}
    return Response(to_json(body), status, dict(headers or {}), MEDIA_TYPE)


def to_json(value: object) -> bytes:
    """Write JSON; half a surrogate pair that a client sent becomes U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def problem_of(error: errors.ResolveError) -> Response:
    """Translate an error of ours."""
    status = status_of(error)
    waits = [_RETRY_AFTER[c] for c in type(error).__mro__ if c in _RETRY_AFTER]
    headers = {"Retry-After": waits[0]} if waits else {}
    extra = {_TAKEN.get(name, name): value for name, value in error.extra.items()}
    headers |= extra.pop("headers", {})
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="resolve"'
    if error.pointer and "errors" not in extra:
        extra["errors"] = [{"pointer": error.pointer, "detail": error.message}]
    return problem(
        status, error.code, error.message, headers=headers, hint=error.hint, **extra
    )


def handle_resolve_error(_request: Request, error: Exception) -> Response:
    """Answer for an error of ours."""
    if not isinstance(error, errors.ResolveError):
        raise error
    return problem_of(error)


def handle_parameters(_request: Request, error: Exception) -> Response:
    """Answer for parameters that FastAPI refused."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = [
        {"parameter": str(one["loc"][-1]), "in": str(one["loc"][0])}
        | {"detail": str(one["msg"])}
        for one in error.errors()
    ]
    if all(one["in"] == "path" for one in found):
        return problem(404, "not_found", "There is nothing at this address.")
    first = found[0]
    return problem(
        400,
        "bad_parameter",
        f"The parameter {first['parameter']!r} cannot be used: {first['detail']}.",
        hint="The documentation says which values it takes.",
        errors=found,
    )


def handle_http(_request: Request, error: Exception) -> Response:
    """Answer for what the router refused."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(
            404,
            "not_found",
            "There is nothing at this address.",
            hint="The documentation at /api/docs lists all addresses.",
        )
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_")
    return problem(error.status_code, code, f"{phrase}.", headers=error.headers)
