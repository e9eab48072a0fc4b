"""Absence: who does whose work on which days; entered by oneself, a head, the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.access import absences
from resolve.access.absences import AbsenceWish
from resolve.access.errors import BadAbsence, NobodyThere
from resolve.access.models import Absence, Person
from resolve.access.people import people
from resolve.access.table import Right
from resolve.departments.colleagues import (
    colleagues_of,
    headed_by,
    only_of_partners,
)
from resolve.departments.queries import calendar
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Forbidden, ResolveError
from resolve.kit.language import Language
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE, page
from resolve_api.pages.visits import SignedIn, Visit

router = APIRouter(prefix="/absence")

DONE["absence_entered"] = lambda it: it.say(
    "Entered. On these days the substitute gets what would come to the person away."
)
DONE["absence_changed"] = lambda it: it.say("The absence is changed.")
DONE["absence_ended"] = lambda it: it.say(
    "The absence is ended. From now on everything goes its usual way."
)
SAID["unknown_absence"] = lambda it, _: it.say(
    "There is no such absence; perhaps it is over."
)
SAID["absence_ended"] = lambda it, _: it.say("This absence was ended meanwhile.")
SAID["nobody_there"] = lambda it, _: it.say("Choose somebody from the list.")
SAID["own_substitute"] = lambda it, _: it.say(
    "Nobody can stand in for themselves. Choose somebody else."
)
SAID["days_in_no_order"] = lambda it, _: it.say(
    "The last day is before the first. Both days are included; for a single day both "
    "are the same."
)
SAID["days_over"] = lambda it, _: it.say("These days are over. Look at the year.")
SAID["bad_absence"] = lambda it, _: it.say("Choose a day.")
SAID["absence_overlaps"] = lambda it, why: it.say(
    "An absence is entered already: {days}. Change that one, or choose other days.",
    days=days_in_words(it, why.extra["first_day"], why.extra["last_day"]),
)
SAID["substitute_circle"] = lambda it, why: it.say(
    "On {day} this substitute is away, too, and the work would come back to who is "
    "away. Choose somebody else, or other days.",
    day=day_alone(it, why.extra["day"]),
)
SAID["not_your_absence"] = lambda it, _: it.say(
    "Only the person, a head of their department or the administration changes this."
)


class NotYourAbsence(Forbidden):
    """Somebody else's, and neither head of their department nor the administration."""

    code = "not_your_absence"


def day_alone(language: Language, day: date) -> str:
    """Write a day that has no time."""
    return language.day(datetime.combine(day, time(12), UTC), ZoneInfo("UTC"))


def days_in_words(language: Language, first: date, last: date) -> str:
    """Write the days of an absence."""
    begin, end = day_alone(language, first), day_alone(language, last)
    if first == last:
        return begin
    return language.say("{first} to {last}", first=begin, last=end)


@dataclass(frozen=True, slots=True)
class Row:
    """An absence as it is shown."""

    id: str
    person: str
    substitute: str
    days: str
    is_now: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class _Circle:
    """Whom a visitor may enter an absence for, and who may stand in."""

    people: dict[str, Person]
    near: tuple[Person, ...]
    others: tuple[Person, ...]
    entered_for: frozenset[str]

    def name(self, person_id: str) -> str:
        known = self.people.get(person_id)
        return known.name if known else ""


@router.get("")
def show(visit: SignedIn) -> Response:
    """Show one's absences, and for whom one stands in."""
    return _show(visit)


@router.post("")
def enter(visit: SignedIn) -> Response:
    """Enter an absence."""
    at = now()
    try:
        with transaction(visit.database) as session:
            of = visit.text("person") or visit.person.id
            circle = _circle(session, visit)
            _guard(of, circle)
            wanted = _wanted(visit, circle)
            zone = calendar(session).calendar.tz
            absences.add_absence(session, of, wanted, zone=zone, who=visit.who, at=at)
    except NotYourAbsence:
        raise
    except ResolveError as why:
        return _show(visit, why)
    return visit.go("/absence", done="absence_entered")


@router.get("/{absence}")
def look_at(visit: SignedIn, absence: str) -> Response:
    """Show an absence that can be changed."""
    return _edit(visit, absence)


@router.post("/{absence}")
def change(visit: SignedIn, absence: str) -> Response:
    """Change the days or the substitute."""
    try:
        with transaction(visit.database) as session:
            circle = _circle(session, visit)
            found = absences.absence(session, absence)
            _guard(found.person_id, circle)
            wanted = _wanted(visit, circle, kept=found.substitute_id)
            absences.change_absence(session, absence, wanted, who=visit.who, at=now())
    except NotYourAbsence:
        raise
    except ResolveError as why:
        return _edit(visit, absence, why)
    return visit.go("/absence", done="absence_changed")


@router.post("/{absence}/end")
def end(visit: SignedIn, absence: str) -> Response:
    """End an absence now, or take it back."""
    with transaction(visit.database) as session:
        found = absences.absence(session, absence)
        _guard(found.person_id, _circle(session, visit))
        absences.end_absence(session, absence, who=visit.who, at=now())
    return visit.go("/absence", done="absence_ended")


def _circle(session: Session, visit: Visit) -> _Circle:
    """Find out whom this visitor may enter and choose.

    People of partners choose among their own colleagues; for others people of partners
    stand in only where they share a department. Who belongs to the house, too, is not
    theirs to send away.
    """
    me, everybody = visit.person.id, visit.may(Right.REGISTER)
    known = {one.id: one for one in people(session)}
    headed = headed_by(session, me)
    if visit.client.is_partner:
        headed = only_of_partners(session, headed)
    entered_for = frozenset(known) if everybody else headed | {me}
    own = colleagues_of(session, me) | (entered_for - {me} and {me})
    outside = frozenset[str]()
    if visit.client.is_partner:
        outside = frozenset(known)
    elif not everybody:
        outside = only_of_partners(session, known)
    return _Circle(
        known,
        tuple(one for id_, one in known.items() if id_ in own),
        tuple(o for id_, o in known.items() if id_ not in own | outside | {me}),
        entered_for & frozenset(known),
    )


def _guard(person_id: str, circle: _Circle) -> None:
    if person_id not in circle.entered_for:
        raise NotYourAbsence("This is somebody else's absence.")


def _wanted(visit: Visit, circle: _Circle, *, kept: str = "") -> AbsenceWish:
    chosen = visit.text("substitute")
    offered = {one.id for one in (*circle.near, *circle.others)} | {kept}
    first = _day(visit.text("first_day"), "/first_day")
    last = _day(visit.text("last_day"), "/last_day")
    if not chosen or chosen not in offered:
        raise NobodyThere("There is nobody like this here.", pointer="/substitute")
    return AbsenceWish(chosen, first, last)


def _day(text: str, pointer: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadAbsence("This is no day.", pointer=pointer) from None


def _show(visit: Visit, why: ResolveError | None = None) -> Response:
    at = now()
    with reading(visit.database) as session:
        circle = _circle(session, visit)
        mine = absences.absences(session, [visit.person.id], at=at)
        others = circle.entered_for - {visit.person.id}
        theirs = absences.absences(session, others, at=at)
        standing = absences.standing_in(session, visit.person.id, at=at)
        works_for = absences.substituted_by(session, visit.person.id, at=at)
        does_mine = absences.substitute_of(session, [visit.person.id], at=at)
    rows = _Rows(visit, circle, at)
    now_by = does_mine[visit.person.id]
    return page(
        visit,
        "absence/list.html",
        status=422 if why else 200,
        mine=rows.of(mine),
        theirs=rows.of(theirs),
        standing=rows.of(standing),
        works_for=[circle.name(one) for one in works_for],
        is_away=now_by != visit.person.id,
        now_by=circle.name(now_by) if now_by else "",
        may_stand_in=bool(circle.near or circle.others),
        **_form_facts(visit, circle, why),
    )


def _edit(visit: Visit, absence_id: str, why: ResolveError | None = None) -> Response:
    at = now()
    with reading(visit.database) as session:
        circle = _circle(session, visit)
        found = absences.absence(session, absence_id)
        _guard(found.person_id, circle)
    (row,) = _Rows(visit, circle, at).of([found])
    facts = _form_facts(visit, circle, why)
    if not why:
        facts["typed"] = {
            "substitute": found.substitute_id,
            "first_day": found.first_day.isoformat(),
            "last_day": found.last_day.isoformat(),
        }
    status = 422 if why else 200
    return page(visit, "absence/change.html", status=status, absence=row, **facts)


def _form_facts(
    visit: Visit, circle: _Circle, why: ResolveError | None
) -> dict[str, Any]:
    pointer = why.pointer.strip("/") if why else ""
    return {
        "me": visit.person.id,
        "of": _named(circle, circle.entered_for),
        "near": [(one.id, one.name) for one in circle.near],
        "others": [(one.id, one.name) for one in circle.others],
        "today": now().astimezone(visit.zone).date().isoformat(),
        "typed": visit.typed(),
        "wrong": {pointer: said(visit.language, why)} if why and pointer else {},
        "trouble": said(visit.language, why) if why and not pointer else "",
    }


def _named(circle: _Circle, ids: Iterable[str]) -> list[tuple[str, str]]:
    return [(id_, one.name) for id_, one in circle.people.items() if id_ in set(ids)]


@dataclass(frozen=True, slots=True)
class _Rows:
    visit: Visit
    circle: _Circle
    at: datetime

    def of(self, found: Sequence[Absence]) -> list[Row]:
        return [self._row(one) for one in found]

    def _row(self, one: Absence) -> Row:
        known = self.circle.people.get(one.person_id)
        spoken = self.visit.language
        zone = absences.zone_of(known, one) if known else ZoneInfo(one.zone)
        today = self.at.astimezone(zone).date()
        return Row(
            one.id,
            self.circle.name(one.person_id),
            self.circle.name(one.substitute_id),
            days_in_words(spoken, one.first_day, one.last_day),
            is_now=one.first_day <= today <= one.last_day,
            may_change=one.person_id in self.circle.entered_for,
        )
