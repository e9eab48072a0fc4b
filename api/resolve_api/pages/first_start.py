"""The first start: whoever opens the page first makes the administrator."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access import signing_in
from resolve.access.errors import BadPerson, LoginTaken, WeakPassword
from resolve.access.people import PersonChange, add_person, anybody
from resolve.access.table import Role
from resolve.kit.clock import now
from resolve.kit.database import one_at_a_time, reading, transaction
from resolve.kit.errors import ResolveError
from resolve_api.pages.said import said
from resolve_api.pages.showing import page
from resolve_api.pages.sign_in import device
from resolve_api.pages.visits import COOKIE, Visit, Visitor, keep_cookie

router = APIRouter()
_WHO = "first start"
_LOCK = 7265740


@router.get("/first-start")
def ask(visit: Visitor) -> Response:
    """Ask for the administrator, once."""
    with reading(visit.database) as session:
        if anybody(session):
            return visit.go("/sign-in")
    return _form(visit)


@router.post("/first-start")
def make(visit: Visitor) -> Response:
    """Make the administrator and sign them in."""
    chosen = signing_in.choose(visit.text("password"))
    try:
        with transaction(visit.database) as session:
            one_at_a_time(session, _LOCK)
            if anybody(session):
                return visit.go("/sign-in")
            wanted = PersonChange(
                name=visit.text("name") or visit.text("login"),
                email=visit.text("email"),
                roles=[Role.ADMINISTRATOR, Role.QUALITY_MANAGER],
                language=visit.language.code,
            )
            at = now()
            made = add_person(session, visit.text("login"), wanted, who=_WHO, at=at)
            signing_in.set_password(session, made, chosen, at=at)
            secret = signing_in.begin(session, made, device=device(visit), at=at)
    except (BadPerson, LoginTaken, WeakPassword) as why:
        return _form(visit, why)
    answer = visit.go("/admin", done="first_start")
    seconds = int(signing_in.STAYS.total_seconds())
    keep_cookie(answer, visit.request, COOKIE, secret, seconds=seconds)
    return answer


def _form(visit: Visit, why: ResolveError | None = None) -> Response:
    return page(
        visit,
        "first_start.html",
        status=422 if why else 200,
        typed=visit.typed(),
        wrong={why.pointer.strip("/"): said(visit.language, why)} if why else {},
        shortest=signing_in.SHORTEST_PASSWORD,
    )
