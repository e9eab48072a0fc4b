"""What commands print: JSON for programs, tables and sentences for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from resolve.kit.errors import Unavailable

_WIDE = 240


def print_json(value: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """Print a value as JSON, readable and in the order it has."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def print_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def print_note(text: str) -> None:
    """Print a sentence that is no result, so that a result can be piped on."""
    sys.stderr.write(f"{text}\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; None is an empty cell, a tuple or list is joined by commas."""
    from rich import box  # noqa: PLC0415  slow, and JSON needs none of it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*columns, box=box.SIMPLE, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(table)


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file, or say in a sentence why not."""
    try:
        path.write_bytes(content)
    except OSError as why:
        raise Unavailable(
            f"{path} cannot be written: {why.strerror}.",
            hint="Name a file in a folder that you may write to.",
        ) from why


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return ", ".join(str(item) for item in value)
    return str(value)
