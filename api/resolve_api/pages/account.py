"""One's own account: how one is spoken to, the password, where one is signed in."""

from __future__ import annotations

from zoneinfo import available_timezones

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access import signing_in
from resolve.access.errors import TooManyTries, WeakPassword
from resolve.access.models import Person
from resolve.access.people import PersonChange, change_person
from resolve.access.signing_in import Try
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve_api.pages.said import said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.sign_in import address, device
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
        wording_help=bool(visit.text("wording_help")),
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
    try:
        secret = _changed(visit)
    except (TooManyTries, WeakPassword) as why:
        return _show(visit, wrong=said(visit.language, why))
    if secret is None:
        return _show(visit, wrong=visit.language.say("That is not your password."))
    answer = visit.go("/account", done="password_set")
    seconds = int(signing_in.STAYS.total_seconds())
    keep_cookie(answer, visit.request, COOKIE, secret, seconds=seconds)
    return answer


def _changed(visit: Visit) -> str | None:
    """Change the password if the present one is right; None: it is not."""
    tried = Try(visit.person.login, visit.text("present"), address(visit))
    has_one = visit.person.password is not None
    if has_one and not _is_right(visit, tried):
        return None
    chosen, at = signing_in.choose(visit.text("password")), now()
    with transaction(visit.database) as session:
        person = session.get_one(Person, visit.person.id, with_for_update=True)
        if person.password != visit.person.password:
            return None
        signing_in.set_password(session, person, chosen, at=at)
        if has_one:
            signing_in.forgive(session, tried, at=at)
        return signing_in.begin(session, person, device=device(visit), at=at)


def _is_right(visit: Visit, tried: Try) -> bool:
    with transaction(visit.database) as session:
        signing_in.count_try(session, tried, at=now())
    return signing_in.fits(visit.person, tried.password)


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
