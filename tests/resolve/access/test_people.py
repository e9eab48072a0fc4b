"""People: taken in, changed, let go, named."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from resolve.access.errors import (
    BadPerson,
    LastAdministrator,
    LoginTaken,
    PersonChanged,
    UnknownPerson,
)
from resolve.access.models import Person
from resolve.access.people import (
    PersonChange,
    add_person,
    anybody,
    change_person,
    end_person,
    names_of,
    people,
    people_with,
    person_named,
    the_person,
)
from resolve.access.table import Role
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from resolve.kit.errors import Invalid, ResolveError
from tests.builders import all_rows

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOBODY = "01a20000-0000-7000-8000-000000000001"


def added(database: Database, login: str = "olena", **facts: Any) -> Person:
    with transaction(database) as session:
        wanted = PersonChange(**facts)
        return add_person(session, login, wanted, who="administrator", at=AT)


def changed(database: Database, person: Person, **facts: Any) -> Person:
    revision = facts.pop("revision", None)
    with transaction(database) as session:
        return change_person(
            session, person.id, PersonChange(**facts), who="x", at=AT, revision=revision
        )


def ended(database: Database, person: Person) -> None:
    with transaction(database) as session:
        end_person(session, person.id, who="x", at=AT)


def test_somebody_is_taken_in_by_a_login_in_small_letters(database: Database) -> None:
    made = added(database, " Olena ", name="Olena Koval", email="Olena@Shop.example")

    assert (made.login, made.name, made.email) == (
        "olena", "Olena Koval", "olena@shop.example",
    )  # fmt: skip
    assert (made.password, made.roles, made.revision) == (None, [], 1)
    with reading(database) as session:
        assert anybody(session)


@pytest.mark.parametrize(
    "login",
    ["", " ", "two words", "a@b", "a:b", "a/b", "a\\b", "x" * 101, NOBODY, "a\x07b"],
)
def test_no_login_that_would_be_taken_for_something_else(
    database: Database, login: str
) -> None:
    with pytest.raises(BadPerson) as refused:
        added(database, login)
    assert refused.value.pointer == "/login"


@pytest.mark.parametrize(
    "facts",
    [
        {"name": " "}, {"email": "x"}, {"email": "a b@c"}, {"language": "de"},
        {"zone": "Kyiv"}, {"theme": "pink"}, {"mail": "never"}, {"digest_at": "8"},
        {"digest_at": "24:00"}, {"quiet_from": "x"}, {"roles": ["head"]},
        {"roles": ["ruler"]},
    ],
    ids=str,
)  # fmt: skip
def test_no_value_that_cannot_be(database: Database, facts: Mapping[str, Any]) -> None:
    with pytest.raises(BadPerson) as refused:
        added(database, **facts)
    assert refused.value.pointer.strip("/") in facts
    assert not all_rows(database, Person)


@pytest.mark.parametrize("name", ["x" * 201, "a\0b", "\ud800"])
def test_no_name_that_no_database_holds(database: Database, name: str) -> None:
    with pytest.raises(Invalid):
        added(database, name=name)


def test_login_and_email_are_of_one_person(database: Database) -> None:
    first = added(database, "olena", email="o@shop.example")

    with pytest.raises(LoginTaken):
        added(database, "OLENA")
    with pytest.raises(LoginTaken):
        added(database, "petro", email="O@shop.example")
    ended(database, first)
    assert added(database, "petro", email="o@shop.example").email == "o@shop.example"


def test_what_is_not_named_stays_and_what_is_empty_goes(database: Database) -> None:
    made = added(database, name="Olena", email="o@shop.example", language="uk")

    after = changed(database, made, email="", zone="Europe/Kyiv")

    assert (after.name, after.email, after.language) == ("Olena", None, "uk")
    assert (after.zone, after.revision) == ("Europe/Kyiv", 2)


def test_a_change_on_an_earlier_revision_is_refused(database: Database) -> None:
    made = added(database)
    changed(database, made, name="First", revision=1)

    with pytest.raises(PersonChanged):
        changed(database, made, name="Second", revision=1)


def test_there_is_always_an_administrator(database: Database) -> None:
    first = added(database, "olena", roles=[Role.ADMINISTRATOR])
    with pytest.raises(LastAdministrator):
        changed(database, first, roles=[])
    with pytest.raises(LastAdministrator):
        ended(database, first)

    second = added(database, "petro", roles=[Role.ADMINISTRATOR])
    ended(database, first)
    with pytest.raises(LastAdministrator):
        changed(database, second, roles=[Role.FRONTLINE])


def test_two_administrators_do_not_end_each_other_at_once(database: Database) -> None:
    both = [added(database, one, roles=[Role.ADMINISTRATOR]) for one in ("a", "b")]
    refused: list[ResolveError] = []
    ready = threading.Barrier(2)

    def end(one: Person) -> None:
        ready.wait(10)
        try:
            ended(database, one)
        except LastAdministrator as why:
            refused.append(why)

    threads = [threading.Thread(target=end, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(refused) == 1
    with reading(database) as session:
        assert len(people_with(session, Role.ADMINISTRATOR)) == 1


def test_two_of_one_login_at_once_are_one(database: Database) -> None:
    refused: list[ResolveError] = []
    ready = threading.Barrier(2)

    def add() -> None:
        ready.wait(10)
        try:
            added(database, "olena")
        except LoginTaken as why:
            refused.append(why)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(refused) == 1
    assert len(all_rows(database, Person)) == 1


def test_who_ended_is_named_no_more_but_keeps_the_name(database: Database) -> None:
    made = added(database, name="Olena", email="o@shop.example")
    ended(database, made)
    ended(database, made)

    with reading(database) as session:
        for name in (made.id, f"person:{made.id}", "olena", "o@shop.example"):
            assert person_named(session, name) is None
        assert names_of(session, [f"person:{made.id}"]) == {
            f"person:{made.id}": "Olena"
        }
        assert [one.id for one in people(session, ended=True)] == [made.id]
        with pytest.raises(UnknownPerson):
            the_person(session, "olena")


def test_people_are_named_by_id_login_and_email(database: Database) -> None:
    made = added(database, name="Olena", email="o@shop.example")

    with reading(database) as session:
        for name in (
            made.id,
            f"person:{made.id}",
            "OLENA",
            "person:olena",
            "O@shop.example",
        ):
            assert the_person(session, name).id == made.id
        assert person_named(session, NOBODY) is None
        assert person_named(session, "o@") is None
        assert names_of(session, [made.id, "olena", "stranger"]) == {
            made.id: "Olena", "olena": "Olena",
        }  # fmt: skip


def test_who_has_the_login_administrator_is_not_who_gave_a_command(
    database: Database,
) -> None:
    made = added(database, "administrator", name="Oleksii")
    by_command = "administrator"
    for_him = f"person:{made.id} via administrator"

    with reading(database) as session:
        assert names_of(session, [by_command, made.id, for_him]) == {
            made.id: "Oleksii", for_him: "Oleksii",
        }  # fmt: skip
        assert names_of(session, ["person:administrator"]) == {
            "person:administrator": "Oleksii"
        }


def test_the_journal_knows_ids_only(database: Database) -> None:
    made = added(database, "olena", name="Olena Koval", email="o@shop.example")
    changed(database, made, name="Olena Hnatiuk", roles=[Role.FRONTLINE])
    ended(database, made)

    entries = all_rows(database, JournalEntry)
    assert [one.what for one in entries] == [
        "person_added", "person_changed", "person_ended",
    ]  # fmt: skip
    for one in entries:
        assert one.data["person"] == made.id
        assert "lena" not in str(one.data)
    with pytest.raises(UnknownPerson):
        changed(database, Person(id=NOBODY, login="x", name="x", created_at=AT))
