"""Maps, departments, calendars, keys, events and the journal, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from resolve.access.service import key_of
from resolve.handling.failures import note_try_in_vain
from resolve.handling.upkeep import seal_journal
from resolve.journal.keys import seal_key
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.journal.verify import ERASED
from resolve.kit import clock
from resolve.kit.database import Database, reading, transaction
from resolve.kit.settings import settings
from resolve.outbox.service import PAUSES, claim
from tests.builders import ORDER, answered, filed, published, tasks_by_department, work

Run = Callable[..., Any]
WEEK = 'zone: Europe/Kyiv\nweek: {mon: ["09:00-18:00"]}\n'


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    path = tmp_path / "order.yaml"
    path.write_bytes(ORDER)
    return path


def test_map_is_published_once_per_content(resolve: Run, map_file: Path) -> None:
    first = resolve("map", "publish", map_file, "--json").json
    again = resolve("map", "publish", map_file, "--json").json
    map_file.write_bytes(ORDER + b"\n# second\n")
    second = resolve("map", "publish", map_file, "--json").json

    assert first == {"map": "order", "version": 1, "new": True}
    assert again == {"map": "order", "version": 1, "new": False}
    assert (second["version"], second["new"]) == (2, True)
    assert resolve("map", "list", "--json").json[0]["version"] == 2
    assert "order" in resolve("map", "list").out


def test_map_with_errors_is_not_published(resolve: Run, map_file: Path) -> None:
    map_file.write_bytes(ORDER.replace(b"department: stock", b"department: stok"))

    ran = resolve("map", "publish", map_file)

    assert (ran.code, ran.out) == (1, "")
    assert f"{map_file}:22: error" in ran.err
    assert resolve("map", "list", "--json").json == []


def test_shipped_map_is_published_by_its_id(resolve: Run) -> None:
    assert resolve("map", "publish", "order-to-delivery").code == 0
    assert resolve("map", "publish", "no-such-map").is_refused


def test_published_map_is_found_by_its_id_with_its_version(
    resolve: Run, map_file: Path
) -> None:
    resolve("map", "publish", map_file)
    words = ("--touchpoint", "door", "--promise", "on-time", "--json")

    assert resolve("walk", "order", *words).json["version"] == 1
    assert "can be published" in resolve("check", "order").out
    assert resolve("check", "order-to-delivery").code == 0
    assert resolve("check", "ordr").code == 1


def test_department_has_head_mail_and_a_calendar_of_its_own(
    resolve: Run, database: Database, tmp_path: Path
) -> None:
    published(database)
    file = tmp_path / "week.yaml"
    file.write_text(WEEK, "utf-8")

    words = ("--head", "anna", "--email", "stock@shop.example", "--calendar", file)
    made = resolve("department", "set", "stock", *words, "--json").json

    assert (made["head"], made["email"], made["calendar"]) == (
        "anna", "stock@shop.example", "stock",
    )  # fmt: skip
    emptied = resolve("department", "set", "stock", "--head", "", "--json").json
    assert (emptied["head"], emptied["email"]) == (None, "stock@shop.example")
    assert "stock@shop.example" in resolve("department", "list").out


def test_department_keeps_a_stored_calendar(
    resolve: Run, database: Database, tmp_path: Path
) -> None:
    published(database)
    file = tmp_path / "week.yaml"
    file.write_text(WEEK, "utf-8")
    stored = resolve("calendar", "set", "mondays", file, "--json").json

    assert (stored["calendar"], stored["revision"]) == ("mondays", 1)
    words = ("--calendar", "mondays", "--json")
    assert resolve("department", "set", "stock", *words).json["calendar"] == "mondays"


def test_unknown_department_calendar_or_nothing_named_is_refused(
    resolve: Run, database: Database, tmp_path: Path
) -> None:
    published(database)
    broken = tmp_path / "broken.yaml"
    broken.write_text("week: {}", "utf-8")

    assert resolve("department", "set", "stok", "--head", "anna").is_refused
    assert resolve("department", "set", "stock", "--calendar", "no-such").is_refused
    assert resolve("department", "set", "stock", "--calendar", broken).is_refused
    assert resolve("department", "set", "stock").code == 2
    assert resolve("calendar", "set", "x", tmp_path / "none.yaml").is_refused


def test_key_is_printed_once_as_the_last_word(resolve: Run, database: Database) -> None:
    published(database)
    words = ("--scope", "act", "--scope", "read", "--department", "stock")

    secret = resolve("key", "add", "stock-desk", *words).out.split()[-1]

    with reading(database) as session:
        assert key_of(session, secret).department_id == "stock"
    assert secret not in resolve("key", "list").out
    (listed,) = resolve("key", "list", "--json").json
    assert listed["scopes"] == ["act", "read"]
    assert resolve("key", "revoke", "stock-desk").code == 0
    assert resolve("key", "list", "--json").json[0]["revoked_at"] is not None


def test_key_that_cannot_be_is_refused(resolve: Run) -> None:
    assert resolve("key", "add", "a", "--scope", "read").code == 0
    assert resolve("key", "add", "a", "--scope", "read").is_refused
    assert resolve("key", "add", "b", "--scope", "rule").is_refused
    assert resolve("key", "add", "b", "--scope", "act", "--department", "x").is_refused
    assert resolve("key", "revoke", "b").is_refused
    assert resolve("key", "add", "b").code == 2


def failing(database: Database) -> None:
    """Let the event of a complaint fail as often as it is tried."""
    published(database)
    filed(database)
    at = clock.now()
    for pause in (*PAUSES, PAUSES[0]):
        with transaction(database) as session:
            (event,) = claim(session, at=at, most=1, token=_CLAIM)
            note_try_in_vain(session, event, token=_CLAIM, error="KeyError: x", at=at)
        at += pause


_CLAIM = "01a20000-0000-7000-8000-000000000001"


def test_failing_event_is_tried_again_or_set_aside(
    resolve: Run, database: Database
) -> None:
    failing(database)

    (event,) = resolve("event", "list", "--json").json["failed"]

    assert (event["tries"], event["error"]) == (5, "KeyError: x")
    assert "KeyError: x" in resolve("event", "list").out
    assert resolve("event", "set-aside", event["id"], "--reason", " ").code == 2
    assert resolve("event", "retry", event["id"]).code == 0
    assert resolve("event", "retry", event["id"]).is_refused
    assert resolve("event", "list", "--json").json["waiting"] == 1


def test_event_set_aside_needs_nobody_any_more(
    resolve: Run, database: Database
) -> None:
    failing(database)
    (event,) = resolve("event", "list", "--json").json["failed"]

    assert resolve("event", "set-aside", event["id"], "--reason", "A test").code == 0

    assert "0 need a person, 0 wait." in resolve("event", "list").out
    assert resolve("event", "retry", 999).is_refused
    assert resolve("event", "retry", "x").code == 2


def sealed_story(database: Database) -> str:
    """Give the case of a story that is sealed, and goes on after the seal."""
    published(database)
    made = filed(database, at=clock.now())
    work(database, at=clock.now())
    seal_journal(database, key=seal_key(settings()), at=clock.now())
    task = tasks_by_department(database, made.case_id)["stock"]
    answered(database, task, at=clock.now())
    return made.case_id


def test_journal_of_a_story_is_sound(resolve: Run, database: Database) -> None:
    sealed_story(database)

    report = resolve("audit", "verify", "--json").json

    assert report["sound"] is True
    assert (report["seals"], report["unsealed"]) == (1, 1)
    assert "The journal is sound" in resolve("audit", "verify").out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE journal_entry SET who = 'nobody' WHERE what = 'filed'", "was altered"),
        ("DELETE FROM journal_entry WHERE what = 'assigned'", "is missing"),
        ("DELETE FROM journal_entry WHERE chain LIKE 'case:%'", "a whole since seal 1"),
        ("UPDATE seal SET mac = 'x'", "seal 1 does not match"),
        ("UPDATE task SET status = 'open'", "is open, by the journal answered"),
        ("UPDATE complaint SET answered_at = NULL, status = 'answered'", "complaint:"),
        ("DELETE FROM clock; DELETE FROM task_answer; DELETE FROM task", "not there"),
    ],
)
def test_what_is_wrong_with_journal_or_states_is_said(
    resolve: Run, database: Database, change: str, told: str
) -> None:
    sealed_story(database)
    with transaction(database) as session:
        for statement in change.split(";"):
            session.connection().execute(text(statement))

    ran = resolve("audit", "verify")

    assert ran.code == 1
    assert told in ran.out
    assert len(ran.err.splitlines()) == 1
    assert resolve("audit", "verify", "--json").code == 1


def test_erasing_is_told_and_is_in_order(resolve: Run, database: Database) -> None:
    case = sealed_story(database)
    with transaction(database) as session:
        entry = Draft(case_chain(case), ERASED, {"complaint": "text"})
        append(session, [entry], who="person:olga", at=clock.now())

    ran = resolve("audit", "verify")

    assert ran.code == 0
    assert "texts were erased by person:olga, 20" in ran.out
    assert resolve("audit", "verify", "--json").json["erasures"][0]["who"] == (
        "person:olga"
    )


def test_journal_of_another_key_is_not_sound(
    resolve: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_story(database)
    monkeypatch.setenv("RESOLVE_SEAL_KEY", "another")
    settings.cache_clear()

    assert "seal 1 does not match its key" in resolve("audit", "verify").out
