"""The first page: on to where somebody's day begins."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access.people import anybody
from resolve.kit.database import reading
from resolve_api.pages.navigation import home
from resolve_api.pages.visits import Visitor, keep_cookie, own_path

router = APIRouter()
_A_YEAR = 365 * 24 * 3600


@router.get("/")
def first(visit: Visitor) -> Response:
    """Go on to the day's work, the sign-in, or the making of the first account."""
    if visit.signed is not None:
        return visit.go(home(visit))
    with reading(visit.database) as session:
        begun = anybody(session)
    return visit.go("/sign-in" if begun else "/first-start")


@router.post("/look")
def look(visit: Visitor) -> Response:
    """Choose language or theme for this browser, before somebody signs in."""
    answer = visit.go(own_path(visit.text("next")))
    for name, known in (("language", ("en", "ru", "uk")), ("theme", ("light", "dark"))):
        chosen = visit.text(name)
        if chosen in known or (name == "theme" and chosen == "auto"):
            keep_cookie(answer, visit.request, name, chosen, seconds=_A_YEAR)
    return answer
