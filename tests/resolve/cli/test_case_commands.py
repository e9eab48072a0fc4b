"""`resolve case ...`: our side of a complaint, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from resolve.handling.internal import NotAsAgreed, raise_internal
from resolve.kit import clock
from resolve.kit.database import Database, transaction
from tests.builders import HOUSE, answered, filed, published, tasks_by_department, work

Run = Callable[..., Any]


def asked(database: Database) -> str:
    """Give a case whose departments have their tasks since just now."""
    published(database)
    made = filed(database, at=clock.now())
    work(database, at=clock.now())
    return made.case_id


def reviewed(database: Database, resolve: Run) -> str:
    """Give a case in review, with a proposal of every department."""
    case = asked(database)
    for task in tasks_by_department(database, case).values():
        answered(database, task, at=clock.now())
    assert resolve("case", "review", case).code == 0
    return case


def test_case_has_the_shape_of_the_api(resolve: Run, database: Database) -> None:
    case = asked(database)

    shown = resolve("case", "show", case, "--json").json

    assert shown["id"] == case
    assert shown["departments"] == ["carrier", "packing", "stock", "sales"]
    assert {
        "status",
        "round",
        "concern",
        "map",
        "version",
        "complaints",
        "flow_runs",
    } < (set(shown))


def test_case_about_a_hand_over_says_who_the_customer_is(
    resolve: Run, database: Database
) -> None:
    published(database)
    said = NotAsAgreed("Picked after six.", late=True)
    with transaction(database) as session:
        made = raise_internal(
            session, "order", ("pick", "pack"), said, department="packing",
            house=HOUSE, who="department:packing", at=clock.now(),
        )  # fmt: skip
    work(database, at=clock.now())

    shown = resolve("case", "show", made.case_id).out

    assert "About the hand-over: Pick" in shown
    assert "internal customer: packing" in shown
    assert "stock" in shown


def test_case_is_named_by_its_end_its_beginning_or_a_complaint(
    resolve: Run, database: Database
) -> None:
    case = asked(database)
    (complaint,) = resolve("complaint", "list", "--json").json["data"]

    for name in (case[-6:], case[:13], case.upper(), case[-15:], complaint["number"]):
        assert resolve("case", "show", name, "--json").json["id"] == case


def test_name_that_several_cases_have_is_refused(
    resolve: Run, database: Database
) -> None:
    cases = [filed(database, at=clock.now()).case_id for _ in range(20)]

    ran = resolve("case", "show", cases[0][:8])

    assert ran.is_refused
    assert "More than one" in ran.err


@pytest.mark.parametrize("name", ["", "zz", "abc", "'; --", "%", "C-1", "x" * 300])
def test_unknown_case_is_refused(resolve: Run, database: Database, name: str) -> None:
    filed(database)
    assert resolve("case", "show", name).is_refused


def test_text_shows_words_tasks_and_what_is_next(
    resolve: Run, database: Database
) -> None:
    case = asked(database)
    answered(database, tasks_by_department(database, case)["stock"], at=clock.now())

    shown = resolve("case", "show", case).out

    assert "“It came three days late.”" in shown
    assert shown.index("carrier") < shown.index("packing") < shown.index("stock")
    assert "1. Hand it over an hour earlier (pick)" in shown
    assert "Next: the departments answer their tasks." in shown


@pytest.mark.parametrize(("language", "word"), [("ru", "Дело"), ("uk", "Справа")])
def test_text_speaks_the_language_asked_for(
    resolve: Run, database: Database, language: str, word: str
) -> None:
    case = asked(database)

    shown = resolve("case", "show", case, "--language", language).out

    assert shown.startswith(f"{word} {case}: ")
    assert "Next" not in shown


def test_unknown_language_is_wrong_usage(resolve: Run, database: Database) -> None:
    assert resolve("case", "show", asked(database), "--language", "xx").code == 2


def test_broken_character_in_a_word_is_wrong_usage(
    resolve: Run, database: Database
) -> None:
    published(database)
    for words in (("case", "list", "--department"), ("complaint", "show")):
        ran = resolve(*words, "\udcff")
        assert ran.code in (1, 2)
        assert len(ran.err.splitlines()) == 1


def test_list_has_pages(resolve: Run, database: Database) -> None:
    cases = [filed(database, at=clock.now()).case_id for _ in range(3)]

    first = resolve("case", "list", "--limit", 2, "--json").json
    cursor = first["page"]["next_cursor"]
    second = resolve("case", "list", "--limit", 2, "--cursor", cursor, "--json").json

    assert [one["id"] for one in first["data"] + second["data"]] == cases
    assert (first["page"]["has_more"], second["page"]["has_more"]) == (True, False)


def test_list_is_filtered_by_state_and_department(
    resolve: Run, database: Database
) -> None:
    case = asked(database)
    filed(database, touchpoint=None)

    assert (
        len(resolve("case", "list", "--status", "to_place", "--json").json["data"]) == 1
    )
    (found,) = resolve("case", "list", "--department", "stock", "--json").json["data"]
    assert found["id"] == case
    assert resolve("case", "list", "--department", "stok").is_refused
    assert resolve("case", "list", "--status", "lost").code == 2


def test_several_cases_are_placed_at_once(resolve: Run, database: Database) -> None:
    cases = [filed(database, touchpoint=None).case_id for _ in range(2)]
    published(database)

    ran = resolve(
        "case", "place", *cases, "--touchpoint", "door", "--promise", "intact", "--json"
    )

    assert [one["status"] for one in ran.json] == ["tasks", "tasks"]
    assert work(database, at=clock.now()) == 2


def test_case_is_not_placed_on_what_the_map_does_not_know(
    resolve: Run, database: Database
) -> None:
    published(database)
    case = filed(database, touchpoint=None).case_id

    for where in (("dor", "intact"), ("door", "no"), ("payment", "intact")):
        words = ("--touchpoint", where[0], "--promise", where[1])
        assert resolve("case", "place", case, *words).is_refused
    assert resolve("case", "show", case, "--json").json["status"] == "to_place"


def test_map_must_be_named_when_none_can_be_meant(
    resolve: Run, database: Database
) -> None:
    case = filed(database).case_id

    ran = resolve("case", "place", case, "--touchpoint", "door", "--promise", "intact")

    assert ran.is_refused
    assert "resolve map publish" in ran.err


def test_review_waits_for_answers(resolve: Run, database: Database) -> None:
    ran = resolve("case", "review", asked(database))

    assert ran.is_refused
    assert "4 answers are awaited" in ran.err


def test_proposal_is_agreed_by_department_and_number(
    resolve: Run, database: Database
) -> None:
    case = reviewed(database, resolve)

    words = (
        "--task",
        "stock",
        "--proposal",
        1,
        "--owner",
        "anna",
        "--due",
        "2026-12-01",
    )
    made = resolve(
        "case", "agree", case, *words, "--as", "quality-manager", "--json"
    ).json

    assert (made["owner"], made["due"], made["status"]) == (
        "anna",
        "2026-12-01",
        "agreed",
    )
    assert resolve("case", "agree", case, *words).is_refused
    agreed = resolve("case", "show", case, "--json").json
    assert agreed["status"] == "improving"


def test_agreement_is_in_place_or_given_up_with_a_reason(
    resolve: Run, database: Database
) -> None:
    case = reviewed(database, resolve)
    words = ("--proposal", 1, "--owner", "anna", "--due", "2026-12-01", "--json")
    first = resolve("case", "agree", case, "--task", "stock", *words).json["id"]
    second = resolve("case", "agree", case, "--task", "sales", *words).json["id"]

    assert resolve("case", "outcome", first[-8:]).code == 2
    assert resolve("case", "outcome", second, "--given-up").code == 2
    assert resolve("case", "outcome", first, "--in-place").code == 0
    done = resolve(
        "case", "outcome", second, "--given-up", "--reason", "The dock moves", "--json"
    )
    assert done.json["status"] == "given_up"
    assert resolve("case", "outcome", first, "--in-place").is_refused


def test_case_with_something_open_is_not_closed(
    resolve: Run, database: Database
) -> None:
    ran = resolve("case", "close", reviewed(database, resolve))

    assert ran.is_refused
    assert "C-" in ran.err


def test_journal_says_for_whom_the_administrator_acted(
    resolve: Run, database: Database
) -> None:
    case = filed(database, touchpoint=None).case_id
    published(database)
    words = ("--touchpoint", "door", "--promise", "intact", "--as", "olga")
    resolve("case", "place", case, *words)

    last = resolve("case", "show", case, "--journal", "--json").json[-1]

    assert (last["what"], last["who"]) == ("placed", "person:olga via administrator")


def test_name_nearly_that_of_a_department_is_asked_about(
    resolve: Run, database: Database
) -> None:
    case = reviewed(database, resolve)
    words = ("--task", "stock", "--proposal", 1, "--owner", "a", "--due", "2026-12-01")

    ran = resolve("case", "agree", case, *words, "--as", "stok")

    assert ran.is_refused
    assert "Did you mean 'stock'?" in ran.err
    assert resolve("case", "agree", case, *words, "--as", "person:stok").code == 0


def test_past_due_is_said_to_be_the_facilitators_turn(
    resolve: Run, database: Database
) -> None:
    published(database)
    long_ago = clock.now() - timedelta(days=30)
    case = filed(database, at=long_ago).case_id
    work(database, at=long_ago)

    assert "the facilitator opens the joint review" in resolve("case", "show", case).out
