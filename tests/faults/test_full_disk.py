"""A disk that takes no more: a clear error, nothing half written, then it goes on.

A limit on the size of files stands for the disk: each write beyond it fails.
"""

from __future__ import annotations

from pathlib import Path

from resolve.complaints.models import Complaint
from resolve.kit.clock import now
from tests.builders import work
from tests.faults.conftest import Company
from tests.faults.people import Receipts, caller
from tests.faults.processes import lift_limit
from tests.faults.truth import (
    assert_all_is_well,
    assert_the_journal_is_sound,
    count,
    rows_of,
)

ROOM = 400_000


def test_a_full_disk_refuses_clearly_and_after_room_is_made_the_same_api_goes_on(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    api = company.processes.api(most_bytes=_size(company) + ROOM)
    receipts = Receipts()
    with caller(api, company.keys["shop"]) as by:
        refused = None
        for n in range(2000):
            answer = by.once("POST", "/complaints", **_filing(n))
            if answer.status_code != 201:
                refused = answer
                break
            receipts.filed["shop", str(n)] = answer.json()
        assert refused is not None, "the disk was never full"
        assert refused.status_code == 503, refused.text
        assert refused.json()["code"] == "disk_full"
        assert "Make room" in refused.json()["hint"]
        assert int(refused.headers["Retry-After"]) > 0
        assert count(company.database, Complaint) == len(receipts.filed)
        assert_the_journal_is_sound(company.database, company.settings)

        lift_limit(api.pid)
        again = by.once("POST", "/complaints", **_filing(n))
        assert again.status_code == 201, again.text
        receipts.filed["shop", str(n)] = again.json()
    work(company.database, at=now())
    assert_all_is_well(company.database, company.settings, receipts)


def test_a_bulk_filing_on_a_full_disk_keeps_whole_batches_and_then_files_the_rest(
    sqlite_company: Company,
) -> None:
    company, rows = sqlite_company, 3000
    command = company.table(rows)
    full = company.processes.cli(*command, most_bytes=_size(company) + 5 * ROOM)
    assert full.returncode == 1
    assert "takes no more" in full.stderr, full.stderr
    assert "Traceback" not in full.stderr
    kept = count(company.database, Complaint)
    assert kept < rows
    assert kept % 500 == 0
    assert_the_journal_is_sound(company.database, company.settings)

    with_room = company.processes.cli(*command)
    assert with_room.returncode == 0, with_room.stderr
    assert f"{rows - kept} filed, {kept} already there" in with_room.stdout
    work(company.database, at=now())
    assert len(rows_of(company.database).complaints) == rows
    assert_all_is_well(company.database, company.settings)


def _size(company: Company) -> int:
    files = Path(company.home).glob("resolve.db*")
    return max(file.stat().st_size for file in files)


def _filing(n: int) -> dict[str, object]:
    return {
        "json": {
            "text": "It came late. " * 100, "source": "shop", "reference": str(n),
            "touchpoint": "door", "promise": "on-time",
        },
        "headers": {"Idempotency-Key": str(n)},
    }  # fmt: skip
