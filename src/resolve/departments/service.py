"""Changing the register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.chain.model import ValueChain
from resolve.clocks.calendar_file import read_calendar
from resolve.departments import queries
from resolve.departments.errors import (
    BadDepartment,
    CalendarChanged,
    DepartmentChanged,
    OtherKind,
)
from resolve.departments.models import DepartmentRecord, StoredCalendar
from resolve.journal.rules import HOUSE, digest
from resolve.journal.service import Draft, append
from resolve.kit.database import insert_missing, lock_number, one_at_a_time
from resolve.kit.texts import storable

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,189}")
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class DepartmentChange:
    """What to change in a department; None leaves a thing as it is, "" empties it."""

    title: Mapping[str, str] | None = None
    head: str | None = None
    email: str | None = None
    calendar: str | None = None


def register(session: Session, chain: ValueChain, *, who: str, at: datetime) -> None:
    """Take in the departments of a map that the register does not know yet.

    Raises:
        OtherKind: the register knows one of them with another kind.
    """
    known = queries.by_id(session, chain.departments)
    _guard_kinds(chain, known)
    new = [d for d in chain.departments.values() if d.id not in known]
    if not new:
        return
    insert_missing(
        session,
        DepartmentRecord,
        [
            {"id": d.id, "title": dict(d.title.by_language), "kind": str(d.kind)}
            | {"revision": 1}
            for d in new
        ],
    )
    drafts = [Draft(HOUSE, "department_added", {"department": d.id}) for d in new]
    append(session, drafts, who=who, at=at)


def _guard_kinds(chain: ValueChain, known: Mapping[str, DepartmentRecord]) -> None:
    """Refuse a map that makes one of our departments a partner, or the other way.

    Who is a partner decides who sees the customer's identity.
    """
    for department in chain.departments.values():
        there = known.get(department.id)
        if there is not None and there.kind != department.kind:
            raise OtherKind(
                f"The department {department.id!r} is {there.kind} in the register, "
                f"{department.kind} in this map.",
                hint="Keep its kind, or give the other one an id of its own.",
                pointer=f"/departments/{department.id}/kind",
            )


def change(
    session: Session,
    department_id: str,
    wanted: DepartmentChange,
    *,
    who: str,
    at: datetime,
    revision: int | None = None,
) -> DepartmentRecord:
    """Change a department of the register; `revision` is the one the change is made on.

    Raises:
        UnknownDepartment: there is none with this id.
        UnknownCalendar: the calendar named does not exist.
        DepartmentChanged: it has another revision by now.
    """
    found = queries.department(session, department_id, lock=True)
    if revision is not None and revision != found.revision:
        raise DepartmentChanged(
            f"{department_id} was changed in between.", hint="Read it anew."
        )
    if wanted.calendar:
        queries.calendar(session, wanted.calendar)
    _guard(wanted)
    if wanted.title is not None:
        found.title = {
            k: storable(v, pointer="/title", longest=_LONGEST_TITLE)
            for k, v in wanted.title.items()
        }
    for field, value, longest in (
        ("head", wanted.head, 100),
        ("email", wanted.email, 254),
        ("calendar_id", wanted.calendar, 100),
    ):
        if value is not None:
            text = storable(value, pointer=f"/{field}", longest=longest)
            setattr(found, field, text or None)
    found.revision += 1
    session.add(found)
    data = {"department": department_id, "revision": found.revision}
    append(session, [Draft(HOUSE, "department_changed", data)], who=who, at=at)
    return found


def _guard(wanted: DepartmentChange) -> None:
    if wanted.title is not None and not any(wanted.title.values()):
        raise BadDepartment(
            "A department has a title in at least one language.",
            hint="Give it one.",
            pointer="/title",
        )
    if wanted.email and not _EMAIL.fullmatch(wanted.email):
        raise BadDepartment(
            f"{wanted.email!r} is no e-mail address.",
            hint="Write one such as stock@shop.example.",
            pointer="/email",
        )


def set_calendar(
    session: Session,
    calendar_id: str,
    source: str | bytes | Mapping[str, Any],
    *,
    who: str,
    at: datetime,
    revision: int | None = None,
) -> StoredCalendar:
    """Store a calendar as its next revision; clocks already running keep theirs.

    Raises:
        InvalidCalendar: what is wrong with it, and where.
        CalendarChanged: it has another revision by now.
    """
    as_json = read_calendar(source, name=calendar_id).as_json()
    one_at_a_time(session, lock_number("calendar", calendar_id))
    newest = queries.newest_revision(session, calendar_id)
    if revision is not None and revision != newest:
        raise CalendarChanged(
            f"The calendar {calendar_id} was changed in between.", hint="Read it anew."
        )
    if newest:
        present = session.get_one(StoredCalendar, (calendar_id, newest))
        if present.source == as_json:
            return present
    stored = StoredCalendar(id=calendar_id, revision=newest + 1, source=as_json)
    session.add(stored)
    data = {"calendar": calendar_id, "revision": newest + 1}
    data["digest"] = digest("", as_json)
    append(session, [Draft(HOUSE, "calendar_set", data)], who=who, at=at)
    return stored
