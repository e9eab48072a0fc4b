"""Complaints through a real Prefect server, by a real worker."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

from sqlmodel import select

from resolve.cases.models import CaseFlowRun
from resolve.cases.queries import flow_runs
from resolve.journal.models import JournalHead, Seal
from resolve.kit import clock
from resolve.kit.database import Database, reading, transaction
from resolve.launcher.prefect_address import PrefectAddress
from resolve.maps.models import MapVersion
from resolve.messages.models import Message, MessageKind
from resolve.outbox.models import Event, EventState
from resolve.outbox.queries import failed
from resolve.outbox.service import PAUSES, retry
from resolve.tasks.models import Task
from resolve.tasks.queries import tasks_of
from tests.builders import ORDER, filed, published

OTHER = ORDER.replace(b"id: order", b"id: other", 1)


def test_a_filed_complaint_gets_its_tasks_and_knows_its_flow_run(
    database: Database, drain: Callable[[], None], prefect: PrefectAddress
) -> None:
    published(database)
    case_id = filed(database, at=clock.now()).case_id
    drain()
    with reading(database) as session:
        assert tasks_of(session, case_id)
        (run_id,) = flow_runs(session, case_id)
    run = _asked(prefect, f"/flow_runs/{UUID(run_id)}")
    assert run["state_type"] == "COMPLETED"
    assert _stages(prefect, run_id) == {"walk", "assign", "tell"}


def test_no_parameter_of_a_run_holds_more_than_ids(
    database: Database, drain: Callable[[], None], prefect: PrefectAddress
) -> None:
    published(database)
    case_id = filed(database, "Confidential.", at=clock.now()).case_id
    drain()
    with reading(database) as session:
        (run_id,) = flow_runs(session, case_id)
    parameters = _asked(prefect, f"/flow_runs/{UUID(run_id)}")["parameters"]
    assert set(parameters) == {"token", "event_ids"}
    assert all(isinstance(number, int) for number in parameters["event_ids"])


def test_three_hundred_complaints_are_one_run(
    database: Database, drain: Callable[[], None]
) -> None:
    published(database)
    for number in range(300):
        filed(database, at=clock.now(), reference=str(number))
    drain()
    with reading(database) as session:
        moved = session.exec(select(CaseFlowRun)).all()
        asked = session.exec(select(Task.case_id).distinct()).all()
    assert len(moved) == len(asked) == 300
    assert len({row.run_id for row in moved}) == 1


def test_a_poison_event_ends_with_a_person_and_the_others_are_handled(
    database: Database, drain: Callable[[], None]
) -> None:
    published(database)
    published(database, OTHER)
    whole = [
        filed(database, at=clock.now(), map="order", reference=str(number)).case_id
        for number in range(3)
    ]
    broken = filed(database, at=clock.now(), map="other").case_id
    source = _break(database, "other")
    drain()
    _let_pauses_pass(database, broken)
    drain()
    with reading(database) as session:
        assert all(tasks_of(session, case_id) for case_id in whole)
        assert not tasks_of(session, broken)
        (event,) = failed(session)
        needs = Message.kind == MessageKind.NEEDS_A_PERSON
        (told,) = session.exec(select(Message).where(needs)).all()
    assert (told.case_id, told.recipient) == (broken, "person:quality-manager")

    _mend(database, "other", source)
    with transaction(database) as session:
        retry(session, event.id or 0, who="quality-manager", at=clock.now())
    drain()
    with reading(database) as session:
        assert tasks_of(session, broken)
        assert session.get_one(Event, event.id).state == EventState.SETTLED


def test_upkeep_seals_the_journal(
    database: Database, drain: Callable[[], None]
) -> None:
    published(database)
    filed(database, at=clock.now())
    drain()
    with reading(database) as session:
        heads = session.exec(select(JournalHead)).all()
        seals = session.exec(select(Seal)).all()
    assert seals
    assert all(head.sealed_seq for head in heads)


def _stages(prefect: PrefectAddress, run_id: str) -> set[str]:
    """Give the stages that Prefect shows; it records them a little later."""
    runs = {"flow_runs": {"id": {"any_": [run_id]}}}
    for _ in range(60):
        found = _asked(prefect, "/task_runs/filter", runs)
        names = {stage["name"].rpartition("-")[0] for stage in found}
        if len(names) == 3:
            break
        time.sleep(0.5)
    return names


def _break(database: Database, map_id: str) -> tuple[str, str]:
    """Make the version of a map unreadable; give what it was."""
    with transaction(database) as session:
        version = session.get_one(MapVersion, (map_id, 1))
        before = version.source, version.digest
        version.source, version.digest = "steps: [", "0" * 64
        session.add(version)
    return before


def _mend(database: Database, map_id: str, before: tuple[str, str]) -> None:
    with transaction(database) as session:
        version = session.get_one(MapVersion, (map_id, 1))
        version.source, version.digest = before
        session.add(version)


def _let_pauses_pass(database: Database, case_id: str) -> None:
    """Let it be as after all tries but the last; `test_steps.py` takes each of them."""
    with transaction(database) as session:
        (event,) = session.exec(select(Event).where(Event.case_id == case_id)).all()
        assert (event.state, event.tries) == (EventState.WAITING, 1)
        event.not_before, event.tries = clock.now(), len(PAUSES)
        session.add(event)


def _asked(prefect: PrefectAddress, path: str, body: Any = None) -> Any:
    request = Request(
        prefect.url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"} | prefect.credentials(),
    )
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)
