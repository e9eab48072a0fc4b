"""`resolve demo`: a small company with cases in every state, left running."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resolve.cli.output import print_line, print_note
from resolve.kit import clock
from resolve.kit.settings import Settings, settings

if TYPE_CHECKING:
    from resolve.complaints.filing import House
    from resolve.demo.people import Way
    from resolve.kit.database import Database

_MIB = 1024 * 1024


def demo(
    *,
    scale: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Write N cases in bulk, and end."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives N other cases.")] = 1,
) -> None:
    """Found a small company with cases in every state, and run it until Ctrl-C."""
    from resolve.kit.database import open_database  # noqa: PLC0415  slow
    from resolve.launcher.preparing import prepare_database  # noqa: PLC0415  slow

    chosen = settings()
    prepare_database(chosen)
    database = open_database(chosen.url)
    if scale is None:
        _run(database, chosen)
    else:
        _write_many(database, chosen, scale, seed)


def _run(database: Database, chosen: Settings) -> None:
    from resolve.demo.telling import begin  # noqa: PLC0415  slow
    from resolve.kit.logs import start_logging  # noqa: PLC0415  slow
    from resolve.launcher.serving import serve  # noqa: PLC0415  slow

    if begin(database, now=clock.now(), house=_house(chosen)):
        print_note("Warm House is founded, and what happened there is told.")
    else:
        print_note("Warm House goes on as it was left.")
    print_note("Starting Resolve ...")
    start_logging(chosen.log_level)
    serve(chosen, say=lambda address: _show(database, chosen, address))
    print_note("Stopped. The next run goes on with the same company.")


def _house(chosen: Settings) -> House:
    from resolve.complaints.filing import House  # noqa: PLC0415  slow

    return House(chosen.quality_manager, chosen.answer_within)


def _show(database: Database, chosen: Settings, address: str) -> None:
    """Say where to look and how to sign in, once it answers."""
    from resolve.demo.people import ways_in  # noqa: PLC0415  slow
    from resolve.demo.sights import key  # noqa: PLC0415  slow
    from resolve.demo.telling import file_live  # noqa: PLC0415  slow

    filed = file_live(database, now=clock.now(), house=_house(chosen))
    print_line(f"\nPicture of this case: {_show_a_case(database, chosen)}")
    print_line("More of them:         resolve case list, resolve task list")
    if filed:
        print_line(f"Filed just now:       {filed} complaints; the engine walks them")
    print_line(f"A key for the API:    {key(database, chosen, at=clock.now())}")
    print_line(f"What the API can do:  {address}/api/docs")
    _print_ways(ways_in(database, at=clock.now()), address)
    print_line(f"Resolve is ready: {address}")
    print_line("Ctrl-C stops it; what happened stays.")
    sys.stdout.flush()


def _show_a_case(database: Database, chosen: Settings) -> Path:
    """Print a case, draw it, and give the file of the picture."""
    from resolve.cli.showing import looked_at, reader, show_case  # noqa: PLC0415  slow
    from resolve.demo import sights  # noqa: PLC0415  slow
    from resolve.kit.database import reading  # noqa: PLC0415  slow

    with reading(database) as session:
        name, content = sights.picture(session)
        by = reader(session, None)
        show_case(looked_at(session, sights.shown_case(session), by), by)
    file = chosen.file("demo", name)
    file.write_bytes(content)
    return file


def _print_ways(ways: Sequence[Way], address: str) -> None:
    """Print a link for everybody: last on its line, so that it stays whole."""
    print_line("")
    print_line("Sign in as one of these people. A link works once; the next run makes")
    print_line("new ones. Several at once: a private window for each.")
    print_line("")
    roles, names = (
        max(len(getattr(way, of)) for way in ways) for of in ("role", "name")
    )
    for way in ways:
        about = f"{way.role:{roles}}  {way.name:{names}}  {way.language}"
        print_line(f"{about}  {address}/link/{way.secret}")
    print_line("")


# ------------------------------------------------------------------------- many cases


def _write_many(database: Database, chosen: Settings, n: int, seed: int) -> None:
    from resolve.demo.bulk import size  # noqa: PLC0415  slow
    from resolve.demo.people import take_in_people  # noqa: PLC0415  slow
    from resolve.demo.scale import write_many  # noqa: PLC0415  slow
    from resolve.demo.telling import begin_empty  # noqa: PLC0415  slow
    from resolve.journal.keys import seal_key  # noqa: PLC0415  slow
    from resolve.kit.database import reading, transaction  # noqa: PLC0415  slow

    began = clock.now()
    begin_empty(database, now=began)
    with transaction(database) as session:
        take_in_people(session, at=began)
    with _progress(n) as done:
        written = write_many(
            database,
            n,
            now=began,
            house=_house(chosen),
            key=seal_key(chosen),
            seed=seed,
            tell_progress=done,
        )
    seconds = (clock.now() - began).total_seconds()
    with reading(database) as session:
        takes = size(session) / _MIB
    print_line(
        f"{written.cases:,} cases with {written.tasks:,} tasks written in "
        f"{seconds:,.1f} s: {written.cases / seconds:,.0f} a second. "
        f"The database takes {takes:,.0f} MiB."
    )


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error, if it is a terminal."""
    from rich.console import Console  # noqa: PLC0415  slow
    from rich.progress import Progress  # noqa: PLC0415  slow

    console = Console(stderr=True)
    with Progress(
        console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("Writing", total=total)
        yield lambda n: progress.advance(bar, n)
