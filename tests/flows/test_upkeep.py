"""What upkeep finds to do, and does, without a Prefect server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import select

from resolve.analytics.timing import about
from resolve.clocks.models import Clock, ClockState
from resolve.handling.duties import Duty, duties, rare_duties
from resolve.handling.upkeep import KEEP
from resolve.journal.models import Seal
from resolve.kit import clock
from resolve.kit.database import Database, reading, transaction
from resolve.outbox.models import Event, Topic
from resolve.solutions.models import Solution
from resolve.steptimes.keeping import found_out
from resolve_flows.upkeep import DO, due
from tests.builders import filed, published, work
from tests.resolve.solutions.test_proving import agreed, in_place, log, orders_made
from tests.resolve.steptimes.orders import made, took


@pytest.mark.usefixtures("here")
def test_an_idle_house_has_nothing_to_do() -> None:
    assert due(rare=True) == []


def test_each_duty_that_is_done_is_not_due_any_more(here: Database) -> None:
    published(here)
    filed(here, at=clock.now() - timedelta(days=60))
    work(here, at=clock.now())
    assert set(due(rare=True)) == {Duty.FIRE, Duty.MAIL, Duty.SEAL, Duty.INDEX}
    for duty in (Duty.FIRE, Duty.MAIL, Duty.SEAL, Duty.INDEX):
        DO[duty].fn()  # type: ignore[attr-defined]
    assert Duty.FIRE not in due(rare=True)
    assert Duty.SEAL not in due(rare=True)
    with reading(here) as session:
        assert ClockState.FIRED in session.exec(select(Clock.state)).all()
        assert session.exec(select(Seal)).one().number == 1


def test_sealing_comes_again_a_minute_after_the_last_seal(here: Database) -> None:
    published(here)
    DO[Duty.SEAL].fn()  # type: ignore[attr-defined]
    filed(here, at=clock.now())
    with reading(here) as session:
        soon = duties(session, at=clock.now() + timedelta(seconds=30))
        later = duties(session, at=clock.now() + timedelta(seconds=61))
    assert Duty.SEAL not in soon
    assert Duty.SEAL in later


def test_a_case_that_nothing_moves_is_put_back_on_the_road(here: Database) -> None:
    published(here)
    filed(here, at=clock.now())
    with transaction(here) as session:
        session.execute(delete(Event))
    assert due(rare=True).count(Duty.PUT_BACK) == 1
    DO[Duty.PUT_BACK].fn()  # type: ignore[attr-defined]
    with reading(here) as session:
        assert session.exec(select(Event.topic)).one() == Topic.FILED


def test_settled_events_are_forgotten_after_a_while(here: Database) -> None:
    published(here)
    filed(here, at=clock.now())
    work(here, at=clock.now())
    with reading(here) as session:
        now = rare_duties(session, at=clock.now(), keep=KEEP)
        later = clock.now() + KEEP + timedelta(minutes=1)
        assert Duty.FORGET in rare_duties(session, at=later, keep=KEEP)
    assert Duty.FORGET not in now


def test_what_is_said_of_times_is_made_anew_when_more_came_in(here: Database) -> None:
    published(here)
    long_ago = clock.now() - timedelta(minutes=6)
    took(here, made(30, clock.now() - timedelta(days=30)), at=long_ago)
    with reading(here) as session:
        asked = about(session, "order")
    found_out(here, asked, at=long_ago)
    assert Duty.TIMES not in due(rare=True)
    took(here, made(31, clock.now() - timedelta(days=30)), at=clock.now())

    assert Duty.TIMES in due(rare=True)
    DO[Duty.TIMES].fn()  # type: ignore[attr-defined]

    assert Duty.TIMES not in due(rare=True)
    found = found_out(here, asked, at=clock.now())
    assert (found.since, found.figures["orders"]["known"]) == (0, 31)


def test_a_change_whose_time_is_over_is_judged(here: Database) -> None:
    of = agreed(here, at=clock.now())
    log(here, orders_made(shift=0.2, began=clock.now() - timedelta(days=80)))
    since = (clock.now() - timedelta(days=40)).date()
    in_place(here, of, on=since, at=clock.now())
    assert Duty.JUDGE in due(rare=False)
    DO[Duty.JUDGE].fn()  # type: ignore[attr-defined]
    assert Duty.JUDGE not in due(rare=False)
    with reading(here) as session:
        found = session.get_one(Solution, of.id)
        assert found.verdict is not None
        assert found.verdict["orders"][1] > 100
