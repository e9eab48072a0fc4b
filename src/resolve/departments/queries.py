"""Looking at the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from resolve.clocks.calendar import DEFAULT, Calendar
from resolve.clocks.calendar_file import read_calendar
from resolve.departments.errors import UnknownCalendar, UnknownDepartment
from resolve.departments.models import DepartmentRecord, StoredCalendar
from resolve.journal.rules import digest
from resolve.kit.kept import Kept

DEFAULT_ID = "default"


class KnownCalendar(NamedTuple):
    """A calendar with the id and revision that a clock's rule refers to."""

    id: str
    revision: int
    calendar: Calendar


def department(
    session: Session, department_id: str, *, lock: bool = False
) -> DepartmentRecord:
    """Give a department of the register; `lock` keeps others from changing it.

    Raises:
        UnknownDepartment: there is none with this id.
    """
    found = session.get(
        DepartmentRecord,
        department_id,
        with_for_update=lock or None,
        populate_existing=lock,
    )
    if found is None:
        raise UnknownDepartment(
            f"There is no department {department_id!r}.",
            hint="`resolve department list` shows them; a published map adds its own.",
        )
    return found


def departments(session: Session) -> Sequence[DepartmentRecord]:
    """Give all departments by id."""
    return session.exec(
        select(DepartmentRecord).order_by(col(DepartmentRecord.id))
    ).all()


def by_id(session: Session, ids: Iterable[str]) -> Mapping[str, DepartmentRecord]:
    """Give these departments, by id."""
    rows = session.exec(
        select(DepartmentRecord).where(col(DepartmentRecord.id).in_(set(ids)))
    )
    return {row.id: row for row in rows}


def calendar(session: Session, calendar_id: str = DEFAULT_ID) -> KnownCalendar:
    """Give the newest revision of a calendar; `default` always exists.

    Raises:
        UnknownCalendar: there is none with this id.
    """
    newest = _newest(session, {calendar_id})
    if calendar_id not in newest:
        raise UnknownCalendar(
            f"There is no calendar {calendar_id!r}.",
            hint="Make it with `resolve calendar set ID FILE`.",
        )
    return newest[calendar_id]


def calendar_ids(session: Session) -> Sequence[str]:
    """Give the ids of all calendars, `default` first: it always exists."""
    stored = session.exec(select(StoredCalendar.id).distinct()).all()
    return [DEFAULT_ID, *sorted(set(stored) - {DEFAULT_ID})]


def calendar_at(session: Session, calendar_id: str, revision: int) -> Calendar:
    """Give a calendar as it was at this revision (0: the one that comes with us)."""
    if revision == 0:
        return DEFAULT
    stored = session.get_one(StoredCalendar, (calendar_id, revision))
    return _read(stored.source)


def calendars_of(
    session: Session, found: Mapping[str, DepartmentRecord]
) -> Mapping[str, KnownCalendar]:
    """Give each of these departments' calendar, by department."""
    wanted = {row.calendar_id or DEFAULT_ID for row in found.values()}
    newest = _newest(session, wanted | {DEFAULT_ID})
    return {
        id_: newest.get(row.calendar_id or DEFAULT_ID, newest[DEFAULT_ID])
        for id_, row in found.items()
    }


def _newest(session: Session, ids: set[str]) -> dict[str, KnownCalendar]:
    last = (
        select(StoredCalendar.id, func.max(StoredCalendar.revision))
        .where(col(StoredCalendar.id).in_(ids))
        .group_by(col(StoredCalendar.id))
    )
    rows = session.exec(
        select(StoredCalendar).where(
            tuple_(col(StoredCalendar.id), col(StoredCalendar.revision)).in_(last)
        )
    )
    found = {
        row.id: KnownCalendar(row.id, row.revision, _read(row.source)) for row in rows
    }
    if DEFAULT_ID in ids and DEFAULT_ID not in found:
        found[DEFAULT_ID] = KnownCalendar(DEFAULT_ID, 0, DEFAULT)
    return found


_CALENDARS: Kept[Calendar] = Kept(200)


def _read(source: dict[str, Any]) -> Calendar:
    return _CALENDARS.get(digest("", source), lambda: read_calendar(source))


def newest_revision(session: Session, calendar_id: str) -> int:
    """Give the newest revision of a calendar, 0 if there is none."""
    of_it = select(func.max(StoredCalendar.revision)).where(
        StoredCalendar.id == calendar_id
    )
    return session.exec(of_it).one() or 0
