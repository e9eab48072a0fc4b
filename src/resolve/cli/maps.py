"""`resolve map publish | list | discover`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from resolve.access.people import BY_COMMAND
from resolve.chain.reader import read
from resolve.cli.find_map import file_or_shipped
from resolve.cli.house import Json, changing, looking, spoken
from resolve.cli.logs import bytes_of, mapping_in
from resolve.cli.output import (
    harmless,
    print_json,
    print_line,
    print_note,
    print_table,
    write_file,
)
from resolve.kit import clock
from resolve.kit.language import language
from resolve.maps.models import Map
from resolve.maps.queries import chain_of, maps, version
from resolve.maps.service import publish as publish_map
from resolve.steptimes.columns import as_written, by_name, columns_in
from resolve.steptimes.discovering import (
    FEWEST_SHARE,
    Log,
    drafted,
    few_in_words,
    log_of,
)
from resolve.steptimes.eventlogs import is_event_log
from resolve.steptimes.mapping import LogMapping
from resolve.steptimes.opening import open_log

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def publish(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A map file, or a map shipped.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Publish a map as its next version; cases under way keep theirs."""
    found = file_or_shipped(file)
    reading_ = read(found.source, name=found.name)
    for finding in reading_.findings:
        print_note(str(finding))
    with changing() as session:
        made, new = publish_map(session, found.source, who=BY_COMMAND, at=clock.now())
    if as_json:
        print_json({"map": made.map_id, "version": made.version, "new": new})
    else:
        how = "is published" if new else "is what is published already"
        print_line(f"{made.map_id} version {made.version} {how}.")


@commands.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the published maps with their newest version."""
    with looking() as session:
        rows = [_shape(session, one) for one in maps(session)]
    if as_json:
        print_json(rows)
    else:
        columns = ("map", "version", "title", "status", "published_at")
        print_table(columns, ([row[name] for name in columns] for row in rows))


@commands.command()
def discover(  # noqa: PLR0913  the command line names them
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="CSV, NDJSON, XES or OCEL, also .gz.")
    ],
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(help="The file that says what columns and words mean."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Where the map goes; default: printed."),
    ] = None,
    min_share: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Leave out what fewer orders than this share have."
        ),
    ] = FEWEST_SHARE,
    map_id: Annotated[
        str | None, typer.Option("--id", help="The id of the map; default: the log's.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the map is called.")] = None,
    as_json: Json = False,
) -> None:
    """Draft a map from a log: the ways that orders really went."""
    content, bare = bytes_of(log)
    said = mapping_in(mapping) or _as_named(content, bare)
    records, known = open_log(content, said, name=bare)
    found = log_of(records, known)
    name = Path(bare).name.partition(".")[0]
    made = drafted(
        found, identifier=map_id or known.map or name, title=title or name,
        share=min_share,
    )  # fmt: skip
    if output is not None:
        write_file(output, made.source.encode())
    if as_json:
        print_json(found.as_json())
    else:
        _tell(found, print_line if output else print_note)
        print_line(str(output) if output else made.source.rstrip("\n"))
    for sentence in few_in_words(found.found.orders, language("en")):
        print_note(sentence)
    for reason, number in found.rejected.most_common():
        print_note(f"{number} rows cannot be used: {reason}.")


def _as_named(content: bytes, name: str) -> LogMapping | None:
    """Say what the columns of a table mean by their names, as the browser does."""
    if is_event_log(name):
        return None
    known = as_written(content, LogMapping())
    return by_name(known, columns_in(content, known, name=name), {})


def _tell(found: Log, line: Callable[[str], None]) -> None:
    """Say what the log holds: edges by how often they were gone."""
    shape = found.found
    line(
        f"{shape.orders} orders, {shape.events} events, {len(shape.activities)} "
        f"activities, {len(shape.variants)} variants."
    )
    for edge in sorted(shape.edges.values(), key=lambda one: -one.count):
        line(f"{edge.count:>8}  {harmless(f'{edge.source} > {edge.target}')}")


def _shape(session: Session, one: Map) -> dict[str, object]:
    newest = version(session, one.id)
    return {
        "map": one.id,
        "version": one.newest,
        "title": chain_of(session, one.id).title.in_(spoken(None).code),
        "status": one.status,
        "published_at": clock.iso(newest.published_at),
        "published_by": newest.published_by,
    }
