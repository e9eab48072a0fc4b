"""`resolve case put | vote | meet | decide ...`: a joint review by command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
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


def test_what_the_customer_would_not_accept_is_met_before_it_is_decided(
    resolve: Run, database: Database
) -> None:
    case, tasks = reviewed(resolve, database)
    assert "`resolve case put`" in resolve("case", "votes", case).err
    made = resolve(
        "case", "put", case, "--task", "stock", "--proposal", 1, "--owner", "anna",
        "--due", "2030-12-01", "--customer-says", "Fine.", "--json",
    ).json  # fmt: skip
    ballot = made["id"][-12:]
    for one in tasks:
        would_not = ("--customer-would-not", "They leave on Friday.")
        said = would_not if one == "sales" else ("--agree",)
        assert resolve("case", "vote", ballot, *said, "--as", one).code == 0
    (shown,) = resolve("case", "votes", case, "--json").json
    (objection,) = shown["objections"]
    name = objection["id"][-12:]

    listed = resolve("case", "votes", case).out
    assert f"objection {name} (open): They leave on Friday." in listed
    assert resolve("case", "decide", ballot).is_refused
    assert resolve("case", "meet", name).code == 2
    assert resolve("case", "meet", name, "--manager", "Iryna").is_refused
    met = resolve("case", "meet", name, "--customer", "By phone: fine.", "--json").json
    assert (met["status"], met["met"]["by"]) == ("met", "customer")
    again = ("case", "meet", name, "--manager", "Iryna", "--reason", "It helps.")
    assert resolve(*again).is_refused
    assert "(met)" in resolve("case", "votes", case).out


def test_the_time_for_votes_is_moved_and_the_departments_are_asked_once_more(
    resolve: Run, database: Database
) -> None:
    case, _ = reviewed(resolve, database)
    put = ("case", "put", case, "--task", "stock", "--proposal", 1)
    ballot = resolve(*put, "--json").json["id"][-12:]
    day = (clock.now() + timedelta(days=20)).date()

    moved = resolve("case", "extend", ballot, "--until", day, "--json").json
    assert moved["until"] > day.isoformat()
    assert resolve("case", "extend", ballot, "--until", "2020-01-01").is_refused
    assert resolve("case", "extend", ballot, "--until", "soon").is_refused

    assert resolve("case", "ask-again", case, "--reason", " ").is_refused
    asked = resolve("case", "ask-again", case, "--reason", "And on Fridays?", "--json")
    assert asked.json["status"] == "tasks"
    (dropped,) = resolve("case", "votes", case, "--json").json
    assert dropped["status"] == "dropped"
    assert resolve("case", "ask-again", case, "--reason", "And again?").is_refused
