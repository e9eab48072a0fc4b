"""`resolve case put | vote | decide`: a joint review from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resolve.kit import clock
from resolve.kit.database import Database
from resolve.tasks.models import Task
from tests.builders import answered, filed, published, tasks_by_department, work

Run = Callable[..., Any]


def reviewed(resolve: Run, database: Database) -> tuple[str, dict[str, Task]]:
    """Give a case in review with its tasks, each answered with a proposal."""
    published(database)
    case = filed(database, at=clock.now()).case_id
    work(database, at=clock.now())
    tasks = tasks_by_department(database, case)
    for task in tasks.values():
        answered(database, task, at=clock.now())
    assert resolve("case", "review", case).code == 0
    return case, tasks


def test_a_review_votes_and_decides(resolve: Run, database: Database) -> None:
    case, tasks = reviewed(resolve, database)
    what = ("--task", "stock", "--proposal", 1)
    put = ("case", "put", case, *what, "--owner", "anna", "--due", "2030-12-01")
    made = resolve(*put, "--customer-says", "Fine.", "--json").json
    assert (made["stands"], made["customer_says"]) == ("awaited", "Fine.")
    assert resolve(*put).is_refused
    ballot = made["id"][-12:]
    vote = ("case", "vote", ballot)
    assert resolve(*vote, "--agree").code == 2
    assert resolve(*vote, "--as", "stock").code == 2
    assert resolve(*vote, "--agree", "--as", "stock", "--department", "sales").code == 1
    early = ("--customer-would-not", "They leave on Friday.")
    assert resolve(*vote, *early, "--as", "sales").code == 0
    assert resolve("case", "decide", ballot, "--mandate", "--reason", "x").is_refused
    assert resolve(*vote, "--agree", "--as", "sales").code == 0
    voted = resolve(*vote, "--not-yet", "A scanner.", "--as", "stock", "--json").json
    assert [one["position"] for one in voted["votes"]] == ["agree", "not_yet"]
    for one in tasks:
        by = ("--as", one) if one in ("stock", "sales") else ("--department", one)
        assert resolve(*vote, "--agree", "--note", "Soon.", *by).code == 0
    decided = resolve("case", "decide", ballot, "--json").json
    assert (decided["status"], decided["by_mandate"]) == ("agreed", False)
    assert resolve(*vote, "--agree", "--as", "stock").is_refused
