"""`resolve db upgrade`."""

from __future__ import annotations

import typer
from alembic.util.exc import CommandError

from resolve.cli.house import reached
from resolve.cli.output import print_line
from resolve.kit.errors import Unavailable
from resolve.migrations import is_newest
from resolve.migrations import upgrade as bring_up

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def upgrade() -> None:
    """Make the tables, or bring them to the form of this version; twice is once."""
    database = reached()
    try:
        already = is_newest(database)
        bring_up(database)
    except CommandError as error:
        raise Unavailable(
            "The database was made by a newer version of Resolve.",
            hint="Work on it with that version.",
        ) from error
    finally:
        database.engine.dispose()
    print_line(f"The database has the newest form {'already' if already else 'now'}.")
