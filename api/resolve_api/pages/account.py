"""One's own account: how one is spoken to, the password, where one is signed in."""

from __future__ import annotations

from zoneinfo import available_timezones

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access import signing_in
from resolve.access.errors import WeakPassword
from resolve.access.models import Person
from resolve.access.people import PersonChange, change_person
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve_api.pages.said import said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.sign_in import device
from resolve_api.pages.visits import COOKIE, SignedIn, Visit, keep_cookie

router = APIRouter(prefix="/account")

DONE["account_saved"] = lambda it: it.say("Saved.")
DONE["password_set"] = lambda it: it.say(
    "Your password is changed. You are signed out everywhere else."
)
DONE["sign_in_ended"] = lambda it: it.say("That browser is signed out.")


@router.get("")
def show(visit: SignedIn) -> Response:
    """Show one's own account."""
    return _show(visit)


@router.post("")
def save(visit: SignedIn) -> Response:
    """Save how one wants to be spoken to."""
    wanted = PersonChange(
        name=visit.text("name"),
        email=visit.text("email"),
        language=visit.text("language"),
        zone=visit.text("zone"),
        theme=visit.text("theme"),
    )
    try:
        with transaction(visit.database) as session:
            change_person(session, visit.person.id, wanted, who=visit.who, at=now())
    except ResolveError as why:
        return _show(visit, why)
    return visit.go("/account", done="account_saved")


@router.post("/password")
def change_password(visit: SignedIn) -> Response:
    """Change the password; every other browser is signed out."""
    at = now()
    with transaction(visit.database) as session:
        person = session.get_one(Person, visit.person.id)
        if person.password and not signing_in.fits(person, visit.text("present")):
            return _show(visit, wrong=visit.language.say("That is not your password."))
        try:
            signing_in.set_password(session, person, visit.text("password"), at=at)
        except WeakPassword as why:
            return _show(visit, wrong=said(visit.language, why))
        secret = signing_in.begin(session, person, device=device(visit), at=at)
    answer = visit.go("/account", done="password_set")
    seconds = int(signing_in.STAYS.total_seconds())
    keep_cookie(answer, visit.request, COOKIE, secret, seconds=seconds)
    return answer


@router.post("/sign-ins/{sign_in}/end")
def end_sign_in(visit: SignedIn, sign_in: str) -> Response:
    """Sign a browser out."""
    with transaction(visit.database) as session:
        signing_in.end_sign_in(session, visit.person.id, sign_in, at=now())
    return visit.go("/account", done="sign_in_ended")


def _show(
    visit: Visit, why: ResolveError | None = None, *, wrong: str = ""
) -> Response:
    at = now()
    with reading(visit.database) as session:
        rows = signing_in.sign_ins(session, visit.person.id, at=at)
    return page(
        visit,
        "account.html",
        status=422 if why or wrong else 200,
        person=visit.person,
        here_id=visit.signed.sign_in_id if visit.signed else "",
        sign_ins=rows,
        zones=sorted(available_timezones()),
        wrong={why.pointer.strip("/"): said(visit.language, why)} if why else {},
        wrong_password=wrong,
        typed=visit.typed() if why else {},
        shortest=signing_in.SHORTEST_PASSWORD,
    )
