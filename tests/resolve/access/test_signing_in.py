"""Signing in: passwords, one-time links, browsers, patience with those who guess."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from resolve.access import patience, signing_in
from resolve.access.errors import LinkEnded, TooManyTries, UnknownPerson, WeakPassword
from resolve.access.models import OneTimeLink, Patience, Person, SignIn
from resolve.access.people import PersonChange, add_person, end_person
from resolve.access.signing_in import Purpose, Try
from resolve.handling.duties import Duty, rare_duties
from resolve.handling.upkeep import KEEP, forget_old
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading, transaction
from tests.builders import all_rows

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PASSWORD = "four words in a row"  # noqa: S105
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def olena(database: Database) -> Person:
    """Give somebody with a password and an e-mail."""
    with transaction(database) as session:
        wanted = PersonChange(name="Olena Koval", email="o@shop.example")
        made = add_person(session, "olena", wanted, who="x", at=AT)
        signing_in.set_password(session, made, signing_in.choose(PASSWORD), at=AT)
        return made


def tried(
    database: Database,
    password: str = PASSWORD,
    *,
    login: str = "olena",
    address: str = "192.0.2.1",
    at: datetime = AT,
) -> str | None:
    """Try to sign in as the page does: count, check outside of it, sign in."""
    made = Try(login, password, address)
    with transaction(database) as session:
        signing_in.count_try(session, made, at=at)
    with reading(database) as session:
        known = signing_in.look_up(session, made)
    fitting = signing_in.check(known, made)
    if fitting is None:
        return None
    with transaction(database) as session:
        return signing_in.sign_in(session, fitting, made, at=at)


def given(database: Database, person: Person, password: str) -> None:
    with transaction(database) as session:
        found = session.get_one(Person, person.id)
        signing_in.set_password(session, found, signing_in.choose(password), at=AT)


def guessed(database: Database, *logins: str) -> None:
    for login in logins:
        tried(database, "wrong", login=login)


def failed(database: Database, *moments: datetime) -> None:
    """Count a failure at each of these moments, of other logins, from one address."""
    with transaction(database) as session:
        for n, at in enumerate(moments):
            names = patience.names("sign-in", f"p{n}", "192.0.2.1")
            patience.count(session, names, at=at)


def present(database: Database, secret: str, *, at: datetime = AT) -> str | None:
    with reading(database) as session:
        found = signing_in.present(session, secret, at=at)
        return found.person.login if found else None


def linked(
    database: Database, purpose: Purpose = Purpose.PASSWORD, *, at: datetime = AT
) -> str:
    with transaction(database) as session:
        return signing_in.new_link(session, "olena", purpose, who="x", at=at)


def used(
    database: Database,
    secret: str,
    password: str | None = PASSWORD,
    *,
    at: datetime = AT,
) -> str:
    chosen = signing_in.choose(password) if password else None
    with transaction(database) as session:
        return signing_in.use_link(session, secret, device="", at=at, chosen=chosen)


# -------------------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    "login", ["olena", " OLENA ", "o@shop.example", "O@shop.example"]
)
def test_one_signs_in_by_login_or_email(
    database: Database, olena: Person, login: str
) -> None:
    secret = tried(database, login=login)

    assert secret
    assert present(database, secret) == olena.login


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("olena", "wrong"),
        ("olena", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("olena", "x" * 5000),
    ],
)
def test_a_wrong_password_and_a_wrong_login_are_told_alike(
    database: Database, olena: Person, login: str, password: str
) -> None:
    assert olena.password
    assert tried(database, password, login=login) is None
    assert len(all_rows(database, Patience)) == 2


def test_somebody_without_a_password_signs_in_by_no_password(
    database: Database,
) -> None:
    with transaction(database) as session:
        add_person(session, "petro", PersonChange(), who="x", at=AT)

    for password in ("", "petro", PASSWORD):
        assert tried(database, password, login="petro") is None


@pytest.mark.parametrize(
    "password", ["", "short", "olena koval", "Olena Koval", "1234567890", "x" * 1001]
)
def test_an_easy_password_is_refused(
    database: Database, olena: Person, password: str
) -> None:
    with pytest.raises(WeakPassword):
        given(database, olena, password)
    assert tried(database)


def test_passwords_and_secrets_are_not_kept(database: Database, olena: Person) -> None:
    secret, link = tried(database), linked(database)

    kept = [
        str(row.model_dump())
        for table in (Person, SignIn, OneTimeLink, JournalEntry)
        for row in all_rows(database, table)
    ]
    for word in (PASSWORD, secret, link):
        assert word
        assert not any(word in row for row in kept)
    assert (olena.password or "").startswith("$argon2id$")


def test_a_guess_costs_what_is_recommended() -> None:
    """Asked of another process: in this one passwords are made to cost nothing."""
    asked = f"""
from resolve.access.signing_in import choose
print(choose({PASSWORD!r}).hash)
"""
    done = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True
    )

    assert extract_parameters(done.stdout.strip()) == RFC_9106_LOW_MEMORY


def test_a_new_password_signs_out_everywhere_and_ends_links(
    database: Database, olena: Person
) -> None:
    secret, link = tried(database), linked(database)
    assert secret

    given(database, olena, "five other words in a row")

    assert present(database, secret) is None
    assert tried(database) is None
    with pytest.raises(LinkEnded):
        used(database, link)


# --------------------------------------------------------------------------- patience


def test_after_failures_a_login_waits_twice_as_long_each_time(
    database: Database, olena: Person
) -> None:
    assert olena.password
    at = AT
    for n in range(6):  # from other addresses each time
        assert tried(database, "wrong", address=f"192.0.2.{n}", at=at) is None
        at += timedelta(seconds=1)

    with pytest.raises(TooManyTries) as wait:
        tried(database, address="192.0.2.99", at=at - timedelta(milliseconds=1))
    assert wait.value.extra["seconds"] in (1, 2)
    assert tried(database, address="192.0.2.99", at=at + timedelta(seconds=2))


def test_a_login_that_nobody_has_waits_as_well(
    database: Database, olena: Person
) -> None:
    assert olena.password
    with pytest.raises(TooManyTries):
        guessed(database, *["nobody"] * 10)


def test_an_address_waits_after_many_failures_of_many_logins(
    database: Database, olena: Person
) -> None:
    assert olena.password
    failed(database, *(AT for _ in range(60)))

    with pytest.raises(TooManyTries):
        tried(database)
    assert tried(database, address="192.0.2.7")


def test_an_office_that_mistypes_all_day_is_not_shut_out(
    database: Database, olena: Person
) -> None:
    assert olena.password
    failed(database, *(AT + n * 2 * MINUTE for n in range(300)))

    assert tried(database, at=AT + 300 * 2 * MINUTE)


def test_a_right_password_forgets_the_failures_before(
    database: Database, olena: Person
) -> None:
    assert olena.password
    for n in range(4):
        tried(database, "wrong", address=f"192.0.2.{n}")
    assert tried(database, address="192.0.2.5")
    for n in range(4):
        assert tried(database, "wrong", address=f"192.0.3.{n}") is None
    assert tried(database, address="192.0.2.5")


# ------------------------------------------------------------------------------ links


def test_a_link_sets_a_password_once(database: Database, olena: Person) -> None:
    link = linked(database)

    secret = used(database, link, "five other words in a row")

    assert present(database, secret) == olena.login
    assert tried(database, "five other words in a row")
    with pytest.raises(LinkEnded):
        used(database, link, "six more words in a row")


def test_a_link_to_sign_in_leaves_the_password(
    database: Database, olena: Person
) -> None:
    secret = used(database, linked(database, Purpose.SIGN_IN), None)

    assert present(database, secret) == olena.login
    assert tried(database)


def test_a_link_stays_when_the_password_was_too_easy(
    database: Database, olena: Person
) -> None:
    assert olena.password
    link = linked(database)

    with pytest.raises(WeakPassword):
        used(database, link, "short")
    assert used(database, link, "five other words in a row")


def test_looking_at_a_link_does_not_use_it_up(
    database: Database, olena: Person
) -> None:
    link = linked(database)

    for _ in range(2):
        with reading(database) as session:
            assert signing_in.link(session, link, at=AT).person_id == olena.id
    assert used(database, link)


def test_a_link_ends_after_days_by_a_newer_one_and_with_its_person(
    database: Database, olena: Person
) -> None:
    old = linked(database)
    with pytest.raises(LinkEnded):
        used(database, old, at=AT + signing_in.LINK_LASTS)
    newer = linked(database)
    with pytest.raises(LinkEnded):
        used(database, old)
    with transaction(database) as session:
        end_person(session, olena.id, who="x", at=AT)
    with pytest.raises(LinkEnded):
        used(database, newer)
    with pytest.raises(UnknownPerson):
        linked(database)
    with pytest.raises(LinkEnded):
        used(database, "no such link")


# --------------------------------------------------------------------------- browsers


def test_a_browser_that_is_used_stays_signed_in(
    database: Database, olena: Person
) -> None:
    assert olena.password
    secret = tried(database)
    assert secret
    later = AT + signing_in.STAYS - HOUR
    with transaction(database) as session:
        assert signing_in.is_stale(session, secret, at=later)
        signing_in.seen(session, secret, at=later)
        assert not signing_in.is_stale(session, secret, at=later)

    assert present(database, secret, at=later + signing_in.STAYS - HOUR)
    assert present(database, secret, at=later + signing_in.STAYS) is None


def test_a_browser_is_signed_out_by_itself_from_elsewhere_or_everywhere(
    database: Database, olena: Person
) -> None:
    first, second, third = (tried(database) or "" for _ in range(3))
    with transaction(database) as session:
        signing_in.sign_out(session, first, at=AT)
        signing_in.sign_out(session, first, at=AT)
    assert present(database, first) is None
    with reading(database) as session:
        rows = signing_in.sign_ins(session, olena.id, at=AT)
        ids = {row.id for row in rows}
        found = signing_in.present(session, second, at=AT)
    assert len(ids) == 2
    assert found
    with transaction(database) as session:
        signing_in.end_sign_in(session, olena.id, found.id, at=AT)
    assert present(database, second) is None
    assert present(database, third)
    with transaction(database) as session:
        assert signing_in.end_sign_ins(session, olena.id, who="x", at=AT) == 1
        assert signing_in.end_sign_ins(session, olena.id, who="x", at=AT) == 0
    assert present(database, third) is None


def test_nobody_ends_the_sign_in_of_somebody_else(
    database: Database, olena: Person
) -> None:
    secret = tried(database) or ""
    with transaction(database) as session:
        petro = add_person(session, "petro", PersonChange(), who="x", at=AT)
        (row,) = signing_in.sign_ins(session, olena.id, at=AT)
        signing_in.end_sign_in(session, petro.id, row.id, at=AT)

    assert present(database, secret) == "olena"


def test_who_ended_is_signed_out(database: Database, olena: Person) -> None:
    secret = tried(database) or ""
    with transaction(database) as session:
        end_person(session, olena.id, who="x", at=AT)

    assert present(database, secret) is None
    assert tried(database) is None


def test_what_ended_is_taken_away(database: Database, olena: Person) -> None:
    assert olena.password
    tried(database)
    tried(database, "wrong")
    linked(database)
    later = AT + signing_in.STAYS + DAY
    with transaction(database) as session:
        assert Duty.FORGET not in rare_duties(session, at=AT, keep=KEEP)
        assert Duty.FORGET in rare_duties(session, at=later, keep=KEEP)
        forget_old(session, at=later)
        assert Duty.FORGET not in rare_duties(session, at=later, keep=KEEP)

    for table in (SignIn, OneTimeLink, Patience):
        assert not all_rows(database, table)
