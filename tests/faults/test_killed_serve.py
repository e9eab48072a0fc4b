"""All of it dies at once in the middle of a bulk filing, and is started again."""

from __future__ import annotations

import time
from random import Random

import pytest

from resolve.complaints.models import Complaint
from resolve.tasks.models import Task
from tests.faults.conftest import Company
from tests.faults.processes import until
from tests.faults.truth import assert_all_is_well, count, wait_until_settled


@pytest.mark.timeout(600)
def test_killing_serve_and_a_bulk_filing_and_starting_both_again_files_all_once(
    sqlite_company: Company, chance: Random, scale: float
) -> None:
    company, rows = sqlite_company, max(2500, int(8000 * scale))
    command = company.table(rows)

    served = company.processes.serve()
    filing = company.processes.start("-m", "resolve", *command)
    until(lambda: count(company.database, Complaint), within=60, what="a first batch")
    time.sleep(chance.uniform(0, 0.3))
    served.kill()
    filing.kill()
    filing.wait(10)
    assert count(company.database, Complaint) % 500 == 0, "half a batch was kept"

    served = company.processes.serve()
    said = company.processes.cli(*command)
    assert said.returncode == 0, said.stderr
    until(lambda: count(company.database, Task), within=90, what="tasks are handed out")
    time.sleep(chance.uniform(0, 0.5))
    served.kill()

    company.processes.serve()
    wait_until_settled(company.database, within=120)
    stored = assert_all_is_well(company.database, company.settings)
    assert len(stored.complaints) == rows
    assert len(stored.tasks) == 4 * rows
