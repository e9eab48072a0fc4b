"""Reads the calendars that people write (`interfaces.md` 5), and says what is wrong.

zone: Europe/Kyiv
week: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"]}
holidays: {country: UA, add: [2026-12-31], drop: []}
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from resolve.chain.findings import Finding as Note
from resolve.chain.findings import Notes
from resolve.chain.tree import (
    DEEPEST,
    Entry,
    Items,
    Node,
    Refused,
    Scalar,
    Table,
    tree_of,
)
from resolve.clocks.calendar import DAY, WEEKDAYS, Calendar, Hours, is_country
from resolve.clocks.calendar_findings import Finding, InvalidCalendar

_HOURS = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NULLS = ("", "~", "null")
_NOT_A_CALENDAR = ("The file is empty", "The file is a list", "The file is a text")
_WORDS = (
    ("the map, or make two maps of it", "the calendar"),
    ("a map", "a calendar"),
    ("one map", "one calendar"),
)
"""What the reader of files says of maps is as true of calendars."""
_SHOWN = 80
_MOST = 100

_WRITE_HOURS = "Write hours as `09:00-18:00`, in the zone of the calendar."
_WRITE_CALENDAR = "Write `zone: Europe/Kyiv` and `{example}`."
_WEEK = 'week: {mon: ["09:00-18:00"], ...}'
_DAY = 'week: {mon: ["09:00-18:00"]}'
_MEANT = "Did you mean `{near}`?"


def read_calendar(
    source: str | bytes | Mapping[str, Any], *, name: str = "calendar"
) -> Calendar:
    """Read a calendar from YAML, JSON or what JSON was parsed to.

    `name` is what messages call it, such as the path of its file.

    Raises:
        InvalidCalendar: with all that is wrong.
    """
    found = _Found()
    table = _table_of(source, name, found)
    calendar = None if table is None else _calendar(table, found)
    if calendar is None or found.list:
        raise InvalidCalendar(name, tuple(found.list))
    return calendar


@dataclass(slots=True)
class _Found:
    list: list[Finding] = field(default_factory=list)

    def add(
        self, pointer: str, line: int, message: str, hint: str, **facts: str
    ) -> None:
        """Add a finding of two texts and the facts that stand in them in braces."""
        if len(self.list) < _MOST:
            told = message.format(**facts), hint.format(**facts)
            self.list.append(Finding(pointer, line, *told, (message, hint), facts))

    def add_note(self, note: Note) -> None:
        """Add what the reader of files says of maps; it is as true of calendars."""
        message, hint = note.said
        for of_maps, of_calendars in _WORDS:
            hint = hint.replace(of_maps, of_calendars)
        self.add(_pointer_of(note.key), note.line, message, hint, **note.facts)

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """Suggest what was probably meant, or '': nearness costs time."""
        if len(self.list) == _MOST:
            return ""
        near = difflib.get_close_matches(word[:_SHOWN], known, n=1)
        return near[0] if near else ""


# ------------------------------------------------------------------------ to one tree


def _table_of(
    source: str | bytes | Mapping[str, Any], name: str, found: _Found
) -> Table | None:
    if isinstance(source, Mapping):
        node = _node(source, found, 0)
        return node if isinstance(node, Table) else None
    notes = Notes(file=name)
    table = tree_of(source, notes)
    for note in notes.found:
        if note.level != "error":
            continue
        if note.message.startswith(_NOT_A_CALENDAR):
            what = "This is no calendar."
            found.add("", note.line, what, _WRITE_CALENDAR, example=_WEEK)
        else:
            found.add_note(note)
    return table


def _node(value: object, found: _Found, depth: int) -> Node:
    if depth > DEEPEST:
        what = "It is nested too deep for a calendar."
        found.add("", 0, what, _WRITE_CALENDAR, example=_WEEK)
        return Refused(0)
    if isinstance(value, Mapping):
        entries = ((str(k), _node(v, found, depth + 1)) for k, v in value.items())
        return Table(0, tuple(Entry(0, key, node) for key, node in entries))
    if isinstance(value, list | tuple):
        return Items(0, tuple(_node(v, found, depth + 1) for v in value))
    if isinstance(value, str):
        return Scalar(0, value, plain=False)
    return Scalar(0, "" if value is None else str(value))


# ------------------------------------------------------------------------- its members


def _calendar(table: Table, found: _Found) -> Calendar | None:
    members = _members(table, "", ("zone", "week", "holidays"), found)
    zone = _zone(members.get("zone"), found)
    week = _week(members.get("week"), found)
    country, add, drop = _holidays(members.get("holidays"), found)
    if zone is None or week is None:
        return None
    return Calendar(zone, week, country, add, drop)


def _members(
    table: Table, pointer: str, known: tuple[str, ...], found: _Found
) -> dict[str, Node]:
    """Give the members that a table may have; an empty one counts as left out."""
    members = {}
    for entry in table.entries:
        if entry.key in known:
            if not _is_null(entry.node):
                members[entry.key] = entry.node
            continue
        near = found.nearest(entry.key, known)
        found.add(
            pointer + _pointer(entry.key),
            entry.line,
            "`{key}` is not known here.",
            _MEANT if near else "Known: {known}.",
            key=entry.key[:_SHOWN],
            near=near,
            known=", ".join(known),
        )
    return members


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.value in _NULLS


def _zone(node: Node | None, found: _Found) -> str | None:
    if node is None:
        hint = "Add one, such as `zone: Europe/Kyiv`."
        found.add("/zone", 0, "The time zone is missing.", hint)
        return None
    text = _text(node, "/zone", found)
    if text is None or _is_zone(text):
        return text
    near = found.nearest(text, sorted(available_timezones()))
    what = "There is no time zone `{zone}`."
    hint = _MEANT if near else "Write one such as Europe/Kyiv."
    found.add("/zone", node.line, what, hint, zone=text[:_SHOWN], near=near)
    return None


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _week(node: Node | None, found: _Found) -> tuple[tuple[Hours, ...], ...] | None:
    if node is None:
        hint = "Add one, such as `{example}`."
        found.add("/week", 0, "The week is missing.", hint, example=_DAY)
        return None
    if not isinstance(node, Table):
        _wrong_kind(node, "/week", "a table of days", found)
        return None
    before = len(found.list)
    days = _members(node, "/week", WEEKDAYS, found)
    week = tuple(_day(days.get(name), name, found) for name in WEEKDAYS)
    if not any(week) and len(found.list) == before:
        what = "There are no working hours at all."
        found.add("/week", node.line, what, "Give at least one day working hours.")
    return week


def _day(node: Node | None, name: str, found: _Found) -> tuple[Hours, ...]:
    pointer = f"/week/{name}"
    if node is None:
        return ()
    texts = _texts(node, pointer, 'a list such as ["09:00-18:00"]', found)
    read = [(_hours(text, at, line, found), at, line) for text, at, line in texts]
    spans = sorted((h, at, line) for h, at, line in read if h is not None)
    for (earlier, _, _), (later, at, line) in pairwise(spans):
        if later.start < earlier.end:
            found.add(
                at,
                line,
                "`{later}` overlaps `{earlier}`.",
                "Hours of one day must not overlap.",
                later=str(later),
                earlier=str(earlier),
            )
    return tuple(h for h, _, _ in spans)


def _hours(text: str, pointer: str, line: int, found: _Found) -> Hours | None:
    match = _HOURS.fullmatch(text)
    if match is None:
        what = "`{hours}` are no hours."
        found.add(pointer, line, what, _WRITE_HOURS, hours=text[:_SHOWN])
        return None
    h1, m1, h2, m2 = (int(part) for part in match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if max(m1, m2) > 59 or max(start, end) > DAY:  # noqa: PLR2004  minutes
        hint = "The day goes from 00:00 to 24:00."
        found.add(pointer, line, "`{hours}` is not on the clock.", hint, hours=text)
        return None
    if start >= end:
        what = (
            "`{hours}` ends before it begins." if start > end else "`{hours}` is empty."
        )
        hint = "A night goes to both days: `22:00-24:00`, then `00:00-06:00`."
        found.add(pointer, line, what, hint, hours=text)
        return None
    return Hours(start, end)


_Holidays = tuple[str | None, tuple[date, ...], tuple[date, ...]]


def _holidays(node: Node | None, found: _Found) -> _Holidays:
    if node is None:
        return None, (), ()
    if not isinstance(node, Table):
        _wrong_kind(node, "/holidays", "a table of country, add, drop", found)
        return None, (), ()
    parts = _members(node, "/holidays", ("country", "add", "drop"), found)
    country = _country(parts.get("country"), found)
    add = _dates(parts.get("add"), "/holidays/add", found)
    drop = _dates(parts.get("drop"), "/holidays/drop", found)
    for day in sorted(set(add) & set(drop)):
        what = "{day} is both added and dropped."
        hint = "Keep it in one."
        found.add("/holidays/drop", drop[day], what, hint, day=day.isoformat())
    return country, tuple(sorted(add)), tuple(sorted(drop))


def _country(node: Node | None, found: _Found) -> str | None:
    if node is None:
        return None
    text = _text(node, "/holidays/country", found)
    if text is None or is_country(text):
        return text
    what = "No public holidays are known of `{country}`."
    hint = "Write two capital letters, such as UA, or list the days under `add`."
    found.add("/holidays/country", node.line, what, hint, country=text[:_SHOWN])
    return None


def _dates(node: Node | None, pointer: str, found: _Found) -> dict[date, int]:
    """Read days, each with its line."""
    if node is None:
        return {}
    days = {}
    for text, at, line in _texts(node, pointer, "a list of dates", found):
        day = _date(text)
        if day is None:
            hint = "Write year, month, day: 2026-12-31."
            found.add(at, line, "`{date}` is no date.", hint, date=text[:_SHOWN])
        else:
            days[day] = line
    return days


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


# ------------------------------------------------------------------------ small things


def _texts(
    node: Node, pointer: str, wanted: str, found: _Found
) -> Iterator[tuple[str, str, int]]:
    """Give the texts of a list, each with its pointer and line."""
    if not isinstance(node, Items):
        _wrong_kind(node, pointer, wanted, found)
        return
    for n, item in enumerate(node.nodes):
        text = _text(item, f"{pointer}/{n}", found)
        if text is not None:
            yield text, f"{pointer}/{n}", item.line


def _text(node: Node, pointer: str, found: _Found) -> str | None:
    if isinstance(node, Scalar):
        return node.value
    _wrong_kind(node, pointer, "a text", found)
    return None


def _wrong_kind(node: Node, pointer: str, wanted: str, found: _Found) -> None:
    if isinstance(node, Refused):
        return  # what is wrong with it was said already
    given = {Scalar: "a text", Items: "a list", Table: "a table"}[type(node)]
    what, hint = "Here stands {given}, not {wanted}.", "Write {wanted}."
    found.add(pointer, node.line, what, hint, given=given, wanted=wanted)


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _pointer_of(dotted: str) -> str:
    """Turn `week.mon.1` of the file reader, counted from 1, into a JSON pointer."""
    keys = dotted.split(".") if dotted else []
    return "".join(_pointer(str(int(k) - 1) if k.isdecimal() else k) for k in keys)
