"""`resolve times import | export | show | waits`: when steps really began and ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from resolve.access.people import BY_COMMAND
from resolve.cli.house import Json, looking, opened
from resolve.cli.logs import bytes_of, mapping_in
from resolve.cli.output import (
    print_json,
    print_line,
    print_note,
    write_file,
    write_lines,
)
from resolve.cli.rejected_rows import RejectedRows
from resolve.cli.timing import show
from resolve.cli.waiting import waits
from resolve.journal.keys import seal_key
from resolve.kit import clock
from resolve.kit.errors import Invalid
from resolve.kit.settings import settings
from resolve.mappings.records import Records
from resolve.maps.queries import chain_of
from resolve.steptimes.bulk import Into, take_log
from resolve.steptimes.errors import NoActivities
from resolve.steptimes.exporting import LogFormat, exported, form_of, is_table, lines
from resolve.steptimes.logs import Line, Tally, lines_of
from resolve.steptimes.mapping import steps_by_name
from resolve.steptimes.opening import open_log
from resolve.steptimes.rows import Refusal
from resolve.steptimes.service import Taken

commands = typer.Typer(rich_markup_mode=None)
commands.command("show")(show)
commands.command("waits")(waits)
_SHOWN = 5


@commands.command("import")
def import_(
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="CSV, NDJSON, XES or OCEL, also .gz.")
    ],
    *,
    map_id: Annotated[
        str | None, typer.Option("--map", help="The published map of its steps.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="The file that says what columns and activities mean."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="The system it comes from; default its name.")
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where rejected rows go.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in the step times of a log; a second time takes nothing twice.

    The file is read into memory as a whole; its rows go in 10,000 at a time.
    """
    said = mapping_in(mapping)
    content, bare = bytes_of(log)
    records, known = open_log(content, said, name=bare)
    wanted = map_id or known.map
    if wanted is None:
        raise Invalid(
            "The map is not named.",
            hint="Add --map MAP, or `constants: {map: MAP}` to the mapping.",
        )
    with looking() as session:
        chain = chain_of(session, wanted)
    into = Into(
        wanted,
        source or known.source or Path(bare).stem,
        seal_key(settings()),
        BY_COMMAND,
    )
    tally = Tally()
    steps = steps_by_name(chain, known)
    lines = lines_of(records, known, steps, now=clock.now(), tally=tally)
    with RejectedRows(log, rejected, records.header, known) as out:
        taken = _take(records, lines, into, out)
    _guard_something_matched(tally, wanted)
    _tell(tally, taken, out.path, as_json=as_json)
    if tally.rejected:
        raise typer.Exit(1)


@commands.command()
def export(
    map_id: Annotated[
        str, typer.Argument(metavar="MAP", help="The map whose step times it is.")
    ],
    *,
    form: Annotated[
        LogFormat | None,
        typer.Option("--format", help="By default what the file is called, or XES."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="A file: .csv[.gz], .ndjson[.gz], .xes[.gz], .jsonocel, .xmlocel "
            "or .sqlite.",
        ),
    ] = None,
) -> None:
    """Give the step times of a map as a log that others read.

    CSV and NDJSON are written as they are read, however many there are. XES and OCEL
    are made by a library that takes the whole log into memory.
    """
    name = output.name if output else ""
    wanted = form or form_of(name)
    with looking() as session:
        chain = chain_of(session, map_id)
        if is_table(wanted, name=name):
            _write_lines(output, lines(session, chain, wanted))
        else:
            _write_whole(output, exported(session, chain, wanted, name=name))
    if output is not None:
        print_line(str(output))


def _write_lines(output: Path | None, written: Iterator[str]) -> None:
    if output is None:
        sys.stdout.writelines(written)
    else:
        write_lines(output, written)


def _write_whole(output: Path | None, log: bytes) -> None:
    if output is None:
        print_line(log.decode())
    else:
        write_file(output, log)


def _take(
    records: Records, lines: Iterator[Line], into: Into, out: RejectedRows
) -> Taken:
    def reject(line: Line) -> None:
        if line.why is not Refusal.UNKNOWN_STEP:
            out.add(line.record, f"{line.why}: {line.detail}".removesuffix(": "))

    database = opened()
    try:
        with _progress(sum(1 for _ in records)) as done:
            return take_log(
                database, lines, into, now=clock.now, reject=reject, done=done
            )
    finally:
        database.engine.dispose()


def _guard_something_matched(tally: Tally, map_id: str) -> None:
    if tally.rows and not tally.orders and tally.unmatched:
        most = tally.unmatched.most_common(_SHOWN)
        names = ", ".join(f"`{name}`" for name, _ in most)
        raise NoActivities(
            f"No activity of the log is a step of {map_id}; it has {names} "
            f"in {tally.unmatched.total()} rows.",
            hint="Say in a mapping which step each is: `activities: {NAME: STEP}`.",
            unmatched_activities=dict(tally.unmatched),
        )


def _tell(tally: Tally, taken: Taken, where: Path | None, *, as_json: bool) -> None:
    shape = _shape(tally, taken)
    if as_json:
        print_json(shape)
        return
    print_line(
        f"{shape['orders']} orders, {shape['activities']} activities: {taken.new} new, "
        f"{taken.same} there already, {taken.replaced} replaced, "
        f"{tally.rejected.total()} rejected."
    )
    if tally.first and tally.last:
        print_line(f"From {tally.first.date()} to {tally.last.date()}.")
    for reason, number in tally.rejected.most_common():
        print_note(f"{number} rejected: {reason}.")
    for name, number in tally.unmatched.most_common():
        print_note(f"{number} rows of `{name}` are no step of the map.")
    if where:
        print_line(f"The rejected rows and why: {where}")


def _shape(tally: Tally, taken: Taken) -> dict[str, Any]:
    span = None
    if tally.first and tally.last:
        span = [clock.iso(tally.first), clock.iso(tally.last)]
    return {
        "orders": len(tally.orders),
        "activities": len(tally.activities),
        "rows": tally.rows,
        "new": taken.new,
        "same": taken.same,
        "replaced": taken.replaced,
        "rejected": dict(sorted(tally.rejected.items())),
        "span": span,
        "unmatched_activities": dict(sorted(tally.unmatched.items())),
    }


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    console = Console(stderr=True)
    with Progress(
        console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("Taking in", total=total)
        yield lambda n: progress.advance(bar, n)
