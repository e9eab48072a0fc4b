"""Somebody leaves: what was passed on to them is their department's again."""

from __future__ import annotations

from resolve.access.people import the_person
from resolve.handling.leaving import let_go
from resolve.kit.clock import now
from resolve.kit.database import Database, transaction
from resolve.messages.models import Message
from resolve.tasks.models import Task
from resolve.tasks.returning import hand_back
from resolve.tasks.service import pass_on
from tests import builders
from tests.people import MAP_FILE, take_in_people


def passed_on(database: Database) -> tuple[Task, str]:
    """Give a task of the stock, and the member whom it was passed on to."""
    builders.published(database, MAP_FILE.read_bytes(), at=now())
    take_in_people(database)
    case = builders.filed(database, "It is late.", at=now()).case_id
    builders.work(database, at=now())
    task = builders.tasks_by_department(database, case)["stock"]
    with transaction(database) as session:
        member = the_person(session, "stock-member").id
        pass_on(session, task.id, to=member, who="head", at=now())
    return task, member


def test_a_task_of_who_leaves_is_the_departments_again(database: Database) -> None:
    task, member = passed_on(database)

    with transaction(database) as session:
        let_go(session, member, who="administrator", at=now())
        let_go(session, member, who="administrator", at=now())

    after = builders.tasks_by_department(database, task.case_id)["stock"]
    told = [
        one.recipient
        for one in builders.all_rows(database, Message)
        if one.facts.get("task") == task.id
    ]
    assert after.assignee is None
    assert after.status == task.status
    assert told == ["department:stock", f"person:{member}", "department:stock"]


def test_what_they_handed_back_stays_with_the_facilitator(database: Database) -> None:
    task, member = passed_on(database)
    with transaction(database) as session:
        hand_back(session, task.id, reason="Not ours.", who=member, at=now())
        before = len(builders.all_rows(database, Message))

    with transaction(database) as session:
        let_go(session, member, who="administrator", at=now())

    after = builders.tasks_by_department(database, task.case_id)["stock"]
    assert after.assignee is None
    assert after.returned_at is not None
    assert len(builders.all_rows(database, Message)) == before + 1  # of handing back
