"""A real log of 608 purchases, from the drafted map to the verdict on a change.

The log is that of the purchasing example; persons, departments and the edited map lie
in `docs/examples`. `docs/time-along-the-chain.md` tells the same story for people.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from resolve.handling.upkeep import fire_all_due
from resolve.kit.clock import now
from resolve.kit.database import open_database
from resolve.kit.settings import Settings
from resolve_api.main import create_app
from tests.api.conftest import a_key
from tests.builders import work

ROOT = Path(__file__).parents[2]
MAP = ROOT / "docs/examples/purchasing.yaml"
MAPPING = ROOT / "docs/examples/purchasing.mapping.yaml"
SLOW = "635"  # of 102 days; promised are twelve
DAY = "2011-04-01"
pytestmark = pytest.mark.timeout(600)


class Company:
    """A home of its own: commands are typed, the rest is done over HTTP."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = folder / "home"

    def type(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "resolve", *words],
            cwd=self._folder,
            env=dict(os.environ) | {"RESOLVE_HOME": str(self._home)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ran.returncode in codes, (words, ran.stdout, ran.stderr)
        return ran.stdout

    def open(self) -> None:
        """Look at the same database over HTTP, as the house and as departments."""
        self.database = open_database(f"sqlite:///{self._home / 'resolve.db'}")
        self._app = create_app(self.database, Settings(rate_limit=0))
        self.house = self._client("file", "read", "act", "admin")

    def department(self, name: str) -> TestClient:
        return self._client("read", "act", department=name)

    def _client(self, *scopes: str, department: str | None = None) -> TestClient:
        made = TestClient(self._app)
        secret = a_key(self.database, *scopes, department=department)
        made.headers["Authorization"] = f"Bearer {secret}"
        return made

    def work(self) -> None:
        fire_all_due(self.database, at=now())
        work(self.database, at=now())


def _ask(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_slow_purchase_from_its_log_to_the_verdict(
    tmp_path: Path, data: Path
) -> None:
    company = Company(tmp_path)
    log = data / "logs/PurchasingExample.csv.gz"

    _drafted_published_imported(company, log)
    company.open()
    case = _filed_and_answered(company)
    house = company.house
    _ask(house.post(f"/api/v1/cases/{case}/review"))
    _divided_anew(company, case)
    verdict = _a_change_in_place_since_a_day_of_the_log(company, case)

    # Whichever it is: both sides, an interval around the effect, and what follows.
    assert verdict["status"] in ("proven", "not_proven")
    effect = verdict["verdict"]
    assert effect["low"] <= effect["effect"] <= effect["high"]
    better = effect["high"] < 0
    assert (verdict["status"] == "proven") == better
    status = _ask(house.get(f"/api/v1/cases/{case}"))["status"]
    assert status == ("improving" if better else "review")


def _drafted_published_imported(company: Company, log: Path) -> None:
    """A map out of the log; the edited one published; the orders taken in."""
    drafted = json.loads(
        company.type("map", "discover", str(log), "--mapping", str(MAPPING), "--json")
    )
    facts = [drafted[one] for one in ("orders", "events", "activities", "variants")]
    assert facts == [608, 9119, 21, 70]
    company.type(
        "map", "discover", str(log), "--mapping", str(MAPPING), "-o", "draft.yaml"
    )
    company.type("check", "draft.yaml")

    company.type("check", str(MAP))
    company.type("map", "publish", str(MAP))
    taken = json.loads(
        company.type(
            "times", "import", str(log), "--map", "purchasing",
            "--mapping", str(MAPPING), "--json", codes=(0, 1),
        )
    )  # fmt: skip
    assert (taken["orders"], taken["rows"]) == (608, 9119)
    assert taken["unmatched_activities"] == {"Amend Purchase Requisition": 11}
    assert taken["new"] == 9119 - 11


def _filed_and_answered(company: Company) -> str:
    """A complaint about one of the slowest: every department of its walk answers."""
    filed = _ask(
        company.house.post(
            "/api/v1/complaints",
            json={
                "text": "Three months for a pump. We stood still twice.",
                "touchpoint": "goods",
                "promise": "goods-in-time",
                "order": SLOW,
            },
        ),
        201,
    )
    company.work()
    case: str = filed["case"]
    tasks = _ask(company.house.get(f"/api/v1/cases/{case}/tasks"))["data"]
    asked = [one["department"] for one in tasks]
    assert asked == ["supplier", "purchasing", "requesters", "requisition-desk"]
    for one in tasks:
        step = one["steps"][0]
        change = {"change": f"What can be said at {step} is said a day earlier."}
        _ask(
            company.department(one["department"]).post(
                f"/api/v1/tasks/{one['id']}/answer",
                json={"proposals": [change | {"step": step}]},
            )
        )
    company.work()
    return case


def _divided_anew(company: Company, case: str) -> None:
    """The promised time divided as it varies, tried, agreed by all: a new version."""
    house, path = company.house, f"/api/v1/cases/{case}/division"
    tried = _ask(house.post(f"{path}/simulate", json={"suggest": "variance"}))
    assert not tried["above_promise"]
    before, after = (tried["effect"][one]["value"] for one in ("before", "after"))
    assert 0 < before <= after <= 1
    kept = {"steps": tried["steps"], "handovers": tried["handovers"]}
    made = _ask(house.put(path, json=kept, headers={"If-Match": '"0"'}))
    ballot = _ask(
        house.post(f"/api/v1/cases/{case}/ballots", json={"division": made["id"]}), 201
    )
    _all_agree(company, ballot)
    newest = _ask(house.get("/api/v1/maps/purchasing"))
    assert newest["version"] == 2


def _a_change_in_place_since_a_day_of_the_log(
    company: Company, case: str
) -> dict[str, Any]:
    """The supplier's proposal, agreed, in place since a past day, judged by orders."""
    house = company.house
    tasks = _ask(house.get(f"/api/v1/cases/{case}/tasks"))["data"]
    supplier = next(one for one in tasks if one["department"] == "supplier")
    motion = {
        "task": supplier["id"],
        "proposal": 1,
        "owner": "Kiu Kan",
        "due": now().date().isoformat(),
        "customer_says": "A day that is kept is worth more than an early one.",
    }
    put = _ask(house.post(f"/api/v1/cases/{case}/ballots", json=motion), 201)
    _all_agree(company, put)
    (agreement,) = _ask(house.get(f"/api/v1/cases/{case}"))["agreements"]
    path = f"/api/v1/agreements/{agreement['id']}"
    aim = {"measure": "time_of_order", "expected": -0.1, "prove_orders": 60}
    _ask(house.put(f"{path}/aim", json=aim))
    placed = _ask(house.post(f"{path}/outcome", json={"in_place": True, "on": DAY}))
    assert (placed["backdated"], placed["in_place_on"]) == (True, DAY)
    judged: dict[str, Any] = _ask(house.post(f"{path}/judge"))
    return judged


def _all_agree(company: Company, ballot: dict[str, Any]) -> None:
    for one in ballot["asked"]:
        _ask(
            company.department(one).post(
                f"/api/v1/ballots/{ballot['id']}/vote", json={"position": "agree"}
            )
        )
    found = _ask(company.house.post(f"/api/v1/ballots/{ballot['id']}/decide", json={}))
    assert found["status"] == "agreed"
