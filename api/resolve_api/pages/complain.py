"""The public form: a customer complains, without an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from resolve.complaints import queries as complaints
from resolve.complaints import tracking
from resolve.kit.database import reading
from resolve.kit.errors import ResolveError
from resolve_api.pages.doors import Counted, limits_of, too_many
from resolve_api.pages.handing_in import (
    LENGTHS,
    Handed,
    file_once,
    handed_in,
    house_of,
    key_of,
    new_key,
)
from resolve_api.pages.places import all_places, choice_named, lines
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Visit, Visitor

router = APIRouter()

SOURCE = "public form"
CUSTOMER = "customer"
"""Who acts, in the journal, where a customer does."""

_TRAP = "leave_empty"
SAID["too_many_requests"] = lambda it, why: it.say(
    "Very many complaints came from where you are. Please wait {time} and send it "
    "again.",
    time=it.duration(timedelta(minutes=-(-int(why.extra.get("seconds", 60)) // 60))),
)


@dataclass(slots=True)
class _Shown:
    """How the form looks: what was typed, and what of it is wrong."""

    typed: Mapping[str, str]
    key: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    wrong_files: Sequence[str] = ()
    trouble: str = ""
    status: int = 200


@router.get("/complain")
def show(visit: Visitor) -> Response:
    """Show the form; an address on a label or bill may name place and order."""
    if not visit.shop.settings.public_form:
        return _closed(visit)
    asked = ("map", "touchpoint", "promise")
    map_id, touchpoint, promise = (visit.ask(name) for name in asked)
    with reading(visit.database) as session:
        known = all_places(session, visit.language.code)
    where = choice_named(known, map_id, touchpoint, promise) if touchpoint else ""
    order = visit.ask("order")[: LENGTHS["order"]]
    return _show(visit, _Shown({"where": where, "order": order}, new_key()))


@router.post("/complain")
def send(wait: Counted, visit: Visitor) -> Response:
    """File the complaint and go on to its private link."""
    if not visit.shop.settings.public_form:
        return _closed(visit)
    shown = _Shown(visit.typed(), key_of(visit))
    if wait:
        shown.trouble, shown.status = said(visit.language, too_many(wait)), 429
        return _show(visit, shown)
    if visit.text(_TRAP):
        # Programs fill in what nobody sees; should a browser do so, nothing is lost.
        shown.trouble, shown.status = _once_more(visit), 422
        return _show(visit, shown)
    handed = handed_in(visit, source=SOURCE)
    if not handed.is_good:
        return _refused(visit, shown, handed)
    try:
        complaint_id = file_once(visit, handed, who=CUSTOMER)
    except ResolveError as why:
        shown.trouble, shown.status = said(visit.language, why), 422
        return _show(visit, shown)
    with reading(visit.database) as session:
        token = tracking.token(complaints.complaint(session, complaint_id))
    return visit.go(f"/track/{token}", filed="1")


def _once_more(visit: Visit) -> str:
    return visit.language.say(
        "Something filled in a field that is to stay empty; it is empty again. Please "
        "press the button once more."
    )


def _refused(visit: Visit, shown: _Shown, handed: Handed) -> Response:
    shown.wrong, shown.wrong_files = handed.wrong, handed.wrong_files
    shown.status = 422
    return _show(visit, shown)


def _show(visit: Visit, shown: _Shown) -> Response:
    with reading(visit.database) as session:
        known = all_places(session, visit.language.code)
    return page(
        visit,
        "public/complain.html",
        status=shown.status,
        typed=shown.typed,
        key=shown.key,
        wrong=shown.wrong,
        wrong_files=shown.wrong_files,
        trouble=shown.trouble,
        places=lines(known, shown.typed.get("where", "")),
        longest=LENGTHS,
        limits=limits_of(visit.shop.settings),
        within=house_of(visit).answer_within,
        trap=_TRAP,
    )


def _closed(visit: Visit) -> Response:
    return page(visit, "public/closed.html", status=404)
