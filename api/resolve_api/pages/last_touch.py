"""How near a department is to the customer, shown to itself, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_timedelta
from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.analytics import nearness
from resolve.departments.models import TouchKind
from resolve.departments.queries import by_id
from resolve.departments.touching import enter, is_due, note, touches
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid
from resolve.kit.language import Language
from resolve.maps import queries
from resolve.maps.models import MapStatus
from resolve_api.pages.map_views import Shown
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import NotAllowed, Reader, Visit
from resolve_api.seen import show_complaints

router = APIRouter(prefix="/last-touch")

DONE["touch_entered"] = lambda it: it.say("Entered. Thank you for being there.")
SAID["not_yet_happened"] = lambda it, _: it.say(
    "That day has not come yet. Enter it when it happened."
)
SAID["bad_day"] = lambda it, _: it.say("Choose the day on which it happened.")
_BY_HAND = (TouchKind.VISITED, TouchKind.SPOKE)


class BadDay(Invalid):
    """What was given is no day."""

    code = "bad_day"


@dataclass(frozen=True, slots=True)
class MapNamed:
    """A map by its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Near:
    """How near a department is: two figures that are never mixed."""

    id: str
    name: str
    last: str
    touches: list[tuple[str, str]]
    distances: list[tuple[MapNamed, str, int, str]]
    open_tasks: int
    recent: bool


@router.get("")
def show(visit: Reader) -> Response:
    """Show how near one's own departments are."""
    return _show(visit)


@router.post("/{department_id}")
def add(visit: Reader, department_id: str) -> Response:
    """Enter that people of a department visited or spoke with a customer."""
    _must_be_ours(visit, department_id)
    try:
        on = _moment(visit)
        with transaction(visit.database) as session:
            kind = _kind(visit.text("kind"))
            enter(session, department_id, kind, on=on, who=visit.who, at=now())
    except Invalid as why:
        return _show(visit, why, department_id)
    return visit.go("/last-touch", done="touch_entered")


@router.get("/{department_id}/words")
def words(visit: Reader, department_id: str) -> Response:
    """Show what customers said lately along the chain of a department."""
    _must_be_ours(visit, department_id)
    at = now()
    with reading(visit.database) as session:
        rows = nearness.recent_complaints(session, department_id)
        shown = show_complaints(session, visit.client, rows)
        due = bool(rows) and is_due(session, [department_id], TouchKind.READ, at=at)
        name = _name(session, visit.language, department_id)
    if due:
        with transaction(visit.database) as session:
            note(session, [department_id], TouchKind.READ, at=at)
    complaints = [
        {"text": one["text"], "number": one["number"], "case": one["case"],
         "at": row.received_at}
        for one, row in zip(shown, rows, strict=True)
    ]  # fmt: skip
    return page(visit, "maps/words.html", name=name, complaints=complaints)


def _must_be_ours(visit: Visit, department_id: str) -> None:
    if department_id not in visit.client.departments:
        raise NotAllowed(
            "This is shown to the department itself.",
            hint="Ask the administrator to put you into it.",
        )


def _kind(text: str) -> TouchKind:
    for kind in _BY_HAND:
        if text == kind:
            return kind
    raise BadDay("That is no kind of contact.", hint="Use the form.", pointer="/kind")


def _moment(visit: Visit) -> datetime:
    """Give noon of the day typed in the reader's zone, or now where that is later."""
    try:
        day = date.fromisoformat(visit.text("day").strip())
        noon = datetime.combine(day, time(12), visit.zone)
        noon.timestamp()
    except (ValueError, OverflowError):
        hint = "Write it as 2026-03-02."
        raise BadDay("That is no day.", hint=hint, pointer="/day") from None
    present = now()
    return min(noon, present) if day == _today(visit) else noon


def _today(visit: Visit) -> date:
    return now().astimezone(visit.zone).date()


def _show(
    visit: Visit, why: Invalid | None = None, department_id: str = ""
) -> Response:
    with reading(visit.database) as session:
        departments = _near(session, visit)
    typed = {"kind": "", "day": "", "department": department_id} | visit.typed()
    it = visit.language
    return page(
        visit,
        "maps/last_touch.html",
        status=422 if why else 200,
        departments=departments,
        today=_today(visit).isoformat(),
        typed=typed,
        wrong=said(it, why) if why else "",
        kinds=[
            ("visited", it.say("We visited a place where customers are met, on"),
             it.say("Enter the visit")),
            ("spoke", it.say("We spoke with a customer, on"), it.say("Enter the talk")),
        ],
    )  # fmt: skip


def _near(session: Session, visit: Visit) -> list[Near]:
    own = sorted(visit.client.departments)
    known = touches(session, own)
    maps = [
        (MapNamed(entry.id, shown.title), shown)
        for entry, _, _ in queries.newest_versions(session)
        if entry.status == MapStatus.PUBLISHED
        for shown in [Shown(queries.chain_of(session, entry.id), visit.language)]
    ]
    return [
        Near(
            id=one,
            name=_name(session, visit.language, one),
            last=_ago(visit, max(known[one].values(), default=None)),
            touches=_touches(visit, known[one]),
            distances=[
                (entry, *nearest)
                for entry, shown in maps
                if (nearest := shown.nearest(one))
            ],
            open_tasks=nearness.open_tasks(session, one),
            recent=nearness.has_cases(session, one),
        )
        for one in own
    ]


def _touches(
    visit: Visit, known: Mapping[TouchKind, datetime]
) -> list[tuple[str, str]]:
    it = visit.language
    labels = {
        TouchKind.TOOK_PART: it.say("took part in a case"),
        TouchKind.READ: it.say("read a customer's own words"),
        TouchKind.VISITED: it.say("visited a place where customers are met"),
        TouchKind.SPOKE: it.say("spoke with a customer"),
    }
    return [(label, _ago(visit, known.get(kind))) for kind, label in labels.items()]


def _ago(visit: Visit, at: datetime | None) -> str:
    """Say how long ago it was, by days on the reader's clock on the wall."""
    if at is None:
        return ""
    days = (_today(visit) - at.astimezone(visit.zone).date()).days
    if days <= 0:
        return visit.language.say("today")
    if days == 1:
        return visit.language.say("yesterday")
    spoken = visit.language.code
    return format_timedelta(
        -timedelta(days=days), add_direction=True, threshold=2, locale=spoken
    )


def _name(session: Session, language: Language, department_id: str) -> str:
    found = by_id(session, [department_id]).get(department_id)
    if found is None:
        return department_id
    for code in (language.code, "", "en"):
        if code in found.title:
            return found.title[code]
    return next(iter(found.title.values()), department_id)
