"""A task that is not the department's goes back to the facilitator, and may return."""

from __future__ import annotations

from datetime import timedelta

import pytest

from resolve.analytics.replayed import differences
from resolve.cases.models import Remark
from resolve.cases.remarks import ReasonMissing
from resolve.handling.letters import Told, letters
from resolve.handling.recipients import Recipient
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.language import LANGUAGES, language
from resolve.messages.models import Message, MessageKind
from resolve.reviews.errors import StillAwaited
from resolve.reviews.service import open_review
from resolve.tasks.errors import TaskNotOpen
from resolve.tasks.models import Task, TaskStatus
from resolve.tasks.queries import task as the_task
from resolve.tasks.returning import NotReturned, ask_again, hand_back
from resolve.tasks.service import pass_on, withdraw
from tests.builders import (
    MONDAY,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

WHY = "All of it was in the warehouse of the carrier."


@pytest.fixture
def task(database: Database) -> Task:
    """The task of a department in a case about a late delivery."""
    published(database)
    case_id = filed(database).case_id
    work(database)
    return tasks_by_department(database, case_id)["stock"]


def returned(database: Database, task: Task, reason: str = WHY) -> Task:
    with transaction(database) as session:
        return hand_back(
            session, task.id, reason=reason, who="department:stock", at=MONDAY
        )


def told(database: Database, kind: MessageKind) -> list[Message]:
    return [one for one in all_rows(database, Message) if one.kind == kind]


def test_the_facilitator_is_told_once_and_the_task_stays_open_with_its_clock(
    database: Database, task: Task
) -> None:
    returned(database, task)
    again = returned(database, task, "Still not ours.")

    assert (again.status, again.returned_at) == (TaskStatus.OPEN, MONDAY)
    assert again.due_at == task.due_at
    [message] = told(database, MessageKind.RETURNED)
    assert message.recipient == "person:quality-manager"
    assert [one.text for one in all_rows(database, Remark)] == [WHY]


def test_the_letter_says_in_every_language_what_can_be_done(
    database: Database, task: Task
) -> None:
    returned(database, task)
    with reading(database) as session:
        for code in LANGUAGES:
            [message] = told(database, MessageKind.RETURNED)
            to = Told(message.id, message, Recipient("Reader", None, code))
            [letter] = letters(session, [to], house=language(code)).values()
            assert task.id in letter.body
            assert WHY not in letter.body


def test_the_journal_knows_that_and_not_why_and_replays_to_what_is_stored(
    database: Database, task: Task
) -> None:
    returned(database, task)
    with transaction(database) as session:
        ask_again(
            session, task.id, reason="Please look once more.", who="qm", at=MONDAY
        )

    entries = all_rows(database, JournalEntry)
    what = [one.what for one in entries]
    assert {"task_returned", "task_asked_again"} <= set(what)
    assert "carrier." not in str([one.data for one in entries])
    with reading(database) as session:
        assert differences(session) == []


def test_the_department_is_asked_again_and_told_why(
    database: Database, task: Task
) -> None:
    returned(database, task)
    before = len(told(database, MessageKind.TASK))

    with transaction(database) as session:
        asked = ask_again(session, task.id, reason="You pick it.", who="qm", at=MONDAY)

    assert asked.returned_at is None
    assert len(told(database, MessageKind.TASK)) == before + 1
    with pytest.raises(NotReturned), transaction(database) as session:
        ask_again(session, task.id, reason="Again.", who="qm", at=MONDAY)


def test_passing_it_on_or_answering_takes_it_up_again(
    database: Database, task: Task
) -> None:
    returned(database, task)
    with transaction(database) as session:
        assert (
            pass_on(session, task.id, to="Petro", who="qm", at=MONDAY).returned_at
            is None
        )
    returned(database, task)
    assert answered(database, task).returned_at is None


def test_a_reason_is_needed_and_an_answered_task_is_not_handed_back(
    database: Database, task: Task
) -> None:
    with pytest.raises(ReasonMissing):
        returned(database, task, "  ")
    with reading(database) as session:
        assert the_task(session, task.id).returned_at is None
    answered(database, task)
    with pytest.raises(TaskNotOpen):
        returned(database, task)


def test_the_case_goes_on_once_the_facilitator_goes_on_without_it(
    database: Database, task: Task
) -> None:
    for department, one in tasks_by_department(database, task.case_id).items():
        if department != "stock":
            answered(database, one)
    returned(database, task)
    with pytest.raises(StillAwaited), transaction(database) as session:
        open_review(session, task.case_id, who="qm", at=MONDAY)
    with transaction(database) as session:
        withdraw(session, task.id, reason="Truly not theirs.", who="qm", at=MONDAY)
    work(database, at=MONDAY + timedelta(hours=1))
    assert told(database, MessageKind.ALL_IN)
