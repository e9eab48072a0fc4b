"""`resolve complaint list | show | answer | close`: the customer's side."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Annotated, Any

import typer

from resolve.access.people import BY_COMMAND
from resolve.analytics import lists, shapes
from resolve.cli import naming
from resolve.cli.house import Cursor, In, Json, Limit, changing, looking
from resolve.cli.output import print_done, print_json, print_page
from resolve.cli.showing import reader, show_complaint
from resolve.complaints import service
from resolve.complaints.models import ClosedAs, ComplaintStatus
from resolve.kit import clock

commands = typer.Typer(rich_markup_mode=None)

Name = Annotated[
    str, typer.Argument(metavar="COMPLAINT", help="Its number, its id or a part of it.")
]
Names = Annotated[
    list[str],
    typer.Argument(metavar="COMPLAINT...", help="Numbers, ids or parts of them."),
]


@commands.command("list")
def list_(
    *,
    status: Annotated[
        ComplaintStatus | None, typer.Option(help="Only those that are so.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Only those of this source.")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="Only the one that the source calls so.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_json: Json = False,
) -> None:
    """List complaints, those changed longest ago first."""
    with looking() as session:
        page = lists.complaints(
            session,
            lists.Wanted(limit, cursor),
            status=status,
            source=source,
            reference=reference,
        )
        rows = shapes.complaints(session, page.rows)
    print_page(rows, page.next_cursor, _COLUMNS, as_json=as_json)


@commands.command()
def show(name: Name, *, language: In = None, as_json: Json = False) -> None:
    """Show a complaint: the customer's words, the answer, the clock."""
    with looking() as session:
        by = reader(session, language)
        (shown,) = shapes.complaints(session, [naming.complaint(session, name)])
    if as_json:
        print_json(shown)
    else:
        show_complaint(shown, by)


@commands.command()
def answer(
    names: Names,
    *,
    text: Annotated[
        str, typer.Option(help="What the customer is told; - reads standard input.")
    ],
    remedy: Annotated[
        str | None, typer.Option(help="What the customer gets with it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer the customer; several complaints get the same answer, all or none."""
    said = sys.stdin.read() if text == "-" else text
    with changing() as session:
        at = clock.now()
        rows = [
            service.answer(
                session,
                naming.complaint(session, name).id,
                text=said,
                remedy=remedy,
                who=BY_COMMAND,
                at=at,
            )
            for name in names
        ]
        shown = shapes.complaints(session, rows)
    print_done(shown, f"{_list(shown)}: answered.", as_json=as_json)


@commands.command()
def close(
    names: Names,
    *,
    closed_as: Annotated[
        ClosedAs, typer.Option("--as", help="How the customer's side ended.")
    ],
    as_json: Json = False,
) -> None:
    """End the customer's side, of several complaints all or none."""
    with changing() as session:
        at = clock.now()
        rows = [
            service.close(
                session,
                naming.complaint(session, name).id,
                closed_as=closed_as,
                who=BY_COMMAND,
                at=at,
            )
            for name in names
        ]
        shown = shapes.complaints(session, rows)
    print_done(shown, f"{_list(shown)}: closed, {closed_as}.", as_json=as_json)


def _list(shown: list[dict[str, Any]]) -> str:
    return ", ".join(one["number"] for one in shown)


_COLUMNS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "number": itemgetter("number"),
    "status": itemgetter("status"),
    "case": lambda row: naming.short(row["case"]),
    "touchpoint": itemgetter("touchpoint"),
    "promise": itemgetter("promise"),
    "source": itemgetter("source"),
    "received": itemgetter("received_at"),
    "answer due": lambda row: row["clocks"][0]["due"] if row["clocks"] else None,
}
