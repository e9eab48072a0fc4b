"""Filing by the people in front of the customer: the words, where, and who it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from resolve.access.table import Right
from resolve.analytics import lists
from resolve.attachments import queries as attachments
from resolve.clocks.models import ClockKind
from resolve.clocks.queries import clocks_of
from resolve.complaints import tracking
from resolve.complaints.alike import alike
from resolve.complaints.errors import UnknownComplaint
from resolve.diagrams import CannotDraw
from resolve.kit.database import reading
from resolve.kit.errors import ResolveError
from resolve_api.pages.doors import WithFiles, limits_of
from resolve_api.pages.handing_in import (
    LENGTHS,
    Handed,
    file_once,
    handed_in,
    key_of,
    new_key,
)
from resolve_api.pages.places import (
    MapPlaces,
    all_places,
    choice_named,
    matching,
    parts_of,
    picture,
)
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import page
from resolve_api.pages.visits import Filer, Visit
from resolve_api.pictures import STRICT, TYPES
from resolve_api.seen import holds_link, partner, show_complaints, the_complaint
from resolve_api.tracked import tracking_url

router = APIRouter(prefix="/file")

SOURCE = "pages"
SAID["unknown_complaint"] = lambda it, _: it.say(
    "There is no such complaint, or it is not among those that you may see."
)


@dataclass(slots=True)
class _Shown:
    """How the form looks: what was typed, what is wrong, what was looked up."""

    typed: Mapping[str, str]
    key: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    wrong_files: Sequence[str] = ()
    looked: bool = False
    pictured: str = ""
    trouble: str = ""

    @property
    def status(self) -> int:
        return 422 if self.wrong or self.wrong_files or self.trouble else 200


@router.get("")
def show(visit: Filer) -> Response:
    """Show the form; an address may name where it happened and the order."""
    with reading(visit.database) as session:
        known = all_places(session, visit.language.code)
    asked = ("map", "touchpoint", "promise")
    map_id, touchpoint, promise = (visit.ask(name) for name in asked)
    where = choice_named(known, map_id, touchpoint, promise) if touchpoint else ""
    typed = {"where": where, "order": visit.ask("order")}
    return _show(visit, _Shown(typed, new_key(), pictured=visit.ask("picture")))


@router.post("")
def send(_files: WithFiles, visit: Filer) -> Response:
    """File it; or look places, the picture and like complaints up, without scripts."""
    shown = _Shown(visit.typed(), key_of(visit))
    if visit.text("look") or visit.text("picture"):
        shown.looked, shown.pictured = bool(visit.text("look")), visit.text("picture")
        return _show(visit, shown)
    settled = bool(visit.text("settled")) and visit.may(Right.SETTLE)
    handed = handed_in(visit, source=SOURCE, settled=settled)
    _guard_remedy(visit, handed)
    shown.wrong, shown.wrong_files = handed.wrong, handed.wrong_files
    if not handed.is_good:
        return _show(visit, shown)
    try:
        complaint_id = file_once(visit, handed, who=visit.who)
    except ResolveError as why:
        shown.trouble = said(visit.language, why)
        return _show(visit, shown)
    return visit.go(f"/file/done/{complaint_id}")


def _guard_remedy(visit: Visit, handed: Handed) -> None:
    if handed.filing.settled_at_once and not handed.filing.remedy:
        handed.wrong.setdefault(
            "remedy", visit.language.say("Say what you did for the customer.")
        )


@router.get("/done/{complaint}")
def done(visit: Filer, complaint: str) -> Response:
    """Say thank you: the number, the link to hand over, what happens next."""
    with reading(visit.database) as session:
        found = the_complaint(session, visit.client, complaint)
        theirs = holds_link(visit.client, found)
        token = tracking.token(found) if theirs else None
        if token is None:
            raise UnknownComplaint("There is no such complaint.")
        clocks = clocks_of(session, ClockKind.ANSWER, [found.id])
        files = attachments.of(session, [found.id]).get(found.id, ())
    return page(
        visit,
        "filing/done.html",
        complaint=found,
        link=tracking_url(visit.shop.settings, token),
        path=f"/track/{token}",
        due=clocks[0].due_at if clocks else None,
        files=files,
        reads_case=visit.may(Right.READ) and partner(visit.client) is None,
    )


@router.post("/like")
def like(visit: Filer) -> Response:
    """Give recent like complaints as a part of the page, while it is being written."""
    with reading(visit.database) as session:
        found = _alike(session, visit)
    return page(visit, "filing/like.html", alike=found, looked=True)


@router.get("/places")
def places(visit: Filer) -> Response:
    """Give the places that words lead to as a part of the page."""
    with reading(visit.database) as session:
        known = all_places(session, visit.language.code)
        found = matching(session, known, visit.ask("find"))
    shown = _choices(known, found, visit.ask("where"), sought=visit.ask("find"))
    return page(visit, "filing/places.html", **shown)


@router.get("/picture")
def show_picture(visit: Filer) -> Response:
    """Give the picture of a map, in the theme that the page has there."""
    with reading(visit.database) as session:
        known = all_places(session, visit.language.code)
        theme = visit.ask("theme") or visit.theme
        drawn = _picture(session, visit, known, visit.ask("map"), theme=theme)
    headers = {"Content-Security-Policy": STRICT}
    return Response(drawn, 200 if drawn else 404, headers, TYPES["svg"])


def _show(visit: Visit, shown: _Shown) -> Response:
    sought = shown.typed.get("find", "")
    with reading(visit.database) as session:
        known = all_places(session, visit.language.code)
        found = matching(session, known, sought) if shown.looked else known
        drawn = _picture(session, visit, known, shown.pictured, theme=visit.theme)
        near = _alike(session, visit) if shown.looked else []
    return page(
        visit,
        "filing/file.html",
        status=shown.status,
        typed=shown.typed,
        key=shown.key,
        wrong=shown.wrong,
        wrong_files=shown.wrong_files,
        trouble=shown.trouble,
        looked=shown.looked,
        alike=near,
        drawn=drawn,
        pictured=shown.pictured,
        longest=LENGTHS,
        limits=limits_of(visit.shop.settings),
        may_settle=visit.may(Right.SETTLE),
        **_choices(known, found, shown.typed.get("where", ""),
                   sought=sought if shown.looked else ""),
    )  # fmt: skip


def _choices(
    known: Sequence[MapPlaces],
    found: Sequence[MapPlaces],
    where: str,
    *,
    sought: str,
) -> dict[str, Any]:
    """Give what the list of places shows: also the chosen one that is not found."""
    chosen = _title(known, where)
    visible = {choice.value for of in found for place in of.places
               for choice in place.choices}  # fmt: skip
    return {
        "maps": known,
        "found": found,
        "sought": sought,
        "where": where if chosen else "",
        "chosen": chosen,
        "chosen_apart": chosen is not None and where not in visible,
        "open_map": parts_of(where)[0] if chosen else "",
    }


def _title(known: Sequence[MapPlaces], where: str) -> tuple[str, str] | None:
    for of in known:
        for place in of.places:
            for choice in place.choices:
                if choice.value == where:
                    return place.title, choice.title
    return None


def _picture(
    session: Session,
    visit: Visit,
    known: Sequence[MapPlaces],
    map_id: str,
    *,
    theme: str,
) -> Markup:
    wanted = [of for of in known if of.id == map_id]
    if not wanted:
        return Markup()
    spoken = visit.language.code
    try:
        return picture(session, wanted[0], language=spoken, theme=theme)
    except CannotDraw:
        return Markup()


def _alike(session: Session, visit: Visit) -> list[dict[str, Any]]:
    """Give like complaints as this person may see them.

    Who sees no cases yet is shown only what they filed themselves.
    """
    where = parts_of(visit.text("where"))
    found = alike(session, visit.text("text"), where)
    only = partner(visit.client)
    if not visit.may(Right.READ):
        found = [one for one in found if one.filed_by == visit.who]
    elif only is not None:
        found = [one for one in found if lists.takes_part(session, one.case_id, only)]
    return show_complaints(session, visit.client, found)
