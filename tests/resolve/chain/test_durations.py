"""ISO 8601 durations, read and written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.durations import LONGEST, BadDuration, duration, duration_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P5D", timedelta(days=5)),
        ("P2W", timedelta(days=14)),
        ("P1W2D", timedelta(days=9)),
        ("PT4H", timedelta(hours=4)),
        ("PT90M", timedelta(minutes=90)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT0S", timedelta()),
        ("P0D", timedelta()),
        ("PT1.5H", timedelta(minutes=90)),
        ("PT0,25S", timedelta(milliseconds=250)),
        ("P0.5D", timedelta(hours=12)),
        ("PT0.0000001S", timedelta()),
    ],
)
def test_duration_is_read_as_time_on_the_wall(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "5", "5D", "p5d", "P 5D", "PT5", "P5H", "PT5D"),
        *("P-5D", "+P5D", "P1.5DT2H", "P5D ", "five days", "P٥D", "PT1e3S", "P.5D"),
        *("P10001D", "P" + "9" * 50 + "D", "P" + "9" * 5000 + "D"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadDuration):
        duration(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("P1M", "months and years"),
        ("P1Y", "months and years"),
        ("P1Y2M3DT4H", "months and years"),
        ("-P1D", "negative"),
        ("P1.5DT2H", "smallest unit"),
        ("P20000D", "longer than P10000D"),
        ("tomorrow", "not an ISO 8601"),
    ],
)
def test_refusal_says_why(text: str, why: str) -> None:
    with pytest.raises(BadDuration, match=why):
        duration(text)


@given(st.timedeltas(timedelta(), LONGEST))
def test_what_is_written_is_read_back(length: timedelta) -> None:
    assert duration(duration_text(length)) == length


def test_negative_duration_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="negative"):
        duration_text(timedelta(seconds=-1))
