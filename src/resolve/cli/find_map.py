"""Where MAP on the command line leads: to a file, or to a map known by its id."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import resolve
from resolve.chain.tree import LARGEST
from resolve.kit.errors import NotFound, Unavailable


class UnknownMap(NotFound):
    code: ClassVar[str] = "unknown_map"


@dataclass(frozen=True, slots=True)
class FoundMap:
    """The text of a map, its name in messages, its version (None: not published)."""

    source: bytes
    name: str
    version: int | None = None


def find_map(wanted: str) -> FoundMap:
    """Give the file of that path, else the map of that id.

    Published maps of the database are to be looked up here, before those shipped.
    """
    path = Path(wanted)
    if _is_there(path):
        return FoundMap(_beginning(path), wanted)
    shipped = dict(_shipped())
    if wanted in shipped:
        return FoundMap(_beginning(shipped[wanted]), shipped[wanted].name)
    near = difflib.get_close_matches(wanted, shipped, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Maps: {', '.join(shipped)}."
    raise UnknownMap(f"There is no file and no map `{wanted}`.", hint=hint)


def _is_there(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):
        return False


def _beginning(path: Path) -> bytes:
    """Read a file as far as it takes to know that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as why:
        raise Unavailable(
            f"{path} cannot be read: {why.strerror}.", hint="Look at its permissions."
        ) from why


def _shipped() -> Iterator[tuple[str, Path]]:
    package = Path(resolve.__file__).parent
    for folder in (package / "process_maps", package.parent.parent / "process_maps"):
        for path in sorted(folder.glob("*.yaml")):
            yield path.stem, path
