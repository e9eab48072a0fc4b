"""Who looks at a page: somebody signed in, or a visitor.

A route takes one of the dependencies made here as its first parameter: `visitor()` for
pages that everybody may see, `allowed(Right...)` for those of people who may do it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from resolve.access import signing_in
from resolve.access.models import Person
from resolve.access.service import Client
from resolve.access.table import Right
from resolve.departments.clients import client_of_person
from resolve.departments.queries import calendar
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Forbidden
from resolve.kit.language import LANGUAGES, Language, language
from resolve_api.dependencies import Shop, by_weight
from resolve_api.pages.origins import guard_origin

COOKIE = "resolve"
_MOST_FIELDS = 2000
_LARGEST_FIELD = 1_000_000
_MOST_FILES = 10


class NotAllowed(Forbidden):
    """Signed in, but not somebody who does this."""

    code = "not_allowed"


class SignInNeeded(Exception):
    """The page is for people who are signed in; what was typed is kept."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in, in this browser."""

    sign_in_id: str
    person: Person
    client: Client


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser, as page routes see it."""

    request: Request
    shop: Shop
    language: Language
    zone: ZoneInfo
    theme: str
    form: FormData
    signed: Signed | None = None

    @property
    def database(self) -> Database:
        return self.shop.database

    @property
    def client(self) -> Client:
        """Who acts; only on pages that ask for a sign-in."""
        return self._signed.client

    @property
    def person(self) -> Person:
        """Who is signed in; only on pages that ask for a sign-in."""
        return self._signed.person

    @property
    def who(self) -> str:
        """Name the person in the journal."""
        return self.client.who

    @property
    def _signed(self) -> Signed:
        if self.signed is None:
            raise SignInNeeded(self)
        return self.signed

    @property
    def path(self) -> str:
        return str(self.request.url.path)

    @property
    def here(self) -> str:
        """Give the address of this page with its question."""
        question = self.request.url.query
        return f"{self.path}?{question}" if question else self.path

    def may(self, *rights: Right) -> bool:
        """Tell whether who is signed in has one of these rights."""
        return self.signed is not None and not self.client.rights.isdisjoint(rights)

    def ask(self, name: str) -> str:
        """Give a value of the address's question, without spaces around."""
        return self.request.query_params.get(name, "").strip()

    def text(self, name: str) -> str:
        """Give what was typed into a field; empty if it is not there."""
        value = self.form.get(name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Give all values of a field."""
        return [one for one in self.form.getlist(name) if isinstance(one, str)]

    def files(self, name: str) -> list[UploadFile]:
        """Give the files of a field that were chosen."""
        given = self.form.getlist(name)
        return [one for one in given if isinstance(one, UploadFile) and one.filename]

    def typed(self) -> dict[str, str]:
        """Give all texts of the form, to show them again beside what is wrong."""
        return {name: self.text(name) for name in self.form}

    def moment(self, at: datetime) -> str:
        return self.language.moment(at, self.zone)

    def go(self, path: str, *, done: str = "", **question: str) -> Response:
        """Go on to another page of ours; `done` names what it says was done."""
        asked = question | ({"done": done} if done else {})
        sign = "&" if "?" in path else "?"
        return RedirectResponse(
            f"{path}{sign}{urlencode(asked)}" if asked else path, 303
        )


def own_path(path: str) -> str:
    """Give an address to go on to: only ever one of ours."""
    plain = path.strip()
    inside = plain.startswith("/") and not plain.startswith(("//", "/\\"))
    usable = inside and "\\" not in plain and all(sign >= " " for sign in plain)
    return plain if usable else "/"


def visitor(
    *rights: Right, signed: bool = False
) -> Callable[[Request], Coroutine[Any, Any, Visit]]:
    """Make the dependency of a page; with rights, or `signed`, one signs in first.

    It is `async` because only there can a form be read.
    """

    async def visit(request: Request) -> Visit:
        guard_origin(request)
        form = FormData()
        if request.method == "POST":
            form = await request.form(
                max_files=_MOST_FILES,
                max_fields=_MOST_FIELDS,
                max_part_size=_LARGEST_FIELD,
            )
        made = await run_in_threadpool(visit_of, request, form)
        request.state.visit = made
        if (signed or rights) and made.signed is None:
            raise SignInNeeded(made)
        if rights and not made.may(*rights):
            raise NotAllowed(
                "This page is not among those for your roles.",
                hint="Ask the administrator if you need it.",
            )
        return made

    return visit


def allowed(*rights: Right) -> Any:  # noqa: ANN401  a dependency
    """Make the dependency of a page for people who have one of these rights."""
    return Depends(visitor(*rights))


Visitor = Annotated[Visit, Depends(visitor())]
"""Everybody, signed in or not."""

SignedIn = Annotated[Visit, Depends(visitor(signed=True))]
"""Everybody who is signed in."""

Reader = Annotated[Visit, allowed(Right.READ)]
Answerer = Annotated[Visit, allowed(Right.ANSWER, Right.HANDLE)]
Facilitator = Annotated[Visit, allowed(Right.HANDLE)]
Filer = Annotated[Visit, allowed(Right.FILE)]
Talker = Annotated[Visit, allowed(Right.TALK)]
MapReader = Annotated[Visit, allowed(Right.READ, Right.MAPS)]
MapMaker = Annotated[Visit, allowed(Right.MAPS)]
Registrar = Annotated[Visit, allowed(Right.REGISTER)]
PeopleKeeper = Annotated[Visit, allowed(Right.PEOPLE)]
KeyKeeper = Annotated[Visit, allowed(Right.KEYS)]
Runner = Annotated[Visit, allowed(Right.RUN)]
"""Each: everybody who may do what the right says."""


def visit_of(request: Request, form: FormData) -> Visit:
    """Find out who it is and how they want to be spoken to."""
    shop: Shop = request.app.state.shop
    secret = request.cookies.get(COOKIE, "")
    at = now()
    with reading(shop.database) as session:
        signed = _signed(session, secret, at) if secret else None
        stale = signed is not None and signing_in.is_stale(session, secret, at=at)
        zone = _zone(session, signed)
    if stale:
        with transaction(shop.database) as session:
            signing_in.seen(session, secret, at=at)
    return Visit(
        request,
        shop,
        language(_spoken(request, signed, shop)),
        zone,
        _theme(request, signed),
        form,
        signed,
    )


def _signed(session: Session, secret: str, at: datetime) -> Signed | None:
    found = signing_in.present(session, secret, at=at)
    if found is None:
        return None
    return Signed(found.id, found.person, client_of_person(session, found.person))


def _zone(session: Session, signed: Signed | None) -> ZoneInfo:
    if signed is not None and signed.person.zone:
        return ZoneInfo(signed.person.zone)
    return calendar(session).calendar.tz


def _spoken(request: Request, signed: Signed | None, shop: Shop) -> str:
    """Give the person's language, else what this browser chose, else what it asks."""
    own = signed.person.language if signed else None
    if own:
        return own
    chosen = request.cookies.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    wanted = by_weight(request.headers.get("accept-language", ""))
    spoken = (one[:2] for one in wanted if one[:2] in LANGUAGES)
    return next(spoken, shop.settings.language)


def _theme(request: Request, signed: Signed | None) -> str:
    if signed is not None:
        return signed.person.theme
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in ("light", "dark") else "auto"


def keep_cookie(
    answer: Response, request: Request, name: str, value: str, *, seconds: int
) -> None:
    """Set a cookie of ours: read by no script, sent to no other site."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
