"""Many at the same moment, over real connections: once is once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from random import Random
from threading import Barrier

import httpx

from resolve.kit.clock import now
from resolve.messages.models import MessageKind
from tests.builders import tasks_by_department, work
from tests.faults.conftest import Company
from tests.faults.people import Receipts, answer_task, at_once, caller
from tests.faults.processes import Api
from tests.faults.truth import assert_all_is_well, rows_of


def test_fifty_parallel_identical_posts_with_one_key_file_one_complaint(
    company: Company,
) -> None:
    api = company.processes.api()
    apis = [api, api if company.database.is_sqlite else company.processes.api()]
    together = Barrier(50)
    body = {"text": "It came late.", "reference": "R-1", "touchpoint": "door"}

    def post(number: int) -> httpx.Response:
        with caller(apis[number % 2], company.keys["shop"], timeout=60) as by:
            together.wait()
            return by.once(
                "POST", "/complaints", json=body, headers={"Idempotency-Key": "K"}
            )

    answers = at_once([partial(post, n) for n in range(50)])
    filed = [one for one in answers if one.status_code == 201]
    still_running = [one for one in answers if one.status_code == 409]
    assert len(filed) + len(still_running) == 50
    assert len({one.content for one in filed}) == 1
    assert sum("Idempotency-Replayed" not in one.headers for one in filed) == 1
    assert all("Retry-After" in one.headers for one in still_running)
    work(company.database, at=now())
    name = ("shop", "R-1")
    assert_all_is_well(
        company.database, company.settings, Receipts({name: filed[0].json()})
    )


def test_fifty_parallel_posts_of_one_reference_without_key_file_one_complaint(
    company: Company,
) -> None:
    api = company.processes.api()
    together = Barrier(50)

    def post() -> httpx.Response:
        with caller(api, company.keys["shop"], timeout=60) as by:
            together.wait()
            body = {"text": "It came late.", "reference": "R-1"}
            return by.once("POST", "/complaints", json=body)

    answers = at_once([post] * 50)
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 49}
    first = next(one.json()["id"] for one in answers if one.status_code == 201)
    locations = {one.headers["Location"] for one in answers}
    assert locations == {f"/api/v1/complaints/{first}"}
    assert len(rows_of(company.database).complaints) == 1


def test_two_heads_who_answer_the_last_two_tasks_at_once_move_the_case_once(
    company: Company, chance: Random, scale: float
) -> None:
    api = company.processes.api()
    receipts = Receipts()
    with caller(api, company.keys["shop"]) as by:
        for n in range(max(5, int(30 * scale))):
            answer = by.file("shop", str(n), touchpoint="door", promise="on-time")
            receipts.filed["shop", str(n)] = answer.json()
    work(company.database, at=now())
    for filed in receipts.filed.values():
        tasks = tasks_by_department(company.database, filed["case"])
        order = chance.sample(sorted(tasks), len(tasks))
        for early in order[:-2]:
            _answer(api, company, early, tasks[early].id, receipts)
        work(company.database, at=now())
        together = Barrier(2)
        at_once(
            [
                partial(_answer, api, company, n, tasks[n].id, receipts, together)
                for n in order[-2:]
            ]
        )
        at_once([lambda: work(company.database, at=now())] * 2)
    work(company.database, at=now())
    rows = assert_all_is_well(company.database, company.settings, receipts)
    asked = [m for m in rows.messages if m.kind == MessageKind.ALL_IN]
    assert len(asked) == len(receipts.filed)


def _answer(
    api: Api,
    company: Company,
    department: str,
    task: str,
    receipts: Receipts,
    together: Barrier | None = None,
) -> None:
    with caller(api, company.keys[department]) as by:
        shown = by.call("GET", f"/tasks/{task}").json()
        if together:
            together.wait()
        answer_task(by, shown, receipts)
