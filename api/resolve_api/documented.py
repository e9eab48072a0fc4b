"""How routes say in the documentation what they take and answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from resolve_api.answers import Problem
from resolve_api.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]
BODIES: dict[str, type[BaseModel]] = {}

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_EVERYWHERE = (400, 401, 403, 404, 429, 500, 503)
_WITH_BODY = (413, 415, 422)
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Give it as If-Match."}}


def answers(
    ok: dict[int, tuple[str, Any]],
    *problems: int,
    model: Any = None,  # noqa: ANN401  a model or a generic of one
    body: bool = False,
    etag: bool = False,
) -> Responses:
    """Describe the good answers (status -> sentence, example) and the problems."""
    found: Responses = {}
    for status, (sentence, example) in ok.items():
        content = {"application/json": {"example": example}}
        found[status] = {"description": sentence, "content": content}
        if model is not None:
            found[status]["model"] = model
        if etag:
            found[status]["headers"] = _ETAG
    for status in (*_EVERYWHERE, *(_WITH_BODY if body else ()), *problems):
        found[status] = _problem(status)
    return found


def _problem(status: int) -> dict[str, Any]:
    example = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        code=_CODES.get(status, "not_found"),
        detail="What is wrong, and where.",
        hint="What to do.",
    ).model_dump(exclude_none=True)
    content = {MEDIA_TYPE: {"schema": _PROBLEM, "example": example}}
    return {"description": HTTPStatus(status).phrase, "content": content}


_CODES = {
    400: "bad_parameter",
    401: "key_unknown",
    403: "scope_missing",
    404: "not_found",
    409: "conflict",
    412: "stale",
    413: "body_too_large",
    415: "wrong_media_type",
    422: "invalid",
    428: "precondition_required",
    429: "too_many_requests",
    500: "internal_error",
    503: "database_busy",
}


def takes(
    model: type[BaseModel],
    *examples: object,
    required: bool = True,
) -> dict[str, Any]:
    """Describe the JSON body, which routes read themselves, after the key."""
    BODIES[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"schema": schema, "examples": _named(examples)}
    return {
        "requestBody": {"required": required, "content": {"application/json": content}}
    }


def takes_yaml(
    example: str,
    *,
    also: type[BaseModel] | None = None,
    also_example: object = None,
) -> dict[str, Any]:
    """Describe a YAML body, which may also be sent as JSON of this form."""
    content: dict[str, Any] = {
        "application/yaml": {"schema": {"type": "string"}, "example": example}
    }
    if also is not None:
        content |= takes(also, also_example)["requestBody"]["content"]
    return {"requestBody": {"required": True, "content": content}}


def header(
    name: str, description: str, example: str, *, longest: int | None = None
) -> dict[str, Any]:
    """Describe a header that a route reads itself."""
    length = {"minLength": 1, "maxLength": longest} if longest else {}
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", **length},
        "example": example,
    }


def _named(examples: tuple[object, ...]) -> dict[str, Any]:
    return {f"example{n}": {"value": one} for n, one in enumerate(examples, 1)}
