"""Whatever is killed at whatever moment, nothing is lost and nothing happens twice."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from resolve.tasks.models import Task
from tests.faults.conftest import Company
from tests.faults.people import Receipts, clients_filing, heads_answering
from tests.faults.processes import Served, until
from tests.faults.truth import assert_all_is_well, count, wait_until_settled

WORKER, API, PREFECT = "resolve_flows", "resolve_api", "prefect"


@pytest.mark.timeout(600)
def test_killing_worker_prefect_and_api_at_random_moments_loses_and_doubles_nothing(
    sqlite_company: Company, seed: int, chance: Random, scale: float
) -> None:
    def kill(served: Served) -> None:
        victims = [WORKER, API, WORKER, API, PREFECT]
        chance.shuffle(victims)
        for victim in victims:
            time.sleep(chance.uniform(0.2, 2))
            until(partial(served.kill_child, victim), within=30, what=f"{victim} runs")

    receipts = _a_hard_day(sqlite_company, seed, scale, kill)
    said = sqlite_company.processes.cli("audit", "verify")
    assert said.returncode == 0, said.stdout + said.stderr
    assert receipts.answered
    assert receipts.repeated, "nobody noticed that the API was killed"


@pytest.mark.timeout(600)
def test_deleting_the_home_of_prefect_loses_no_case_no_task_and_no_clock(
    sqlite_company: Company, seed: int, chance: Random, scale: float
) -> None:
    gone = chance.choice([("prefect",), ("prefect", "home")])

    def delete(_served: Served) -> None:
        home = sqlite_company.home.joinpath(*gone)
        time.sleep(chance.uniform(0, 1))
        # What writes there may put a file back while the folder is emptied.
        for _ in range(3):
            shutil.rmtree(home, ignore_errors=True)

        time.sleep(1)

    _a_hard_day(sqlite_company, seed, scale, delete)


def _a_hard_day(
    company: Company, seed: int, scale: float, meanwhile: Callable[[Served], None]
) -> Receipts:
    """File and answer with all of it running while something is done to it."""
    served, receipts = company.processes.serve(), Receipts()
    pause = 0.2 / max(scale, 0.2)
    with heads_answering(served, company.heads, receipts, seed=seed, share=0.7):
        with clients_filing(served, company.keys["shop"], receipts, pause=pause):
            _wait_for_tasks(company)
            meanwhile(served)
        wait_until_settled(company.database)
    wait_until_settled(company.database)
    assert_all_is_well(company.database, company.settings, receipts)
    return receipts


def _wait_for_tasks(company: Company) -> None:
    until(lambda: count(company.database, Task), within=90, what="tasks are handed out")
