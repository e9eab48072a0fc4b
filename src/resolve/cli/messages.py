"""`resolve message list`: what was told to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Annotated, Any

import typer

from resolve.analytics import lists, shapes
from resolve.cli.house import Cursor, Json, Limit, looking
from resolve.cli.naming import short
from resolve.cli.output import print_page

commands = typer.Typer(rich_markup_mode=None)


@commands.command("list")
def list_(
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="RECIPIENT", help="Such as department:stock or person:anna."
        ),
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """List messages in the order they were told."""
    with looking() as session:
        page = lists.messages(session, lists.Wanted(limit, cursor), recipient=to)
        rows = [shapes.message_shape(row) for row in page.rows]
    print_page(rows, page.next_cursor, _COLUMNS, as_json=as_json)


_COLUMNS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "at": itemgetter("at"),
    "kind": itemgetter("kind"),
    "to": itemgetter("to"),
    "case": lambda row: short(row["case"]),
    "mailed": itemgetter("mailed_at"),
}
