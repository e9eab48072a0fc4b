"""A case that the engine left, made into a mould from which like cases are cast.

What differs from cast to cast are its ids, salts, number, reference and moments, and
all that follows from them: digests, derived ids, the hashes of the journal. The rest is
kept as the services wrote it, so a change of theirs needs none here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table, Uuid
from sqlmodel import SQLModel

from resolve.cases.models import Case
from resolve.complaints.models import Complaint
from resolve.demo.case_rows import (
    OF_A_CASE,
    Row,
    Rows,
    derived,
    digests,
    due_times,
    moments,
    own_ids,
    salts,
)
from resolve.journal.models import JournalEntry, JournalHead
from resolve.journal.rules import NOTHING, case_chain
from resolve.kit.clock import iso
from resolve.kit.ids import derived_id
from resolve.outbox.models import Event
from resolve.tasks.models import Task

_VARIABLE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{64}|C-\d{4}-\d{6,}"
)
_RANDOM_DIGITS = 18  # of a UUIDv7, beside its time, version and variant


class Cast(NamedTuple):
    """Rows of one case: by table in the order of `OF_A_CASE`, feed entries, head."""

    rows: list[list[tuple[Any, ...]]]
    feed: list[tuple[Any, ...]]
    head: tuple[str, int, str]


# ---------------------------------------------------------------------- the mould


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with places, and which variables fill them."""

    pattern: str
    places: Callable[[Sequence[Any]], Any] | None

    def fill(self, pool: Sequence[Any]) -> str:
        return self.pattern if self.places is None else self.pattern % self.places(pool)


class Mould:
    """Makes like cases; see `cast`."""

    def __init__(self, rows: Rows, *, dashes: bool, zoned: bool) -> None:
        """Take a case apart.

        The database writes ids with `dashes` or without, moments `zoned` or not.

        Raises:
            LookupError: something in it follows from a rule that is not known here.
        """
        self._zoned, self._dashes = zoned, dashes
        self._rows = rows
        self.filed_at: datetime = rows[Complaint][0]["received_at"]
        self.tasks = len(rows[Task])
        self._places: dict[tuple[str, Any], int] = {}
        self._ids = sorted(own_ids(rows))
        self._derived = dict(derived(rows, set(self._ids)))
        self._times = sorted(moments(rows) - due_times(rows))
        self._salts = list(salts(rows))
        self._name_variables()
        self._digests = [self._digest(*one) for one in digests(rows)]
        self._constants: list[Any] = []
        self._entries = [self._entry(row) for row in rows[JournalEntry]]
        self._texts: list[_Text] = []
        getters = [[self._row(kind, row) for row in rows[kind]] for kind in OF_A_CASE]
        feed = [self._feed(row) for row in rows[JournalEntry]]
        # Texts come after the variables, constants after the texts.
        first = len(self._places)
        self._getters = [[_getter(row, first, len(self._texts)) for row in of_one]
                         for of_one in getters]  # fmt: skip
        self._feed_getters = [_getter(row, first, len(self._texts)) for row in feed]

    def columns(self, kind: type[SQLModel]) -> list[str]:
        """Give the columns of the rows cast for a table."""
        return [name for name in _columns(kind) if not _is_given(kind, name)]

    def cast(self, random: Random, *, serial: int, later: timedelta) -> Cast:
        """Make a case like this one that began so much later, under an hour."""
        ids = self._new_ids(random, later)
        dashed = [f"{i[:8]}-{i[8:12]}-{i[12:16]}-{i[16:20]}-{i[20:]}" for i in ids]
        times = [at + later for at in self._times]
        pool: list[Any] = [*(dashed if self._dashes else ids), *dashed]
        pool += map(self._stored, times)
        pool += map(iso, times)
        fresh = [f"{random.getrandbits(128):032x}" for _ in self._salts]
        pool += fresh
        year = (self.filed_at + later).year
        number = f"C-{year}-{serial:06d}"
        pool += (serial, number, f"scale-{serial}", case_chain(dashed[self._case]))
        pool += self._derive(dashed)
        pool += [
            sha256(f'["{fresh[of]}",{tail}]'.encode()).hexdigest()
            for of, tail in self._digests
        ]
        head = self._enter(pool)
        pool += [text.fill(pool) for text in self._texts]
        pool += self._constants
        rows = [[get(pool) for get in of_one] for of_one in self._getters]
        return Cast(rows, [get(pool) for get in self._feed_getters], head)

    # ------------------------------------------------------------ the variables

    def _name_variables(self) -> None:
        """Give each variable its place in the pool, in the order of `cast`."""
        self._case = self._ids.index(self._rows[Case][0]["id"])
        complaint = self._rows[Complaint][0]
        names: list[tuple[str, Any]] = [("id", i) for i in self._ids]
        names += [("text", i) for i in self._ids]
        names += [("time", at) for at in self._times]
        names += [("text", iso(at)) for at in self._times]
        names += [("salt", salt) for salt in self._salts]
        names += [("serial", complaint["serial"]), ("text", complaint["number"])]
        names += [("reference", complaint["reference"])]
        names += [("chain", case_chain(self._ids[self._case]))]
        names += [("id", i) for i in self._derived]
        names += [("text", found) for found, _, _ in digests(self._rows)]
        for row in self._rows[JournalEntry]:
            names += [("data", row["seq"]), ("hash", row["hash"])]
        self._places = {name: place for place, name in enumerate(names)}

    def _new_ids(self, random: Random, later: timedelta) -> list[str]:
        """Make ids (UUIDv7) that rise as those of the mould do."""
        first = int((self.filed_at + later).timestamp() * 1000)
        digits = len(self._ids) * _RANDOM_DIGITS
        drawn = f"{random.getrandbits(4 * digits):0{digits}x}"
        each = [
            drawn[at : at + _RANDOM_DIGITS] for at in range(0, digits, _RANDOM_DIGITS)
        ]
        return [f"{first + n:012x}7{r[:3]}8{r[3:]}" for n, r in enumerate(each)]

    def _derive(self, ids: Sequence[str]) -> Iterator[str]:
        for of, parts in self._derived.values():
            made = derived_id(ids[self._ids.index(of)], *parts)
            yield made if self._dashes else made.replace("-", "")

    def _digest(
        self, _found: str, salt: str, texts: Sequence[object]
    ) -> tuple[int, str]:
        tail = _canonical(list(texts))[1:-1]
        return self._salts.index(salt), tail

    # ------------------------------------------------------------- the journal

    def _entry(self, row: Row) -> tuple[_Text, _Text]:
        """Give the texts of an entry's data and of what its hash covers, up to it."""
        who, what = _canonical(row["who"]), _canonical(row["what"])
        before = f'["{row["chain"]}",{row["seq"]},"{iso(row["at"])}",{who},{what},'
        return self._text(_canonical(row["data"])), self._text(before)

    def _enter(self, pool: list[Any]) -> tuple[str, int, str]:
        """Add the data and hash of each entry; give the head they lead to."""
        previous = NOTHING
        for data, before in self._entries:
            text = data.fill(pool)
            covered = f'{before.fill(pool)}{text},"{previous}"]'
            previous = sha256(covered.encode()).hexdigest()
            pool += (text, previous)
        chain = pool[self._places["chain", case_chain(self._ids[self._case])]]
        return chain, len(self._entries), previous

    def _feed(self, row: Row) -> list[tuple[str, int]]:
        data = row["data"]
        values = (
            self._time(row["at"]),
            self._constant(row["what"]),
            self._id(self._ids[self._case]),
            self._id(data.get("complaint")),
            self._id(data.get("task")),
        )
        return list(values)

    # ---------------------------------------------------------------- the rows

    def _row(self, kind: type[SQLModel], row: Row) -> list[tuple[str, int]]:
        return [self._cell(kind, name, row) for name in self.columns(kind)]

    def _cell(self, kind: type[SQLModel], name: str, row: Row) -> tuple[str, int]:
        value = row[name]
        if (kind, name) == (JournalEntry, "data"):
            return "variable", self._places["data", row["seq"]]
        if value in (None, NOTHING):
            return self._constant(value)
        if (kind, name) in _NAMED:
            return "variable", self._places[_NAMED[kind, name], value]
        if name in ("sealed_seq", "fed_seq"):  # so from the start
            return self._constant(row["seq"])
        return self._value(name, value, _columns(kind)[name])

    def _value(self, name: str, value: object, column: object) -> tuple[str, int]:
        if isinstance(value, datetime):
            return self._time(value)
        if isinstance(column, Uuid):
            return self._id(str(value))
        if name.endswith("salt"):
            return "variable", self._places["salt", value]
        if isinstance(value, (dict, list)):
            return self._written(_canonical(value))
        return self._written(value) if isinstance(value, str) else self._constant(value)

    def _id(self, value: str | None) -> tuple[str, int]:
        if value is None:
            return self._constant(None)
        if ("id", value) not in self._places:
            msg = f"an id that follows from nothing known: {value}"
            raise LookupError(msg)
        return "variable", self._places["id", value]

    def _time(self, at: datetime) -> tuple[str, int]:
        place = self._places.get(("time", at))
        if place is None:  # a due time: given by the calendar
            return self._constant(self._stored(at))
        return "variable", place

    def _stored(self, at: datetime) -> str:
        """Write a moment in UTC as the database does."""
        text = at.isoformat(" ", "microseconds")
        return text if self._zoned else text[: -len("+00:00")]

    def _written(self, value: str) -> tuple[str, int]:
        text = self._text(value)
        if text.places is None:
            return self._constant(value)
        self._texts.append(text)
        return "text", len(self._texts) - 1

    def _constant(self, value: object) -> tuple[str, int]:
        self._constants.append(_plain(value))
        return "constant", len(self._constants) - 1

    def _text(self, text: str) -> _Text:
        """Find the variables in a text and put places instead of them."""
        found: list[int] = []

        def place(match: re.Match[str]) -> str:
            known = self._places.get(("text", match.group()))
            if known is None and _must_be_known(match.group(), self._rows):
                msg = f"something that follows from nothing known: {match.group()}"
                raise LookupError(msg)
            if known is None:
                return match.group()
            found.append(known)
            return "%s"

        pattern = _VARIABLE.sub(place, text.replace("%", "%%"))
        if not found:
            return _Text(text, None)
        return _Text(pattern, itemgetter(*found))


_NAMED: dict[tuple[type[SQLModel], str], str] = {
    (Complaint, "serial"): "serial",
    (Complaint, "number"): "text",
    (Complaint, "reference"): "reference",
    (JournalEntry, "chain"): "chain",
    (JournalEntry, "hash"): "hash",
    (JournalEntry, "previous"): "hash",
    (JournalHead, "chain"): "chain",
    (JournalHead, "hash"): "hash",
}


def _getter(
    cells: Sequence[tuple[str, int]], variables: int, texts: int
) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    first = {"variable": 0, "text": variables, "constant": variables + texts}
    return itemgetter(*(first[kind] + place for kind, place in cells))


def _columns(kind: type[SQLModel]) -> Mapping[str, Any]:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return {column.name: column.type for column in table.columns}


def _is_given(kind: type[SQLModel], name: str) -> bool:
    """Tell whether the database gives this value itself: the number of an event."""
    return kind is Event and name == "id"


def _must_be_known(text: str, rows: Rows) -> bool:
    """Tell whether it would be a lie if all casts had this in common."""
    if not text.endswith("Z"):
        return True
    return datetime.fromisoformat(text) not in due_times(rows)


def _canonical(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: object) -> object:
    """Give a value as any database driver takes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
