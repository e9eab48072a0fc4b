"""Filters whose values the database knows."""

from __future__ import annotations

from sqlmodel import Session

from resolve.departments.models import DepartmentRecord
from resolve_api.dependencies import BadFilter


def known_department(session: Session, department: str | None) -> None:
    """Refuse a department that the register does not know.

    Raises:
        BadFilter: there is none with this id.
    """
    if department is not None and session.get(DepartmentRecord, department) is None:
        raise BadFilter(
            f"There is no department {department!r}.",
            hint="GET /api/v1/departments lists them.",
            errors=[{"parameter": "department", "detail": "it is not known"}],
        )
