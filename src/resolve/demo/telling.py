"""Letting it happen: acts in the order of time, the engine at work between them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.clocks.models import Clock, ClockState
from resolve.complaints.errors import AlreadyFiled
from resolve.complaints.filing import House, file
from resolve.demo import company
from resolve.demo.orders import tell_orders
from resolve.demo.people import take_in_people
from resolve.demo.standards import tell_standards
from resolve.demo.stories import Act, Story, acts_of, live_filings, stories
from resolve.handling.moving import fire_due_clocks, move
from resolve.handling.walking import assign, plan
from resolve.kit.database import Database, transaction
from resolve.kit.ids import new_id
from resolve.outbox.models import Topic
from resolve.outbox.service import claim, new_token

_AT_ONCE = 500


def begin(database: Database, *, now: datetime, house: House) -> bool:
    """Found the company and tell its stories, once; tell whether this was the time.

    Raises:
        NotTheDemonstration: the database holds anything else.
    """
    with transaction(database) as session:
        so_far = company.standing(session)
        if so_far is company.Standing.TOLD:
            return False
        if so_far is company.Standing.EMPTY:
            company.found(session, now=now)
        take_in_people(session, at=company.founded_at(now))
        tell_orders(session, now=now)  # stories look at them
        tell(session, stories(), now=now, house=house)
        tell_standards(session, now=now)
        company.mark(session, company.TOLD, at=now)
    return True


def begin_empty(database: Database, *, now: datetime) -> None:
    """Found the company without its stories, once.

    Raises:
        NotTheDemonstration: the database holds anything else.
    """
    with transaction(database) as session:
        if company.standing(session) is company.Standing.EMPTY:
            company.found(session, now=now)


def file_live(database: Database, *, now: datetime, house: House) -> int:
    """File the complaints that the running engine is seen with, once; say how many."""
    filed = 0
    for filing in live_filings():
        with suppress(AlreadyFiled), transaction(database) as session:
            file(session, filing, house=house, who=company.WHO, at=now)
            filed += 1
    return filed


def tell(
    session: Session, told: Iterable[Story], *, now: datetime, house: House
) -> None:
    """Let stories happen, up to now, in one transaction: all of them or none."""
    past = company.past(now)
    acts = [act for story in told for act in acts_of(story, past=past, house=house)]
    _play(session, acts, until=now)


def _play(session: Session, acts: Iterable[Act], *, until: datetime) -> None:
    for act in sorted(acts, key=lambda one: one.at):
        _let_clocks_fire(session, until=act.at)
        act.do(session, act.at)
        _forget(session)
        _handle(session, at=act.at)
    _let_clocks_fire(session, until=until)


def _let_clocks_fire(session: Session, *, until: datetime) -> None:
    while True:
        due = session.exec(
            select(Clock.due_at)
            .where(Clock.state == ClockState.RUNNING)
            .order_by(col(Clock.due_at))
            .limit(1)
        ).first()
        if due is None or due > until:
            return
        fire_due_clocks(session, at=due, most=_AT_ONCE)
        _forget(session)
        _handle(session, at=due)


def _handle(session: Session, *, at: datetime) -> None:
    """Handle what waits as the worker does, in a run of its own."""
    token, run_id = new_token(), new_id()
    events = claim(session, at=at, most=_AT_ONCE, token=token)
    if not events:
        return
    walking = [one for one in events if one.topic in (Topic.FILED, Topic.PLACED)]
    moving = [one for one in events if one not in walking]
    plans = plan(session, walking)
    assign(session, plans, token=token, run_id=run_id, at=at)
    _forget(session)
    move(session, moving, token=token, run_id=run_id, at=at)
    _forget(session)


def _forget(session: Session) -> None:
    """Look at every row anew, as the next transaction would."""
    session.flush()
    session.expunge_all()
