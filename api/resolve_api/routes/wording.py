"""Wording that looks for a culprit, noticed in any text; nothing of it is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from resolve.access.table import Right
from resolve.wording import Kind, Looked, look
from resolve_api import bodies
from resolve_api.dependencies import LARGEST, Call, needs
from resolve_api.documented import answers as answered
from resolve_api.documented import takes
from resolve_api.replies import reply

router = APIRouter(prefix="/wording", tags=["wording"])

Anybody = Annotated[Call, Depends(needs(*Right))]

_TEXT = "Stock always sends it late."
_FOUND = {
    "start": 0,
    "end": 12,
    "kind": "generalisation",
    "text": "Stock always",
    "suggestion": "The hand-over from stock came after the agreed time; "
    "what would help is ...",
}


class WordingBody(bodies.Body):
    """A text; `language` decides only where its letters do not."""

    text: Annotated[str, Field(max_length=LARGEST)]
    language: Literal["en", "ru", "uk"] | None = None


class FoundWording(BaseModel):
    """What was noticed: characters `start` to `end`, and what is offered instead."""

    start: int
    end: int
    kind: Kind
    text: str
    suggestion: str


class LookedAt(BaseModel):
    """At most one finding per sentence; of a long text the first `read` characters."""

    findings: list[FoundWording]
    read: int


@router.post(
    "",
    summary="Notice wording that looks for a culprit",
    description="For what colleagues write to each other, never for customers' own "
    "words. A suggestion keeps the fact and turns it to the hand-over and to what "
    "would help. `start` and `end` count characters (code points). Nothing is stored.",
    responses=answered(
        {200: ("What was noticed.", {"findings": [_FOUND], "read": len(_TEXT)})},
        model=LookedAt,
        body=True,
    ),
    openapi_extra=takes(WordingBody, {"text": _TEXT, "language": "en"}),
)
def notice_wording(call: Anybody) -> Response:
    body = call.body(WordingBody)
    return reply(_shape(look(body.text, body.language)))


def _shape(looked: Looked) -> dict[str, object]:
    findings = [
        {
            "start": one.start,
            "end": one.end,
            "kind": one.kind.value,
            "text": one.text,
            "suggestion": one.suggestion,
        }
        for one in looked.findings
    ]
    return {"findings": findings, "read": looked.read}
