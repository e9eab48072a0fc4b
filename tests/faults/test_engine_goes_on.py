"""A worker, as a real process, through what one event or one moment does to it."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from resolve.cases.models import Case, CaseStatus
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.launcher.prefect_address import PrefectAddress
from resolve.messages.models import Message, MessageKind
from resolve.outbox.models import Event as OutboxEvent
from resolve.outbox.models import EventState
from resolve.outbox.service import PAUSES
from tests.builders import ORDER, all_rows, filed
from tests.faults.conftest import Company
from tests.faults.people import Caller, Receipts, answer_task, at_once, caller
from tests.faults.processes import Api, holding, until
from tests.faults.truth import assert_all_is_well, rows_of, wait_until_settled

GONE = json.dumps({"promise": "gone", "touchpoint": "gone"})


def test_a_poison_event_ends_with_a_person_and_the_others_proceed(
    company: Company, prefect: PrefectAddress
) -> None:
    cases = [filed(company.database, at=now()).case_id for _ in range(20)]
    poisoned = cases[7]
    right = _set_concern(company, poisoned, GONE)
    with transaction(company.database) as session:
        # As after its first tries, which take ten minutes.
        found = update(OutboxEvent).where(col(OutboxEvent.case_id) == poisoned)
        session.execute(found.values(tries=len(PAUSES)))
    worker = company.processes.worker(prefect)

    failed = until(lambda: _failed(company), within=60, what="it ends with a person")
    assert [one["case"] for one in failed] == [poisoned]
    assert "UnknownTouchpoint" in failed[0]["error"]
    asked = {t.case_id for t in rows_of(company.database).tasks}
    assert asked == {*cases} - {poisoned}, "the others proceed"
    told = [m for m in all_rows(company.database, Message)
            if m.kind == MessageKind.NEEDS_A_PERSON]  # fmt: skip
    assert [(m.case_id, m.recipient) for m in told] == [
        (poisoned, "person:quality-manager")
    ]
    assert worker.poll() is None

    _set_concern(company, poisoned, right)
    said = company.processes.cli("event", "retry", str(failed[0]["id"]))
    assert said.returncode == 0, said.stderr
    wait_until_settled(company.database, within=30)
    assert not _failed(company)
    assert_all_is_well(company.database, company.settings)


def test_a_worker_waits_for_a_database_that_is_held_and_counts_no_try(
    sqlite_company: Company, prefect: PrefectAddress
) -> None:
    company = sqlite_company
    worker = company.processes.worker(prefect, wait=0.5)
    stop = Event()

    def file() -> None:
        while not stop.wait(0.05):
            filed(company.database, at=now())

    with ThreadPoolExecutor(1) as pool:
        filing = pool.submit(file)
        for _ in range(10):
            held = holding(company.processes, company.home / "resolve.db", 1.5)
            assert held.wait(20) == 0
            if "has to wait" in company.processes.said():
                break
        stop.set()
        filing.result()
    wait_until_settled(company.database, within=60)
    assert "has to wait" in company.processes.said()
    assert worker.poll() is None
    rows = assert_all_is_well(company.database, company.settings)
    assert len(rows.tasks) == 4 * len(rows.complaints) > 0


@pytest.mark.timeout(600)
def test_cases_end_on_the_version_of_the_map_that_they_began_on(
    company: Company, prefect: PrefectAddress
) -> None:
    api, receipts = company.processes.api(), Receipts()
    company.processes.worker(prefect)
    first, second = _versions()
    assert first != second

    def publish() -> int:
        time.sleep(0.3)
        with caller(api, company.keys["manager"]) as by:
            newest = by.call("GET", "/maps/order")
            answer = by.call(
                "PUT", "/maps/order", content=second,
                headers={"If-Match": newest.headers["ETag"],
                         "Content-Type": "application/yaml"},
            )  # fmt: skip
            return answer.status_code

    filing = [partial(_file, api, company, receipts, n) for n in range(4)]
    assert at_once([*filing, publish])[-1] == 201
    began = {case.id: case.map_version for case in all_rows(company.database, Case)}
    assert len(began) == 100
    assert set(began.values()) == {1, 2}, "some before, some after"

    wait_until_settled(company.database)
    at_once([partial(_answer_all, api, company, d, receipts) for d in company.heads])
    wait_until_settled(company.database)
    rows = assert_all_is_well(company.database, company.settings, receipts)
    # The second version leaves the stock out of the way to the door.
    old = {case for case, version in began.items() if version == 1}
    assert {t.case_id for t in rows.tasks if t.department_id == "stock"} == old
    at_once([partial(_end, api, company, rows, n) for n in range(4)])
    ended = all_rows(company.database, Case)
    assert {case.id: case.map_version for case in ended} == began
    assert {case.status for case in ended} == {CaseStatus.CLOSED}


def _versions() -> tuple[bytes, bytes]:
    without_stock = re.sub(rb"(pick:\s+department: )stock", rb"\1packing", ORDER)
    return ORDER, without_stock


def _file(api: Api, company: Company, receipts: Receipts, number: int) -> None:
    with caller(api, company.keys["shop"]) as by:
        for n in range(25):
            name = (f"shop-{number}", str(n))
            answer = by.file(*name, touchpoint="door", promise="on-time")
            assert answer.status_code == 201, answer.text
            receipts.filed[name] = answer.json()
            time.sleep(0.03)


def _answer_all(
    api: Api, company: Company, department: str, receipts: Receipts
) -> None:
    with caller(api, company.keys[department]) as by:
        tasks = list(by.all("/tasks", department=department, status="open"))
        for task in tasks:
            answer_task(by, task, receipts)


def _end(api: Api, company: Company, rows: Any, number: int) -> None:
    with caller(api, company.keys["manager"]) as by:
        for complaint in rows.complaints[number::4]:
            _do(by, f"/cases/{complaint.case_id}/review")
            _do(by, f"/complaints/{complaint.id}/answer", text="It will not be so.")
            _do(by, f"/complaints/{complaint.id}/close", **{"as": "accepted"})
            _do(by, f"/cases/{complaint.case_id}/close")


def _do(by: Caller, path: str, **body: str) -> None:
    answer = by.call("POST", path, **({"json": body} if body else {}))
    assert answer.status_code in {200, 201}, answer.text


def _set_concern(company: Company, case_id: str, concern: str | None) -> str | None:
    with transaction(company.database) as session:
        case = session.get_one(Case, case_id)
        before, case.concern = case.concern, concern
        session.add(case)
        return before


def _failed(company: Company) -> list[dict[str, Any]]:
    with reading(company.database) as session:
        if not _any_failed(session):
            return []
    said = company.processes.cli("event", "list", "--json")
    assert said.returncode == 0, said.stderr
    found: list[dict[str, Any]] = json.loads(said.stdout)["failed"]
    return found


def _any_failed(session: Session) -> bool:
    failed = (
        select(OutboxEvent.id).where(OutboxEvent.state == EventState.FAILED).limit(1)
    )
    return session.exec(failed).first() is not None
