"""`resolve task ...` and `resolve request ...`: what departments are asked."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resolve.kit import clock
from resolve.kit.database import Database
from tests.builders import filed, published, tasks_by_department, work

Run = Callable[..., Any]
PROPOSAL = ("--change", "Pick the evening before", "--step", "pick")


def asked(database: Database, *, cases: int = 1) -> list[dict[str, str]]:
    """Give the ids of the tasks of so many cases, by department."""
    published(database)
    made = [filed(database, at=clock.now()).case_id for _ in range(cases)]
    work(database, at=clock.now())
    return [
        {d: task.id for d, task in tasks_by_department(database, case).items()}
        for case in made
    ]


def test_task_shows_why_the_step_matters_to_the_customer(
    resolve: Run, database: Database
) -> None:
    (tasks,) = asked(database)

    shown = resolve("task", "show", tasks["stock"]).out

    assert "what can change here so that the promise" in shown
    assert "It stands for 1 customer." in shown
    assert "The way to the customer: " in shown
    assert "Neighbours to ask: " in shown


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_task_is_shown_in_the_readers_language(
    resolve: Run, database: Database, language: str
) -> None:
    (tasks,) = asked(database)

    shown = resolve("task", "show", tasks["stock"], "--language", language).out

    for english in ("Task ", "Answer", "Neighbours", "awaited"):
        assert english not in shown


def test_task_has_the_shape_of_the_api(resolve: Run, database: Database) -> None:
    (tasks,) = asked(database)

    shown = resolve("task", "show", tasks["stock"][-8:], "--json").json

    assert shown["id"] == tasks["stock"]
    assert (shown["steps"], shown["neighbours"]) == (["pick"], ["sales", "packing"])
    assert shown["path"] == ["pick", "pack", "check", "load", "deliver"]
    assert (shown["customers"], shown["answer"], shown["requests"]) == (1, None, [])


def test_a_task_goes_by_its_case_and_department(
    resolve: Run, database: Database
) -> None:
    tasks = asked(database)[0]
    number = resolve("complaint", "list", "--json").json["data"][0]["number"]
    shown = resolve("task", "show", f"{number}/stock", "--json").json
    assert shown["id"] == tasks["stock"]
    case = shown["case"][-12:]
    assert resolve("task", "show", f"{case}/stock", "--json").json == shown


def test_tasks_are_listed_by_department_state_and_case(
    resolve: Run, database: Database
) -> None:
    first, second = asked(database, cases=2)
    resolve("task", "answer", first["stock"], *PROPOSAL)

    def ids(*words: str) -> set[str]:
        return {
            one["id"] for one in resolve("task", "list", *words, "--json").json["data"]
        }

    assert ids("--department", "stock") == {first["stock"], second["stock"]}
    assert ids("--department", "stock", "--status", "open") == {second["stock"]}
    case = resolve("task", "show", second["stock"], "--json").json["case"]
    assert ids("--case", case) == set(second.values())
    assert "stock" in resolve("task", "list").out


def test_like_tasks_are_answered_at_once(resolve: Run, database: Database) -> None:
    first, second = asked(database, cases=2)

    ran = resolve(
        "task", "answer", first["stock"], second["stock"], *PROPOSAL, "--json"
    )

    assert [one["status"] for one in ran.json] == ["answered", "answered"]


def test_all_tasks_are_answered_or_none(resolve: Run, database: Database) -> None:
    first, second = asked(database, cases=2)

    ran = resolve("task", "answer", first["stock"], second["sales"], *PROPOSAL)

    assert ran.is_refused
    assert resolve("task", "show", first["stock"], "--json").json["status"] == "open"


def test_answer_of_an_answered_task_is_refused(
    resolve: Run, database: Database
) -> None:
    (tasks,) = asked(database)
    resolve("task", "answer", tasks["stock"], *PROPOSAL)

    assert resolve("task", "answer", tasks["stock"], *PROPOSAL).is_refused


def test_need_becomes_a_request_that_the_neighbour_replies_to(
    resolve: Run, database: Database
) -> None:
    (tasks,) = asked(database)
    need = ("--need", "sales", "--need-what", "Orders by noon")
    words = (*PROPOSAL, "--effect", "It leaves a day earlier", *need, "--minutes", 15)
    done = resolve("task", "answer", tasks["stock"], *words, "--as", "stock", "--json")
    (request,) = done.json["requests"]

    assert resolve("request", "reply", request["id"]).code == 2
    assert resolve(
        "request", "reply", request["id"], "--accept", "--as", "stock"
    ).is_refused
    replied = resolve(
        "request", "reply", request["id"][-8:], "--instead", "By two", "--as", "sales",
        "--json",
    )  # fmt: skip

    assert replied.json["status"] == "other_proposal"
    shown = resolve("task", "show", tasks["stock"]).out
    assert "Needs of sales: Orders by noon" in shown
    assert "Instead: By two" in shown
    assert done.json["answer"]["minutes"] == 15


def test_neighbour_is_asked_without_an_answer(resolve: Run, database: Database) -> None:
    (tasks,) = asked(database)

    made = resolve(
        "request", "ask", tasks["stock"], "--department", "packing", "--what", "Boxes",
        "--json",
    )  # fmt: skip

    assert (made.json["from"], made.json["department"]) == ("stock", "packing")
    words = ("--department", "carrier", "--what", "Boxes")
    assert resolve("request", "ask", tasks["stock"], *words).is_refused


def test_nothing_to_change_says_what_was_observed(
    resolve: Run, database: Database
) -> None:
    (tasks,) = asked(database)

    resolve("task", "answer", tasks["carrier"], "--nothing-to-change", "All on time")

    shown = resolve("task", "show", tasks["carrier"], "--json").json["answer"]
    assert shown["nothing_to_change"] == {"observed": "All on time"}
    assert shown["by_word_of_mouth"] is True


def test_department_acts_on_its_own_tasks_only(
    resolve: Run, database: Database
) -> None:
    (tasks,) = asked(database)

    assert resolve(
        "task", "answer", tasks["stock"], *PROPOSAL, "--as", "sales"
    ).is_refused
    ran = resolve(
        "task", "answer", tasks["stock"], *PROPOSAL, "--as", "stock", "--json"
    )

    assert ran.json["answer"]["by_word_of_mouth"] is False
    journal = resolve("case", "show", ran.json["case"], "--journal", "--json").json
    assert journal[-1]["who"] == "department:stock via administrator"


def test_several_proposals_come_from_a_file(
    resolve: Run, database: Database, tmp_path: Path
) -> None:
    (tasks,) = asked(database)
    file = tmp_path / "answer.json"
    proposals = [{"change": "One", "step": "pack"}, {"change": "Two", "step": "check"}]
    file.write_text(json.dumps({"proposals": proposals, "minutes": 5}), "utf-8")

    answer = resolve("task", "answer", tasks["packing"], "--file", file, "--json").json

    assert [one["number"] for one in answer["answer"]["proposals"]] == [1, 2]
    assert answer["answer"]["minutes"] == 5


def test_answer_is_read_from_standard_input(
    resolve: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tasks,) = asked(database)
    said = b'{"nothing_to_change": {"observed": "All on time"}}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said)))

    assert resolve("task", "answer", tasks["stock"], "--file", "-").code == 0


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"proposals": [{"change": "x"}]}', '{"proposal": 1}', "{}"],
)
def test_file_without_an_answer_is_refused(
    resolve: Run, database: Database, tmp_path: Path, content: str
) -> None:
    (tasks,) = asked(database)
    file = tmp_path / "answer.json"
    file.write_text(content, "utf-8")

    assert resolve("task", "answer", tasks["stock"], "--file", file).is_refused


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--change", "x"),
        ("--step", "pick"),
        (*PROPOSAL, "--nothing-to-change", "y"),
        (*PROPOSAL, "--need", "sales"),
        (*PROPOSAL, "--minutes", "-1"),
    ],
)
def test_half_an_answer_is_wrong_usage(
    resolve: Run, database: Database, words: tuple[str, ...]
) -> None:
    (tasks,) = asked(database)
    assert resolve("task", "answer", tasks["stock"], *words).code == 2


def test_task_is_given_more_time_until_the_end_of_a_day(
    resolve: Run, database: Database
) -> None:
    (tasks,) = asked(database)
    words = ("--reason", "Stocktaking", "--json")

    done = resolve("task", "extend", tasks["stock"], "--due", "2099-12-01", *words)

    assert done.json["due"] == "2099-12-02T00:00:00Z"
    for due in ("yesterday", "2020-01-01"):
        assert resolve(
            "task", "extend", tasks["stock"], "--due", due, *words
        ).is_refused


def test_task_is_passed_on_and_withdrawn(resolve: Run, database: Database) -> None:
    (tasks,) = asked(database)

    passed = resolve("task", "pass", tasks["stock"], "--to", "ivan", "--json").json
    withdrawn = resolve("task", "withdraw", tasks["stock"], "--reason", "Moved").out

    assert passed["assignee"] == "ivan"
    assert withdrawn.endswith(": withdrawn.\n")
    assert resolve("task", "pass", tasks["stock"], "--to", "ivan").is_refused
    assert resolve("task", "withdraw", tasks["sales"], "--reason", " ").is_refused
