"""`resolve calendar set | due | between`: calendars, and working time by them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from resolve.chain.durations import BadDuration, duration
from resolve.cli.find_map import a_database_is_there
from resolve.cli.output import print_json, print_line
from resolve.clocks.calendar import DEFAULT, Calendar
from resolve.clocks.calendar_file import read_calendar
from resolve.clocks.working_time import add_working_time, working_seconds
from resolve.kit import clock
from resolve.kit.errors import BadRequest, NotFound

commands = typer.Typer(rich_markup_mode=None)

CalendarArgument = Annotated[
    str,
    typer.Argument(
        metavar="CALENDAR", help="A calendar file, or the id of a stored one."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
_MOMENT = "such as 2026-11-23T09:00Z; without a zone, that of the calendar."


@commands.command("set")
def set_(
    calendar: Annotated[
        str,
        typer.Argument(metavar="ID", help="`default` is that of all who name none."),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A calendar file.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Store a calendar; clocks that run already keep the one they began with."""
    # The rest of this module needs no database.
    from resolve.access.people import BY_COMMAND  # noqa: PLC0415  slow
    from resolve.cli.house import changing  # noqa: PLC0415
    from resolve.departments.service import set_calendar  # noqa: PLC0415

    source = content_of(file)
    with changing() as session:
        at = clock.now()
        made = set_calendar(session, calendar, source, who=BY_COMMAND, at=at)
    if as_json:
        print_json({"calendar": made.id, "revision": made.revision} | made.source)
    else:
        print_line(f"The calendar {made.id} is stored, revision {made.revision}.")


@commands.command()
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


@commands.command()
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


def content_of(name: str) -> bytes:
    """Read a calendar file.

    Raises:
        NotFound: it is not there, or may not be read.
    """
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotFound(
            f"The calendar file {name} cannot be read: {why}.",
            hint="Give the path of a calendar file.",
        ) from error


def _calendar(name: str) -> Calendar:
    """Read a file; else give the calendar stored under this id, or the default."""
    if Path(name).exists():
        return read_calendar(content_of(name), name=name)
    found = None
    if a_database_is_there():
        from resolve.cli.published import stored_calendar  # noqa: PLC0415  slow

        found = stored_calendar(name)
    if found is None and name == "default":
        found = DEFAULT
    return found or read_calendar(content_of(name), name=name)


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
