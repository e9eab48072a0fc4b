"""What the stages do with a batch, without a Prefect server."""

from __future__ import annotations

from typing import TypeVar

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from resolve.kit import clock
from resolve.kit.database import Database, DatabaseBusy, reading, transaction
from resolve.messages.models import Message, MessageKind
from resolve.outbox.errors import LostClaim
from resolve.outbox.models import Event, EventState
from resolve.outbox.service import PAUSES, Claimed, held
from resolve.tasks.models import Task
from resolve_flows.batch import Carried, TriedInVain, do_all, reason
from resolve_flows.chain_walk import assign, walk
from resolve_flows.claims import Claim, claimed, given_back, nothing_left
from tests.builders import filed, published

T = TypeVar("T", bound=SQLModel)


def test_walk_finds_who_takes_part_and_assign_asks_them(here: Database) -> None:
    _filed(here, 1)
    claim = claimed()
    plans = walk.fn(Carried(_held(here, claim)))
    run_id = claim.token  # any id will do
    tasks = assign.fn(plans, token=claim.token, run_id=run_id)
    assert tasks == len(plans.value[0].participants) == len(_rows(here, Task))


def test_a_step_repeated_after_its_commit_changes_nothing(here: Database) -> None:
    _filed(here, 1)
    claim = claimed()
    plans = walk.fn(Carried(_held(here, claim)))
    assign.fn(plans, token=claim.token, run_id=claim.token)
    before = _rows(here, Task)
    with pytest.raises(LostClaim):
        assign.fn(plans, token=claim.token, run_id=claim.token)
    assert _rows(here, Task) == before


def test_one_failing_event_does_not_hold_up_the_others(here: Database) -> None:
    _filed(here, 9)
    claim = claimed()
    poison = claim.to_walk[4]
    done: list[int] = []

    def work(events: list[Claimed]) -> None:
        if any(event.id == poison for event in events):
            raise ValueError
        done.extend(event.id for event in events)

    with pytest.raises(TriedInVain) as failed:
        do_all(claim.token, claim.to_walk, work)
    assert failed.value.event_ids == (poison,)
    assert sorted([*done, poison]) == claim.to_walk
    assert _event(here, poison).tries == 1


def test_a_busy_database_is_no_try(here: Database) -> None:
    _filed(here, 3)
    claim = claimed()
    with pytest.raises(DatabaseBusy), given_back(claim):
        do_all(claim.token, claim.to_walk, _busy)
    assert {event.tries for event in _rows(here, Event)} == {0}
    assert claimed().to_walk == claim.to_walk


def test_nothing_is_kept_after_another_worker_took_over(here: Database) -> None:
    _filed(here, 2)
    claim = claimed()
    with transaction(here) as session:
        session.execute(update(Event).values(claimed_until=clock.now() - PAUSES[0]))
    theirs = claimed()
    with given_back(claim):
        do_all(claim.token, claim.to_walk, lambda _: pytest.fail("not ours"))
    assert _held(here, theirs)


def test_what_keeps_failing_ends_with_a_person(here: Database) -> None:
    _filed(here, 1)
    for _ in range(len(PAUSES) + 1):
        _let_pauses_pass(here)
        claim = claimed()
        with given_back(claim):
            do_all(claim.token, claim.to_walk, _broken)
    assert _rows(here, Event)[0].state == EventState.FAILED
    told = [m for m in _rows(here, Message) if m.kind == MessageKind.NEEDS_A_PERSON]
    assert [message.recipient for message in told] == ["person:quality-manager"]


def test_events_that_wait_after_a_try_do_not_keep_a_drain_alive(here: Database) -> None:
    _filed(here, 1)
    assert not nothing_left()
    claim = claimed()
    assert not nothing_left()
    with given_back(claim):
        do_all(claim.token, claim.to_walk, _broken)
    assert nothing_left()


def test_a_reason_does_not_repeat_the_values_of_a_statement(here: Database) -> None:
    _filed(here, 1)
    with pytest.raises(IntegrityError) as failed, transaction(here) as session:
        session.execute(update(Event).values(topic=None, error="secret words"))
    assert "secret words" not in reason(failed.value)


def _filed(database: Database, count: int) -> None:
    published(database)
    for number in range(count):
        filed(database, at=clock.now(), reference=str(number))


def _held(database: Database, claim: Claim) -> list[Claimed]:
    with reading(database) as session:
        return held(session, claim.to_walk, token=claim.token)


def _busy(_: object) -> None:
    raise DatabaseBusy("The database is busy.")


def _broken(_: object) -> None:
    raise ValueError


def _let_pauses_pass(database: Database) -> None:
    with transaction(database) as session:
        session.execute(update(Event).values(not_before=clock.now()))


def _event(database: Database, event_id: int) -> Event:
    with reading(database) as session:
        return session.get_one(Event, event_id)


def _rows(database: Database, table: type[T]) -> list[T]:
    with reading(database) as session:
        return list(session.exec(select(table)))
