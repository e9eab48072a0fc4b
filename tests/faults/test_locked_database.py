"""Another process holds the database: for a while, or for longer than we wait."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from resolve.complaints.models import Complaint
from resolve.journal.models import JournalEntry
from resolve.kit.clock import now
from tests.builders import work
from tests.faults.conftest import Company
from tests.faults.people import Receipts, at_once, caller
from tests.faults.processes import holding
from tests.faults.truth import assert_all_is_well, count

WAITS = 2.0


def test_a_database_held_for_a_moment_only_makes_filing_wait(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    api = company.processes.api()
    held = holding(company.processes, _file(company), 3)
    with caller(api, company.keys["shop"], timeout=60) as by:
        answer = by.once("POST", "/complaints", json={"text": "It came late."})
    assert answer.status_code == 201, answer.text
    assert held.wait(10) == 0
    assert count(company.database, Complaint) == 1


def test_a_database_held_for_longer_is_said_clearly_and_nothing_is_written(
    sqlite_company: Company,
) -> None:
    company, receipts = sqlite_company, Receipts()
    api = company.processes.api(wait=WAITS)
    entries = count(company.database, JournalEntry)
    held = holding(company.processes, _file(company), 60)

    def post(n: int) -> int:
        with caller(api, company.keys["shop"], timeout=60) as by:
            body = {"text": "It came late.", "source": "shop", "reference": str(n)}
            answer = by.once(
                "POST", "/complaints", json=body, headers={"Idempotency-Key": str(n)}
            )
            assert answer.json()["code"] == "database_busy", answer.text
            assert "Try again" in answer.json()["hint"]
            assert int(answer.headers["Retry-After"]) > 0
            return answer.status_code

    assert at_once([partial(post, n) for n in range(4)]) == [503] * 4
    assert count(company.database, JournalEntry) == entries
    with caller(api, company.keys["manager"]) as by:
        assert by.once("GET", "/complaints").json()["data"] == [], "reading goes on"

    held.kill()
    with caller(api, company.keys["shop"]) as by:
        for n in range(4):
            receipts.filed["shop", str(n)] = by.file("shop", str(n)).json()
    work(company.database, at=now())
    assert_all_is_well(company.database, company.settings, receipts)


def _file(company: Company) -> Path:
    return company.home / "resolve.db"
