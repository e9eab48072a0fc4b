"""Step times as logs that others read: tables, XES and OCEL 2.0 (written by r4pm).

Tables are written as they are read; r4pm takes a log only as a whole.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlmodel import Session

from resolve.chain.model import ValueChain
from resolve.kit.clock import iso
from resolve.kit.errors import BadRequest, NotFound
from resolve.steptimes.eventlogs import GROUP, NAME, RESOURCE, TIME, convert
from resolve.steptimes.models import StepTime
from resolve.steptimes.queries import any_of_map
from resolve.steptimes.tables import as_csv, as_ndjson, department_of, pages, written

_ORDER = "order"
_ATTRIBUTES = {"started": "time", "resource": "string", "department": "string"}
_EXTENSIONS = {
    "Concept": "concept",
    "Time": "time",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
}


class LogFormat(StrEnum):
    """Forms that a log is given in."""

    CSV = "csv"
    NDJSON = "ndjson"
    XES = "xes"
    OCEL = "ocel"


_TABLES = {LogFormat.CSV: as_csv, LogFormat.NDJSON: as_ndjson}
_ENDINGS = {
    LogFormat.CSV: {".csv": ".csv", ".csv.gz": ".csv.gz"},
    LogFormat.NDJSON: {
        ".ndjson": ".ndjson",
        ".ndjson.gz": ".ndjson.gz",
        ".jsonl": ".ndjson",
        ".jsonl.gz": ".ndjson.gz",
    },
    LogFormat.XES: {".xes": ".xes", ".xes.gz": ".xes.gz"},
    LogFormat.OCEL: {
        ".jsonocel": ".json",
        ".json": ".json",
        ".xmlocel": ".xml",
        ".xml": ".xml",
        ".sqlite": ".sqlite",
    },
}


class NoStepTimes(NotFound):
    """Nothing is known of the orders of this map."""

    code = "no_step_times"


class UnknownEnding(BadRequest):
    code = "unknown_ending"


def form_of(name: str) -> LogFormat:
    """Give the form that a log of this name has; XES without one.

    Raises:
        UnknownEnding: no log is called so.
    """
    if not name:
        return LogFormat.XES
    for form, endings in _ENDINGS.items():
        if name.lower().endswith(tuple(endings)):
            return form
    raise _unknown("A log", name, tuple(one for of in _ENDINGS.values() for one in of))


def is_table(form: LogFormat, *, name: str = "") -> bool:
    """Tell whether a log is written row by row, by `lines`.

    Raises:
        UnknownEnding: this form is not written so.
    """
    _ending(form, name)
    return form in _TABLES


def lines(session: Session, chain: ValueChain, form: LogFormat) -> Iterator[str]:
    """Give all step times of a map as the lines of a table, read as they are taken.

    Raises:
        NoStepTimes: there are none.
    """
    if not any_of_map(session, chain.id):
        raise _nothing_known(chain)
    return written(pages(session, chain.id), chain, _TABLES[form])


def exported(
    session: Session, chain: ValueChain, form: LogFormat, *, name: str = ""
) -> bytes:
    """Give all step times of a map as a whole log; `name` says by its ending which.

    Work is a step's id; persons are the keyed hashes that are stored.

    Raises:
        NoStepTimes: there are none.
        UnknownEnding: this form is not written so.
    """
    ending = _ending(form, name)
    rows = [row for page in pages(session, chain.id) for row in page]
    if not rows:
        raise _nothing_known(chain)
    log, kind = (
        (_xes(rows, chain), "EventLog")
        if form is LogFormat.XES
        else (_ocel(rows, chain), "OCEL")
    )
    with tempfile.TemporaryDirectory(prefix="resolve-log-") as folder:
        source, target = Path(folder, "ours.json"), Path(folder, f"log{ending}")
        source.write_text(json.dumps(log), encoding="utf-8")
        convert(kind, source, target, name=chain.id)
        return target.read_bytes()


def _ending(form: LogFormat, name: str) -> str:
    endings = _ENDINGS[form]
    if not name:
        return next(iter(endings.values()))
    for theirs in sorted(endings, key=len, reverse=True):
        if name.lower().endswith(theirs):
            return endings[theirs]
    raise _unknown(f"A log in the form {form}", name, tuple(endings))


def _unknown(log: str, name: str, endings: tuple[str, ...]) -> UnknownEnding:
    return UnknownEnding(
        f"{log} is not called {name}.",
        hint=f"Let its name end in {', '.join(endings)}.",
    )


def _nothing_known(chain: ValueChain) -> NoStepTimes:
    return NoStepTimes(
        f"No step times are known of {chain.id}.",
        hint="Take a log in first: `resolve times import LOG --map MAP`.",
    )


# --------------------------------------------------------------------------- XES


def _xes(rows: Iterable[StepTime], chain: ValueChain) -> dict[str, Any]:
    return {
        "attributes": [_text(NAME, chain.id)],
        "traces": [
            {
                "attributes": [_text(NAME, order)],
                "events": list(_events(of_order, chain)),
            }
            for order, of_order in groupby(rows, key=lambda row: row.order_id)
        ],
        "extensions": [
            {
                "name": name,
                "prefix": prefix,
                "uri": f"http://www.xes-standard.org/{prefix}.xesext",
            }
            for name, prefix in _EXTENSIONS.items()
        ],
        "classifiers": [{"name": "Activity", "keys": [NAME]}],
        "global_trace_attrs": None,
        "global_event_attrs": None,
    }


def _events(rows: Iterable[StepTime], chain: ValueChain) -> Iterator[dict[str, Any]]:
    """Give the beginnings and ends of an order by time, each with the work it is of."""
    moments: list[tuple[datetime, int, str, StepTime]] = []
    for number, row in enumerate(rows):
        if row.started_at is not None:
            moments.append((row.started_at, number, "start", row))
        moments.append((row.ended_at, number, "complete", row))
    # Of the same moment: a beginning first, so that no work ends before it begins.
    moments.sort(key=lambda one: (one[0], one[2] != "start", one[1]))
    for at, number, state, row in moments:
        said = {
            NAME: row.step,
            "concept:instance": str(number),
            "lifecycle:transition": state,
            RESOURCE: row.resource or "",
            GROUP: department_of(row, chain),
        }
        texts = [_text(key, word) for key, word in said.items() if word]
        yield {"attributes": [*texts, _attribute(TIME, "Date", iso(at))]}


def _text(key: str, word: str) -> dict[str, Any]:
    return _attribute(key, "String", word)


def _attribute(key: str, kind: str, word: str) -> dict[str, Any]:
    value = {"type": kind, "content": word}
    return {"key": key, "value": value, "own_attributes": None}


# -------------------------------------------------------------------------- OCEL


def _ocel(rows: Iterable[StepTime], chain: ValueChain) -> dict[str, Any]:
    rows = list(rows)
    attributes = [{"name": name, "type": kind} for name, kind in _ATTRIBUTES.items()]
    steps = dict.fromkeys([*chain.steps, *(row.step for row in rows)])
    return {
        "objectTypes": [{"name": _ORDER, "attributes": []}],
        "eventTypes": [{"name": name, "attributes": attributes} for name in steps],
        "objects": [
            {"id": order, "type": _ORDER, "attributes": [], "relationships": []}
            for order in dict.fromkeys(row.order_id for row in rows)
        ],
        "events": [
            {
                "id": row.key,
                "type": row.step,
                "time": iso(row.ended_at),
                "attributes": _said(row, chain),
                "relationships": [{"objectId": row.order_id, "qualifier": _ORDER}],
            }
            for row in rows
        ],
    }


def _said(row: StepTime, chain: ValueChain) -> list[Mapping[str, str]]:
    said = {
        "started": iso(row.started_at) if row.started_at else "",
        "resource": row.resource or "",
        "department": department_of(row, chain),
    }
    return [{"name": name, "value": word} for name, word in said.items() if word]
