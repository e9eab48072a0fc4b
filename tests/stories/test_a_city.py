"""A city takes in two thousand real requests, by table and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from resolve.cases.models import Case
from resolve.cases.queries import walk_of_case
from resolve.complaints.mapping import read_mapping
from resolve.complaints.models import Complaint
from resolve.complaints.rows import rows_of
from resolve.kit import clock
from resolve.kit.database import Database, open_database, reading
from resolve.mappings.records import records_of
from resolve.outbox.queries import waiting
from resolve.tasks.models import Task
from tests.faults.people import Caller, at_once
from tests.faults.processes import Processes, until

MAPPING = Path(__file__).with_name("nyc311.mapping.yaml")
MAP = Path(__file__).parents[2] / "process_maps/city-service-requests.yaml"
REQUESTS = 2000
# Over HTTP every fourth one, so that the run stays short; 1 takes all of them.
EVERY = 4


@dataclass
class City:
    """A house that serves, with the map of the city published."""

    processes: Processes
    database: Database

    def type(self, *words: str, code: int = 0) -> str:
        ran = self.processes.cli(*words)
        assert ran.returncode == code, (words, ran.stdout, ran.stderr)
        return ran.stdout

    def ask(self, *words: str) -> Any:
        return json.loads(self.type(*words, "--json"))

    def key(self, name: str, *scopes: str) -> str:
        flags = [word for scope in scopes for word in ("--scope", scope)]
        return self.type("key", "add", name, *flags).split()[-1]

    def all_handled(self) -> bool:
        with reading(self.database) as session:
            return waiting(session, at=clock.now())[0] == 0


@pytest.fixture
def city(sqlite_url: str, tmp_path: Path) -> Iterator[City]:
    home = tmp_path / "home"
    home.mkdir()
    processes = Processes(home, sqlite_url)
    made = City(processes, open_database(sqlite_url))
    try:
        made.type("map", "publish", str(MAP))
        yield made
    finally:
        processes.close()
        made.database.engine.dispose()


def everybody_has_exactly_their_tasks(city: City, filed: int) -> None:
    with reading(city.database) as session:
        for case in session.exec(select(Case)).all():
            walk = walk_of_case(session, case)
            wanted = sorted(one.department for one in walk.participants) if walk else []
            tasks = session.exec(select(Task).where(Task.case_id == case.id)).all()
            assert sorted(task.department_id for task in tasks) == wanted
        complaints = session.exec(select(func.count()).select_from(Complaint)).one()
    assert complaints == filed


def test_two_thousand_requests_are_filed_once_handled_and_some_closed(
    city: City, data: Path
) -> None:
    served = city.processes.serve()
    table = data / "complaints/nyc311_micro_2000.csv"
    filing = ("file", str(table), "--mapping", str(MAPPING))
    tally = city.ask(*filing)
    assert (tally["filed"], tally["rejected"]) == (REQUESTS, 0)
    again = city.ask(*filing)
    assert (again["filed"], again["already_there"]) == (0, REQUESTS)
    until(city.all_handled, within=60, what="every event handled")
    everybody_has_exactly_their_tasks(city, REQUESTS)

    case = _a_case_in_tasks(city)
    manager = Caller(served, city.key("manager", "read", "act"))
    _departments_answer(city, manager, case)
    _customers_are_answered(city, manager, case)
    city.type("case", "close", case)
    assert city.ask("case", "show", case)["status"] == "closed"
    manager.close()
    city.type("audit", "verify")


def _departments_answer(city: City, manager: Caller, case: str) -> None:
    by_command, *over_http = city.ask("task", "list", "--case", case)["data"]
    assert over_http
    city.type(
        "task", "answer", by_command["id"], "--change", "Look in the morning",
        "--step", by_command["steps"][0], "--as", by_command["department"],
    )  # fmt: skip
    for task in over_http:
        body = {"nothing_to_change": {"observed": "All went as agreed."}, "minutes": 5}
        answer = manager.call("POST", f"/tasks/{task['id']}/answer", json=body)
        assert answer.status_code == 200, answer.text
    assert manager.call("POST", f"/cases/{case}/review").status_code == 200


def _customers_are_answered(city: City, manager: Caller, case: str) -> None:
    for complaint in city.ask("case", "show", case)["complaints"]:
        said = {"text": "It has been put right."}
        manager.call("POST", f"/complaints/{complaint}/answer", json=said)
        ended = {"as": "silent"}
        closed = manager.call("POST", f"/complaints/{complaint}/close", json=ended)
        assert closed.status_code == 200, closed.text


def _a_case_in_tasks(city: City) -> str:
    """Give the case in its tasks with the fewest complaints."""
    cases = city.ask("case", "list", "--status", "tasks")["data"]
    return str(min(cases, key=lambda one: len(one["complaints"]))["id"])


def test_a_client_that_times_out_and_repeats_files_nothing_twice(
    city: City, data: Path
) -> None:
    served = city.processes.serve()
    key = city.key("counter", "file")
    bodies = _as_bodies(data)[::EVERY]
    told = at_once(
        [
            partial(_file_impatiently, served.address, key, bodies[n::4], n)
            for n in range(4)
        ]
    )
    assert sum(timeouts for timeouts, _ in told) > 0
    assert len({number for _, numbers in told for number in numbers}) == len(bodies)
    until(city.all_handled, within=60, what="every event handled")
    everybody_has_exactly_their_tasks(city, len(bodies))
    city.type("audit", "verify")


def _as_bodies(data: Path) -> list[dict[str, Any]]:
    mapping = read_mapping(MAPPING.read_bytes())
    content = (data / "complaints/nyc311_micro_2000.csv").read_bytes()
    records = records_of(content, mapping, name="nyc311.csv")
    bodies = []
    for row in rows_of(records, mapping):
        assert row.filing is not None
        filing = row.filing
        given = {
            "text": filing.text, "source": filing.source, "map": filing.map,
            "reference": filing.reference, "touchpoint": filing.touchpoint,
            "promise": filing.promise, "language": filing.language,
        }  # fmt: skip
        bodies.append({name: value for name, value in given.items() if value})
    return bodies


def _file_impatiently(
    address: str, key: str, bodies: list[dict[str, Any]], seed: int
) -> tuple[int, list[str]]:
    """File each until there is an answer; give how often time ran out, and numbers."""
    chance = Random(seed)  # noqa: S311  moments, no secrets
    timeouts, numbers = 0, []
    with httpx.Client(headers={"Authorization": f"Bearer {key}"}) as client:
        for body in bodies:
            patience = chance.choice((0.004, 5.0, 5.0, 5.0))
            while True:
                try:
                    answer = client.post(
                        f"{address}/api/v1/complaints", json=body, timeout=patience,
                        headers={"Idempotency-Key": body["reference"]},
                    )  # fmt: skip
                except httpx.TimeoutException:
                    timeouts, patience = timeouts + 1, 5.0
                    continue
                if answer.status_code == httpx.codes.CREATED:
                    break
                assert answer.status_code in {409, 503}, answer.text
            numbers.append(answer.json()["number"])
    return timeouts, numbers
