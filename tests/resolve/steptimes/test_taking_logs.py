"""Logs that nobody here wrote, taken in: once, whole, and twice is once."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from resolve.chain.model import ValueChain
from resolve.journal.models import JournalEntry
from resolve.kit.database import Database, reading
from resolve.mappings.records import records_of
from resolve.maps.queries import chain_of
from resolve.steptimes.bulk import Into, take_log
from resolve.steptimes.logs import Line, Tally, lines_of
from resolve.steptimes.mapping import LogMapping, steps_by_name
from resolve.steptimes.models import StepTime
from resolve.steptimes.service import Taken
from tests import builders

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PURCHASING = LogMapping(
    fields={"order": "case_id", "activity": "activity", "started": "start_time",
            "ended": "end_time", "resource": "resource"},
)  # fmt: skip
PATIENTS = LogMapping(
    fields={"order": "patient", "activity": "handling", "started": "start",
            "ended": "complete", "resource": "employee", "id": "handling_id"},
)  # fmt: skip
FINES = LogMapping(
    fields={"order": "case_id", "activity": "activity", "ended": "timestamp"},
)


def test_an_order_keeps_its_times_and_twice_is_once(
    database: Database, data: Path
) -> None:
    log = gzip.decompress((data / "logs/PurchasingExample.csv.gz").read_bytes())
    published(database, activities(log, "activity"))

    first, tally = taken(database, log, PURCHASING)
    again, _ = taken(database, log, PURCHASING)

    assert first == Taken(new=9119)
    assert again == Taken(same=9119)
    assert (len(tally.orders), len(tally.activities), tally.rows) == (608, 21, 9119)
    assert not tally.rejected
    assert not tally.unmatched


def test_a_log_of_patients_is_taken_by_its_ids(database: Database, data: Path) -> None:
    log = (data / "logs/patients_start_complete.csv").read_bytes()
    published(database, activities(log, "handling"))

    first, tally = taken(database, log, PATIENTS)

    assert first == Taken(new=2721)
    assert len(tally.orders) == 500


def test_rows_that_look_like_duplicates_are_all_there(
    database: Database, data: Path
) -> None:
    log = gzip.decompress((data / "logs/traffic_fines.csv.gz").read_bytes())
    published(database, activities(log, "activity"))

    first, tally = taken(database, log, FINES)
    again, _ = taken(database, log, FINES)

    assert first == Taken(new=34724)
    assert len(tally.orders) == 10000
    assert again == Taken(same=34724)
    with reading(database) as session:
        only_ends = select(func.count()).where(col(StepTime.started_at).is_(None))
        assert session.exec(only_ends).one() == 34724


def test_no_person_of_a_log_can_be_read_again(database: Database, data: Path) -> None:
    log = gzip.decompress((data / "logs/PurchasingExample.csv.gz").read_bytes())
    persons = {row["resource"] for row in csv.DictReader(io.StringIO(log.decode()))}
    published(database, activities(log, "activity"))

    taken(database, log, PURCHASING)

    stored = builders.all_rows(database, StepTime)
    assert len({row.resource for row in stored}) == len(persons) == 27
    assert not any(person in str(row) for row in stored[:200] for person in persons)


SMALL = """\
order,activity,started,ended,resource
NA,pick,2026-03-02T09:00:00+00:00,2026-03-02T11:00:00+00:00,Anna
NA,pack,2026-03-02T10:00:00+00:00,2026-03-02T12:00:00+00:00,Anna
2,pack,2026-03-02T12:00:00+00:00,2026-03-02T11:00:00+00:00,
2,pack,,2026-03-02T11:00:00+00:00,
2,pick,2026-03-02T11:00:00+00:00,,
,pick,2026-03-02T11:00:00+00:00,2026-03-02T12:00:00+00:00,
3,pick,1948-03-02T11:00:00+00:00,1970-01-01T00:00:00+00:00,
3,pick,2026-03-02T11:00:00+00:00,2036-03-02T12:00:00+00:00,
3,pick,2026-03-02T11:00:00+00:00,02.03.2026,
3,invent,2026-03-02T11:00:00+00:00,2026-03-02T12:00:00+00:00,
"""
PLAIN = LogMapping(
    fields={"order": "order", "activity": "activity", "started": "started",
            "ended": "ended", "resource": "resource"},
)  # fmt: skip


def test_what_cannot_be_right_is_refused_with_the_reason_and_the_rest_is_taken(
    database: Database,
) -> None:
    published(database, ["pick", "pack"])

    became, tally = taken(database, SMALL.encode(), PLAIN)

    assert became == Taken(new=4)
    assert tally.orders == {"NA", "2", "3"}
    assert dict(tally.rejected) == {
        "ends_before_it_starts": 1,
        "no_end": 1,
        "no_order": 1,
        "in_the_future": 1,
        "unreadable": 1,
    }
    assert dict(tally.unmatched) == {"invent": 1}


def test_a_row_that_says_something_else_now_is_replaced_and_entered(
    database: Database,
) -> None:
    published(database, ["pick", "pack"])
    taken(database, SMALL.encode(), PLAIN)

    became, _ = taken(
        database,
        SMALL.replace("T12:00:00+00:00,Anna", "T13:00:00+00:00,Anna").encode(),
        PLAIN,
    )

    assert became == Taken(same=3, replaced=1)
    with reading(database) as session:
        entry = session.exec(
            select(JournalEntry).where(JournalEntry.what == "step_time_replaced")
        ).one()
    assert entry.data["before"] != entry.data["after"]
    assert "NA" not in str(entry.data.values())


def test_the_same_log_of_another_source_is_another_log(database: Database) -> None:
    published(database, ["pick", "pack"])
    taken(database, SMALL.encode(), PLAIN)

    became, _ = taken(database, SMALL.encode(), PLAIN, source="other")

    assert became == Taken(new=4)


@pytest.mark.parametrize("name", ["Pick the goods", "Собрать товар", "pick"])
def test_an_activity_is_known_by_its_id_and_by_its_title_in_any_language(
    name: str,
) -> None:
    chain = _chain("pick: {department: one, title: {en: Pick the goods, "
                   "ru: Собрать товар}}")  # fmt: skip

    assert steps_by_name(chain, PLAIN)[name] == "pick"


def published(database: Database, steps: Sequence[str]) -> None:
    """Publish a chain of one department with these activities as titles."""
    lines = [
        f'  s{n}: {{department: one, title: "{one}"}}' for n, one in enumerate(steps)
    ]
    hands = [f"  - {{from: s{n - 1}, to: s{n}}}" for n in range(1, len(steps))]
    source = "\n".join(
        [
            "resolve: 1", "id: log", "departments: {one: {}}", "steps:", *lines,
            "handovers:", *hands,
            f"touchpoints: {{end: {{step: s{len(steps) - 1}}}}}",
        ]
    )  # fmt: skip
    builders.published(database, source.encode(), at=NOW)


def _chain(step: str) -> ValueChain:
    from resolve.chain.reader import load  # noqa: PLC0415

    source = (
        f"resolve: 1\nid: log\ndepartments: {{one: {{}}}}\nsteps:\n  {step}\n"
        "touchpoints: {end: {step: pick}}\n"
    )
    return load(source.encode(), name="log.yaml")


def activities(log: bytes, column: str) -> list[str]:
    """Give the names of a log's activities as they come."""
    rows = csv.DictReader(io.StringIO(log.decode()))
    return list(dict.fromkeys(row[column] for row in rows))


def taken(
    database: Database, log: bytes, mapping: LogMapping, *, source: str = "log"
) -> tuple[Taken, Tally]:
    """Take a log in, as the command does; give what became of it."""
    with reading(database) as session:
        steps = steps_by_name(chain_of(session, "log"), mapping)
    tally = Tally()
    refused: list[Line] = []
    records = records_of(log, mapping, name="log.csv")
    lines = lines_of(records, mapping, steps, now=NOW, tally=tally)
    into = Into("log", source, b"a secret", "administrator")
    became = take_log(database, lines, into, now=lambda: NOW, reject=refused.append)
    return became, tally
