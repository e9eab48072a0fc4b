"""Working hours: calendars as people write them, with what is wrong beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import yaml
from babel.dates import get_day_names
from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from resolve.clocks.calendar import DEFAULT, Calendar
from resolve.clocks.calendar_findings import InvalidCalendar
from resolve.departments import queries
from resolve.departments.errors import CalendarChanged
from resolve.departments.service import set_calendar
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.kit.errors import Invalid, ResolveError
from resolve.kit.language import Language
from resolve_api.pages.admin_frame import admin_page
from resolve_api.pages.doors import WithFiles
from resolve_api.pages.numbers import whole
from resolve_api.pages.said import SAID, said
from resolve_api.pages.showing import DONE
from resolve_api.pages.visits import Registrar, Visit

router = APIRouter(prefix="/admin/calendars")

DONE["calendar_saved"] = lambda it: it.say(
    "Saved. Clocks that run already keep the hours they began with."
)
SAID["bad_calendar_id"] = lambda it, _: it.say(
    "A short name has letters, digits, - and _ only, 100 at most."
)
_ID = re.compile(r"[\w-]{1,100}")
_LARGEST = 100_000
_AHEAD = timedelta(days=365)
_MOST_HOLIDAYS = 30


class BadCalendarId(Invalid):
    """Nothing that working hours can be called."""

    code = "bad_calendar_id"


@router.get("")
def list_calendars(visit: Registrar) -> Response:
    """List the working hours, and whose they are."""
    return _list(visit)


@router.post("")
def name_one(visit: Registrar) -> Response:
    """Go on to write new working hours under this name."""
    name = visit.text("id").strip()
    if not _ID.fullmatch(name):
        return _list(visit, said(visit.language, BadCalendarId("")))
    return visit.go(f"/admin/calendars/{name}")


def _list(visit: Visit, wrong: str = "") -> Response:
    with reading(visit.database) as session:
        ids = queries.calendar_ids(session)
        known = {one: queries.calendar(session, one).calendar for one in ids}
        users = _users(session)
    found = [
        (one, week_of(visit.language, known[one]), known[one].zone, users.get(one, 0))
        for one in ids
    ]
    return admin_page(
        visit,
        "calendars.html",
        status=422 if wrong else 200,
        found=found,
        wrong=wrong,
        typed=visit.text("id"),
        default=queries.DEFAULT_ID,
    )


def _users(session: Session) -> Mapping[str, int]:
    """Count the departments that keep each calendar."""
    found: dict[str, int] = {}
    for one in queries.departments(session):
        kept = one.calendar_id or queries.DEFAULT_ID
        found[kept] = found.get(kept, 0) + 1
    return found


@router.get("/{calendar}")
def show(visit: Registrar, calendar: str) -> Response:
    """Show working hours to be changed, or to be written for the first time."""
    return _show(visit, _named(calendar))


@router.post("/{calendar}")
def save(_files: WithFiles, visit: Registrar, calendar: str) -> Response:
    """Store working hours as their next revision, or say what is wrong with them."""
    _named(calendar)
    source = _written(visit)
    try:
        with transaction(visit.database) as session:
            set_calendar(
                session,
                calendar,
                source,
                who=visit.who,
                at=now(),
                revision=whole(visit.text("revision")),
            )
    except ResolveError as why:
        return _show(visit, calendar, why, typed=source.decode("utf-8", "replace"))
    return visit.go("/admin/calendars", done="calendar_saved")


def _named(calendar: str) -> str:
    if not _ID.fullmatch(calendar):
        raise BadCalendarId("This cannot be the id of a calendar.")
    return calendar


def _written(visit: Visit) -> bytes:
    """Give the file that was chosen, else what was typed."""
    files = visit.files("file")
    if files:
        return files[0].file.read(_LARGEST)
    return visit.text("source").encode()[:_LARGEST]


def _show(
    visit: Visit, calendar: str, why: ResolveError | None = None, *, typed: str = ""
) -> Response:
    with reading(visit.database) as session:
        revision = queries.newest_revision(session, calendar)
        stored = queries.calendar(session, calendar).calendar if revision else None
    present = stored or DEFAULT
    findings = why.findings if isinstance(why, InvalidCalendar) else ()
    it = visit.language
    return admin_page(
        visit,
        "calendar.html",
        status=422 if why else 200,
        calendar=calendar,
        is_new=stored is None,
        revision=revision,
        source=typed or written(present),
        findings=[(one.line, *one.in_(it)) for one in findings],
        trouble=said(it, why) if why and not findings else "",
        stale=written(present) if isinstance(why, CalendarChanged) else "",
        week=week_of(it, present),
        holidays=_holidays(it, present, now()),
    )


def written(calendar: Calendar) -> str:
    """Write a calendar as people do, without what is empty."""
    source: dict[str, Any] = calendar.as_json()
    off = {name: value for name, value in source["holidays"].items() if value}
    shown = {"zone": source["zone"], "week": source["week"]}
    if off:
        shown["holidays"] = off
    text: str = yaml.dump(
        shown, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=200
    )
    return text


class _Plain(yaml.SafeDumper):
    """Writes hours and days as lists on one line."""


_Plain.add_representer(
    list,
    lambda dumper, data: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", data, flow_style=True
    ),
)


def week_of(it: Language, calendar: Calendar) -> Sequence[tuple[str, str]]:
    """Give the hours of each day of the week in words."""
    names = get_day_names("wide", "stand-alone", locale=it.code)
    return [
        (names[day], ", ".join(str(one).replace("-", "–") for one in hours))
        for day, hours in enumerate(calendar.week)
    ]


def _holidays(
    it: Language, calendar: Calendar, at: datetime
) -> Sequence[tuple[datetime, str]]:
    """Give the days off of the coming year, with their names where there are any."""
    start = at.astimezone(calendar.tz)
    days = (start + timedelta(days=n) for n in range(_AHEAD.days))
    found = [
        (day, calendar.holiday_name(day.date(), it.code))
        for day in days
        if calendar.is_holiday(day.date())
    ]
    return found[:_MOST_HOLIDAYS]
