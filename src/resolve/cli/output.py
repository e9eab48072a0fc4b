"""What commands print: JSON for programs, tables and sentences for people."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from resolve.kit.errors import Unavailable

_WIDE = 240
_READABLE = 100
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


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


def print_paragraph(text: str, *, indent: int = 0) -> None:
    """Print a text for people, wrapped; its own line breaks stay."""
    width = _READABLE
    if sys.stdout.isatty():
        width = min(width, shutil.get_terminal_size().columns)
    margin = " " * indent
    for line in harmless(text).splitlines() or [""]:
        print_line(
            textwrap.fill(line, width, initial_indent=margin, subsequent_indent=margin)
        )


def harmless(text: str) -> str:
    """Give a text that no terminal takes for a command: without control characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def print_done(
    shown: Sequence[Mapping[str, Any]], sentence: str, *, as_json: bool
) -> None:
    """Say what was done; as JSON the thing itself, or a list of several."""
    if not as_json:
        print_line(sentence)
    elif len(shown) == 1:
        print_json(shown[0])
    else:
        print_json(list(shown))


def print_page(
    rows: Sequence[Mapping[str, Any]],
    next_cursor: str | None,
    columns: Mapping[str, Callable[[Mapping[str, Any]], object]],
    *,
    as_json: bool,
) -> None:
    """Print a page of a list: as JSON with the cursor of the next one, or a table."""
    if as_json:
        page = {"next_cursor": next_cursor, "has_more": next_cursor is not None}
        print_json({"data": list(rows), "page": page})
        return
    print_table(
        tuple(columns), ([cell(row) for cell in columns.values()] for row in rows)
    )
    if next_cursor is not None:
        print_note(f"There are more: --cursor {next_cursor}")


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file, or say in a sentence why not."""
    with _writing(path):
        path.write_bytes(content)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a text as it comes, packed if its name ends so, or say why not."""
    with _writing(path), _opened(path) as file:
        file.writelines(lines)


def _opened(path: Path) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "wt", encoding="utf-8", newline="")
    return path.open("w", encoding="utf-8", newline="")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise Unavailable(
            f"{path} cannot be written: {why.strerror}.",
            hint="Name a file in a folder that you may write to.",
        ) from why


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return harmless(", ".join(str(item) for item in value))
    return harmless(str(value))
