"""The OpenAPI description, and its page, which works without internet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from resolve_api.answers import Problem
from resolve_api.documented import BODIES

OPENAPI = "/api/v1/openapi.json"
_PAGE, _ASSETS = "/api/docs", "/api/docs-assets"
_OPEN = ("/health", "/ready", "/metrics")
_REFS = "#/components/schemas/{model}"
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)


def describe(app: FastAPI) -> dict[str, Any]:
    """Give the OpenAPI description, made once."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        parts = found.setdefault("components", {})
        parts.setdefault("schemas", {}).update(_bodies())
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"key": []}]
        for path, operations in found["paths"].items():
            for operation in operations.values():
                _finish(path, operation)
        for unused in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(unused, None)
        app.openapi_schema = found
    return app.openapi_schema


def _bodies() -> dict[str, Any]:
    models = [(model, "validation") for model in (*BODIES.values(), Problem)]
    _, defined = models_json_schema(models, ref_template=_REFS)  # type: ignore[arg-type]
    schemas: dict[str, Any] = defined["$defs"]
    for schema in schemas.values():
        _without_nul(schema)
    return schemas


def _without_nul(schema: Any) -> None:  # noqa: ANN401  JSON
    """Say of every text what holds for all: no database can hold a NUL."""
    if isinstance(schema, list):
        for one in schema:
            _without_nul(one)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "string" and not {"format", "enum"} & set(schema):
        some = r"[^\s\u0000][^\u0000]*" if "pattern" in schema else ""
        schema["pattern"] = rf"^[^\u0000]*{some}$"
    for key, one in schema.items():
        if key not in ("examples", "example", "default"):
            _without_nul(one)


def _finish(path: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    # FastAPI's own form of refused parameters, which we answer with a 400.
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    _without_empty(answers)
    if path.endswith(_OPEN):
        operation["security"] = []


def _without_empty(answers: dict[str, Any]) -> None:
    """Drop the JSON that FastAPI adds to answers which are no JSON."""
    for answer in answers.values():
        content = answer.get("content", {})
        if len(content) > 1 and content.get("application/json") == {"schema": {}}:
            del content["application/json"]


def serve_documentation(router: APIRouter) -> None:
    """Add the page, with everything it needs from this machine."""
    assets = Path(fastapi_offline.__file__).parent / "static"
    router.mount(_ASSETS, StaticFiles(directory=assets), name="documentation assets")
    router.get(_PAGE, include_in_schema=False)(_page)


def _page(request: Request) -> HTMLResponse:
    made = get_swagger_ui_html(
        openapi_url=OPENAPI,
        title=request.app.title,
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon.png",
    )
    made.headers["Content-Security-Policy"] = _POLICY
    return made
