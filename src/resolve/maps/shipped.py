"""The example maps that come with Resolve."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from resolve.chain.model import ValueChain
from resolve.chain.reader import load
from resolve.maps.errors import UnknownMap


@cache
def shipped() -> dict[str, ValueChain]:
    """Give the chains of the example maps, by id."""
    return {name: load(path.read_bytes(), name=name) for name, path in _paths().items()}


def shipped_source(map_id: str) -> str:
    """Give the text of an example map.

    Raises:
        UnknownMap: none comes with Resolve under this id.
    """
    path = _paths().get(map_id)
    if path is None:
        raise UnknownMap(
            f"No map {map_id!r} comes with Resolve.",
            hint=f"Those are: {', '.join(_paths())}.",
        )
    return path.read_text(encoding="utf-8")


def _paths() -> dict[str, Path]:
    package = Path(str(files("resolve")))
    folders = (package / "process_maps", package.parent.parent / "process_maps")
    found = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return {path.stem: path for path in reversed(found)}
