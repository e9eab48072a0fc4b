"""The commands, put together.

Everything imported here is paid by every command: modules of commands import what is
slow (prefect, sqlmodel, networkx, rich) inside their functions.
"""

from __future__ import annotations

import typer

from resolve.cli import calendars, chains

app = typer.Typer(
    help="Resolve complaints across departments, along the value chain.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command()(chains.check)
app.command()(chains.walk)
app.command()(chains.draw)
app.add_typer(calendars.calendars, name="calendar")


@app.callback()
def _resolve() -> None:
    """Keep `resolve` a group of commands, however many there are."""
