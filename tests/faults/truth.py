"""What has to be true once the dust has settled, whatever was killed before."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import func
from sqlmodel import select

from resolve.analytics.replayed import differences
from resolve.cases.models import Case, CaseStatus
from resolve.chain.reader import load
from resolve.chain.walk import walk
from resolve.clocks.models import Clock, ClockKind, ClockState
from resolve.complaints.models import Complaint
from resolve.handling.reconciling import reconcile
from resolve.journal.keys import seal_key
from resolve.journal.models import JournalEntry
from resolve.journal.verify import verify
from resolve.kit.clock import now
from resolve.kit.database import Database, reading, transaction
from resolve.kit.settings import Settings
from resolve.maps.models import MapVersion
from resolve.maps.queries import concern_of
from resolve.messages.models import Message, MessageKind
from resolve.outbox.models import Event, EventState
from resolve.outbox.queries import waiting
from resolve.tasks.models import Answer, Task, TaskStatus
from tests.faults.people import Receipts
from tests.faults.processes import until


def wait_until_settled(database: Database, *, within: float = 120.0) -> None:
    """Wait until no event waits, not even for another try."""

    def settled() -> bool:
        with reading(database) as session:
            count, _ = waiting(session, at=now() + timedelta(days=1))
        return not count

    until(settled, within=within, what="every event is handled", every=0.2)


@dataclass(frozen=True)
class Rows:
    """All that is stored, read at one moment."""

    complaints: list[Complaint]
    cases: list[Case]
    tasks: list[Task]
    clocks: list[Clock]
    events: list[Event]
    answers: list[Answer]
    messages: list[Message]
    entries: list[JournalEntry]
    maps: list[MapVersion]


def rows_of(database: Database) -> Rows:
    """Read everything."""
    tables: tuple[Any, ...] = (
        Complaint, Case, Task, Clock, Event, Answer, Message, JournalEntry, MapVersion,
    )  # fmt: skip
    with reading(database) as session:
        return Rows(*(list(session.exec(select(table))) for table in tables))


def assert_all_is_well(
    database: Database, settings: Settings, receipts: Receipts | None = None
) -> Rows:
    """Compare everything that is stored with what must follow from it."""
    rows = rows_of(database)
    if receipts is not None:
        _what_was_answered_is_there(rows, receipts)
    _nothing_is_there_twice(rows)
    _every_case_has_exactly_its_tasks(rows)
    _every_open_thing_has_its_clock(rows)
    _each_round_asked_once(rows)
    _no_event_was_tried_in_vain(rows)
    assert_the_journal_is_sound(database, settings)
    with transaction(database) as session:
        assert reconcile(session, at=now()) == 0, "a case stands still"
        session.rollback()
    return rows


def _what_was_answered_is_there(rows: Rows, receipts: Receipts) -> None:
    told = {
        r["id"]: (*name, r["case"], r["number"]) for name, r in receipts.filed.items()
    }
    stored = {
        c.id: (c.source, c.reference, c.case_id, c.number) for c in rows.complaints
    }
    assert stored == told
    given = {
        a.task_id: (a.content or {})["proposals"][0]["change"] for a in rows.answers
    }
    assert given == receipts.answered


def _nothing_is_there_twice(rows: Rows) -> None:
    entered: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in rows.entries:
        subject = entry.data.get("task") or entry.data.get("complaint") or entry.chain
        entered[entry.what][subject] += 1
    everything: list[tuple[str, Counter[Any]]] = [
        (
            "complaint",
            Counter((c.source, c.reference or c.id) for c in rows.complaints),
        ),
        ("number", Counter(c.number for c in rows.complaints)),
        ("task", Counter(f"{t.case_id} {t.department_id}" for t in rows.tasks)),
        *((what, entered[what]) for what in ("filed", "assigned", "answered")),
    ]
    for name, counted in everything:
        twice = [key for key, n in counted.items() if n > 1]
        assert not twice, f"{name} twice: {twice[:3]}"


def _every_case_has_exactly_its_tasks(rows: Rows) -> None:
    sources = {(m.map_id, m.version): m.source for m in rows.maps}
    asked = defaultdict(set)
    for task in rows.tasks:
        asked[task.case_id].add(task.department_id)
    told = Counter(m.subject_id for m in rows.messages if m.kind == MessageKind.TASK)
    assert told == Counter(task.id for task in rows.tasks)
    of_complaints = {complaint.case_id for complaint in rows.complaints}
    assert {case.id for case in rows.cases} == of_complaints
    for case in rows.cases:
        assert asked[case.id] == _expected(case, sources), case


def _expected(case: Case, sources: dict[tuple[str, int], Any]) -> set[str]:
    if case.concern is None or case.map_id is None or case.map_version is None:
        assert case.status == CaseStatus.TO_PLACE
        return set()
    return _departments(sources[case.map_id, case.map_version], case.concern)


@cache
def _departments(source: str, concern: str) -> set[str]:
    found = walk(load(source, name="published"), concern_of(concern))
    return {one.department for one in found.participants}


def _every_open_thing_has_its_clock(rows: Rows) -> None:
    running = {
        (clock.kind, clock.subject_id)
        for clock in rows.clocks
        if clock.state == ClockState.RUNNING
    }
    awaited = {
        (str(ClockKind.TASK), task.id)
        for task in rows.tasks
        if task.status == TaskStatus.OPEN
    }
    promised = {
        (str(ClockKind.ANSWER), one.id)
        for one in rows.complaints
        if one.status == "received"
    }
    assert running == awaited | promised


def _each_round_asked_once(rows: Rows) -> None:
    entered = Counter(e.chain for e in rows.entries if e.what == "all_in")
    told = Counter(m.case_id for m in rows.messages if m.kind == MessageKind.ALL_IN)
    open_ = {task.case_id for task in rows.tasks if task.status == TaskStatus.OPEN}
    for case in rows.cases:
        due = case.status != CaseStatus.TO_PLACE and case.id not in open_
        assert entered[f"case:{case.id}"] == due, case
        assert told[case.id] == due, case


def _no_event_was_tried_in_vain(rows: Rows) -> None:
    wrong = [e for e in rows.events if e.state != EventState.SETTLED or e.tries]
    assert not wrong, f"a kill counts as no try: {wrong[:3]}"


def assert_the_journal_is_sound(database: Database, settings: Settings) -> None:
    """No gap, nothing altered, and replaying it gives the stored states."""
    with reading(database) as session:
        report = verify(session, key=seal_key(settings))
        assert report.sound, report.problems[:5]
        assert differences(session) == []


def count(database: Database, table: type[Any]) -> int:
    """Count the rows of a table."""
    with reading(database) as session:
        return session.exec(select(func.count()).select_from(table)).one()
