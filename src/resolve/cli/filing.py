"""`resolve file`: complaints from somebody's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resolve.cli.output import print_json, print_line, print_note

if TYPE_CHECKING:
    from resolve.complaints.bulk import Tally
    from resolve.complaints.mapping import RowMapping
    from resolve.mappings.records import Records


def file(
    table: Annotated[
        Path, typer.Argument(metavar="FILE", help="A table: CSV or NDJSON.")
    ],
    *,
    mapping: Annotated[
        Path, typer.Option(help="The file that says what its columns mean.")
    ],
    rejected: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where rejected rows go; by default FILE.rejected.csv.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """File the complaints of a table; a second time files nothing twice.

    Rows that are rejected go to a file with the reason, the rest is filed.
    """
    known = _mapping(mapping)
    records = _records(table, known)
    tally, where = _file(table, records, known, rejected)
    if as_json:
        print_json(_shape(tally, where))
    else:
        _print_tally(tally, where)
    _note_what_was_unclear(tally, known)
    if tally.rejected:
        raise typer.Exit(1)


def _mapping(path: Path) -> RowMapping:
    from resolve.chain.tree import LARGEST  # noqa: PLC0415  slow
    from resolve.complaints.mapping import read_mapping  # noqa: PLC0415  slow
    from resolve.mappings.form import InvalidMapping  # noqa: PLC0415  slow

    try:
        return read_mapping(_bytes(path, LARGEST + 1), name=str(path))
    except InvalidMapping as error:
        for finding in error.findings[1:]:
            print_note(str(finding))
        raise


def _records(path: Path, mapping: RowMapping) -> Records:
    from resolve.mappings.records import records_of  # noqa: PLC0415  slow

    return records_of(_bytes(path), mapping, name=str(path))


def _bytes(path: Path, most: int = -1) -> bytes:
    from resolve.kit.errors import NotFound  # noqa: PLC0415  slow

    try:
        with path.open("rb") as opened:
            return opened.read(most)
    except (OSError, ValueError) as why:
        reason = why.strerror if isinstance(why, OSError) else why
        raise NotFound(
            f"The file {path} cannot be read: {reason}.",
            hint="Look at its name and its permissions. Nothing was filed.",
        ) from why


def _file(
    path: Path, records: Records, mapping: RowMapping, rejected: Path | None
) -> tuple[Tally, Path | None]:
    from resolve.access.people import BY_COMMAND  # noqa: PLC0415  slow
    from resolve.cli.house import opened  # noqa: PLC0415  slow
    from resolve.cli.rejected_rows import RejectedRows  # noqa: PLC0415  slow
    from resolve.complaints.bulk import file_rows  # noqa: PLC0415  slow
    from resolve.complaints.filing import House  # noqa: PLC0415  slow
    from resolve.complaints.rows import rows_of  # noqa: PLC0415  slow
    from resolve.kit import clock  # noqa: PLC0415  slow
    from resolve.kit.settings import settings  # noqa: PLC0415  slow

    set_ = settings()
    house = House(set_.quality_manager, set_.answer_within)
    with (
        RejectedRows(path, rejected, records.header, mapping) as out,
        _progress(sum(1 for _ in records)) as done,
    ):
        tally = file_rows(
            opened(),
            rows_of(records, mapping),
            house=house,
            who=BY_COMMAND,
            now=clock.now,
            reject=lambda row, reason: out.add(row.record, reason),
            done=done,
        )
    return tally, out.path


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while rows are filed, if it is a terminal."""
    from rich.console import Console  # noqa: PLC0415  slow
    from rich.progress import Progress  # noqa: PLC0415  slow

    console = Console(stderr=True)
    with Progress(
        console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("Filing", total=total)
        yield lambda n: progress.advance(bar, n)


def _shape(tally: Tally, where: Path | None) -> dict[str, Any]:
    return {
        "filed": tally.filed,
        "already_there": tally.already_there,
        "rejected": tally.rejected,
        "to_be_placed": tally.to_be_placed,
        "warnings": dict(sorted(tally.unclear.items())),
        "rejected_rows": str(where) if where else None,
    }


def _print_tally(tally: Tally, where: Path | None) -> None:
    print_line(
        f"{tally.filed} filed, {tally.already_there} already there, "
        f"{tally.rejected} rejected, {tally.to_be_placed} to be placed."
    )
    if where:
        print_line(f"The rejected rows and why: {where}")


def _note_what_was_unclear(tally: Tally, mapping: RowMapping) -> None:
    """Say what a person can mend for all rows at once."""
    unknown = tally.unclear["unknown_map"]
    if unknown and "map" in mapping.constants:
        print_note(
            f"No map `{mapping.constants['map']}` is published, so these cases wait "
            "to be placed: publish it with `resolve map publish FILE` before filing."
        )
