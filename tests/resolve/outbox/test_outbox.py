"""Each event has its effects exactly once, or ends with a person."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from resolve.handling.failures import note_try_in_vain
from resolve.handling.moving import move
from resolve.handling.walking import assign, plan
from resolve.kit.database import Database, reading, transaction
from resolve.messages.models import Message, MessageKind
from resolve.outbox.errors import EventNotFailed, LostClaim
from resolve.outbox.models import Event, EventState, Topic
from resolve.outbox.queries import failed
from resolve.outbox.service import (
    LEASE,
    PAUSES,
    Claimed,
    claim,
    new_token,
    put,
    release,
    retry,
    set_aside,
    settle,
)
from resolve.tasks.models import Task
from tests.builders import (
    MONDAY,
    all_rows,
    filed,
    published,
    tasks_by_department,
    work,
)


def claimed(
    database: Database, *, most: int = 10, after: timedelta = timedelta(0)
) -> tuple[str, list[Claimed]]:
    token = new_token()
    with transaction(database) as session:
        return token, claim(session, at=MONDAY + after, most=most, token=token)


@pytest.fixture
def case_id(database: Database) -> str:
    """A filed complaint whose event waits."""
    published(database)
    return filed(database).case_id


@pytest.mark.usefixtures("case_id")
def test_a_claimed_event_is_not_claimed_again_before_its_lease_ends(
    database: Database,
) -> None:
    assert len(claimed(database)[1]) == 1
    assert claimed(database)[1] == []
    assert len(claimed(database, after=LEASE + timedelta(seconds=1))[1]) == 1


def test_of_one_case_only_the_oldest_event_is_live(
    database: Database, case_id: str
) -> None:
    with transaction(database) as session:
        put(session, Topic.MOVED, [case_id], at=MONDAY)
    token, events = claimed(database)
    assert [one.topic for one in events] == [Topic.FILED]
    assert claimed(database)[1] == []
    with transaction(database) as session:
        settle(session, [events[0].id], token=token, at=MONDAY)
    assert [one.topic for one in claimed(database)[1]] == [Topic.MOVED]


@pytest.mark.usefixtures("case_id")
def test_a_worker_that_lost_its_claim_keeps_nothing(database: Database) -> None:
    slow, events = claimed(database)
    with reading(database) as session:
        plans = plan(session, events)
    quick, _ = claimed(database, after=LEASE + timedelta(seconds=1))
    with pytest.raises(LostClaim), transaction(database) as session:
        assign(session, plans, token=slow, run_id=slow, at=MONDAY)
    assert all_rows(database, Task) == []
    with transaction(database) as session:
        assign(session, plans, token=quick, run_id=quick, at=MONDAY)
    assert len(all_rows(database, Task)) == 4


@pytest.mark.usefixtures("case_id")
def test_released_events_can_be_claimed_at_once_and_count_no_try(
    database: Database,
) -> None:
    token, _ = claimed(database)
    with transaction(database) as session:
        release(session, token=token)
    assert len(claimed(database)[1]) == 1
    assert all_rows(database, Event)[0].tries == 0


def fail_for_good(database: Database) -> None:
    at = MONDAY
    for pause in (*PAUSES, None):
        token, [event] = claimed(database, after=at - MONDAY)
        with transaction(database) as session:
            note_try_in_vain(session, event, token=token, error="no use", at=at)
        at += pause or timedelta(0)


@pytest.mark.usefixtures("case_id")
def test_five_tries_in_vain_end_with_the_quality_manager(database: Database) -> None:
    fail_for_good(database)
    with reading(database) as session:
        [event] = failed(session)
    assert (event.tries, event.error) == (5, "no use")
    told = [m.kind for m in all_rows(database, Message)]
    assert told.count(MessageKind.NEEDS_A_PERSON) == 1
    assert work(database, at=MONDAY + timedelta(days=1)) == 0


@pytest.mark.usefixtures("case_id")
def test_a_failed_event_can_be_tried_again(database: Database) -> None:
    fail_for_good(database)
    with transaction(database) as session:
        retry(session, 1, who="administrator", at=MONDAY)
    assert work(database) == 1
    assert len(all_rows(database, Task)) == 4


@pytest.mark.usefixtures("case_id")
def test_a_failed_event_can_be_set_aside_with_a_reason(database: Database) -> None:
    fail_for_good(database)
    with transaction(database) as session:
        set_aside(session, 1, reason="filed twice", who="administrator", at=MONDAY)
    assert all_rows(database, Event)[0].state == EventState.SET_ASIDE
    with pytest.raises(EventNotFailed), transaction(database) as session:
        retry(session, 1, who="administrator", at=MONDAY)


def test_an_event_of_an_unknown_topic_holds_up_nobody(database: Database) -> None:
    published(database)
    strange, known = filed(database).case_id, filed(database).case_id
    with transaction(database) as session:
        event = session.get_one(Event, 1)
        event.topic = "from-tomorrow"
        session.add(event)
    token, events = claimed(database)
    assert [one.case_id for one in events] == [strange, known]
    with pytest.raises(ValueError, match="tomorrow"), transaction(database) as session:
        move(session, events[:1], token=token, run_id=token, at=MONDAY)
    with transaction(database) as session:
        plans = plan(session, events[1:])
        assign(session, plans, token=token, run_id=token, at=MONDAY)
    assert len(tasks_by_department(database, known)) == 4


def test_many_workers_at_once_claim_every_event_once(database: Database) -> None:
    published(database)
    for _ in range(40):
        filed(database)
    got: list[int] = []

    def take() -> None:
        while events := claimed(database, most=3)[1]:
            got.extend(one.id for one in events)

    workers = [threading.Thread(target=take) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # PostgreSQL skips what another one looks at; what is left is claimed next time.
    got += [one.id for one in claimed(database, most=100)[1]]
    assert sorted(got) == list(range(1, 41))
