"""The demonstration: every state is there, once, and nothing else is touched."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resolve.cases.models import Case, CaseStatus
from resolve.chain.reader import load
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.demo.company import NotTheDemonstration, map_source
from resolve.demo.sights import key, picture
from resolve.demo.telling import begin, file_live
from resolve.departments.models import DepartmentRecord
from resolve.handling.moving import fire_due_clocks
from resolve.handling.reconciling import reconcile
from resolve.journal.models import JournalEntry
from resolve.journal.rules import replay
from resolve.journal.service import seal
from resolve.journal.verify import verify
from resolve.kit.database import Database, open_database, reading, transaction
from resolve.kit.settings import Settings
from resolve.outbox.models import Event, EventState
from resolve.solutions.models import Solution, SolutionStatus
from resolve.tables import TABLES
from resolve.tasks.models import Request, RequestStatus, Task, TaskStatus
from tests.builders import HOUSE, all_rows, filed, published, work

NOW = datetime(2026, 3, 18, 12, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def seen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Give the demonstration, for those who only look."""
    file = tmp_path_factory.mktemp("demo") / "resolve.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    begin(database, now=NOW, house=HOUSE)
    return database


@pytest.fixture
def told(database: Database) -> Database:
    """Give the demonstration, once on each kind of database."""
    assert begin(database, now=NOW, house=HOUSE)
    return database


def rows(database: Database) -> dict[str, int]:
    return {str(kind.__tablename__): len(all_rows(database, kind)) for kind in TABLES}


def test_there_are_cases_in_every_state(seen: Database) -> None:
    states = {one.status for one in all_rows(seen, Case)}
    assert states == set(CaseStatus) - {CaseStatus.MERGED}
    assert {one.status for one in all_rows(seen, Complaint)} == set(ComplaintStatus)
    closed = {one.closed_as for one in all_rows(seen, Complaint)} - {None}
    assert closed == set(ClosedAs) - {ClosedAs.SETTLED_AT_ONCE}
    assert {one.status for one in all_rows(seen, Task)} == set(TaskStatus)
    requests = {one.status for one in all_rows(seen, Request)}
    assert requests == set(RequestStatus) - {RequestStatus.WITHDRAWN}
    assert {one.status for one in all_rows(seen, Solution)} == {
        SolutionStatus.AGREED, SolutionStatus.IN_PLACE, SolutionStatus.PROVEN,
        SolutionStatus.GIVEN_UP,
    }  # fmt: skip


def test_there_are_cases_with_no_some_and_all_answers_and_past_due(
    seen: Database,
) -> None:
    tasks: dict[str, list[Task]] = defaultdict(list)
    for task in all_rows(seen, Task):
        tasks[task.case_id].append(task)
    found: Counter[str] = Counter()
    for case in all_rows(seen, Case):
        if case.status != CaseStatus.TASKS:
            continue
        waiting = [t for t in tasks[case.id] if t.status == TaskStatus.OPEN]
        late = [t for t in waiting if t.due_at <= NOW]
        found["past due"] += bool(late)
        found["all in"] += not waiting
        found["fresh"] += len(waiting) == len(tasks[case.id]) and not late
        found["partly"] += 0 < len(waiting) < len(tasks[case.id]) and not late
    assert set(+found) == {"past due", "all in", "fresh", "partly"}


def test_one_case_stands_for_several_customers(seen: Database) -> None:
    customers = Counter(one.case_id for one in all_rows(seen, Complaint))
    assert max(customers.values()) == 3


def test_complaints_come_in_three_languages_on_three_maps(seen: Database) -> None:
    assert {one.language for one in all_rows(seen, Complaint)} == {"en", "ru", "uk"}
    assert {one.map_id for one in all_rows(seen, Case)} == {
        None, "order-to-delivery", "installation-and-repair", "company-sectors",
    }  # fmt: skip


def test_every_department_has_a_head_but_one(seen: Database) -> None:
    departments = all_rows(seen, DepartmentRecord)
    assert [one.id for one in departments if not one.head] == ["personnel"]
    assert all(one.email for one in departments if one.head)


def test_the_engine_has_nothing_left_to_do(seen: Database) -> None:
    events = Counter(one.state for one in all_rows(seen, Event))
    assert set(events) == {EventState.SETTLED}
    with transaction(seen) as session:
        assert fire_due_clocks(session, at=NOW, most=10) == 0
        assert reconcile(session, at=NOW) == 0


def test_its_journal_is_sound_and_leads_to_the_stored_states(told: Database) -> None:
    states = {one.status for one in all_rows(told, Case)}
    assert states == set(CaseStatus) - {CaseStatus.MERGED}
    with transaction(told) as session:
        seal(session, key=b"k", at=NOW)
        assert verify(session, key=b"k").sound
    data = defaultdict(list)
    for entry in sorted(all_rows(told, JournalEntry), key=lambda one: one.seq):
        data[entry.chain].append(entry.data)
    for case in all_rows(told, Case):
        assert replay(data[f"case:{case.id}"])["case"] == case.status


def test_a_second_run_goes_on_with_the_same_company(told: Database) -> None:
    filed(told, map="order-to-delivery", promise="intact", at=NOW)
    before = rows(told)
    assert not begin(told, now=NOW + timedelta(days=1), house=HOUSE)
    assert rows(told) == before


def test_it_leaves_a_database_that_holds_anything_else_alone(
    database: Database,
) -> None:
    published(database)
    before = rows(database)
    with pytest.raises(NotTheDemonstration):
        begin(database, now=NOW, house=HOUSE)
    assert rows(database) == before


def test_the_live_complaints_are_filed_once_and_walked(told: Database) -> None:
    assert file_live(told, now=NOW, house=HOUSE) == 3
    assert work(told, at=NOW) == 3
    assert file_live(told, now=NOW, house=HOUSE) == 0


def test_its_maps_differ_from_the_shipped_ones_only_in_what_was_decided() -> None:
    chain = load(map_source("installation-and-repair"), name="installation-and-repair")
    assert chain.join == timedelta(days=3)
    assert load(map_source("order-to-delivery"), name="order-to-delivery").join is None


@pytest.mark.parametrize("now", [
    datetime(2026, 3, 14, 3, tzinfo=UTC),  # a Saturday
    datetime(2026, 3, 15, 21, 59, tzinfo=UTC),  # Sunday, in Kyiv nearly Monday
    datetime(2026, 3, 16, 0, 30, tzinfo=UTC),  # Monday before dawn
    datetime(2026, 3, 30, 23, 50, tzinfo=UTC),  # after the clocks went forward
])  # fmt: skip
def test_it_can_be_told_on_any_day(sqlite_url: str, now: datetime) -> None:
    database = open_database(sqlite_url)
    assert begin(database, now=now, house=HOUSE)
    fresh = [one for one in all_rows(database, Case) if one.status == CaseStatus.TASKS]
    assert len(fresh) > 5
    changes = {one.status for one in all_rows(database, Solution)}
    assert SolutionStatus.PROVEN in changes  # whichever orders lie around a weekend
    database.engine.dispose()


def test_the_key_is_made_once_and_kept(seen: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = key(seen, settings, at=NOW)
    assert key(seen, settings, at=NOW) == first
    settings.file("demo", "key").unlink()
    assert key(seen, settings, at=NOW) != first


def test_the_picture_shows_a_case_with_its_tasks(seen: Database) -> None:
    with reading(seen) as session:
        name, content = picture(session)
    assert name == "order-to-delivery.svg"
    assert b"<svg" in content
