"""Founding the company of the demonstration, and knowing it again.

The first entry of the house's journal says that a database is a demonstration; a
database that holds anything else is left alone.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlmodel import Session, col, select

from resolve.demo.moments import Past
from resolve.departments.service import DepartmentChange, change, set_calendar
from resolve.journal.models import JournalEntry
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.errors import Conflict
from resolve.maps.service import publish

WHO = "administrator"
FOUNDED = "demo_founded"
TOLD = "demo_told"
_BEFORE = timedelta(days=250)


class NotTheDemonstration(Conflict):
    """The database holds something else."""

    code = "not_the_demonstration"


class Standing(StrEnum):
    """How far the demonstration has come in a database."""

    EMPTY = "empty"  # nothing was ever entered
    FOUNDED = "founded"  # maps and departments, without the stories
    TOLD = "told"  # the stories too


def standing(session: Session) -> Standing:
    """Say how far the demonstration has come.

    Raises:
        NotTheDemonstration: the database holds anything else.
    """
    entries = session.exec(
        select(JournalEntry.what)
        .where(JournalEntry.chain == HOUSE)
        .order_by(col(JournalEntry.seq))
    ).all()
    if not entries and session.exec(select(JournalEntry.chain).limit(1)).first():
        raise _refusal()
    if not entries:
        return Standing.EMPTY
    if entries[0] != FOUNDED:
        raise _refusal()
    return Standing.TOLD if TOLD in entries else Standing.FOUNDED


def _refusal() -> NotTheDemonstration:
    return NotTheDemonstration(
        "This database holds something else than the demonstration; nothing was "
        "changed.",
        hint="Name an empty folder: RESOLVE_HOME=FOLDER, or another "
        "RESOLVE_DATABASE_URL.",
    )


def found(session: Session, *, now: datetime) -> None:
    """Enter the marker, calendars, maps and heads, as of some months ago."""
    at = founded_at(now)
    mark(session, FOUNDED, at=at)
    for calendar_id, source in facts()["calendars"].items():
        set_calendar(session, calendar_id, source, who=WHO, at=at)
    for map_id in facts()["maps"]:
        publish(session, map_source(map_id), who=WHO, at=at)
    for department_id, wanted in facts()["heads"].items():
        change(session, department_id, DepartmentChange(**wanted), who=WHO, at=at)


def founded_at(now: datetime) -> datetime:
    """Say when the company was founded, as seen from now."""
    return now.replace(microsecond=0) - _BEFORE


def mark(session: Session, what: str, *, at: datetime) -> None:
    """Enter how far the demonstration has come."""
    append(session, [Draft(HOUSE, what, {})], who=WHO, at=at)


def map_source(map_id: str) -> bytes:
    """Give a map of the company: the shipped one, with what the company decided."""
    source = _shipped(map_id)
    join = facts()["join"].get(map_id)
    if join is None:
        return source
    line = f"id: {map_id}\n"
    return source.replace(line.encode(), f"{line}join: {join}\n".encode(), 1)


def _shipped(map_id: str) -> bytes:
    package = Path(str(files("resolve")))
    folders = (package / "process_maps", package.parent.parent / "process_maps")
    found = [f for folder in folders if (f := folder / f"{map_id}.yaml").is_file()]
    return found[0].read_bytes()


def past(now: datetime) -> Past:
    """Give the company's past as seen from now."""
    return Past(now, ZoneInfo(facts()["calendars"]["default"]["zone"]))


@cache
def facts() -> dict[str, Any]:
    """Give what `company.yaml` says."""
    return dict(read("company.yaml"))


def read(name: str) -> Any:  # noqa: ANN401  whatever the file holds
    """Read a file of this package; its values are copied, so that none is shared."""
    text = (files("resolve.demo") / name).read_text("utf-8")
    return json.loads(json.dumps(yaml.safe_load(text)))
