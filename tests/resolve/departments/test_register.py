"""The register: departments, their heads and calendars."""

from __future__ import annotations

from typing import Any

import pytest

from resolve.clocks.calendar_findings import InvalidCalendar
from resolve.departments.errors import (
    CalendarChanged,
    DepartmentChanged,
    UnknownCalendar,
    UnknownDepartment,
)
from resolve.departments.queries import calendar, calendar_at
from resolve.departments.service import DepartmentChange, change, set_calendar
from resolve.kit.database import Database, reading, transaction
from resolve.messages.models import Message, MessageKind
from tests.builders import MONDAY, all_rows, filed, published, tasks_by_department, work

KYIV: dict[str, Any] = {
    "zone": "Europe/Kyiv",
    "week": {"mon": ["09:00-17:00"], "thu": ["09:00-12:00"]},
}


def set_(database: Database, source: dict[str, Any], name: str = "kyiv") -> int:
    with transaction(database) as session:
        made = set_calendar(session, name, source, who="administrator", at=MONDAY)
        return made.revision


def test_a_task_is_due_by_the_calendar_of_its_department(database: Database) -> None:
    published(database)
    set_(database, KYIV)
    with transaction(database) as session:
        change(session, "stock", DepartmentChange(calendar="kyiv"), who="a", at=MONDAY)
    case_id = filed(database).case_id
    work(database)
    tasks = tasks_by_department(database, case_id)
    # Works Mondays and Thursdays: the second working day after is the next Monday.
    assert tasks["stock"].due_at == MONDAY.replace(day=9, hour=15)
    assert tasks["sales"].due_at == MONDAY.replace(day=4, hour=18)


def test_an_old_revision_of_a_calendar_stays_readable(database: Database) -> None:
    assert set_(database, KYIV) == 1
    assert set_(database, KYIV | {"zone": "UTC"}) == 2
    with reading(database) as session:
        assert calendar(session, "kyiv").calendar.zone == "UTC"
        assert calendar_at(session, "kyiv", 1).zone == "Europe/Kyiv"


def test_the_same_calendar_again_is_no_new_revision(database: Database) -> None:
    assert set_(database, KYIV) == 1
    assert set_(database, KYIV) == 1


def test_the_default_calendar_can_be_replaced(database: Database) -> None:
    with reading(database) as session:
        assert calendar(session).revision == 0
    set_(database, KYIV, "default")
    with reading(database) as session:
        assert calendar(session).calendar.zone == "Europe/Kyiv"


def test_a_bad_calendar_is_refused_and_nothing_changes(database: Database) -> None:
    with pytest.raises(InvalidCalendar):
        set_(database, KYIV | {"zone": "Europe/Nowhere"})
    with reading(database) as session, pytest.raises(UnknownCalendar):
        calendar(session, "kyiv")


def test_a_change_on_an_old_revision_is_refused(database: Database) -> None:
    published(database)
    with transaction(database) as session:
        wanted = DepartmentChange(head="Iryna")
        change(session, "stock", wanted, who="a", at=MONDAY, revision=1)
    with pytest.raises(DepartmentChanged), transaction(database) as session:
        change(session, "stock", wanted, who="a", at=MONDAY, revision=1)
    set_(database, KYIV)
    with pytest.raises(CalendarChanged), transaction(database) as session:
        set_calendar(session, "kyiv", KYIV, who="a", at=MONDAY, revision=0)


def test_unknown_departments_and_calendars_are_named(database: Database) -> None:
    published(database)
    with transaction(database) as session:
        with pytest.raises(UnknownDepartment, match="nobody"):
            change(session, "nobody", DepartmentChange(), who="a", at=MONDAY)
        wanted = DepartmentChange(calendar="lunar")
        with pytest.raises(UnknownCalendar, match="lunar"):
            change(session, "stock", wanted, who="a", at=MONDAY)


def test_tasks_of_a_department_without_a_head_go_to_the_quality_manager(
    database: Database,
) -> None:
    published(database)
    with transaction(database) as session:
        change(session, "stock", DepartmentChange(head="Iryna"), who="a", at=MONDAY)
    filed(database)
    work(database)
    told = [
        one.recipient
        for one in all_rows(database, Message)
        if one.kind == MessageKind.TASK
    ]
    assert sorted(told) == ["department:stock"] + ["person:quality-manager"] * 3
