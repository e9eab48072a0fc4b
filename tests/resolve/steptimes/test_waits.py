"""Waits split into five causes: published answers, and laws."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.steptimes.waits import Cause, Closed, Span, Work, causes
from tests.work import lines_run

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
OURS = {
    "wt_batching": Cause.BATCHING,
    "wt_prioritization": Cause.PRIORITISATION,
    "wt_contention": Cause.CONTENTION,
    "wt_unavailability": Cause.UNAVAILABILITY,
    "wt_extraneous": Cause.EXTRANEOUS,
}
Ends = tuple[str, str, str, str]
Totals = dict[Ends, Counter[Cause]]


def seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


def rows_of(log: Path) -> list[dict[str, str]]:
    with log.open(newline="") as file:
        return list(csv.DictReader(file))


def hours_in(vectors: Path) -> Closed:
    """Give the calendars that the published answers were reckoned with."""
    calendar = json.loads(vectors.read_text())["calendar"]

    def closed(person: str, start: float, end: float) -> Iterator[Span]:
        day = datetime.fromtimestamp(start, UTC).replace(hour=0, minute=0, second=0)
        while day.timestamp() < end:
            spans = sorted(
                tuple(_at(day, span[name]) for name in ("beginTime", "endTime"))
                for span in calendar[person]
                if span["from"] == DAYS[day.weekday()]
            )
            begin = day.timestamp()
            for opening, closing in spans:
                yield begin, opening
                begin = closing
            day += timedelta(days=1)
            yield begin, day.timestamp()

    return closed


def _at(day: datetime, clock: str) -> float:
    return datetime.combine(day, time.fromisoformat(clock), UTC).timestamp()


def totals(log: Path, closed: Closed) -> Totals:
    """Add the causes up, by both activities and both persons, as published."""
    orders = defaultdict(list)
    for row in rows_of(log):
        orders[row["case_id"]].append(row)
    works: list[Work] = []
    ends: list[Ends | None] = []
    for rows in orders.values():
        before = None
        for row in sorted(rows, key=lambda one: one["start_time"]):
            start, end = seconds(row["start_time"]), seconds(row["end_time"])
            could = seconds(before["end_time"]) if before else start
            person = row["Resource"]
            works.append(Work(row["Activity"], person, could, start, end, person))
            ends.append(
                (before["Activity"], before["Resource"], row["Activity"], person)
                if before
                else None
            )
            before = row
    found: Totals = defaultdict(Counter)
    for whose, split in zip(ends, causes(works, closed=closed), strict=True):
        if whose:
            found[whose].update(split)
    return found


def expected(answers: Path) -> Totals:
    return {
        (row["source_activity"], row["source_resource"], row["target_activity"],
         row["target_resource"]): Counter(
            {cause: _span(row[name]) for name, cause in OURS.items()}
        )
        for row in rows_of(answers)
    }  # fmt: skip


def _span(said: str) -> float:
    days, hours, minutes, secs = re.fullmatch(
        r"(\d+) days(?: (\d+):(\d+):(\d+))?", said
    ).groups("0")  # type: ignore[union-attr]
    return float(int(days) * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(secs))


@pytest.mark.parametrize("log", ["manual_log_1", "manual_log_2", "manual_log_3"])
def test_published_answers_come_out_to_the_second(data: Path, log: str) -> None:
    folder = data / "waiting-time"
    closed = hours_in(data / "vectors/wta_manual_log_calendar.json")

    found = totals(folder / f"{log}.csv", closed)

    answers = expected(folder / f"{log}_expected.csv")
    assert set(found) == set(answers)
    for whose, split in answers.items():
        assert {cause: found[whose][cause] for cause in Cause} == {
            cause: split[cause] for cause in Cause
        }, whose


def never(_place: str, _start: float, _end: float) -> list[Span]:
    return []


def always(_place: str, start: float, end: float) -> list[Span]:
    return [(start, end)]


def split_of(*works: Work, closed: Closed = never) -> Counter[Cause]:
    """Split the wait of the first of some works; causes of nothing are left out."""
    return +Counter(causes(works, closed=closed)[0])


def test_busy_with_what_could_start_earlier_is_contention() -> None:
    mine = Work("pack", "anna", 10, 20, 30)

    assert split_of(mine, Work("bill", "anna", 5, 8, 18)) == {
        Cause.CONTENTION: 8, Cause.EXTRANEOUS: 2,
    }  # fmt: skip
    assert split_of(mine, Work("bill", "anna", 10, 8, 18))[Cause.CONTENTION] == 8


def test_busy_with_what_could_start_later_is_prioritisation() -> None:
    mine = Work("pack", "anna", 10, 20, 30)

    found = split_of(mine, Work("bill", "anna", 12, 12, 20))

    assert found == {Cause.PRIORITISATION: 8, Cause.EXTRANEOUS: 2}


def test_work_of_somebody_else_explains_nothing() -> None:
    mine = Work("pack", "anna", 10, 20, 30)

    assert split_of(mine, Work("pack", "boris", 5, 8, 18)) == {Cause.EXTRANEOUS: 10}


def test_those_done_together_wait_for_the_last_of_them() -> None:
    first, last = Work("load", "dock", 0, 20, 22), Work("load", "dock", 15, 22, 24)

    assert split_of(first, last) == {Cause.BATCHING: 15, Cause.EXTRANEOUS: 5}
    # It could start only after the first began: no batch, just the next one.
    late = Work("load", "dock", 21, 22, 24)
    assert split_of(first, late) == {Cause.EXTRANEOUS: 20}


def test_outside_working_hours_nothing_is_left_to_explain() -> None:
    mine = Work("pack", None, 10, 20, 30)

    assert split_of(mine, closed=always) == {Cause.UNAVAILABILITY: 10}


def test_without_a_wait_there_is_no_cause() -> None:
    assert not split_of(Work("pack", "anna", 20, 20, 30))
    assert not split_of(Work("pack", "anna", 25, 20, 30))


MOMENTS = st.integers(0, 30)
WORKS = st.lists(
    st.builds(
        lambda activity, resource, could, wait, took: Work(
            activity, resource, could, could + wait, could + wait + took
        ),
        st.sampled_from("ab"), st.sampled_from(["x", "y", None]), MOMENTS, MOMENTS,
        MOMENTS,
    ),
    max_size=15,
)  # fmt: skip


@given(WORKS, st.sampled_from([never, always]))
def test_the_causes_add_up_to_the_wait(works: list[Work], closed: Closed) -> None:
    for work, split in zip(works, causes(works, closed=closed), strict=True):
        assert sum(split.values()) == work.started - work.could
        assert min(split.values()) >= 0
        assert list(split) == list(Cause)


@given(WORKS)
def test_the_order_of_the_rows_means_nothing(works: list[Work]) -> None:
    there = causes(works, closed=never)
    back = causes(works[::-1], closed=never)

    assert sorted(map(str, there)) == sorted(map(str, back))


def test_work_that_never_ends_does_not_make_every_other_one_slow() -> None:
    def looked_at(many: int) -> int:
        works = [
            Work(f"a{n % 9}", "anna", n * 600.0, n * 600 + 300.0, n * 600 + 360.0)
            for n in range(many)
        ]
        works.append(Work("a", "anna", -1e9, -1e9, 1e9))
        found: list[Mapping[Cause, float]] = []
        lines = lines_run(lambda: found.extend(causes(works, closed=lambda *_: ())))
        assert all(one[Cause.CONTENTION] == 300 for one in found[:-1])
        return lines

    assert looked_at(5_000) < 15 * looked_at(500)
