"""`resolve settings`: what can be set, what it means, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from resolve.cli.output import print_json, print_note, print_table
from resolve.kit.errors import Invalid

if TYPE_CHECKING:
    from resolve.kit.settings import Settings

_HIDDEN = "(hidden)"


def settings(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every setting with its meaning, its default and its present value."""
    from resolve.kit.settings import settings as present  # noqa: PLC0415  slow

    try:
        values, wrong = present(), None
    except Invalid as error:
        values, wrong = None, error
    rows = _rows(values)
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("setting", "value", "default", "meaning"),
            ((r["name"], r["value"], r["default"], r["meaning"]) for r in rows),
        )
    if wrong is not None:
        print_note(wrong.message)
        raise typer.Exit(1)


def _rows(values: Settings | None) -> list[dict[str, Any]]:
    from resolve.kit.settings import Settings  # noqa: PLC0415  slow

    return [
        {
            "name": f"RESOLVE_{name.upper()}",
            "value": _shown(getattr(values, name, None)),
            "default": _shown(field.default),
            "meaning": field.description,
        }
        for name, field in Settings.model_fields.items()
    ]


def _shown(value: object) -> object:
    from pydantic import SecretStr  # noqa: PLC0415  slow

    if isinstance(value, SecretStr):
        return _HIDDEN
    return value if value is None or isinstance(value, (int, float)) else str(value)
