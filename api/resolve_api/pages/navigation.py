"""The menu: where somebody may go, in the order of a day's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resolve.access.table import Right
from resolve.kit.language import Language
from resolve_api.pages.visits import Visit


@dataclass(frozen=True, slots=True)
class Way:
    """A page in the menu."""

    path: str
    title: str
    here: bool


_Named = Callable[[Language], str]
_WAYS: tuple[tuple[str, tuple[Right, ...], _Named], ...] = (
    ("/inbox", (Right.ANSWER,), lambda it: it.say("My tasks")),
    ("/board", (Right.HANDLE,), lambda it: it.say("Board")),
    ("/file", (Right.FILE,), lambda it: it.say("File a complaint")),
    ("/cases", (Right.READ,), lambda it: it.say("Cases")),
    ("/search", (Right.READ,), lambda it: it.say("Search")),
    ("/maps", (Right.READ, Right.MAPS), lambda it: it.say("Process maps")),
    ("/admin", (Right.PEOPLE, Right.RUN), lambda it: it.say("Administration")),
)


def ways(visit: Visit) -> list[Way]:
    """Give the pages that this person may open from everywhere."""
    return [
        Way(path, named(visit.language), visit.path.startswith(path))
        for path, rights, named in _WAYS
        if visit.may(*rights)
    ]


def home(visit: Visit) -> str:
    """Give the page on which this person's day begins."""
    if visit.may(Right.HANDLE):
        return "/board"
    if visit.may(Right.ANSWER):
        return "/inbox"
    if visit.may(Right.PEOPLE):
        return "/admin"
    return "/file"
