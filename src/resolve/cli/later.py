"""Groups of commands that are loaded when one of them runs.

So `resolve --help` and `resolve check` need not wait for the database's libraries,
and the modules of commands import at their top like all others.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import ClassVar

import typer.main
from typer.core import TyperCommand, TyperGroup


class _Later(TyperGroup):
    """A group whose commands are those of `commands` in the module named."""

    module: ClassVar[str]

    @property  # type: ignore[override]
    def commands(self) -> MutableMapping[str, TyperCommand]:
        return typer.main.get_group(import_module(self.module).commands).commands  # type: ignore[return-value]

    @commands.setter
    def commands(self, _none: object) -> None:
        """Take what Typer sets at the beginning: there are none yet."""


def later(module: str, text: str) -> typer.Typer:
    """Make a group of the commands in this module, with its line in the help."""
    cls = type("Later", (_Later,), {"module": module})
    return typer.Typer(cls=cls, help=text, no_args_is_help=True)
