"""`resolve case division | divide`: the promised time, from the command line."""

from __future__ import annotations

from datetime import timedelta

from resolve.kit import clock
from resolve.kit.database import Database, reading
from resolve.maps.queries import chain_of
from tests.builders import filed, published, tasks_by_department, work
from tests.resolve.cli.conftest import Run
from tests.resolve.steptimes.orders import along, took


def a_case(database: Database) -> str:
    """Give a case about a late delivery, with its tasks."""
    published(database)
    case = filed(database, at=clock.now()).case_id
    work(database, at=clock.now())
    return case


def in_review(resolve: Run, database: Database, case: str) -> None:
    """Answer every task, and open the review."""
    for one in tasks_by_department(database, case):
        nothing = ("--nothing-to-change", "All as agreed.")
        assert (
            resolve("task", "answer", f"{case}/{one}", "--as", one, *nothing).code == 0
        )
    assert resolve("case", "review", case).code == 0


def test_the_promised_time_is_tried_divided_and_put_to_the_vote(
    resolve: Run, database: Database
) -> None:
    case = a_case(database)
    with reading(database) as session:
        chain = chain_of(session, "order")
    began = clock.now() - timedelta(days=90)
    took(database, along(chain, 60, began), at=clock.now())

    tried = resolve("case", "division", case, "--suggest", "variance", "--json").json
    assert (tried["id"], tried["tried"]["above_promise"]) == (None, False)
    assert tried["effect"]["orders"] > 20
    said = resolve("case", "division", case, "--step", "pack=1h").out
    assert "Of 100 orders" in said

    new = ("--step", "pack=1h", "--handover", "pick,pack=30min")
    kept = resolve("case", "divide", case, *new, "--json").json
    changed = {one["step"]: one["new"] for one in kept["steps"] if one["new"]}
    assert (changed, kept["revision"]) == ({"pack": "PT1H"}, 1)
    again = resolve("case", "divide", case, "--step", "pick=2 h", "--as", "stock")
    assert again.code == 0, again.err
    assert again.out.startswith(f"Division {kept['id'][-12:]}: ")
    shown = resolve("case", "division", case, "--json").json
    times = {one["step"]: one["new"] for one in shown["steps"] if one["new"]}
    assert (times, shown["revision"]) == ({"pick": "PT2H", "pack": "PT1H"}, 2)

    in_review(resolve, database, case)
    put = ("case", "put", case, "--division", kept["id"][-12:], "--json")
    assert resolve(*put, "--customer-says", "Good.").json["division"] == kept["id"]


def test_a_division_begun_while_another_is_voted_on_is_said_to_be_new(
    resolve: Run, database: Database
) -> None:
    case = a_case(database)
    new = ("case", "divide", case, "--step", "pick=3h")
    kept = resolve(*new, "--json").json["id"][-12:]
    in_review(resolve, database, case)
    put = ("case", "put", case, "--division", kept, "--customer-says", "Good.")
    assert resolve(*put).code == 0

    anew = resolve(*new).out

    assert "(a new division, on version 1 of the map)" in anew
    assert kept not in anew
    assert "a new division" not in resolve(*new).out


def test_what_cannot_be_read_or_reckoned_is_said(
    resolve: Run, database: Database
) -> None:
    case = a_case(database)
    divide = ("case", "divide", case)

    assert resolve(*divide).code == 2
    assert "pack" in resolve(*divide, "--step", "pack").err
    assert "negative" in resolve(*divide, "--step", "pack=-4h").err
    assert "--handover" in resolve(*divide, "--handover", "pick=4h").err
    assert resolve(*divide, "--step", "bill=4h").is_refused
    assert resolve(*divide, "--suggest", "difficulty").is_refused
    above = resolve("case", "division", case, "--step", "pack=90d")
    assert "above the promise" in above.out
    assert "too few orders" in above.out
    kept = resolve(*divide, "--step", "pack=90d")
    assert kept.code == 0, kept.err
    assert "above the promise, which cannot be agreed." in kept.out
    assert "puts it to the vote" not in kept.out


def test_a_wait_inside_a_loop_is_refused_as_it_would_do_nothing(
    resolve: Run, database: Database
) -> None:
    case = a_case(database)

    for command in ("divide", "division"):
        refused = resolve("case", command, case, "--handover", "check,pack=2h")
        assert refused.is_refused
        assert "inside a loop, where its time counts nothing" in refused.err
    shown = resolve("case", "division", case, "--json").json
    assert shown["id"] is None
