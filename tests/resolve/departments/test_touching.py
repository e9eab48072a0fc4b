"""Last touch: the newest stays, and nothing is written needlessly."""

from __future__ import annotations

from datetime import datetime, timedelta

from resolve.departments.models import TouchKind
from resolve.departments.touching import is_due, note, touches
from resolve.kit.database import Database, reading, transaction
from tests.builders import (
    MONDAY,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

MINUTE = timedelta(minutes=1)


def noted(database: Database, *departments: str, at: datetime = MONDAY) -> None:
    with transaction(database) as session:
        note(session, departments, TouchKind.READ, at=at)


def last(database: Database, department: str) -> datetime | None:
    with reading(database) as session:
        return touches(session, [department])[department].get(TouchKind.READ)


def test_a_later_touch_takes_the_place_of_an_earlier_one(database: Database) -> None:
    published(database)
    noted(database, "sales", "stock")
    noted(database, "sales", at=MONDAY + timedelta(days=1))
    assert last(database, "sales") == MONDAY + timedelta(days=1)
    assert last(database, "stock") == MONDAY


def test_an_earlier_touch_entered_late_changes_nothing(database: Database) -> None:
    published(database)
    noted(database, "sales")
    noted(database, "sales", at=MONDAY - timedelta(days=30))
    assert last(database, "sales") == MONDAY


def test_a_touch_is_not_written_again_within_the_hour(database: Database) -> None:
    published(database)
    noted(database, "sales")
    soon, later = MONDAY + 59 * MINUTE, MONDAY + 60 * MINUTE
    with reading(database) as session:
        assert not is_due(session, ["sales"], TouchKind.READ, at=soon)
        assert is_due(session, ["sales"], TouchKind.READ, at=later)
        assert is_due(session, ["sales"], TouchKind.SPOKE, at=soon)
        assert is_due(session, ["sales", "stock"], TouchKind.READ, at=soon)
    noted(database, "sales", at=soon)
    assert last(database, "sales") == MONDAY


def test_a_department_that_nobody_registered_is_left_out(database: Database) -> None:
    published(database)
    noted(database, "sales", "nobody")
    assert last(database, "nobody") is None
    assert last(database, "sales") == MONDAY


def test_answering_a_task_is_taking_part(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    answered(database, tasks_by_department(database, case_id)["stock"], at=MONDAY)
    work(database)
    with reading(database) as session:
        known = touches(session, ["stock", "sales"])
    assert known == {"stock": {TouchKind.TOOK_PART: MONDAY}, "sales": {}}
