"""A complaint from filing to the end, on both databases, without Prefect."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from resolve.cases.errors import NotFinished, WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.service import place
from resolve.chain.model import PromiseConcern
from resolve.complaints import service as complaints
from resolve.complaints.errors import AlreadyFiled, WrongComplaintState
from resolve.complaints.models import ClosedAs, Complaint
from resolve.handling.closing import close_case
from resolve.handling.failures import set_event_aside
from resolve.handling.reconciling import reconcile
from resolve.handling.upkeep import fire_all_due
from resolve.journal.models import JournalEntry
from resolve.journal.rules import replay
from resolve.kit.database import Database, reading, transaction
from resolve.messages.models import Message, MessageKind
from resolve.outbox.models import Event, EventState
from resolve.reviews.errors import StillAwaited
from resolve.reviews.service import open_review
from resolve.solutions.service import Agreement, agree, say_outcome
from resolve.tasks.errors import AlreadyReplied, DueInThePast
from resolve.tasks.models import Task, TaskStatus
from resolve.tasks.requests import ask, reply
from resolve.tasks.service import extend, pass_on, withdraw
from tests.builders import (
    MONDAY,
    ORDER,
    all_rows,
    answered,
    filed,
    published,
    tasks_by_department,
    work,
)

IN_A_WEEK = MONDAY + timedelta(days=7)


def status_of(database: Database, case_id: str) -> str:
    with reading(database) as session:
        return the_case(session, case_id).status


def told(database: Database, kind: MessageKind) -> list[Message]:
    return [one for one in all_rows(database, Message) if one.kind == kind]


def test_every_department_on_the_way_gets_one_task(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    assert set(tasks_by_department(database, case_id)) == {
        "carrier", "packing", "stock", "sales",
    }  # fmt: skip
    assert len(told(database, MessageKind.TASK)) == 4


def test_a_task_is_due_two_working_days_later(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    due = {task.due_at for task in tasks_by_department(database, case_id).values()}
    assert due == {MONDAY.replace(day=4, hour=18)}


def test_handling_the_same_events_twice_makes_no_second_task(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    with transaction(database) as session:
        event = session.get_one(Event, 1)
        event.state, event.claim_token, event.claimed_until = (
            EventState.WAITING, None, None,
        )  # fmt: skip
        session.add(event)
    assert work(database) == 1
    assert len(tasks_by_department(database, case_id)) == 4
    assert len(all_rows(database, Task)) == 4


def test_the_facilitator_is_asked_once_when_the_last_answer_is_in(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    tasks = list(tasks_by_department(database, case_id).values())
    for task in tasks[:-1]:
        answered(database, task)
    work(database)
    assert told(database, MessageKind.ALL_IN) == []
    answered(database, tasks[-1])
    work(database)
    work(database)
    assert len(told(database, MessageKind.ALL_IN)) == 1


def test_a_review_opens_only_when_all_answers_are_in_or_past_due(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    with pytest.raises(StillAwaited), transaction(database) as session:
        open_review(session, case_id, who="qm", at=MONDAY)
    with transaction(database) as session:
        open_review(session, case_id, who="qm", at=IN_A_WEEK)
    left = {task.status for task in tasks_by_department(database, case_id).values()}
    assert left == {TaskStatus.WITHDRAWN}


def test_past_due_tasks_return_to_the_facilitator(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    assert fire_all_due(database, at=IN_A_WEEK) == 4
    assert fire_all_due(database, at=IN_A_WEEK) == 0
    work(database, at=IN_A_WEEK)
    assert len(told(database, MessageKind.PAST_DUE)) == 4
    assert len(told(database, MessageKind.ALL_IN)) == 1
    assert status_of(database, case_id) == CaseStatus.TASKS


def test_an_extended_task_is_awaited_again(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    fire_all_due(database, at=IN_A_WEEK)
    stock = tasks_by_department(database, case_id)["stock"]
    later = IN_A_WEEK + timedelta(days=2)
    with transaction(database) as session:
        extend(
            session, stock.id, due=later, reason="stocktaking", who="qm", at=IN_A_WEEK
        )
    work(database, at=IN_A_WEEK)
    assert told(database, MessageKind.ALL_IN) == []
    assert fire_all_due(database, at=later) == 1


def test_withdrawing_the_last_awaited_task_asks_the_facilitator(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    for task in tasks_by_department(database, case_id).values():
        with transaction(database) as session:
            withdraw(session, task.id, reason="handled by phone", who="qm", at=MONDAY)
    work(database)
    assert len(told(database, MessageKind.ALL_IN)) == 1


def test_the_short_way_to_the_end(database: Database) -> None:
    published(database)
    complaint = filed(database)
    work(database)
    tasks = tasks_by_department(database, complaint.case_id)
    for task in tasks.values():
        answered(database, task)
    work(database)
    with transaction(database) as session:
        open_review(session, complaint.case_id, who="qm", at=MONDAY)
        agreed = agree(
            session,
            complaint.case_id,
            Agreement(tasks["stock"].id, 1, "Olena", date(2026, 3, 20)),
            who="qm",
            at=MONDAY,
        )
    assert status_of(database, complaint.case_id) == CaseStatus.IMPROVING
    with pytest.raises(NotFinished), transaction(database) as session:
        close_case(session, complaint.case_id, who="qm", at=MONDAY)
    with transaction(database) as session:
        complaints.answer(
            session, complaint.number, text="We are sorry.", who="qm", at=MONDAY
        )
        complaints.close(
            session, complaint.number, closed_as=ClosedAs.ACCEPTED, who="qm", at=MONDAY
        )
        say_outcome(session, agreed.id, in_place=True, who="qm", at=MONDAY)
        close_case(session, complaint.case_id, who="qm", at=MONDAY)
    assert status_of(database, complaint.case_id) == CaseStatus.CLOSED
    assert len(told(database, MessageKind.IN_PLACE)) == 4
    states = replay(
        entry.data
        for entry in sorted(all_rows(database, JournalEntry), key=lambda one: one.seq)
        if entry.chain == f"case:{complaint.case_id}"
    )
    assert states["case"] == CaseStatus.CLOSED
    assert states[f"task:{tasks['stock'].id}"] == TaskStatus.ANSWERED
    assert states[f"agreement:{agreed.id}"] == "in_place"


def test_a_complaint_with_an_unknown_promise_waits_to_be_placed(
    database: Database,
) -> None:
    published(database)
    complaint = filed(database, promise="by-moonlight")
    assert complaint.case_status == CaseStatus.TO_PLACE
    assert [one.code for one in complaint.warnings] == [
        "default_map",
        "unknown_promise",
    ]
    assert len(told(database, MessageKind.TO_PLACE)) == 1
    with transaction(database) as session:
        place(
            session,
            complaint.case_id,
            map_id="order",
            concern=PromiseConcern("payment", "correct-bill"),
            who="qm",
            at=MONDAY,
        )
    work(database)
    assert set(tasks_by_department(database, complaint.case_id)) == {"billing", "sales"}
    with pytest.raises(WrongState), transaction(database) as session:
        place(
            session,
            complaint.case_id,
            map_id="order",
            concern=PromiseConcern("door", "intact"),
            who="qm",
            at=MONDAY,
        )


def test_the_same_reference_of_a_source_is_filed_once(database: Database) -> None:
    published(database)
    first = filed(database, reference="A-1")
    with pytest.raises(AlreadyFiled) as refused:
        filed(database, reference="A-1")
    assert refused.value.extra["existing"] == first.complaint_id
    filed(database, reference="A-1", source="elsewhere")
    assert len(all_rows(database, Complaint)) == 2


def test_a_like_complaint_joins_a_case_that_still_awaits_answers(
    database: Database,
) -> None:
    with_join = ORDER.replace(b"id: order\n", b"id: order\njoin: P3D\n", 1)
    published(database, with_join)
    first = filed(database)
    work(database)
    second = filed(database, at=MONDAY + timedelta(days=2))
    late = filed(database, at=MONDAY + timedelta(days=4))
    assert second.case_id == first.case_id
    assert late.case_id != first.case_id
    assert len(all_rows(database, Case)) == 2


def test_a_complaint_is_not_closed_as_accepted_before_it_is_answered(
    database: Database,
) -> None:
    published(database)
    complaint = filed(database)
    with pytest.raises(WrongComplaintState), transaction(database) as session:
        complaints.close(
            session, complaint.number, closed_as=ClosedAs.ACCEPTED, who="qm", at=MONDAY
        )
    with transaction(database) as session:
        complaints.close(
            session, complaint.number, closed_as=ClosedAs.WITHDRAWN, who="qm", at=MONDAY
        )


def test_a_case_keeps_the_version_of_the_map_it_was_placed_on(
    database: Database,
) -> None:
    published(database)
    before = filed(database)
    published(database, ORDER.replace(b"title: Pick", b"title: Pick and count"))
    after = filed(database)
    work(database)
    with reading(database) as session:
        assert the_case(session, before.case_id).map_version == 1
        assert the_case(session, after.case_id).map_version == 2


def test_the_reconciler_puts_a_case_back_that_lost_its_event(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    with transaction(database) as session:
        session.delete(session.get_one(Event, 1))
    assert work(database) == 0
    with transaction(database) as session:
        assert reconcile(session, at=MONDAY) == 1
    with transaction(database) as session:
        assert reconcile(session, at=MONDAY) == 0
    work(database)
    assert len(tasks_by_department(database, case_id)) == 4


def test_healthy_cases_give_the_reconciler_nothing_to_do(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    filed(database, touchpoint="nowhere")
    work(database)
    with transaction(database) as session:
        assert reconcile(session, at=MONDAY) == 0
    for task in tasks_by_department(database, case_id).values():
        answered(database, task)
    work(database)
    with transaction(database) as session:
        assert reconcile(session, at=IN_A_WEEK) == 0


def test_an_answer_after_more_time_asks_the_facilitator_again(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    fire_all_due(database, at=IN_A_WEEK)
    work(database, at=IN_A_WEEK)
    stock = tasks_by_department(database, case_id)["stock"]
    later = IN_A_WEEK + timedelta(days=2)
    with transaction(database) as session:
        extend(session, stock.id, due=later, reason="r", who="qm", at=IN_A_WEEK)
    answered(database, stock, at=IN_A_WEEK)
    work(database, at=IN_A_WEEK)
    assert len(told(database, MessageKind.ALL_IN)) == 2


def test_a_closed_case_awaits_no_reply_of_a_neighbour(database: Database) -> None:
    published(database)
    complaint = filed(database)
    work(database)
    tasks = tasks_by_department(database, complaint.case_id)
    with transaction(database) as session:
        asked = ask(
            session, tasks["stock"].id, department="packing", what="Crates",
            who="department:stock", at=MONDAY,
        )  # fmt: skip
        for task in tasks.values():
            withdraw(session, task.id, reason="withdrawn", who="qm", at=MONDAY)
        complaints.close(
            session, complaint.number, closed_as=ClosedAs.WITHDRAWN, who="qm", at=MONDAY
        )
        close_case(session, complaint.case_id, who="qm", at=MONDAY)
    with pytest.raises(AlreadyReplied), transaction(database) as session:
        reply(session, asked.id, accept=True, who="department:packing", at=MONDAY)


def test_a_case_whose_event_is_set_aside_goes_back_to_be_placed(
    database: Database,
) -> None:
    published(database)
    case_id = filed(database).case_id
    with transaction(database) as session:
        event = session.get_one(Event, 1)
        event.state = EventState.FAILED
        session.add(event)
    with transaction(database) as session:
        set_event_aside(session, 1, reason="no use", who="qm", at=MONDAY)
    assert status_of(database, case_id) == CaseStatus.TO_PLACE
    assert len(told(database, MessageKind.TO_PLACE)) == 1
    with transaction(database) as session:
        assert reconcile(session, at=MONDAY) == 0


def test_a_task_passed_on_and_back_is_told_each_time(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    stock = tasks_by_department(database, case_id)["stock"]
    before = len(told(database, MessageKind.TASK))
    for name in ("Petro", "Olha", "Petro"):
        with transaction(database) as session:
            pass_on(session, stock.id, to=name, who="department:stock", at=MONDAY)
    assert len(told(database, MessageKind.TASK)) == before + 3


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        ((None, None), ["default_map", "missing_touchpoint", "missing_promise"]),
        (("nowhere", "by-moonlight"),
         ["default_map", "unknown_touchpoint", "unknown_promise"]),
        (("nowhere", "on-time"), ["default_map", "unknown_touchpoint"]),
        (("payment", "on-time"), ["default_map", "promise_not_here"]),
        (("payment", None), ["default_map", "default_promise"]),
    ],
)  # fmt: skip
def test_each_field_that_is_unclear_has_a_warning(
    database: Database, named: tuple[str | None, str | None], codes: list[str]
) -> None:
    published(database)
    made = filed(database, touchpoint=named[0], promise=named[1])
    assert [one.code for one in made.warnings] == codes


def test_nothing_is_agreed_for_a_day_that_has_passed(database: Database) -> None:
    published(database)
    case_id = filed(database).case_id
    work(database)
    tasks = tasks_by_department(database, case_id)
    for task in tasks.values():
        answered(database, task)
    agreed = Agreement(tasks["stock"].id, 1, "Olena", date(2026, 2, 1))
    with transaction(database) as session:
        open_review(session, case_id, who="qm", at=MONDAY)
    with pytest.raises(DueInThePast), transaction(database) as session:
        agree(session, case_id, agreed, who="qm", at=MONDAY)
