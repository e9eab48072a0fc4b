"""`resolve calendar due | between`: working time of a calendar file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from resolve.chain.durations import BadDuration, duration
from resolve.cli.output import print_json, print_line
from resolve.clocks.calendar import DEFAULT, Calendar
from resolve.clocks.calendar_file import read_calendar
from resolve.clocks.working_time import add_working_time, working_seconds
from resolve.kit import clock
from resolve.kit.errors import BadRequest, NotFound

calendars = typer.Typer(no_args_is_help=True, help="Reckon with working time.")

CalendarArgument = Annotated[
    str,
    typer.Argument(metavar="CALENDAR", help="A calendar file, or `default`."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
_MOMENT = "such as 2026-11-23T09:00Z; without a zone, that of the calendar."


@calendars.command()
def due(
    calendar: CalendarArgument,
    start: Annotated[str, typer.Option(help=f"When it begins, {_MOMENT}")],
    within: Annotated[
        str, typer.Option("--in", help="Working time, such as PT8H; -PT8H goes back.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Say when that much working time will have passed."""
    reckoned = _calendar(calendar)
    moment = add_working_time(reckoned, _moment(start, reckoned), _amount(within))
    written = clock.iso(moment)
    if as_json:
        print_json({"due": written})
    else:
        print_line(written)


@calendars.command()
def between(
    calendar: CalendarArgument,
    since: Annotated[str, typer.Argument(metavar="T1", help=f"A moment, {_MOMENT}")],
    to: Annotated[str, typer.Argument(metavar="T2", help="A later one.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Count the seconds of working time; 0 if T2 is before T1."""
    reckoned = _calendar(calendar)
    seconds = working_seconds(reckoned, _moment(since, reckoned), _moment(to, reckoned))
    if as_json:
        print_json({"seconds": seconds})
    else:
        print_line(str(seconds))


def _calendar(name: str) -> Calendar:
    file = Path(name)
    try:
        return read_calendar(file.read_bytes(), name=name)
    except OSError as error:
        if name == "default":
            return DEFAULT
        raise NotFound(
            f"The calendar file {name} cannot be read: {error.strerror}.",
            hint="Give the path of a calendar file, or `default`.",
        ) from error


def _moment(text: str, calendar: Calendar) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(
            f"`{text}` is no moment.", hint=f"Write one {_MOMENT}"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=calendar.tz)


def _amount(text: str) -> timedelta:
    try:
        return duration(text) if text[:1] != "-" else -duration(text[1:])
    except BadDuration as error:
        raise BadRequest(
            f"`{text}` cannot be added: {error}.",
            hint="Write working time as in PT8H or PT1H30M.",
        ) from error
