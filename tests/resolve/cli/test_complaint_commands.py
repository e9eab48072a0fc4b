"""`resolve complaint ...` and `resolve message ...`: the customer's side."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from resolve.kit import clock
from resolve.kit.database import Database
from tests.builders import filed, published, work

Run = Callable[..., Any]


def test_complaint_is_shown_by_number_with_the_customers_words(
    resolve: Run, database: Database
) -> None:
    made = filed(database, "Не приехали.\nОбещали во вторник.", desired_outcome="Money")

    shown = resolve("complaint", "show", made.number).out

    assert "Не приехали." in shown
    assert "Wish: Money" in shown
    assert "Answer due: " in shown
    assert resolve("complaint", "show", made.number, "--json").json["id"] == (
        made.complaint_id
    )


def test_complaints_are_listed_by_state_source_and_reference(
    resolve: Run, database: Database
) -> None:
    filed(database, source="shop", reference="7")
    second = filed(database, source="call-centre")
    resolve("complaint", "answer", second.number, "--text", "It comes tomorrow.")

    def numbers(*words: str) -> int:
        return len(resolve("complaint", "list", *words, "--json").json["data"])

    assert numbers() == 2
    assert numbers("--status", "answered") == 1
    assert numbers("--source", "shop", "--reference", "7") == 1
    assert numbers("--source", "shop", "--reference", "8") == 0


def test_several_complaints_get_one_answer_and_one_end(
    resolve: Run, database: Database
) -> None:
    numbers = [filed(database).number for _ in range(2)]

    words = ("--text", "It comes tomorrow.", "--remedy", "A voucher", "--json")
    answered = resolve("complaint", "answer", *numbers, *words).json
    closed = resolve("complaint", "close", *numbers, "--as", "accepted", "--json").json

    assert [one["status"] for one in answered] == ["answered", "answered"]
    assert answered[0]["answer"] == {
        "text": "It comes tomorrow.",
        "remedy": "A voucher",
    }
    assert [one["closed_as"] for one in closed] == ["accepted", "accepted"]


def test_answer_is_read_from_standard_input(
    resolve: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = filed(database)
    monkeypatch.setattr(sys, "stdin", io.StringIO("A long\nletter."))

    resolve("complaint", "answer", made.number, "--text", "-")

    shown = resolve("complaint", "show", made.number, "--json").json
    assert shown["answer"]["text"] == "A long\nletter."


def test_what_cannot_be_is_refused_and_changes_nothing(
    resolve: Run, database: Database
) -> None:
    first, second = filed(database).number, filed(database).number
    resolve("complaint", "close", second, "--as", "withdrawn")

    assert resolve("complaint", "close", first, "--as", "accepted").is_refused
    assert resolve("complaint", "close", first, second, "--as", "outside").is_refused
    assert resolve("complaint", "answer", first, "--text", " ").is_refused
    assert resolve("complaint", "show", "C-2026-999999").is_refused
    assert resolve("complaint", "close", first, "--as", "lost").code == 2
    assert resolve("complaint", "show", first, "--json").json["status"] == "received"


def test_messages_are_listed_by_recipient(resolve: Run, database: Database) -> None:
    published(database)
    resolve("department", "set", "stock", "--head", "anna")
    filed(database, at=clock.now())
    work(database, at=clock.now())

    to_stock = resolve("message", "list", "--to", "department:stock", "--json").json

    assert [one["kind"] for one in to_stock["data"]] == ["task"]
    assert "person:quality-manager" in resolve("message", "list").out


def test_no_terminal_takes_a_customers_words_for_a_command(
    resolve: Run, database: Database
) -> None:
    made = filed(database, "\x1b]0;mine\x07 \x1b[2J late \x9b31m")

    shown = resolve("complaint", "show", made.number).out
    listed = resolve("case", "show", made.case_id).out

    assert not {"\x1b", "\x07", "\x9b"} & set(shown + listed)
    assert " late " in shown
