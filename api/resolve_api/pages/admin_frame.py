"""What all pages of the administration share: the row of pages, and their rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from starlette.responses import Response

from resolve.access.table import Right
from resolve.kit.language import Language
from resolve_api.pages.admin_words import hours_in_words
from resolve_api.pages.navigation import Way
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Visit, allowed

Administrator = Annotated[
    Visit, allowed(Right.PEOPLE, Right.REGISTER, Right.KEYS, Right.RUN)
]
"""Everybody who looks after any of it."""

ANY = (Right.PEOPLE, Right.REGISTER, Right.KEYS, Right.RUN)
_Named = Callable[[Language], str]
_TABS: tuple[tuple[str, tuple[Right, ...], _Named], ...] = (
    ("/admin", ANY, lambda it: it.say("Overview")),
    ("/admin/people", (Right.PEOPLE,), lambda it: it.say("People")),
    ("/admin/departments", (Right.REGISTER,), lambda it: it.say("Departments")),
    ("/admin/calendars", (Right.REGISTER,), lambda it: it.say("Working hours")),
    ("/admin/keys", (Right.KEYS,), lambda it: it.say("Keys")),
    ("/admin/events", (Right.RUN,), lambda it: it.say("Failed events")),
    ("/admin/journal", (Right.RUN,), lambda it: it.say("Journal")),
    ("/mail", (Right.RUN,), lambda it: it.say("Letters")),
)


def admin_page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    **facts: Any,  # noqa: ANN401  what the template shows
) -> Response:
    """Make a page of the administration, with the row of its pages above."""
    it = visit.language
    return page(
        visit,
        f"admin/{template}",
        status=status,
        tabs=tabs(visit),
        hours_named=lambda calendar: hours_in_words(it, calendar),
        **facts,
    )


def tabs(visit: Visit) -> list[Way]:
    """Give the pages of the administration that this person may open."""
    return [
        Way(path, named(visit.language), _is_here(visit.path, path))
        for path, rights, named in _TABS
        if visit.may(*rights)
    ]


def _is_here(here: str, path: str) -> bool:
    inside = path != "/admin" and here.startswith(f"{path}/")
    return here == path or inside
