"""When letters go, by everybody's own clock, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from resolve.messages.rules import (
    Decision,
    MailWish,
    Turn,
    Wishes,
    decide,
    next_digest,
    quiet_ends,
)

KYIV = ZoneInfo("Europe/Kyiv")
CLOCKS_GO_ON = datetime(2026, 3, 29, 1, tzinfo=UTC)  # in Kyiv from 3:00 to 4:00
CLOCKS_GO_BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)  # in Kyiv from 4:00 to 3:00

zones = st.sampled_from(
    ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
     "Asia/Kathmandu", "Pacific/Apia", "UTC"]
).map(ZoneInfo)  # fmt: skip
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.datetimes(
    datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)
)
near_a_change = st.builds(
    lambda at, minutes: at + timedelta(minutes=minutes),
    st.sampled_from([CLOCKS_GO_ON, CLOCKS_GO_BACK]),
    st.integers(-1500, 1500),
)


def wishes(
    mail: MailWish = MailWish.EACH,
    digest_at: time = time(8),
    quiet: tuple[time, time] | None = None,
    zone: ZoneInfo = KYIV,
) -> Wishes:
    return Wishes(mail, digest_at, quiet, zone)


def wall(at: datetime, zone: ZoneInfo = KYIV) -> time:
    return at.astimezone(zone).time().replace(fold=0)


def is_quiet(quiet: tuple[time, time], clock: time) -> bool:
    begin, end = quiet
    inside = begin <= clock < end
    return inside if begin <= end else clock >= begin or clock < end


@given(clocks, clocks, zones, moments | near_a_change)
@example(time(22), time(3, 30), KYIV, CLOCKS_GO_ON)
@example(time(22), time(3, 30), KYIV, CLOCKS_GO_BACK)
def test_nothing_is_sent_in_quiet_hours_and_nothing_waits_for_long_after_them(
    begin: time, end: time, zone: ZoneInfo, at: datetime
) -> None:
    quiet = (begin, end)

    until = quiet_ends(wishes(quiet=quiet, zone=zone), at=at)

    assert until >= at
    assert not is_quiet(quiet, wall(until, zone))
    # Only where the clock skips their end does it wait as much longer: an hour.
    late = until - timedelta(minutes=61)
    minutes = range(0, max(0, int((late - at).total_seconds() // 60)), 7)
    assert all(is_quiet(quiet, wall(at + timedelta(minutes=n), zone)) for n in minutes)
    if not is_quiet(quiet, wall(at, zone)):
        assert until == at


@given(clocks, zones.filter(lambda one: one.key != "Pacific/Apia"), moments)
def test_a_digest_is_due_once_on_each_day(
    digest_at: time, zone: ZoneInfo, at: datetime
) -> None:
    wanted = wishes(MailWish.DIGEST, digest_at, zone=zone)

    first = next_digest(wanted, after=at)
    following = next_digest(wanted, after=first)

    assert at < first < following
    assert first - at <= timedelta(hours=25, minutes=1)
    days = [one.astimezone(zone).date() for one in (first, following)]
    assert days[1] - days[0] == timedelta(days=1)
    skipped = timedelta(hours=1)
    for one in (first, following):
        early = (one - skipped).astimezone(zone)
        assert (
            wall(one, zone) == digest_at
            or early.utcoffset() != one.astimezone(zone).utcoffset()
        )


@given(near_a_change)
def test_around_a_change_of_clocks_digests_come_at_the_same_time_on_the_wall(
    at: datetime,
) -> None:
    found = next_digest(wishes(MailWish.DIGEST), after=at)

    assert wall(found) == time(8)


def test_a_time_that_the_clock_skips_is_as_much_later() -> None:
    at_half_past_three = wishes(MailWish.DIGEST, time(3, 30))

    found = next_digest(at_half_past_three, after=CLOCKS_GO_ON - timedelta(hours=5))

    assert found == CLOCKS_GO_ON + timedelta(minutes=30)
    assert wall(found) == time(4, 30)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    at_half_past_three = wishes(MailWish.DIGEST, time(3, 30))

    found = next_digest(at_half_past_three, after=CLOCKS_GO_BACK - timedelta(hours=5))

    assert found == CLOCKS_GO_BACK - timedelta(minutes=30)
    again = next_digest(at_half_past_three, after=found)
    assert again - found == timedelta(hours=25)


def test_each_wish_is_met() -> None:
    morning = datetime(2026, 3, 2, 7, tzinfo=UTC)  # 9:00 in Kyiv
    night = (time(22), time(7))
    in_the_night = datetime(2026, 3, 2, 22, tzinfo=UTC)
    seven = datetime(2026, 3, 3, 5, tzinfo=UTC)

    def decided(wanted: Wishes, written: datetime, at: datetime) -> Decision:
        return decide(wanted, written=written, at=at)

    each, none = wishes(quiet=night), wishes(MailWish.NONE)
    digest = wishes(MailWish.DIGEST)
    assert decided(each, morning, morning) == Decision(Turn.SEND)
    assert decided(each, in_the_night, in_the_night) == Decision(Turn.WAIT, seven)
    assert decided(each, in_the_night, seven) == Decision(Turn.SEND)
    assert decided(none, morning, morning) == Decision(Turn.DROP)
    tomorrow = datetime(2026, 3, 3, 6, tzinfo=UTC)
    assert decided(digest, morning, morning) == Decision(Turn.WAIT, tomorrow)
    assert decided(digest, morning, tomorrow) == Decision(Turn.GATHER)


def test_a_digest_waits_for_the_end_of_quiet_hours_too() -> None:
    wanted = wishes(MailWish.DIGEST, time(6), (time(22), time(7)))
    written = datetime(2026, 3, 2, 20, tzinfo=UTC)

    at_seven = datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert decide(wanted, written=written, at=written) == Decision(Turn.WAIT, at_seven)
    assert decide(wanted, written=written, at=at_seven) == Decision(Turn.GATHER)
