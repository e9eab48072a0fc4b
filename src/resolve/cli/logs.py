"""Logs and their mappings as files on the command line."""

from __future__ import annotations

from pathlib import Path

from resolve.chain.tree import LARGEST
from resolve.cli.output import print_note
from resolve.kit.errors import NotFound
from resolve.mappings.form import InvalidMapping
from resolve.steptimes.mapping import LogMapping, read_log_mapping
from resolve.steptimes.opening import unpacked


def mapping_in(path: Path | None) -> LogMapping | None:
    """Read the mapping in a file, if one is named; every mistake is told."""
    if path is None:
        return None
    try:
        return read_log_mapping(_read(path)[: LARGEST + 1], name=str(path))
    except InvalidMapping as error:
        for finding in error.findings[1:]:
            print_note(str(finding))
        raise


def bytes_of(log: Path) -> tuple[bytes, str]:
    """Give what a log holds, unpacked, with its name as it then is."""
    return unpacked(_read(log), str(log))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise NotFound(
            f"The file {path} cannot be read: {why.strerror or why}.",
            hint="Look at its name and its permissions. Nothing was taken.",
        ) from why
