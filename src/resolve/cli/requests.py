"""`resolve request ask | reply`: what neighbours on the chain need of each other."""

from __future__ import annotations

from typing import Annotated

import typer

from resolve.analytics import shapes
from resolve.cli import naming
from resolve.cli.house import As, Json, acting, changing
from resolve.cli.output import print_done
from resolve.kit import clock
from resolve.tasks import requests

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def ask(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="The task that it is needed for.")
    ],
    *,
    department: Annotated[str, typer.Option(help="The neighbour who is asked.")],
    what: Annotated[str, typer.Option(help="What is needed.")],
    by: As = None,
    as_json: Json = False,
) -> None:
    """Ask a neighbour on the chain for what a department needs."""
    with changing() as session:
        found = naming.task(session, task)
        who = acting(session, by, on=found.department_id)
        made = requests.ask(
            session, found.id, department=department, what=what, who=who, at=clock.now()
        )
        shown = [shapes.request_shape(made)]
    said = f"Request {naming.short(made.id)}: {department} is asked."
    print_done(shown, said, as_json=as_json)


@commands.command()
def reply(
    name: Annotated[
        str, typer.Argument(metavar="REQUEST", help="Its id, or a part of it.")
    ],
    *,
    accept: Annotated[bool, typer.Option("--accept", help="It will be so.")] = False,
    instead: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What is proposed otherwise.")
    ] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    """Accept what a neighbour asks for, or propose something else."""
    if accept == (instead is not None):
        raise typer.BadParameter("give either --accept, or --instead TEXT")
    with changing() as session:
        found = naming.request(session, name)
        who = acting(session, by, on=found.department_id)
        at = clock.now()
        made = requests.reply(
            session, found.id, accept=accept, instead=instead, who=who, at=at
        )
        shown = [shapes.request_shape(made)]
    said = "is accepted" if accept else "has another proposal"
    print_done(shown, f"Request {naming.short(made.id)} {said}.", as_json=as_json)
