"""Cases written in bulk are those that the engine leaves."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlmodel import select

from resolve.cases.models import Case, CaseStatus
from resolve.complaints.models import Complaint
from resolve.demo.case_rows import OF_A_CASE, Row, Rows, is_forgotten, rows_of
from resolve.demo.company import NotTheDemonstration
from resolve.demo.scale import shares, write_many
from resolve.demo.telling import begin, begin_empty, tell
from resolve.handling.moving import fire_due_clocks
from resolve.handling.reconciling import reconcile
from resolve.handling.upkeep import KEEP
from resolve.journal.feed import anything_new, number_new
from resolve.journal.models import FeedEntry, JournalEntry, JournalHead, SealedHead
from resolve.journal.rules import replay
from resolve.journal.verify import verify
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.outbox.models import Event
from resolve.tables import TABLES
from resolve.tasks.models import Task, TaskStatus
from tests.builders import HOUSE, all_rows, answered, filed, published, work

NOW = datetime(2026, 3, 18, 12, 30, tzinfo=UTC)
MANY = 100
KEY = b"k"
NOT_OF_A_CASE = {
    "api_key", "kept_answer", "calendar", "department", "map", "map_version", "seal",
    "absence", "map_draft", "membership", "one_time_link", "patience", "person",
    "sign_in", "step_time", "touch", "order_time", "times_of_map", "kept_times",
    "handover_standard",
}  # fmt: skip
NOT_IN_STORIES = {
    "attached_content", "attachment", "delivery", "hidden_words", "talk_entry",
    "task_draft", "ballot", "vote", "objection", "division",
}  # fmt: skip
MADE_ELSEWHERE = {
    FeedEntry.__tablename__, SealedHead.__tablename__,
    "findable", "findable_state",  # filled after the fact
}  # fmt: skip

# What may differ: ids (by their place in the case), salts, moments, digests, numbers.
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OTHER = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+]+Z?|\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b|C-\d{4}-\d+"
)


def write(database: Database, n: int = MANY, seed: int = 1) -> None:
    begin_empty(database, now=NOW)
    write_many(database, n, now=NOW, house=HOUSE, key=KEY, seed=seed)


@pytest.fixture(scope="module")
def seen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Give a hundred cases, for those who only look."""
    database = copied(sqlite_template, tmp_path_factory.mktemp("scale") / "resolve.db")
    write(database)
    return database


@pytest.fixture
def many(database: Database) -> Database:
    """Give a hundred cases, once in each kind of database."""
    write(database)
    return database


def copied(template: Path, file: Path) -> Database:
    shutil.copy(template, file)
    return open_database(f"sqlite:///{file}")


def told_by_the_engine(database: Database) -> None:
    """Let as many of the same stories happen through the services."""
    begin_empty(database, now=NOW)
    copies = [
        replace(share.story, copy=n)
        for share in shares(MANY)
        for n in range(share.count)
    ]
    with transaction(database) as session:
        tell(session, copies, now=NOW, house=HOUSE)
    number_new(database)


def all_cases(database: Database) -> Counter[tuple[str, ...]]:
    """Give what is said of each case, in a form in which like cases are equal."""
    with reading(database) as session:
        ids = session.exec(select(Case.id)).all()
        return Counter(comparable(rows_of(session, one)) for one in ids)


def comparable(rows: Rows) -> tuple[str, ...]:
    own = sorted(row["id"] for kind in OF_A_CASE for row in rows[kind]
                 if kind is not Event and "id" in row)  # fmt: skip
    places = {id_: f"#{n}" for n, id_ in enumerate(own)}
    return tuple(
        sorted(
            f"{kind.__tablename__} {line(row, places)}"
            for kind in OF_A_CASE
            for row in rows[kind]
            if remembered(kind, row)
        )
    )


def line(row: Row, places: dict[str, str]) -> str:
    left_out = {"serial", "reference", "sealed_seq", "fed_seq"}
    shown = {
        name: "at" if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in left_out and not (name == "id" and isinstance(value, int))
    }
    text = json.dumps(shown, sort_keys=True, default=str)
    return OTHER.sub("-", ID.sub(lambda one: places.get(one.group(), "other"), text))


def remembered(kind: type, row: Row) -> bool:
    return kind is not Event or not is_forgotten(row, before=NOW - KEEP)


@pytest.fixture(scope="module")
def by_the_engine(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Counter[tuple[str, ...]]:
    file = tmp_path_factory.mktemp("engine") / "resolve.db"
    database = copied(sqlite_template, file)
    told_by_the_engine(database)
    return all_cases(database)


def test_a_hundred_cases_are_what_the_engine_writes_and_goes_on_with(
    many: Database, by_the_engine: Counter[tuple[str, ...]]
) -> None:
    assert by_the_engine.total() == MANY
    assert all_cases(many) == by_the_engine
    goes_on(many)


def goes_on(many: Database) -> None:
    with transaction(many) as session:
        assert fire_due_clocks(session, at=NOW, most=10) == 0
        assert reconcile(session, at=NOW) == 0
    fresh = next(one for one in all_rows(many, Task) if one.status == TaskStatus.OPEN
                 and one.due_at > NOW)  # fmt: skip
    answered(many, fresh, at=NOW)
    assert work(many, at=NOW) == 1
    assert filed(many, map="order-to-delivery", promise="intact", at=NOW).number == (
        f"C-2026-{MANY + 1:06d}"
    )
    with reading(many) as session:
        assert verify(session, key=KEY).sound
        assert anything_new(session)


def test_every_table_of_a_case_is_written() -> None:
    written = {str(kind.__tablename__) for kind in OF_A_CASE} | MADE_ELSEWHERE
    known = written | NOT_OF_A_CASE | NOT_IN_STORIES
    assert {str(kind.__tablename__) for kind in TABLES} == known


def test_their_journal_is_sound_sealed_and_leads_to_the_stored_states(
    seen: Database,
) -> None:
    with reading(seen) as session:
        report = verify(session, key=KEY)
    assert report.sound
    house = [one for one in all_rows(seen, JournalEntry) if "case:" not in one.chain]
    assert report.unsealed == len(house)
    data = defaultdict(list)
    for entry in sorted(all_rows(seen, JournalEntry), key=lambda one: one.seq):
        data[entry.chain].append(entry.data)
    for case in all_rows(seen, Case):
        assert replay(data[f"case:{case.id}"])["case"] == case.status
    for task in all_rows(seen, Task):
        states = replay(data[f"case:{task.case_id}"])
        assert states[f"task:{task.id}"] == task.status


def test_they_are_in_the_change_feed_in_the_order_of_each_case(seen: Database) -> None:
    entries = {one.chain: one.seq for one in all_rows(seen, JournalHead)
               if one.chain.startswith("case:")}  # fmt: skip
    feed = sorted(all_rows(seen, FeedEntry), key=lambda one: one.position)
    assert [one.position for one in feed] == list(range(1, len(feed) + 1))
    assert Counter(f"case:{one.case_id}" for one in feed) == entries
    firsts = {one.case_id: one.kind for one in reversed(feed)}
    assert set(firsts.values()) == {"filed"}


def test_there_are_open_and_closed_ones_with_three_tasks_on_average(
    seen: Database,
) -> None:
    states = {one.status for one in all_rows(seen, Case)}
    assert states == set(CaseStatus) - {CaseStatus.MERGED}
    assert 2.5 < len(all_rows(seen, Task)) / MANY < 4


def test_the_same_seed_gives_the_same_cases(
    sqlite_template: Path, tmp_path: Path
) -> None:
    texts = []
    for n, seed in enumerate((1, 1, 2)):
        database = copied(sqlite_template, tmp_path / f"{n}.db")
        write(database, 20, seed)
        texts.append(
            sorted((c.id, c.number, c.salt) for c in all_rows(database, Complaint))
        )
        database.engine.dispose()
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_more_can_be_added_to_the_demonstration(database: Database) -> None:
    begin(database, now=NOW, house=HOUSE)
    before = len(all_rows(database, Complaint))
    write(database, 30)
    write(database, 30)
    assert len(all_rows(database, Complaint)) == before + 60
    with reading(database) as session:
        assert verify(session, key=KEY).sound


def test_a_database_that_holds_anything_else_is_left_alone(database: Database) -> None:
    published(database)
    with pytest.raises(NotTheDemonstration):
        write(database)
    assert all_rows(database, Complaint) == []


def test_the_columns_written_are_those_of_the_tables(seen: Database) -> None:
    found = inspect(seen.engine)
    for kind in OF_A_CASE:
        present = {one["name"] for one in found.get_columns(str(kind.__tablename__))}
        assert present == set(kind.model_fields)


@pytest.mark.parametrize("n", [1, 7, 100, 12_345])
def test_shares_add_up(n: int) -> None:
    assert sum(one.count for one in shares(n)) == n
