"""Letters: those in the local folder, to read; those that wait, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.people import names_of
from resolve.departments.queries import by_id
from resolve.handling.mail import mail_folder
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.language import Language
from resolve.messages import kept
from resolve.messages.deliveries import try_again
from resolve.messages.models import Delivery, DeliveryState
from resolve.messages.queries import on_the_way
from resolve_api.pages.admin_frame import tabs
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import Runner

router = APIRouter(prefix="/mail")
_ON_A_PAGE = 50
_SHOWN_WAITING = 100

DONE["letters_tried"] = lambda it: it.say(
    "What could not be sent is tried again now. Look again in a minute."
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter on its way, as it is shown."""

    to: str
    since: datetime
    due: datetime
    tries: int
    why: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a letter; with an address of ours it is a link."""

    text: str
    path: str = ""


@router.get("")
def show(visit: Runner) -> Response:
    """Show what waits, and the newest letters of the folder."""
    chosen = visit.shop.settings
    before = visit.ask("before")
    found = kept.newest(mail_folder(chosen), before=before, most=_ON_A_PAGE + 1)
    with reading(visit.database) as session:
        way = on_the_way(session, most=_SHOWN_WAITING)
        waiting = _shown(session, visit.language, way.waiting)
        in_vain = _shown(session, visit.language, way.in_vain)
    return page(
        visit,
        "mail/list.html",
        tabs=tabs(visit),
        letters=found[:_ON_A_PAGE],
        next_before=found[_ON_A_PAGE - 1].name if len(found) > _ON_A_PAGE else "",
        is_first=not before,
        waiting=waiting,
        in_vain=in_vain,
        all_waiting=way.all_waiting,
        all_in_vain=way.all_in_vain,
        may_try=bool(in_vain) or any(one.tries for one in waiting),
        server=chosen.smtp_host or "",
    )


@router.post("/try")
def try_all(visit: Runner) -> Response:
    """Let everything that was tried in vain be tried now."""
    with transaction(visit.database) as session:
        try_again(session, at=now())
    return visit.go("/mail", done="letters_tried")


@router.get("/{name}")
def read(visit: Runner, name: str) -> Response:
    """Show a letter as text."""
    chosen = visit.shop.settings
    letter = kept.letter(mail_folder(chosen), name)
    pieces = list(in_pieces(letter.text, chosen.link("")))
    return page(
        visit, "mail/letter.html", tabs=tabs(visit), letter=letter, pieces=pieces
    )


def in_pieces(text: str, ours: str) -> Iterator[Piece]:
    """Cut a text at addresses of our own pages, which become links.

    >>> [one.path for one in in_pieces("See http://a/tasks/1 now", "http://a")]
    ['', '/tasks/1', '']
    """
    end = 0
    for found in re.finditer(rf"{re.escape(ours)}(/[\w/.~-]*)", text):
        yield Piece(text[end : found.start()])
        yield Piece(found[0], found[1])
        end = found.end()
    yield Piece(text[end:])


def _shown(
    session: Session, language: Language, letters: Sequence[Delivery]
) -> list[Waiting]:
    names = _names(session, language, letters)
    return [
        Waiting(
            names.get(one.addressee, one.addressee.partition(":")[2]),
            one.created_at,
            one.due_at,
            one.tries,
            _why(language, one),
        )
        for one in letters
    ]


def _why(language: Language, one: Delivery) -> str:
    if one.state == DeliveryState.NO_ADDRESS:
        return language.say("No e-mail is known.")
    return one.trouble or ""


def _names(
    session: Session, language: Language, letters: Sequence[Delivery]
) -> Mapping[str, str]:
    keys = {one.addressee for one in letters}
    departments = {key.partition(":")[2] for key in keys if key.startswith("dep")}
    titles = {
        f"department:{id_}": one.titled(language.code)
        for id_, one in by_id(session, departments).items()
    }
    people = names_of(session, [key for key in keys if key.startswith("person:")])
    return {"customer": language.say("a customer"), **titles, **people}
