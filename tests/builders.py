"""Builders: each makes a thing with only the facts that matter to a test."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import select

from resolve.complaints.filing import Filed, Filing, House, file
from resolve.handling.moving import move
from resolve.handling.walking import assign, plan
from resolve.kit.database import Database, reading, transaction
from resolve.maps.service import publish
from resolve.outbox.models import Topic
from resolve.outbox.service import Claimed, claim, new_token
from resolve.tasks.answers import Answering, Proposal
from resolve.tasks.models import Task
from resolve.tasks.queries import participant, tasks_of
from resolve.tasks.service import answer

ORDER = (Path(__file__).parent / "resolve/chain/order.yaml").read_bytes()
HOUSE = House(quality_manager="quality-manager", answer_within=10)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def published(
    database: Database, source: bytes = ORDER, *, at: datetime = MONDAY
) -> None:
    """Publish a map, by default the worked example."""
    with transaction(database) as session:
        publish(session, source, who="administrator", at=at)


def filed(
    database: Database,
    text: str = "It came three days late.",
    *,
    at: datetime = MONDAY,
    who: str = "administrator",
    **facts: Any,
) -> Filed:
    """File a complaint, by default that the promised day at the door was missed."""
    known = {"source": "test", "touchpoint": "door", "promise": "on-time"} | facts
    with transaction(database) as session:
        return file(session, Filing(text=text, **known), house=HOUSE, who=who, at=at)


def work(database: Database, *, at: datetime = MONDAY) -> int:
    """Handle every waiting event as the worker does, without Prefect; give how many."""
    total = 0
    while True:
        token = new_token()
        with transaction(database) as session:
            events = claim(session, at=at, most=500, token=token)
        if not events:
            return total
        total += len(events)
        _handle(database, events, token, at)


def _handle(
    database: Database, events: list[Claimed], token: str, at: datetime
) -> None:
    walking = [one for one in events if one.topic in (Topic.FILED, Topic.PLACED)]
    moving = [one for one in events if one not in walking]
    with reading(database) as session:
        plans = plan(session, walking)
    with transaction(database) as session:
        assign(session, plans, token=token, run_id=token, at=at)
        move(session, moving, token=token, run_id=token, at=at)


def tasks_by_department(database: Database, case_id: str) -> dict[str, Task]:
    """Give the tasks of the newest round of a case."""
    with reading(database) as session:
        return {one.department_id: one for one in tasks_of(session, case_id)}


def answered(
    database: Database,
    task: Task,
    change: str = "Hand it over an hour earlier",
    *,
    at: datetime = MONDAY,
) -> Task:
    """Answer a task with one proposal for its first step."""
    with transaction(database) as session:
        step = participant(session, task).steps[0]
        given = Answering(proposals=(Proposal(change, step),))
        who = f"department:{task.department_id}"
        return answer(session, task.id, given, who=who, at=at)


def all_rows(database: Database, table: type[Any]) -> list[Any]:
    """Give everything a table holds."""
    with reading(database) as session:
        return list(session.exec(select(table)))
