"""Maps and calendars of the database, for commands that work without one as well."""

from __future__ import annotations

from sqlmodel import Session

from resolve.cli.house import reached
from resolve.clocks.calendar import Calendar
from resolve.departments.errors import UnknownCalendar
from resolve.departments.queries import calendar
from resolve.kit.database import reading
from resolve.kit.texts import storable
from resolve.maps.models import Map, MapVersion
from resolve.migrations import require_newest


def published(map_id: str) -> tuple[bytes, str, int] | None:
    """Give source, name and version of a published map, None if there is none.

    Raises:
        Invalid: no database can hold such an id.
        Unavailable: the database cannot be used.
    """
    storable(map_id)
    database = reached()
    try:
        require_newest(database)
        with reading(database) as session:
            return _newest(session, map_id)
    finally:
        database.engine.dispose()


def _newest(session: Session, map_id: str) -> tuple[bytes, str, int] | None:
    known = session.get(Map, map_id)
    if known is None:
        return None
    newest = session.get_one(MapVersion, (map_id, known.newest))
    name = f"{map_id} version {newest.version}"
    return newest.source.encode(), name, newest.version


def stored_calendar(calendar_id: str) -> Calendar | None:
    """Give the newest revision of a stored calendar, None if there is none.

    Raises:
        Unavailable: the database cannot be used.
    """
    storable(calendar_id)
    database = reached()
    try:
        require_newest(database)
        with reading(database) as session:
            return calendar(session, calendar_id).calendar
    except UnknownCalendar:
        return None
    finally:
        database.engine.dispose()
