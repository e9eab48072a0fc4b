"""What can go wrong with the register."""

from __future__ import annotations

from resolve.kit.errors import NotFound, Stale


class UnknownDepartment(NotFound):
    code = "unknown_department"


class UnknownCalendar(NotFound):
    code = "unknown_calendar"


class DepartmentChanged(Stale):
    """Somebody else changed the department in between."""


class CalendarChanged(Stale):
    """Somebody else changed the calendar in between."""
