from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.clocks.calendar import DEFAULT, Calendar, Hours
from resolve.clocks.explanation import Off, explain, explain_days
from resolve.clocks.moments import NoWorkingTime, OutOfReach
from resolve.clocks.working_time import (
    add_working_days,
    add_working_time,
    is_workday,
    is_working_time,
    next_working_time,
    previous_working_time,
    workday_offset,
    workdays_between,
    working_seconds,
    working_time,
)
from tests.work import lines_run

HOUR = timedelta(hours=1)
NIGHTS = (Hours(0, 1440),)
NEW_YORK = Calendar("America/New_York", (NIGHTS,) * 7)
OFFICE = Calendar("America/New_York", DEFAULT.week, "US")


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def every_day(zone: str, *hours: tuple[int, int]) -> Calendar:
    return Calendar(zone, (tuple(Hours(a, b) for a, b in hours),) * 7)


def moments_between(first: int, last: int) -> st.SearchStrategy[datetime]:
    begin, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    return st.timedeltas(timedelta(0), end - begin).map(lambda t: begin + t)


# -------------------------------------------------------------- when the clocks change


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-07", 24), ("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)],
)
def test_round_the_clock_counts_the_hours_that_pass(day: str, hours: int) -> None:
    begin = at(day, NEW_YORK.zone)
    end = begin + timedelta(days=1)  # the next midnight on the wall
    assert working_seconds(NEW_YORK, begin, end) == hours * 3600


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ((60, 180), 3600),  # 01:00-03:00: of its two hours one is skipped
        ((120, 180), 0),  # wholly skipped
        ((150, 240), 3600),  # begins in the gap, so at 03:00
        ((90, 150), 1800),  # ends in the gap, so at 03:00
        ((135, 150), 0),
    ],
)
def test_hours_the_spring_skips_are_not_worked(
    hours: tuple[int, int], seconds: int
) -> None:
    calendar = every_day("America/New_York", hours)
    begin = at("2026-03-08", calendar.zone)
    assert working_seconds(calendar, begin, begin + timedelta(days=1)) == seconds


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ((60, 120), 7200),  # 01:00-02:00 lasts until two, the second time round
        ((0, 90), 5400),  # ends at 01:30 the first time
        ((90, 180), 9000),
        ((540, 1080), 9 * 3600),
    ],
)
def test_hours_the_autumn_repeats_are_worked_once_through(
    hours: tuple[int, int], seconds: int
) -> None:
    calendar = every_day("America/New_York", hours)
    begin = at("2026-11-01", calendar.zone)
    assert working_seconds(calendar, begin, begin + timedelta(days=1)) == seconds


def test_a_term_over_the_change_is_in_hours_that_pass() -> None:
    saturday = at("2026-03-07T20:00", NEW_YORK.zone)
    due = add_working_time(NEW_YORK, saturday, 8 * HOUR)
    assert due == at("2026-03-08T05:00", NEW_YORK.zone)
    assert add_working_time(NEW_YORK, due, -8 * HOUR) == saturday


def test_a_day_the_zone_skipped_has_no_time() -> None:
    samoa = every_day("Pacific/Apia", (540, 1080))
    before, after = (
        at("2011-12-29T18:00", samoa.zone),
        at("2011-12-31T09:00", samoa.zone),
    )
    assert working_seconds(samoa, before, after) == 0
    assert add_working_time(samoa, before, HOUR) == after + HOUR


def test_leaves_nothing_out_where_the_clock_goes_back_over_midnight() -> None:
    """Until 2011 St. John's went from 00:01 back to 23:01 of the day before."""
    begin, end = at("2010-11-05T12:00"), at("2010-11-09T12:00")
    calendar = every_day("America/St_Johns", (0, 1440))
    assert working_time(calendar, begin, end) == end - begin
    for minutes in range(0, 4 * 24 * 60, 30):
        moment = begin + timedelta(minutes=minutes)
        assert is_working_time(calendar, moment)
        assert add_working_time(calendar, moment, HOUR) == moment + HOUR
        assert add_working_time(calendar, moment, -HOUR) == moment - HOUR
    told = explain(calendar, begin, at("2010-11-07T02:45"))
    assert sum(day.seconds for day in told) == working_seconds(
        calendar, begin, at("2010-11-07T02:45")
    )


# --------------------------------------------------------------------- when it is due


@pytest.mark.parametrize(
    ("handed_out", "due"),
    [
        ("2026-11-23T10:00", "2026-11-25T18:00"),  # Monday
        ("2026-11-23T07:00", "2026-11-25T18:00"),  # before opening: the same day
        ("2026-11-23T17:59:59", "2026-11-25T18:00"),
        ("2026-11-23T18:00", "2026-11-26T18:00"),  # closed: counts as Tuesday
        ("2026-11-20T10:00", "2026-11-24T18:00"),  # Friday
        ("2026-11-20T20:00", "2026-11-25T18:00"),
        ("2026-11-21T12:00", "2026-11-25T18:00"),  # Saturday counts as Monday
    ],
)
def test_a_task_is_due_at_the_close_of_the_nth_working_day_after(
    handed_out: str, due: str
) -> None:
    assert add_working_days(DEFAULT, at(handed_out), 2) == at(due)


def test_no_days_at_all_are_due_at_the_close_of_the_day() -> None:
    assert add_working_days(DEFAULT, at("2026-11-23T10:00"), 0) == at(
        "2026-11-23T18:00"
    )
    assert add_working_days(DEFAULT, at("2026-11-21T10:00"), 0) == at(
        "2026-11-23T18:00"
    )


def test_a_break_does_not_end_the_day() -> None:
    split = Calendar("UTC", ((Hours(540, 720), Hours(780, 1080)),) * 7)
    assert add_working_days(split, at("2026-11-23T12:30"), 1) == at("2026-11-24T18:00")


def test_holidays_and_the_day_of_the_zone_count() -> None:
    wednesday_evening = at("2026-11-25T21:00")  # 16:00 in New York
    due = add_working_days(OFFICE, wednesday_evening, 2)
    assert due == at("2026-11-30T18:00", OFFICE.zone)  # past Thanksgiving, a weekend
    assert due.tzinfo is UTC


def test_a_country_counts_its_holidays_unless_dropped() -> None:
    thanksgiving = date(2026, 11, 26)
    works = Calendar("UTC", DEFAULT.week, "US", drop=(thanksgiving,))
    assert not is_workday(OFFICE, thanksgiving)
    assert is_workday(works, thanksgiving)


@given(
    moments_between(1990, 2090),
    st.integers(0, 40),
)
def test_a_due_time_leaves_exactly_n_working_days_between(
    start: datetime, n: int
) -> None:
    due = add_working_days(OFFICE, start, n)
    told = explain_days(OFFICE, start, n)
    assert [d.number for d in told if d.number is not None] == list(range(n + 1))
    assert told[-1].intervals[-1][1] == due
    assert due > start
    assert workdays_between(OFFICE, told[0].day, told[-1].day) - n in (1, 2)
    assert add_working_days(OFFICE, start, n + 1) > due


def test_is_cheap_enough_for_bulk() -> None:
    """A calendar is laid out once, whoever reads it again from the database."""
    start = at("2026-11-20T10:00")

    def due() -> None:
        add_working_days(Calendar.from_json(OFFICE.as_json()), start, 2)

    due()
    assert lines_run(due) < 1_000


# ------------------------------------------------------------------------ explanation


def test_explains_a_term_interval_by_interval() -> None:
    start, due = (
        at("2026-11-25T14:00", OFFICE.zone),
        at("2026-11-30T10:00", OFFICE.zone),
    )
    told = explain(OFFICE, start, due)
    assert [(d.day.day, d.off, d.holiday, d.seconds / 3600) for d in told] == [
        (25, None, "", 4),
        (26, Off.HOLIDAY, "Thanksgiving Day", 0),
        (27, None, "", 9),
        (28, Off.NO_HOURS, "", 0),
        (29, Off.NO_HOURS, "", 0),
        (30, None, "", 1),
    ]
    assert told[0].as_json()["intervals"] == [
        ["2026-11-25T19:00:00Z", "2026-11-25T23:00:00Z"]
    ]
    assert told[1].as_json()["off"] == "holiday"


def test_explains_working_days_by_number() -> None:
    told = explain_days(OFFICE, at("2026-11-25T19:00", OFFICE.zone), 1)
    assert [(d.day.day, d.number) for d in told] == [
        (25, None),  # handed out after closing
        (26, None),
        (27, 0),
        (28, None),
        (29, None),
        (30, 1),
    ]


def test_names_holidays_in_the_language_of_the_reader() -> None:
    calendar = Calendar("Asia/Almaty", DEFAULT.week, "UA")
    new_year = at("2021-01-01T12:00")
    assert (
        explain(calendar, new_year, new_year, language="uk")[0].holiday == "Новий рік"
    )
    english = explain(calendar, new_year, new_year)[0]
    assert english.holiday == "New Year's Day"
    unknown = explain(calendar, new_year, new_year, language="xx")[0]
    assert unknown.holiday


# ------------------------------------------------------------------------------- laws

ZONES = (
    "UTC", "America/New_York", "Europe/Kyiv", "Australia/Lord_Howe",
    "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu",
)  # fmt: skip


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Hours, ...], ...]:
    def day() -> tuple[Hours, ...]:
        ends = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
        return tuple(Hours(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False))

    week = [day() for _ in range(6)]
    return (*week, (Hours(0, draw(st.integers(300, 1440))),))


calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES),
    st.just(NIGHTS).map(lambda d: (d,) * 7) | weeks(),
    st.sampled_from([None, "US", "KZ"]),
)
near_changes = [
    datetime(2026, 3, 8, 6, 59, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    datetime(2011, 12, 30, 9, tzinfo=UTC),
    datetime(2010, 11, 7, 2, 29, tzinfo=UTC),
]
moments = moments_between(2005, 2035) | st.builds(
    lambda when, minutes: when + timedelta(minutes=minutes),
    st.sampled_from(near_changes),
    st.integers(-3000, 3000),
)
amounts = st.timedeltas(timedelta(0), timedelta(days=20))


@given(calendars, moments, amounts)
def test_what_was_added_is_counted_back(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    due = add_working_time(calendar, start, amount)
    assert due >= start
    assert working_time(calendar, start, due) == amount


@given(calendars, moments, amounts.filter(bool))
def test_what_was_taken_away_is_counted_back(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    begin = add_working_time(calendar, start, -amount)
    assert begin < start
    assert working_time(calendar, begin, start) == amount
    again = add_working_time(calendar, begin, amount)
    assert working_time(calendar, again, start) == timedelta(0)


@given(calendars, moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(
    calendar: Calendar, start: datetime, one: timedelta, two: timedelta
) -> None:
    stepwise = add_working_time(calendar, add_working_time(calendar, start, one), two)
    assert stepwise == add_working_time(calendar, start, one + two)


@given(calendars, moments, moments, amounts)
def test_who_starts_later_is_not_due_earlier(
    calendar: Calendar, one: datetime, two: datetime, amount: timedelta
) -> None:
    first, second = sorted((one, two))
    assert add_working_time(calendar, first, amount) <= add_working_time(
        calendar, second, amount
    )
    assert add_working_days(calendar, first, 3) <= add_working_days(calendar, second, 3)


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    a, b, c = sorted((one, two, three))
    parts = working_time(calendar, a, b) + working_time(calendar, b, c)
    assert working_time(calendar, a, c) == parts
    assert parts <= c - a
    assert working_time(calendar, c, a) == timedelta(0)
    assert sum(day.seconds for day in explain(calendar, c, a)) == 0


@given(calendars, moments, amounts)
def test_a_due_time_lies_in_working_time(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    due = add_working_time(calendar, start, amount)
    tick = timedelta.resolution
    assert is_working_time(calendar, due) or is_working_time(calendar, due - tick)


@given(calendars, moments)
def test_the_next_and_the_previous_working_time_have_none_between(
    calendar: Calendar, moment: datetime
) -> None:
    before = previous_working_time(calendar, moment)
    after = next_working_time(calendar, moment)
    assert before <= moment <= after
    assert working_time(calendar, before, after) == timedelta(0)


@given(calendars, moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_an_explanation_adds_up_to_what_is_counted(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    end = start + length
    intervals = [i for day in explain(calendar, start, end) for i in day.intervals]
    assert sum((b - a for a, b in intervals), timedelta(0)) == working_time(
        calendar, start, end
    )
    assert intervals == sorted(intervals)


@given(st.sampled_from(ZONES), st.integers(0, 1439), st.integers(1, 1440), moments)
def test_work_goes_on_when_the_wall_clock_says_so(
    zone: str, start: int, length: int, moment: datetime
) -> None:
    """The definition itself, away from the hours that a change of clocks repeats."""
    end = min(start + length, 1440)
    wall = moment.astimezone(ZoneInfo(zone))
    steady = {
        (moment + timedelta(hours=h)).astimezone(ZoneInfo(zone)).utcoffset()
        for h in (-26, -6, -3, -1, 0, 1, 3, 6, 26)
    }
    if len(steady) == 1:
        minute = wall.hour * 60 + wall.minute
        calendar = every_day(zone, (start, end))
        assert is_working_time(calendar, moment) == (start <= minute < end)


# ------------------------------------------------------------------------- far and huge


@pytest.mark.parametrize(
    ("start", "amount"),
    [
        ("2026-01-01", timedelta.max),
        ("2026-01-01", timedelta.min),
        ("2026-01-01", timedelta(days=100_000)),
        ("9999-12-31T17:00", 9 * HOUR),
        ("9999-12-31T23:59", timedelta(0)),
        ("0001-01-01T00:00", -HOUR),
    ],
)
def test_too_far_away_is_said_in_words(start: str, amount: timedelta) -> None:
    with pytest.raises(OutOfReach, match="400 years"):
        add_working_time(DEFAULT, at(start), amount)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/New_York"])
def test_the_ends_of_time_are_reckoned_or_refused(zone: str) -> None:
    calendar = every_day(zone, (0, 1440))
    first, last = at("0001-01-01"), at("9999-12-31T23:59:59")
    with pytest.raises(OutOfReach):
        add_working_days(calendar, last, 1)
    for moment in (first, last):
        for amount in (timedelta(0), HOUR, -HOUR):
            with suppress(OutOfReach):  # or an answer; nothing else
                add_working_time(calendar, moment, amount)
                add_working_days(calendar, moment, 0)
                working_seconds(calendar, moment, moment)
                explain(calendar, moment, moment)


def test_days_too_many_are_refused() -> None:
    with pytest.raises(OutOfReach):
        add_working_days(DEFAULT, at("2026-01-01"), 10**12)
    with pytest.raises(OutOfReach):
        workday_offset(DEFAULT, date(9999, 12, 30), 5)
    with pytest.raises(OutOfReach):
        working_seconds(DEFAULT, at("0001-01-02"), at("9999-12-30"))
    with pytest.raises(ValueError, match="n >= 0"):
        add_working_days(DEFAULT, at("2026-01-01"), -1)


def test_a_calendar_that_never_works_is_said_in_words() -> None:
    idle = Calendar("UTC", ((),) * 7)
    with pytest.raises(NoWorkingTime, match="ten years"):
        add_working_time(idle, at("2026-01-01"), HOUR)
    with pytest.raises(NoWorkingTime):
        add_working_days(idle, at("2026-01-01"), 1)
    assert working_seconds(idle, at("2026-01-01"), at("2027-01-01")) == 0


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        add_working_time(DEFAULT, datetime(2026, 1, 1), HOUR)


def test_seconds_are_whole_where_they_can_be() -> None:
    start = at("2026-11-23T09:00")
    assert repr(working_seconds(DEFAULT, start, start + HOUR)) == "3600"
    assert working_seconds(DEFAULT, start, start + timedelta(seconds=1.5)) == 1.5
