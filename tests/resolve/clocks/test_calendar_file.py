from __future__ import annotations

import json
import pickle
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.clocks.calendar import DEFAULT, Calendar, Hours
from resolve.clocks.calendar_file import read_calendar
from resolve.clocks.calendar_findings import InvalidCalendar

FILE = """\
# our office
zone: Europe/Kyiv
week:
  mon: ["09:00-12:00", "13:00-18:00"]
  sat: [10:00-24:00]
holidays: {country: UA, add: [2026-12-31, "2026-08-24"], drop: []}
"""
GOOD: dict[str, Any] = {"zone": "UTC", "week": {"mon": ["09:00-18:00"]}}


def test_reads_a_calendar_from_yaml() -> None:
    calendar = read_calendar(FILE)
    assert calendar.zone == "Europe/Kyiv"
    assert calendar.week[0] == (Hours(540, 720), Hours(780, 1080))
    assert calendar.week[1] == ()
    assert calendar.week[5] == (Hours(600, 1440),)
    assert calendar.country == "UA"
    assert calendar.add == (date(2026, 8, 24), date(2026, 12, 31))


def test_reads_the_same_from_yaml_json_bytes_and_what_json_becomes() -> None:
    calendar = read_calendar(FILE)
    written = calendar.as_json()
    text = json.dumps(written, indent=1)
    assert read_calendar(FILE.encode()) == calendar
    assert read_calendar(b"\xef\xbb\xbf" + FILE.encode()) == calendar
    assert read_calendar(text) == calendar
    assert read_calendar(text.replace("\n ", "\n\t")) == calendar
    assert read_calendar(written) == calendar


def test_comes_back_from_storage_the_same() -> None:
    for calendar in (read_calendar(FILE), DEFAULT):
        again = Calendar.from_json(json.loads(json.dumps(calendar.as_json())))
        assert again == calendar
        assert again.digest == calendar.digest
        assert hash(again) == hash(calendar)
        assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301


def test_the_digest_knows_the_content_not_how_it_was_written() -> None:
    one = read_calendar({**GOOD, "week": {"mon": ["13:00-14:00", "09:00-12:00"]}})
    other = read_calendar('week: {mon: ["09:00-12:00", "13:00-14:00"]}\nzone: UTC')
    assert one.digest == other.digest
    assert one.digest != DEFAULT.digest


def test_the_default_is_the_office_week_without_holidays() -> None:
    assert read_calendar(DEFAULT.as_json()) == DEFAULT
    assert DEFAULT.as_json()["week"] == {
        day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")
    }
    assert DEFAULT.zone == "UTC"
    assert DEFAULT.country is None


def test_takes_round_the_clock_hours_and_hours_that_touch() -> None:
    calendar = read_calendar(
        {
            **GOOD,
            "week": {"mon": ["00:00-24:00"], "tue": ["09:00-12:00", "12:00-15:00"]},
        }
    )
    assert calendar.week[0] == (Hours(0, 1440),)
    assert len(calendar.week[1]) == 2


@pytest.mark.parametrize(
    ("changed", "pointer", "message", "hint"),
    [
        ({"zones": "UTC"}, "/zones", "`zones` is not known", "`zone`"),
        ({"zone": None}, "/zone", "time zone is missing", "Europe/Kyiv"),
        ({"zone": "Europe/Kiyv"}, "/zone", "no time zone `Europe/Kiyv`", "Europe/Kyiv"),
        ({"zone": "../../etc/passwd"}, "/zone", "no time zone", "such as"),
        ({"zone": "Europe"}, "/zone", "no time zone `Europe`", "Europe/"),
        ({"zone": ["UTC"]}, "/zone", "a list, not a text", "Write"),
        ({"week": None}, "/week", "week is missing", "mon"),
        ({"week": {}}, "/week", "no working hours at all", "at least one"),
        ({"week": {"mon": []}}, "/week", "no working hours at all", "at least one"),
        ({"week": ["mon"]}, "/week", "a list, not a table", "Write"),
        ({"week": {"monday": []}}, "/week/monday", "not known", "`mon`"),
        ({"week": {"mon": "09:00-18:00"}}, "/week/mon", "a text, not a list", "09:00"),
        ({"week": {"mon": ["9-18"]}}, "/week/mon/0", "`9-18` are no hours", "09:00"),
        ({"week": {"mon": [9]}}, "/week/mon/0", "`9` are no hours", "09:00"),
        ({"week": {"mon": [{}]}}, "/week/mon/0", "a table, not a text", "Write"),
        ({"week": {"mon": ["25:00-26:00"]}}, "/week/mon/0", "on the clock", "24:00"),
        ({"week": {"mon": ["09:60-10:00"]}}, "/week/mon/0", "on the clock", "24:00"),
        ({"week": {"mon": ["09:00-24:01"]}}, "/week/mon/0", "on the clock", "24:00"),
        (
            {"week": {"fri": ["22:00-06:00"]}},
            "/week/fri/0",
            "before it begins",
            "24:00",
        ),
        ({"week": {"mon": ["09:00-09:00"]}}, "/week/mon/0", "is empty", "22:00"),
        (
            {"week": {"mon": ["10:00-12:00", "09:00-10:01"]}},
            "/week/mon/0",
            "`10:00-12:00` overlaps `09:00-10:01`",
            "must not overlap",
        ),
        ({"holidays": "UA"}, "/holidays", "a text, not a table", "country"),
        ({"holidays": {"land": "UA"}}, "/holidays/land", "not known", "country"),
        ({"holidays": {"country": "XX"}}, "/holidays/country", "`XX`", "two capital"),
        ({"holidays": {"country": "ua"}}, "/holidays/country", "`ua`", "two capital"),
        ({"holidays": {"country": "np"}}, "/holidays/country", "`np`", "two capital"),
        ({"holidays": {"add": "2026-01-01"}}, "/holidays/add", "not a list", "dates"),
        ({"holidays": {"add": ["20260101"]}}, "/holidays/add/0", "no date", "2026-12"),
        (
            {"holidays": {"add": ["2026-02-30"]}},
            "/holidays/add/0",
            "no date",
            "2026-12",
        ),
        ({"holidays": {"drop": ["31.12."]}}, "/holidays/drop/0", "no date", "2026-12"),
        (
            {"holidays": {"add": ["2026-01-01"], "drop": ["2026-01-01"]}},
            "/holidays/drop",
            "both added and dropped",
            "one",
        ),
    ],
)
def test_says_what_is_wrong_where_and_what_to_do(
    changed: dict[str, Any], pointer: str, message: str, hint: str
) -> None:
    with pytest.raises(InvalidCalendar) as raised:
        read_calendar({**GOOD, **changed}, name="office.yaml")
    error = raised.value
    assert error.pointer == pointer
    assert "office.yaml" in error.message
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("zone: UTC\nzone: UTC\nweek: {mon: [09:00-18:00]}", 2, "stands here twice"),
        (
            '{"zone": "UTC", "zone": "UTC", "week": {"mon": ["09:00-18:00"]}}',
            1,
            "twice",
        ),
        ("zone: UTC\nweek: {mon: &a [09:00-18:00], tue: *a}", 2, "anchor"),
        ("zone: !x UTC\nweek: {mon: [09:00-18:00]}", 1, "tag"),
        ("zone: UTC\nweek: {mon: [09:00-18:00]}\n---\nzone: UTC", 3, "second document"),
        ("zone: UTC\nweek: {mon: [09:00-18:00", 3, "not YAML"),
        ("zone: UTC\nweek:\n  mon: [09:00-18:00]\n  tue: [x]", 4, "`x` are no hours"),
        ("", 1, "no calendar"),
        ("- zone", 1, "no calendar"),
        ("09:00", 1, "no calendar"),
        ("[" * 5000, 1, "nesting"),
        ("#" * 1_000_001, 1, "larger than 1 MB"),
    ],
)
def test_says_in_which_line_of_the_file(text: str, line: int, message: str) -> None:
    with pytest.raises(InvalidCalendar) as raised:
        read_calendar(text, name="office.yaml")
    first = raised.value.findings[0]
    assert (first.line, message in first.message) == (line, True), first
    assert f"office.yaml, line {line}" in raised.value.message
    assert " map" not in str(raised.value)


def test_refuses_what_is_not_utf8() -> None:
    with pytest.raises(InvalidCalendar, match="UTF-8"):
        read_calendar("zone: UTC # в".encode("cp1251"))


def test_refuses_deep_nesting_of_what_json_becomes() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(InvalidCalendar, match="too deep"):
        read_calendar({**GOOD, "week": deep})


def test_stops_after_a_hundred_mistakes() -> None:
    with pytest.raises(InvalidCalendar) as raised:
        read_calendar({**GOOD, **{f"zone{n}": "" for n in range(30_000)}})
    assert len(raised.value.findings) == 100


def test_names_all_that_is_wrong_at_once() -> None:
    with pytest.raises(InvalidCalendar) as raised:
        read_calendar({"week": {"mon": ["x", "y"], "tuesday": []}, "holiday": {}})
    found = raised.value.findings
    assert {f.pointer for f in found} == {
        "/zone",
        "/week/mon/0",
        "/week/mon/1",
        "/week/tuesday",
        "/holiday",
    }
    assert raised.value.extra["findings"][0]["pointer"] == found[0].pointer


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["zone", "week", "mon", "add"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["zone", "week", "holidays", "x"]), _JSON))
def test_whatever_is_sent_is_read_or_refused_in_words(sent: dict[str, Any]) -> None:
    try:
        read_calendar(sent)
    except InvalidCalendar as error:
        said = [bool(f.message and f.hint) for f in error.findings]
        assert said and all(said)  # noqa: PT018  either outcome is right
