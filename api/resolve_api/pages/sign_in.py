"""Signing in and out; what was typed before the session ended is kept."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access import signing_in
from resolve.access.errors import TooManyTries, WeakPassword
from resolve.access.models import Person
from resolve.access.signing_in import STAYS, Purpose, Try
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve_api.pages.said import said
from resolve_api.pages.showing import page
from resolve_api.pages.visits import COOKIE, Visit, Visitor, keep_cookie, own_path

router = APIRouter()
_SECRET = ("password", "present")
"""Fields that nobody keeps for later, whatever form they come from."""


@router.get("/sign-in")
def ask(visit: Visitor) -> Response:
    """Ask who it is."""
    return form(visit, next_=own_path(visit.ask("next")))


def form(
    visit: Visit,
    *,
    next_: str,
    status: int = 200,
    wrong: str = "",
    kept: list[tuple[str, str]] | None = None,
) -> Response:
    """Show the form; `kept` are the fields of a form that waits for the sign-in."""
    return page(
        visit,
        "sign_in.html",
        status=status,
        next=next_,
        wrong=wrong,
        login=visit.text("login") if visit.path == "/sign-in" else "",
        kept=kept or [],
    )


@router.post("/sign-in")
def sign_in(visit: Visitor) -> Response:
    """Sign somebody in and go on to where they were going."""
    next_ = own_path(visit.text("next"))
    kept = _kept(visit)
    tried = Try(
        visit.text("login"), visit.text("password"), address(visit), device(visit)
    )
    try:
        secret = _tried(visit, tried)
    except TooManyTries as why:
        wrong = said(visit.language, why)
        return form(visit, next_=next_, status=429, wrong=wrong, kept=kept)
    if secret is None:
        wrong = said(visit.language, signing_in.refused())
        return form(visit, next_=next_, status=401, wrong=wrong, kept=kept)
    if kept:
        return _signed(
            visit, secret, page(visit, "go_on.html", action=next_, kept=kept)
        )
    return _signed(visit, secret, visit.go(next_))


def _tried(visit: Visit, tried: Try) -> str | None:
    with transaction(visit.database) as session:
        signing_in.count_try(session, tried, at=now())
    with reading(visit.database) as session:
        known = signing_in.look_up(session, tried)
    fitting = signing_in.check(known, tried)
    if fitting is None:
        return None
    with transaction(visit.database) as session:
        return signing_in.sign_in(session, fitting, tried, at=now())


def send_to_sign_in(visit: Visit) -> Response:
    """Ask for the sign-in first; fields typed into a form go with it."""
    if visit.request.method != "POST":
        return visit.go("/sign-in", next=visit.here)
    fields = [
        (name, visit.text(name) if len(visit.texts(name)) == 1 else value)
        for name in dict.fromkeys(visit.form)
        if name not in _SECRET
        for value in visit.texts(name)
    ]
    note = visit.language.say(
        "You were signed out meanwhile. What you typed is kept: sign in and send it."
    )
    return form(visit, next_=visit.here, status=401, wrong=note, kept=fields)


def _kept(visit: Visit) -> list[tuple[str, str]]:
    names, values = visit.texts("kept_name"), visit.texts("kept_value")
    return list(zip(names, values, strict=False))


@router.post("/sign-out")
def sign_out(visit: Visitor) -> Response:
    """End the sign-in of this browser."""
    secret = visit.request.cookies.get(COOKIE, "")
    with transaction(visit.database) as session:
        signing_in.sign_out(session, secret, at=now())
    answer = visit.go("/sign-in")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.get("/link/{secret}")
def open_link(visit: Visitor, secret: str) -> Response:
    """Show what a one-time link is for; only sending the form uses it up."""
    with reading(visit.database) as session:
        found = signing_in.link(session, secret, at=now())
        person = session.get_one(Person, found.person_id)
    return _link(visit, secret, person, found.purpose)


@router.post("/link/{secret}")
def use_link(visit: Visitor, secret: str) -> Response:
    """Use a one-time link up: sign in, with a new password if it is for one."""
    at = now()
    typed = visit.text("password")
    chosen = signing_in.choose(typed) if typed else None
    try:
        with transaction(visit.database) as session:
            begun = signing_in.use_link(
                session,
                secret,
                device=device(visit),
                at=at,
                chosen=chosen,
            )
    except WeakPassword as why:
        with reading(visit.database) as session:
            found = signing_in.link(session, secret, at=at)
            person = session.get_one(Person, found.person_id)
        wrong = said(visit.language, why)
        return _link(visit, secret, person, found.purpose, wrong=wrong)
    return _signed(visit, begun, visit.go("/"))


def _link(
    visit: Visit, secret: str, person: Person, purpose: str, *, wrong: str = ""
) -> Response:
    return page(
        visit,
        "link.html",
        status=422 if wrong else 200,
        secret=secret,
        name=person.name,
        login=person.login,
        asks_password=purpose == Purpose.PASSWORD,
        shortest=signing_in.SHORTEST_PASSWORD,
        wrong=wrong,
        headers={"Referrer-Policy": "no-referrer"},
    )


def _signed(visit: Visit, secret: str, answer: Response) -> Response:
    """Give the browser a new secret: one it had before ends here."""
    before = visit.request.cookies.get(COOKIE, "")
    if before:
        with transaction(visit.database) as session:
            signing_in.sign_out(session, before, at=now())
    seconds = int(STAYS.total_seconds())
    keep_cookie(answer, visit.request, COOKIE, secret, seconds=seconds)
    return answer


def address(visit: Visit) -> str:
    """Give the address that a request comes from."""
    client = visit.request.client
    return client.host if client else ""


def device(visit: Visit) -> str:
    """Say which browser it is, as it calls itself."""
    return visit.request.headers.get("user-agent", "")
