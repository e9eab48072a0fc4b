"""Eight write, one reads the change feed: none missed, none twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from resolve.journal.models import JournalEntry
from tests.builders import all_rows
from tests.faults.conftest import Company
from tests.faults.people import at_once, caller
from tests.faults.processes import Api

EVENTS = 10_000
WRITERS = 8


@pytest.mark.timeout(900)
def test_a_reader_who_keeps_the_position_misses_nothing_and_sees_nothing_twice(
    company: Company, scale: float
) -> None:
    api = company.processes.api()
    # With two processes, entries commit late and out of order on PostgreSQL.
    apis = [api, api if company.database.is_sqlite else company.processes.api()]
    each = max(50, int(EVENTS * scale) // WRITERS)
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(_read, apis[0], company.keys["manager"], stop)
        try:
            at_once(
                [
                    partial(_file, apis[n % 2], company.keys["shop"], n, each)
                    for n in range(WRITERS)
                ]
            )
        finally:
            stop.set()
        seen = reading.result(120)

    positions = [entry["position"] for entry in seen]
    assert positions == sorted(set(positions)), "a position twice, or not rising"
    filed = Counter(entry["complaint"] for entry in seen if entry["kind"] == "filed")
    assert len(filed) == sum(filed.values()) == WRITERS * each
    entered = Counter(
        (entry.chain.removeprefix("case:"), entry.what)
        for entry in all_rows(company.database, JournalEntry)
        if entry.chain.startswith("case:")
    )
    assert Counter((entry["case"], entry["kind"]) for entry in seen) == entered


def _file(api: Api, key: str, number: int, each: int) -> None:
    with caller(api, key, timeout=60) as by:
        for n in range(each):
            answer = by.file(f"writer-{number}", str(n), touchpoint="door")
            assert answer.status_code == 201, answer.text


def _read(api: Api, key: str, stop: threading.Event) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    with caller(api, key, timeout=60) as by:
        while True:
            over = stop.is_set()
            query = {"limit": 100} | ({"after": seen[-1]["position"]} if seen else {})
            answer = by.call("GET", "/events", params=query)
            assert answer.status_code == 200, answer.text
            seen += answer.json()["data"]
            if answer.json()["page"]["has_more"]:
                continue
            if over:
                return seen
            time.sleep(0.01)
