"""Diagrams as answers; what cannot be drawn is told in words instead."""

from __future__ import annotations

from enum import StrEnum

from starlette.responses import Response

from resolve import diagrams
from resolve.chain.model import ValueChain
from resolve_api.documented import Responses

TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
# An SVG opened by itself may run nothing and fetch nothing.
STRICT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Format(StrEnum):
    """What a diagram is sent as."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


def picture(
    chain: ValueChain,
    kind: Format,
    *,
    language: str,
    department: str | None = None,
    case: diagrams.CaseState | None = None,
    times: diagrams.Times | None = None,
) -> Response:
    """Draw a chain, or tell it in words where there is no picture."""
    headers = {
        "Content-Security-Policy": STRICT,
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    view = diagrams.View(
        language=language, department=department, case=case, times=times
    )
    try:
        drawn = diagrams.render(chain, format=kind, **view)
    except diagrams.CannotDraw:
        words = diagrams.outline(chain, **view)
        return Response(words, 200, headers, "text/plain; charset=utf-8")
    return Response(drawn, 200, headers, TYPES[kind])


def drawn(*kinds: str) -> Responses:
    """Describe the answer with a picture."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {TYPES[kind]: binary for kind in kinds}
    content["text/plain"] = {"schema": {"type": "string"}}
    return {200: {"description": "The diagram, or its outline.", "content": content}}
