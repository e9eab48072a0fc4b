"""People, as an administrator looks after them on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from resolve.access import signing_in
from resolve.access.errors import LinkEnded
from resolve.access.service import key_of
from resolve.departments.clients import client_of_key
from resolve.departments.members import people_in
from resolve.departments.models import DepartmentRecord, Post
from resolve.journal.models import JournalEntry
from resolve.kit import clock
from resolve.kit.database import Database, reading, transaction
from resolve.tasks.models import Answer
from tests.builders import all_rows, filed, published, work

Run = Callable[..., Any]
PASSWORD = "four words in a row"  # noqa: S105


def link_of(ran: Any) -> str:
    """Give the secret of the link that a command printed as its last word."""
    assert ran.code == 0, ran.err
    address, _, secret = ran.out.split()[-1].rpartition("/link/")
    assert address.startswith("http://127.0.0.1:")
    return str(secret)


def chosen(database: Database, secret: str) -> None:
    with transaction(database) as session:
        signing_in.use_link(
            session,
            secret,
            device="",
            at=clock.now(),
            chosen=signing_in.choose(PASSWORD),
        )


def test_somebody_is_taken_in_and_chooses_a_password_by_the_link(
    resolve: Run, database: Database
) -> None:
    words = ("--name", "Olena Koval", "--role", "quality_manager", "--language", "uk")

    secret = link_of(resolve("user", "add", "Olena", *words))

    chosen(database, secret)
    tried = signing_in.Try("olena", PASSWORD, "127.0.0.1")
    with reading(database) as session:
        assert signing_in.check(signing_in.look_up(session, tried), tried)
    (listed,) = resolve("user", "list", "--json").json
    assert (listed["login"], listed["name"], listed["language"]) == (
        "olena", "Olena Koval", "uk",
    )  # fmt: skip
    assert (listed["roles"], listed["password"]) == (["quality_manager"], True)


def test_somebody_joins_and_leaves_departments(
    resolve: Run, database: Database
) -> None:
    published(database)
    words = ("--department", "stock", "--as", "head", "--name", "Olena Koval")
    resolve("user", "add", "olena", *words)

    with reading(database) as session:
        assert [p.login for p, _ in people_in(session, "stock", Post.HEAD)] == ["olena"]
        assert session.get_one(DepartmentRecord, "stock").head == "Olena Koval"
    resolve("user", "set", "olena", "--department", "packing")
    changed = resolve("user", "set", "olena", "--leave", "stock", "--json").json

    assert changed["posts"] == [{"department": "packing", "as": "member"}]
    with reading(database) as session:
        assert session.get_one(DepartmentRecord, "stock").head is None
    assert resolve("user", "set", "olena", "--leave", "stock").is_refused
    assert resolve("user", "set", "olena", "--department", "stok").is_refused
    assert "member of packing" in resolve("user", "list").out


def test_a_changed_name_is_the_departments_heads_name(
    resolve: Run, database: Database
) -> None:
    published(database)
    resolve("user", "add", "olena", "--department", "stock", "--as", "head")

    resolve("user", "set", "olena", "--name", "Olena Hnatiuk")

    with reading(database) as session:
        assert session.get_one(DepartmentRecord, "stock").head == "Olena Hnatiuk"


def test_a_new_link_ends_the_one_before(resolve: Run, database: Database) -> None:
    first = link_of(resolve("user", "add", "olena"))
    second = link_of(resolve("user", "reset", "olena"))

    with pytest.raises(LinkEnded):
        chosen(database, first)
    chosen(database, second)
    assert resolve("user", "reset", "nobody").is_refused
    assert "/link/" in resolve("user", "reset", "olena", "--json").json["link"]


def test_what_cannot_be_said_of_somebody_is_refused(resolve: Run) -> None:
    assert resolve("user", "add", "two words").is_refused
    assert resolve("user", "add", "a", "--role", "head").is_refused
    assert resolve("user", "add", "a", "--zone", "Kyiv").is_refused
    assert resolve("user", "add", "a", "--language", "de").is_refused
    assert resolve("user", "add", "a", "--email", "x").is_refused
    assert resolve("user", "add", "a", "--as", "head").code == 2
    assert resolve("user", "list", "--json").json == []
    assert resolve("user", "add", "a", "--email", "a@b.example").code == 0
    assert resolve("user", "add", "A").is_refused
    assert resolve("user", "add", "b", "--email", "A@b.example").is_refused
    assert resolve("user", "set", "a").code == 2


def test_the_last_administrator_stays(resolve: Run) -> None:
    resolve("user", "add", "olena", "--role", "administrator")

    assert resolve("user", "set", "olena", "--role", "").is_refused
    assert resolve("user", "end", "olena").is_refused

    resolve("user", "add", "petro", "--role", "administrator")
    assert resolve("user", "end", "olena").code == 0
    assert resolve("user", "end", "petro").is_refused


def test_who_ended_signs_in_no_more_and_heads_nothing(
    resolve: Run, database: Database
) -> None:
    published(database)
    secret = link_of(
        resolve("user", "add", "olena", "--department", "stock", "--as", "head")
    )

    assert resolve("user", "end", "olena").code == 0

    with pytest.raises(LinkEnded):
        chosen(database, secret)
    with reading(database) as session:
        assert session.get_one(DepartmentRecord, "stock").head is None
    assert resolve("user", "list", "--json").json == []
    (before,) = resolve("user", "list", "--ended", "--json").json
    assert before["ended_at"] is not None
    assert resolve("user", "end", "olena").is_refused


def test_sign_ins_are_shown_and_ended(resolve: Run, database: Database) -> None:
    chosen(database, link_of(resolve("user", "add", "olena")))

    assert len(resolve("user", "sign-ins", "olena", "--json").json) == 1
    assert "1 browsers" in resolve("user", "sign-ins", "olena", "--end").out
    assert resolve("user", "sign-ins", "olena", "--json").json == []


def test_a_person_acts_on_the_command_line_by_their_id(
    resolve: Run, database: Database
) -> None:
    published(database)
    made = filed(database, at=clock.now())
    work(database, at=clock.now())
    person = resolve("user", "list", "--json").json
    assert person == []
    resolve("user", "add", "olena", "--department", "stock", "--as", "head")
    (person,) = resolve("user", "list", "--json").json
    words = ("--step", "pick", "--change", "Pick in the evening", "--as", "olena")

    assert resolve("task", "answer", f"{made.number}/stock", *words).code == 0

    (given,) = all_rows(database, Answer)
    assert given.answered_by == f"person:{person['id']} via administrator"
    entries = [one for one in all_rows(database, JournalEntry) if one.chain != "house"]
    assert not any("olena" in one.who for one in entries)


def test_a_key_of_a_person_acts_for_them(resolve: Run, database: Database) -> None:
    published(database)
    resolve("user", "add", "olena", "--department", "stock", "--as", "head")
    words = ("key", "add", "olenas", "--scope", "act", "--scope", "read")

    secret = resolve(*words, "--person", "olena").out.split()[-1]

    with reading(database) as session:
        client = client_of_key(session, key_of(session, secret))
    assert client.departments == {"stock"}
    assert resolve("key", "list", "--json").json[0]["person"] == "olena"
    both = ("--person", "olena", "--department", "stock")
    assert resolve("key", "add", "b", "--scope", "act", *both).code == 2
    assert resolve("key", "add", "b", "--scope", "act", "--person", "x").is_refused


def test_a_head_named_by_login_has_the_department(
    resolve: Run, database: Database
) -> None:
    published(database)
    resolve("user", "add", "olena", "--name", "Olena Koval")
    resolve("user", "add", "petro", "--department", "stock", "--as", "head")

    made = resolve("department", "set", "stock", "--head", "olena", "--json").json

    assert made["head"] == "Olena Koval"
    with reading(database) as session:
        assert [p.login for p, _ in people_in(session, "stock", Post.HEAD)] == ["olena"]
    assert (
        resolve("department", "set", "stock", "--head", "", "--json").json["head"]
        is None
    )
    with reading(database) as session:
        assert people_in(session, "stock", Post.HEAD) == []
