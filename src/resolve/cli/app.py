"""The commands, put together.

Everything imported here is paid by every command: what is slow (prefect, sqlmodel,
networkx, rich) is imported inside functions, or in a module of a group, which is
loaded when one of its commands runs.
"""

from __future__ import annotations

import typer

from resolve.cli import chains, demonstration, filing, serving, setting_list
from resolve.cli.later import later

app = typer.Typer(
    help="Resolve complaints across departments, along the value chain.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_GROUPS = (
    ("map", "maps", "Publish maps and list them."),
    ("complaint", "complaints", "The customer's side: see, answer, close."),
    ("case", "cases", "Our side: see, place, review, agree, close."),
    ("task", "tasks", "What departments are asked: see, answer, extend, pass on."),
    ("request", "requests", "What neighbours on the chain ask of each other."),
    ("handover", "handovers", "What both sides of a hand-over agree on."),
    ("department", "departments", "The register of departments."),
    ("times", "times", "When steps of orders really began and ended."),
    ("calendar", "calendars", "Store working hours, and reckon with them."),
    ("message", "messages", "What was told to whom."),
    ("event", "events", "What the engine could not do by itself."),
    ("user", "users", "People: who they are, and how they sign in."),
    ("key", "keys", "Keys of API clients."),
    ("audit", "audits", "Check that the journal is whole."),
    ("db", "databases", "Look after the database."),
)

app.command()(chains.check)
app.command()(chains.walk)
app.command()(chains.draw)
app.command()(filing.file)
app.command("settings")(setting_list.settings)
app.command()(demonstration.demo)
app.command()(serving.serve)
app.command()(serving.worker)
for _name, _module, _help in _GROUPS:
    app.add_typer(later(f"resolve.cli.{_module}", _help), name=_name)


@app.callback()
def _resolve() -> None:
    """Keep `resolve` a group of commands, however many there are."""
