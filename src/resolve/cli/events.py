"""`resolve event list | retry | set-aside`: what the engine could not do by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from resolve.access.people import BY_COMMAND
from resolve.cli.house import Json, changing, looking
from resolve.cli.naming import short
from resolve.cli.output import print_json, print_line, print_table
from resolve.handling.failures import set_event_aside
from resolve.kit import clock
from resolve.outbox.models import Event
from resolve.outbox.queries import failed, waiting
from resolve.outbox.service import retry as try_again

commands = typer.Typer(rich_markup_mode=None)

Id = Annotated[
    int,
    typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="As in `event list`."),
]


@commands.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the events that keep failing, and say how many wait."""
    with looking() as session:
        rows = [_shape(event) for event in failed(session)]
        count, since = waiting(session, at=clock.now())
    if as_json:
        oldest = clock.iso(since) if since else None
        print_json({"failed": rows, "waiting": count, "oldest_waiting": oldest})
        return
    if rows:
        columns = ("id", "topic", "case", "at", "tries", "error")
        shown = ({**row, "case": short(str(row["case"]))} for row in rows)
        print_table(columns, ([row[name] for name in columns] for row in shown))
    print_line(
        f"{len(rows)} need a person, {count} wait"
        + (f", the oldest since {clock.iso(since)}." if since else ".")
    )


@commands.command()
def retry(event: Id) -> None:
    """Let a failed event be tried again, from the first try."""
    with changing() as session:
        try_again(session, event, who=BY_COMMAND, at=clock.now())
    print_line(f"Event {event} is tried again.")


@commands.command("set-aside")
def set_aside(
    event: Id,
    *,
    reason: Annotated[str, typer.Option(help="Why it shall have no effect.")],
) -> None:
    """Decide that a failed event shall have no effect."""
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    with changing() as session:
        set_event_aside(session, event, reason=reason, who=BY_COMMAND, at=clock.now())
    print_line(f"Event {event} is set aside.")


def _shape(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "topic": event.topic,
        "case": event.case_id,
        "at": clock.iso(event.at),
        "tries": event.tries,
        "error": event.error,
    }
