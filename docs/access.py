"""Write out who may do what: `python docs/access.py` makes `docs/access.md`.

Rights come from the one table, `resolve.access.table`; which page and which address of
the API asks for which right comes from the routes. A test compares the document with
this, and every cell of it with what really happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import getclosurevars
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from resolve.access.table import (
    EVERYBODY,
    Right,
    Role,
    Scope,
    rights_of_roles,
    rights_of_scopes,
)
from resolve_api import application, dependencies, pages
from resolve_api.pages import visits

DOCUMENT = Path(__file__).with_name("access.md")
YES, NO = "yes", "-"
_MEANINGS = {
    Right.FILE: "file complaints",
    Right.READ_OWN: "see what one filed oneself",
    Right.READ: "see cases, tasks and maps; a partner: of its own cases",
    Right.FEED: "tell when steps of orders really began and ended",
    Right.TALK: "take part in the talk of a case one may see",
    Right.ANSWER: "answer tasks and requests of one's departments",
    Right.SETTLE: "settle a complaint at once, within one's authority",
    Right.ANSWER_CUSTOMER: "answer and end the customer's side",
    Right.HANDLE: "place, review, agree, extend, withdraw, close, of any department",
    Right.MAPS: "write, publish and retire maps",
    Right.REGISTER: "departments, calendars and who belongs to them",
    Right.PEOPLE: "people and how they sign in",
    Right.KEYS: "keys of clients",
    Right.RUN: "failed events, health, verification of the journal",
}
_INTRODUCTION = """# Who may do what

One table, `src/resolve/access/table.py`, serves pages, commands and the API. This page
is written out of it and of the routes by `python docs/access.py`; a test walks through
every cell with a browser or a key of its own.

A person has the rights of all their roles, and everybody who signs in may file and see
what they filed themselves. A key has the rights of all its scopes; a key of a
department acts for that department only and does not settle, answer customers or handle
cases; a key of a person may do what both its scopes and the person may.

What of a right is meant is decided where the thing is at hand: heads, members and
champions act for their own departments; people and keys of partners see the cases in
which they take part, without the customer's identity. What somebody may not see is
answered like what does not exist: 404. So an address that somebody gets to may still
refuse this task or that case.
"""


@dataclass(frozen=True, slots=True)
class Door:
    """An address and a method, and what is asked for there.

    `rights`: one of them is needed. Without any, `signed` tells whether one signs in.
    """

    method: str
    path: str
    rights: frozenset[Right]
    signed: bool

    def opens_for(self, rights: frozenset[Right] | None) -> bool:
        """Tell whether somebody with these rights gets in; None: nobody known."""
        if rights is None:
            return not self.rights and not self.signed
        return not self.rights or bool(self.rights & rights)


def page_doors() -> list[Door]:
    """Give every page and form, in the order of their addresses."""
    return _doors((part.router for part in pages._PARTS), "")  # noqa: SLF001


def api_doors() -> list[Door]:
    """Give every address of the API that asks for a key."""
    routers = (part.router for part in application._ROUTERS)  # noqa: SLF001
    return _doors(routers, application.PREFIX)


def people() -> Mapping[str, frozenset[Right] | None]:
    """Give the columns of pages: each kind of visitor and their rights."""
    roles = {str(role).replace("_", " "): rights_of_roles([role]) for role in Role}
    return {"not signed in": None, "no role": EVERYBODY} | roles


def keys() -> Mapping[str, frozenset[Right]]:
    """Give the columns of the API: each kind of key and its rights."""
    plain = {str(scope): rights_of_scopes([scope]) for scope in Scope}
    of_department = rights_of_scopes([Scope.ACT], of_department=True)
    return plain | {"act, of a department": of_department}


def document() -> str:
    """Give the whole page."""
    rights = list(Right)
    held = {name: have for name, have in people().items() if have is not None}
    of_role = [
        [
            f"`{right}`",
            _MEANINGS[right],
            *_cells(right in have for have in held.values()),
        ]
        for right in rights
    ]
    of_key = [
        [f"`{right}`", *_cells(right in have for have in keys().values())]
        for right in rights
    ]
    parts = [
        _INTRODUCTION,
        "## The rights of each role\n",
        _table(["right", "to", *held], of_role),
        "## The rights of each scope\n",
        _table(["right", *keys()], of_key),
        "## Pages\n",
        _table(["page", "right asked for", *people()], _rows(page_doors(), people())),
        "## API\n",
        _table(["address", "right asked for", *keys()], _rows(api_doors(), keys())),
    ]
    return "\n".join(parts)


def _doors(routers: Iterable[APIRouter], prefix: str) -> list[Door]:
    found = [
        Door(method, prefix + route.path, *_asked(route.dependant))
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ]
    return sorted(found, key=lambda one: (one.path, one.method))


def _asked(dependant: Dependant) -> tuple[frozenset[Right], bool]:
    """Give the rights that the dependencies of a route ask for, and a sign-in."""
    rights: frozenset[Right] = frozenset()
    signed = False
    for known in _closures(dependant):
        rights |= frozenset(known["rights"])
        signed = signed or bool(known.get("signed"))
    return rights, signed or bool(rights)


def _closures(dependant: Dependant) -> Iterator[Mapping[str, Any]]:
    makers = (visits.visitor.__qualname__, dependencies.needs.__qualname__)
    for one in dependant.dependencies:
        call: Callable[..., Any] | None = one.call
        if call is not None and call.__qualname__.partition(".")[0] in makers:
            yield getclosurevars(call).nonlocals
        yield from _closures(one)


def _rows(
    doors: Sequence[Door], columns: Mapping[str, frozenset[Right] | None]
) -> Iterator[list[str]]:
    """Give a row for each address, methods with the same answer together."""
    for (path, rights, signed), same in groupby(
        sorted(doors, key=lambda one: (one.path, sorted(one.rights), one.signed)),
        key=lambda one: (one.path, one.rights, one.signed),
    ):
        methods = [one.method for one in same]
        door = Door(methods[0], path, rights, signed)
        asked = ", ".join(f"`{one}`" for one in Right if one in rights)
        asked = asked.replace(", ", " or ") or ("a sign-in" if signed else "nothing")
        opens = (door.opens_for(have) for have in columns.values())
        yield [f"{' '.join(methods)} `{path}`", asked, *_cells(opens)]


def _cells(opens: Iterable[bool]) -> list[str]:
    return [YES if one else NO for one in opens]


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(DOCUMENT)
