"""How to complain here, in plain words: for whoever comes."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve_api.pages.doors import limits_of
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Visitor

router = APIRouter()


@router.get("/how-to-complain")
def show(visit: Visitor) -> Response:
    """Say where, how, what is needed, what happens and by when."""
    settings = visit.shop.settings
    return page(
        visit,
        "public/how_to.html",
        open=settings.public_form,
        within=settings.answer_within,
        limits=limits_of(settings),
    )
