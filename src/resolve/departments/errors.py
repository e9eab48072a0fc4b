"""What can go wrong with the register."""

from __future__ import annotations

from resolve.kit.errors import Conflict, Invalid, NotFound, Stale


class UnknownDepartment(NotFound):
    code = "unknown_department"


class UnknownCalendar(NotFound):
    code = "unknown_calendar"


class OtherKind(Conflict):
    """A department cannot be ours in one map and a partner in another."""

    code = "department_of_another_kind"


class BadDepartment(Invalid):
    """A value that nothing of a department can have."""

    code = "bad_department"


class DepartmentChanged(Stale):
    """Somebody else changed the department in between."""


class CalendarChanged(Stale):
    """Somebody else changed the calendar in between."""
