"""A whole complaint from the command line, each command a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from resolve.kit import clock
from resolve.kit.database import Database, open_database
from tests.builders import work

MAP = Path(__file__).parents[1] / "resolve/chain/order.yaml"
TABLE = """\
Ticket;When;What
77;2026-11-20;"It came three days late, the cake was for Saturday."
78;2026-11-20;
"""
MAPPING = """\
resolve-mapping: 1
of: complaints
delimiter: ";"
zone: Europe/Kyiv
dates: ["%Y-%m-%d"]
fields: {reference: Ticket, occurred_at: When, text: What}
constants: {source: shop, touchpoint: door, promise: on-time}
"""


@dataclass(frozen=True, slots=True)
class Company:
    """A home of its own, in which commands are typed."""

    folder: Path

    def type(self, *words: str, code: int = 0) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "resolve", *words],
            cwd=self.folder,
            env=dict(os.environ) | {"RESOLVE_HOME": str(self.folder / "home")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == code, (words, ran.stdout, ran.stderr)
        return ran.stdout if code == 0 else ran.stderr

    def ask(self, *words: str) -> Any:
        return json.loads(self.type(*words, "--json"))

    @property
    def database(self) -> Database:
        return open_database(f"sqlite:///{self.folder / 'home/resolve.db'}")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_a_complaint_is_filed_answered_improved_and_closed(company: Company) -> None:
    _open_for_business(company)
    number, case = _file(company)
    _engine_works(company)

    _heads_answer(company, case)
    _engine_works(company)
    _review_agrees(company, case)
    company.type(
        "complaint", "answer", number, "--text", "Sorry. It leaves at noon now."
    )
    refused = company.type("case", "close", case, code=1)
    assert number in refused
    company.type("complaint", "close", number, "--as", "accepted")
    company.type("case", "close", case)

    assert company.ask("case", "show", number)["status"] == "closed"
    told = {one["kind"] for one in company.ask("message", "list")["data"]}
    assert {"task", "all_in", "request", "answer", "in_place"} <= told
    assert company.ask("audit", "verify")["sound"] is True


def _open_for_business(company: Company) -> None:
    company.type("map", "publish", str(MAP))
    for department, head in (("stock", "anna"), ("packing", "ivan"), ("sales", "olha")):
        company.type("department", "set", department, "--head", head)


def _file(company: Company) -> tuple[str, str]:
    company.folder.joinpath("week.csv").write_text(TABLE, "utf-8")
    company.folder.joinpath("shop.yaml").write_text(MAPPING, "utf-8")
    for _ in range(2):  # the second time files nothing twice
        company.type("file", "week.csv", "--mapping", "shop.yaml", code=1)
    (complaint,) = company.ask("complaint", "list", "--source", "shop")["data"]
    return complaint["number"], complaint["case"]


def _engine_works(company: Company) -> None:
    database = company.database
    work(database, at=clock.now())
    database.engine.dispose()


def _heads_answer(company: Company, case: str) -> None:
    tasks = {
        one["department"]: one["id"]
        for one in company.ask("task", "list", "--case", case)["data"]
    }
    shown = company.type("task", "show", tasks["stock"])
    assert "what can change" in shown
    company.type(
        "task", "answer", tasks["stock"], "--change", "Pick before noon",
        "--step", "pick", "--need", "sales", "--need-what", "By ten", "--as", "anna",
    )  # fmt: skip
    company.type(
        "task", "answer", tasks["packing"], "--change", "Check while packing",
        "--step", "check", "--minutes", "20", "--as", "packing",
    )  # fmt: skip
    company.type(
        "task", "answer", tasks["sales"], "--nothing-to-change", "All were in by nine",
        "--as", "olha",
    )  # fmt: skip
    (request,) = company.ask("task", "show", tasks["stock"])["requests"]
    company.type("request", "reply", request["id"], "--accept", "--as", "sales")
    company.type("task", "withdraw", tasks["carrier"], "--reason", "Came on time")


def _review_agrees(company: Company, case: str) -> None:
    company.type("case", "review", case)
    made = company.ask(
        "case", "agree", case, "--task", "stock", "--proposal", "1", "--owner", "anna",
        "--due", "2026-12-01",
    )  # fmt: skip
    assert "Pick before noon" in company.type("case", "show", case)
    company.type("case", "outcome", made["id"], "--in-place", "--as", "anna")
