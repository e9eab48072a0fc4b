"""How somebody wants their mail: each letter, a digest a day, or none; quiet hours."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from resolve.access.errors import BadPerson
from resolve.access.people import PersonChange, change_person
from resolve.access.table import Right
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import ResolveError
from resolve.messages.deliveries import look_anew
from resolve.messages.queries import waiting_for
from resolve.messages.rules import MailWish
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import SignedIn, Visit

router = APIRouter(prefix="/account/mail")

DONE["mail_saved"] = lambda it: it.say("Saved. Letters come like this from now on.")
SAID["half_quiet"] = lambda it, _: it.say(
    "Quiet hours have a beginning and an end, which differ; for none leave both empty."
)


class HalfQuiet(BadPerson):
    """Quiet hours that do not begin, do not end, or take no time."""

    code = "half_quiet"


@router.get("")
def show(visit: SignedIn) -> Response:
    """Show how one's mail comes."""
    return _show(visit)


@router.post("")
def save(visit: SignedIn) -> Response:
    """Save how one wants one's mail; what waits is looked at anew."""
    wanted = PersonChange(
        mail=visit.text("mail"),
        digest_at=visit.text("digest_at") or visit.person.digest_at,
        quiet_from=visit.text("quiet_from"),
        quiet_until=visit.text("quiet_until"),
    )
    at = now()
    try:
        _guard_quiet(visit.text("quiet_from"), visit.text("quiet_until"))
        with transaction(visit.database) as session:
            change_person(session, visit.person.id, wanted, who=visit.who, at=at)
            look_anew(session, visit.person.id, at=at)
    except ResolveError as why:
        return _show(visit, why)
    return visit.go("/account/mail", done="mail_saved")


def _guard_quiet(begin: str, end: str) -> None:
    if bool(begin) != bool(end) or (begin and begin == end):
        pointer = "/quiet_until" if begin else "/quiet_from"
        raise HalfQuiet("Quiet hours need both ends.", pointer=pointer)


def _show(visit: Visit, why: ResolveError | None = None) -> Response:
    person = visit.person
    kept = {
        "mail": person.mail,
        "digest_at": person.digest_at,
        "quiet_from": person.quiet_from or "",
        "quiet_until": person.quiet_until or "",
    }
    return page(
        visit,
        "mail/wishes.html",
        status=422 if why else 200,
        person=person,
        zone=visit.zone.key,
        typed=visit.typed() if why else kept,
        wrong={why.pointer.strip("/"): said(visit.language, why)} if why else {},
        next_at=_next(visit),
        wishes=[str(one) for one in MailWish],
        reads_all=visit.may(Right.RUN),
    )


def _next(visit: Visit) -> datetime | None:
    """Give when the next letter comes that waits already, if it is not about to."""
    with reading(visit.database) as session:
        due = waiting_for(session, visit.person.id)
    return due if due is not None and due > now() else None
