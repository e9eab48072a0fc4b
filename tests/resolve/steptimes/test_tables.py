"""Step times as a table: every row once, and never more than a page in hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import ref

import pytest
from sqlalchemy import event

from resolve.kit.database import Database, reading
from resolve.maps.queries import chain_of
from resolve.steptimes import tables
from resolve.steptimes.exporting import LogFormat, NoStepTimes, lines
from resolve.steptimes.models import StepTime
from resolve.steptimes.rows import Timing
from tests.builders import MONDAY, published
from tests.resolve.steptimes.orders import TO_THE_DOOR, made, took

NOW = MONDAY + timedelta(days=400)
ORDERS = 40
STEPS = len(TO_THE_DOOR)
AT_ONCE = 10 * STEPS
"""Rows of a page: ten orders."""


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", AT_ONCE)


@dataclass
class Seen:
    """What is asked of the database, and how many rows are in hand at most."""

    queries: int = 0
    rows: int = 0
    most: int = 0
    held: list[ref[StepTime]] = field(default_factory=list)

    def asked(self, *_: object) -> None:
        self.queries += 1

    def loaded(self, row: StepTime, _: object) -> None:
        self.held = [one for one in (*self.held, ref(row)) if one() is not None]
        self.rows += 1
        self.most = max(self.most, len(self.held))


@contextmanager
def watching(database: Database) -> Iterator[Seen]:
    seen = Seen()
    event.listen(database.engine, "before_cursor_execute", seen.asked)
    event.listen(StepTime, "load", seen.loaded)
    try:
        yield seen
    finally:
        event.remove(StepTime, "load", seen.loaded)
        event.remove(database.engine, "before_cursor_execute", seen.asked)


@pytest.fixture
def timed(database: Database) -> Database:
    published(database)
    took(database, made(ORDERS, MONDAY), at=NOW)
    return database


def written(database: Database, form: LogFormat = LogFormat.CSV) -> list[str]:
    with reading(database) as session:
        return list(lines(session, chain_of(session, "order"), form))


def test_every_row_is_there_once_orders_together_and_by_time(timed: Database) -> None:
    rows = list(csv.DictReader(written(timed)))

    assert len(rows) == ORDERS * STEPS
    told = [row["order"] for row in rows]
    assert len(dict.fromkeys(told)) == ORDERS
    assert told == [name for name in dict.fromkeys(told) for _ in range(STEPS)]
    assert [row["activity"] for row in rows[:STEPS]] == list(TO_THE_DOOR)


def test_both_tables_say_the_same(timed: Database) -> None:
    rows = list(csv.DictReader(written(timed)))
    said = [json.loads(line) for line in written(timed, LogFormat.NDJSON)]

    assert rows == [{k: v or "" for k, v in one.items()} for one in said]


@pytest.mark.parametrize("form", [LogFormat.CSV, LogFormat.NDJSON])
def test_never_more_than_a_page_is_in_hand(timed: Database, form: LogFormat) -> None:
    with watching(timed) as seen, reading(timed) as session:
        for _ in lines(session, chain_of(session, "order"), form):
            pass

    assert seen.rows == ORDERS * STEPS
    assert seen.most <= AT_ONCE + 1  # a page, and the row last written
    pages = ORDERS * STEPS // AT_ONCE
    assert seen.queries <= 2 * (pages + 1) + 10


def test_the_first_line_comes_after_the_first_page(timed: Database) -> None:
    with watching(timed) as seen, reading(timed) as session:
        found = lines(session, chain_of(session, "order"), LogFormat.NDJSON)
        next(found)

        assert seen.rows == AT_ONCE


def test_an_order_longer_than_a_page_stays_whole(database: Database) -> None:
    published(database)
    many = [
        Timing("long", "pick", MONDAY + timedelta(minutes=n), id=str(n))
        for n in range(3 * AT_ONCE)
    ]
    took(database, [*many, *made(3, MONDAY)], at=NOW)

    rows = list(csv.DictReader(written(database)))

    assert len(rows) == 3 * AT_ONCE + 3 * STEPS
    ended = [row["ended"] for row in rows if row["order"] == "long"]
    assert ended == sorted(ended)


def test_of_a_map_without_step_times_there_is_no_table(database: Database) -> None:
    published(database)

    with pytest.raises(NoStepTimes):
        written(database)
