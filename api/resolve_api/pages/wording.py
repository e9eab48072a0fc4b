"""Wording that looks for a culprit, noticed while somebody types; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from resolve.wording import Finding, look
from resolve_api.pages.showing import page
from resolve_api.pages.visits import SignedIn

router = APIRouter()

_MOST = 20  # findings; the page shows the first three that were not left before
_AROUND = 80  # characters of a sentence before and behind what was noticed


@dataclass(frozen=True, slots=True)
class Noticed:
    """A sentence, what was noticed in it, and what is offered instead of all of it."""

    found: Finding
    sentence: str

    @property
    def before(self) -> str:
        """Give what the sentence begins with, if long its last words."""
        begins = self.sentence[: self.found.start - self.found.first]
        return begins if len(begins) <= _AROUND else f"… {begins[-_AROUND:]}"

    @property
    def behind(self) -> str:
        """Give what the sentence ends with, if long its first words."""
        ends = self.sentence[self.found.end - self.found.first :]
        return ends if len(ends) <= _AROUND else f"{ends[:_AROUND]} …"


@router.post("/wording")
def notice(visit: SignedIn) -> Response:
    """Give the note for a field, empty where nothing was noticed."""
    text = visit.text("text")
    wanted = visit.person.wording_help
    looked = look(text, visit.language.code) if wanted else None
    found = looked.findings[:_MOST] if looked else ()
    return page(
        visit,
        "wording/note.html",
        headers={"Cache-Control": "no-store"},
        looked=looked,
        noticed=[Noticed(one, text[one.first : one.last]) for one in found],
        sending=visit.text("sending") == "yes",
    )
