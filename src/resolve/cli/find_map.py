"""Where MAP on the command line leads: to a file, or to a map known by its id."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import resolve
from resolve.chain.tree import LARGEST
from resolve.kit.errors import Invalid, NotFound, Unavailable


class UnknownMap(NotFound):
    code: ClassVar[str] = "unknown_map"


@dataclass(frozen=True, slots=True)
class FoundMap:
    """The text of a map, its name in messages, its version (None: not published)."""

    source: bytes
    name: str
    version: int | None = None


def find_map(wanted: str) -> FoundMap:
    """Give the file of that path, else the published map of that id, else one shipped.

    Files and shipped maps need no database: one that is not there is not made, and one
    that cannot be used matters only to a map that is nowhere else.

    Raises:
        UnknownMap: it is nowhere.
        Unavailable: it is neither file nor shipped, and the database cannot be used.
    """
    path = Path(wanted)
    if _is_there(path):
        return FoundMap(_beginning(path), wanted)
    shipped = dict(_shipped())
    try:
        found = _published(wanted)
    except (Unavailable, Invalid):
        if wanted not in shipped:
            raise
        found = None
    if found is not None:
        return found
    return _one_shipped(wanted, shipped)


def file_or_shipped(wanted: str) -> FoundMap:
    """Give the file of that path, else the map of that id that came with Resolve.

    Raises:
        UnknownMap: it is neither.
    """
    path = Path(wanted)
    if _is_there(path):
        return FoundMap(_beginning(path), wanted)
    return _one_shipped(wanted, dict(_shipped()))


def _one_shipped(wanted: str, shipped: dict[str, Path]) -> FoundMap:
    if wanted in shipped:
        return FoundMap(_beginning(shipped[wanted]), shipped[wanted].name)
    near = difflib.get_close_matches(wanted, shipped, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Maps: {', '.join(shipped)}."
    raise UnknownMap(f"There is no file and no map `{wanted}`.", hint=hint)


def _published(wanted: str) -> FoundMap | None:
    if not a_database_is_there():
        return None
    from resolve.cli.published import published  # noqa: PLC0415  slow

    found = published(wanted)
    return FoundMap(*found) if found else None


def a_database_is_there() -> bool:
    """Tell whether looking into the database would not make one."""
    from resolve.kit.settings import settings  # noqa: PLC0415  slow

    kind, _, file = settings().url.partition(":///")
    return not kind.startswith("sqlite") or Path(file.partition("?")[0]).exists()


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
