"""Logs in the forms of process people, XES and OCEL 2.0, as rows (read by r4pm).

r4pm gives tables only through another large library; what it reads is therefore taken
over as the JSON that it writes. What it cannot read it says in its own words.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resolve.kit.errors import Invalid
from resolve.mappings.records import MissingColumns, Record, UnreadableFile

_XES = (".xes",)
_OCEL = {
    ".jsonocel": ".json",
    ".ocel.json": ".json",
    ".xmlocel": ".xml",
    ".ocel.xml": ".xml",
    ".ocel.sqlite": ".sqlite",
    ".sqlite": ".sqlite",
}
_SHOWN = 20

CASE = "case:"
"""Stands before the attributes of an order in XES, as others write them in tables."""
NAME, TIME, STARTED = "concept:name", "time:timestamp", "start_timestamp"
RESOURCE, GROUP = "org:resource", "org:group"
_LIFECYCLE, _INSTANCE = "lifecycle:transition", "concept:instance"
OCEL_ID, OCEL_TYPE, OCEL_TIME = "ocel:id", "ocel:activity", "ocel:timestamp"

_OURS = re.compile(r"(?:Event ?Log|OCEL) from \S*resolve-log-\S*(?=:)")

Row = dict[str, str]


class OrderNotNamed(Invalid):
    """A log of several kinds of objects, and nobody said which of them is the order."""

    code = "order_not_named"


@dataclass(frozen=True, slots=True)
class EventRows:
    """Rows of a log of events; `fields` is what its attributes usually mean."""

    header: tuple[str, ...]
    rows: Sequence[Row]
    fields: Mapping[str, str]
    wanted: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Record]:
        for number, row in enumerate(self.rows, start=1):
            cells = tuple(row.get(name, "") for name in self.header)
            values = {name: row.get(name) for name in self.wanted}
            yield Record(number, number, cells, values)

    def wanting(self, columns: tuple[str, ...], *, name: str) -> EventRows:
        """Give the same rows with what is asked of them.

        Raises:
            MissingColumns: no event has an attribute of that name.
        """
        missing = [one for one in columns if one not in self.header]
        if missing:
            has = ", ".join(f"`{one}`" for one in self.header[:_SHOWN])
            raise MissingColumns(
                f"The log {name} has no attribute `{missing[0]}`.",
                hint=f"It has {has}. Nothing was taken.",
                columns=missing,
            )
        return EventRows(self.header, self.rows, self.fields, columns)


def is_event_log(name: str) -> bool:
    """Tell by its ending whether a file is XES or OCEL."""
    return name.lower().endswith((*_XES, *_OCEL))


def event_rows(content: bytes, *, name: str, order: str | None = None) -> EventRows:
    """Read a log; `order` is the type of object that is the order in an OCEL.

    Raises:
        UnreadableFile: it is not what its ending says.
        OrderNotNamed: an OCEL has several types of objects, or none.
    """
    plain = name.lower()
    if plain.endswith(_XES):
        return _of_xes(_read("EventLog", content, ".xes", name))
    ending = next(ours for theirs, ours in _OCEL.items() if plain.endswith(theirs))
    return _of_ocel(_read("OCEL", content, ending, name), order)


# --------------------------------------------------------------------------- XES


def _of_xes(log: Mapping[str, Any]) -> EventRows:
    rows: list[Row] = []
    for trace in log["traces"]:
        about = {CASE + k: v for k, v in _attributes(trace["attributes"]).items()}
        events = [_attributes(event["attributes"]) for event in trace["events"]]
        rows += [about | row for row in _paired(events)]
    fields = {
        "order": CASE + NAME,
        "activity": NAME,
        "started": STARTED,
        "ended": TIME,
        "resource": RESOURCE,
        "department": GROUP,
    }
    return EventRows(_header(rows, (CASE + NAME, NAME, TIME)), rows, fields)


@dataclass(slots=True)
class _Pairs:
    """Brings the start and the end of one piece of work together, first in first out.

    Other changes of its state (scheduled, suspended, ...) are no rows.
    """

    rows: list[Row] = field(default_factory=list)
    begun: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def take(self, event: Row) -> None:
        state = event.get(_LIFECYCLE, "complete").lower()
        work = event.get(NAME, ""), event.get(_INSTANCE, "")
        if state == "start":
            row = {k: v for k, v in event.items() if k not in (TIME, _LIFECYCLE)}
            row[STARTED] = event.get(TIME, "")
            self.rows.append(row)
            self.begun.setdefault(work, []).append(row)
        elif state == "complete":
            end = {k: v for k, v in event.items() if k != _LIFECYCLE}
            begun = self.begun.get(work)
            if begun:
                begun.pop(0).update(end)
            else:
                self.rows.append(end)


def _paired(events: Sequence[Row]) -> list[Row]:
    pairs = _Pairs()
    for event in events:
        pairs.take(event)
    return pairs.rows


def _attributes(given: Any) -> Row:  # noqa: ANN401  JSON
    return {
        one["key"]: _word(one["value"]["content"])
        for one in given
        if one["value"].get("type") not in ("List", "Container", "None")
    }


# -------------------------------------------------------------------------- OCEL


def _of_ocel(log: Mapping[str, Any], order: str | None) -> EventRows:
    types = {one["id"]: one["type"] for one in log["objects"]}
    wanted = _order_type(types.values(), order)
    rows = [
        row | {wanted: object_id}
        for event in log["events"]
        for row in [_event(event)]
        for object_id in dict.fromkeys(
            one["objectId"] for one in event.get("relationships") or ()
        )
        if types.get(object_id) == wanted
    ]
    fields = {
        "order": wanted,
        "activity": OCEL_TYPE,
        "started": "started",
        "ended": OCEL_TIME,
        "resource": "resource",
        "department": "department",
    }
    return EventRows(_header(rows, (wanted, OCEL_TYPE, OCEL_TIME)), rows, fields)


def _event(event: Mapping[str, Any]) -> Row:
    said = {
        one["name"]: _word(one["value"])
        for one in event.get("attributes") or ()
        if one.get("value") is not None
    }
    times = {OCEL_TIME: _word(event["time"]), OCEL_ID: _word(event["id"])}
    return said | times | {OCEL_TYPE: _word(event["type"])}


def _order_type(types: Any, wanted: str | None) -> str:  # noqa: ANN401  a view
    known = sorted(set(types))
    if wanted in known:
        return str(wanted)
    if wanted is None and len(known) == 1:
        return str(known[0])
    has = ", ".join(f"`{one}`" for one in known[:_SHOWN]) or "none"
    said = f"no objects of the type `{wanted}`" if wanted else "several objects"
    raise OrderNotNamed(
        f"Which objects of this log are the orders? It has {said}.",
        hint=f"Name their type in a mapping, `fields: {{order: TYPE}}`; it has {has}.",
        types=known,
    )


# ------------------------------------------------------------------------- both


def _header(rows: Sequence[Row], always: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*always, *(name for row in rows for name in row)]))


def _word(value: Any) -> str:  # noqa: ANN401  JSON
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("\0", "")


def _read(kind: str, content: bytes, ending: str, name: str) -> Any:  # noqa: ANN401  JSON
    with tempfile.TemporaryDirectory(prefix="resolve-log-") as folder:
        there, here = Path(folder, f"log{ending}"), Path(folder, "read.json")
        there.write_bytes(content)
        convert(kind, there, here, name=name)
        return json.loads(here.read_bytes())


def convert(kind: str, source: Path, target: Path, *, name: str) -> None:
    """Write a log in the form that the ending of `target` names.

    Raises:
        UnreadableFile: r4pm cannot read it.
    """
    import r4pm  # noqa: PLC0415  12 MB that few commands need

    taken = _guarded(lambda: r4pm.import_item(kind, str(source)), name)
    try:
        _guarded(lambda: r4pm.export_item(taken, str(target)), name)
    finally:
        r4pm.remove_item(taken)


def _guarded(act: Callable[[], Any], name: str) -> Any:  # noqa: ANN401  as r4pm
    try:
        return act()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as why:  # noqa: BLE001  a panic of Rust is no Exception
        said = " ".join(_OURS.sub("it", str(why)).split())[:200]
        raise UnreadableFile(
            f"The log {name} cannot be read: {said}.",
            hint="Its ending says what it should be: .xes, .xes.gz, .jsonocel, "
            ".xmlocel or .sqlite. Nothing was taken.",
        ) from None
