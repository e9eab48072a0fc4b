"""Figures by month: of complaints and how they ended, never of departments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from resolve.analytics.monitoring import Figures, figures, part_of_concern, together
from resolve.complaints.models import ClosedAs
from resolve.complaints.service import answer, close
from resolve.kit.database import Database, reading, transaction
from tests.builders import MONDAY, filed, published, work

BOUNDS = [datetime(2026, month, 1, tzinfo=UTC) for month in (2, 3, 4)]
LATER = MONDAY + timedelta(days=60)


def seen(database: Database) -> list[Figures]:
    with reading(database) as session:
        return figures(session, BOUNDS, at=LATER)


def answered(database: Database, name: str, *, after: timedelta) -> None:
    with transaction(database) as session:
        answer(session, name, text="We are sorry.", who="q", at=MONDAY + after)


def test_complaints_are_counted_in_the_month_they_came(database: Database) -> None:
    published(database)
    filed(database, at=BOUNDS[1] - timedelta(seconds=1))
    filed(database, at=BOUNDS[1])
    filed(database, touchpoint=None, at=MONDAY)
    filed(database, at=BOUNDS[2])
    february, march = seen(database)
    assert (february.received, march.received) == (1, 2)
    assert (february.to_place, march.to_place) == (0, 1)
    assert together([february, march]).received == 3


def test_answers_within_the_promised_time_are_told_from_others(
    database: Database,
) -> None:
    published(database)
    soon, late, _never = (filed(database) for _ in range(3))
    answered(database, soon.number, after=timedelta(hours=5))
    answered(database, late.number, after=timedelta(days=40))
    march = seen(database)[1]
    assert (march.answered, march.in_time, march.promised) == (2, 1, 3)


def test_the_middle_of_the_times_is_that_of_answers(database: Database) -> None:
    published(database)
    for hours in (1, 2, 3, 10, 100):
        one = filed(database)
        answered(database, one.number, after=timedelta(hours=hours))
    times = seen(database)[1].times
    assert (times.answers, times.lower, times.median, times.upper) == (5, 2, 3, 10)
    assert seen(database)[0].times.median is None


def test_how_it_ended_for_the_customer_is_counted(database: Database) -> None:
    published(database)
    accepted, withdrawn = filed(database), filed(database)
    answered(database, accepted.number, after=timedelta(hours=1))
    with transaction(database) as session:
        for one, how in (
            (accepted, ClosedAs.ACCEPTED),
            (withdrawn, ClosedAs.WITHDRAWN),
        ):
            close(session, one.number, closed_as=how, who="q", at=LATER)
    march = seen(database)[1]
    assert march.closed == 2
    assert march.closed_as(ClosedAs.ACCEPTED) == 1
    assert march.closed_as(ClosedAs.WITHDRAWN) == 1
    assert march.closed_as(ClosedAs.SILENT) == 0


def test_what_they_are_about_is_counted(database: Database) -> None:
    published(database)
    filed(database, source="shop")
    filed(database, source="shop", desired_outcome="A new one")
    filed(database, source="mail", promise="intact", touchpoint="door")
    work(database)
    march = seen(database)[1]
    assert march.by(lambda one: one.source) == {"shop": 2, "mail": 1}
    promises = march.by(lambda one: part_of_concern(one.concern, "promise"))
    assert promises["on-time"] == 2
    assert march.wishes == 1
