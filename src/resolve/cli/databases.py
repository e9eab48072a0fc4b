"""`resolve db upgrade`."""

from __future__ import annotations

import typer

from resolve.cli.house import reached
from resolve.cli.output import print_line
from resolve.migrations import is_newest
from resolve.migrations import upgrade as bring_up

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def upgrade() -> None:
    """Make the tables, or bring them to the form of this version; twice is once."""
    database = reached()
    if is_newest(database):
        print_line("The database has the newest form already.")
        return
    bring_up(database)
    print_line("The database has the newest form now.")
