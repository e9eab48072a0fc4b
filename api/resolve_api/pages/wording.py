"""Wording that looks for a culprit, noticed while somebody types; nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.wording import look
from resolve_api.pages.showing import page
from resolve_api.pages.visits import SignedIn

router = APIRouter()

_SHOWN = 3  # findings at once: more would be a lecture


@router.post("/wording")
def notice(visit: SignedIn) -> Response:
    """Give the note for a field, empty where nothing was noticed."""
    wanted = visit.person.wording_help
    looked = look(visit.text("text"), visit.language.code) if wanted else None
    return page(
        visit,
        "wording/note.html",
        headers={"Cache-Control": "no-store"},
        looked=looked,
        findings=looked.findings[:_SHOWN] if looked else (),
        sending=visit.text("sending") == "yes",
    )
