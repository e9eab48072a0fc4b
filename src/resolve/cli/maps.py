"""`resolve map publish | list`."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from resolve.chain.reader import read
from resolve.cli.find_map import file_or_shipped
from resolve.cli.house import ADMINISTRATOR, Json, changing, looking, spoken
from resolve.cli.output import print_json, print_line, print_note, print_table
from resolve.kit import clock
from resolve.maps.models import Map
from resolve.maps.queries import chain_of, maps, version
from resolve.maps.service import publish as publish_map

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
        made, new = publish_map(
            session, found.source, who=ADMINISTRATOR, at=clock.now()
        )
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
