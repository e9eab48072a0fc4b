"""`python -m bench [--rows NAME,...] [--scale FACTOR] [--json]`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import (
    arriving,
    backlog,
    drawing,
    importing,
    listing,
    memory,
    pages,
    posting,
    simulating,
    timing,
    walking,
    wording,
)
from bench.ground import Ground, told
from bench.row import Line, Row, as_json, as_table

ROWS: tuple[Row, ...] = (
    posting.ROW,
    *backlog.ROWS,
    arriving.ROW,
    walking.ROW,
    drawing.ROW,
    listing.ROW,
    *pages.ROWS,
    importing.ROW,
    simulating.ROW,
    timing.ROW,
    wording.ROW,
    memory.ROW,
)
_SPARE = 500_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 also when a row is short, 1 if one cannot be measured."""
    wanted = _arguments(arguments)
    with ExitStack() as closing:
        folder = closing.enter_context(
            tempfile.TemporaryDirectory(
                prefix="resolve-bench-", ignore_cleanup_errors=True
            )
        )
        ground = Ground(Path(folder), wanted.scale, closing)
        lines, failed = _measured(ground, wanted.rows)
    if wanted.json:
        print(as_json(lines, scale=wanted.scale))
    else:
        print(as_table(lines))
    return 1 if failed else 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = ", ".join(row.name for row in ROWS)
    parser.add_argument(
        "--rows", type=_rows, default=ROWS, help=f"some of: {names}; all by default"
    )
    parser.add_argument(
        "--scale", type=_factor, default=1.0, help="factor on every size; 1 by default"
    )
    parser.add_argument("--json", action="store_true", help="for a program")
    return parser.parse_args(arguments)


def _rows(text: str) -> tuple[Row, ...]:
    by_name = {row.name: row for row in ROWS}
    names = text.replace(",", " ").split()
    unknown = [name for name in names if name not in by_name]
    if unknown or not names:
        msg = f"no row {' '.join(unknown)!r}; there are: {', '.join(by_name)}"
        raise argparse.ArgumentTypeError(msg)
    return tuple(by_name[name] for name in names)


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        msg = f"{text!r} is not a factor; give a number above 0, such as 0.1"
        raise argparse.ArgumentTypeError(msg)
    return factor


def _measured(ground: Ground, rows: Sequence[Row]) -> tuple[list[Line], list[str]]:
    lines: list[Line] = []
    failed: list[str] = []
    for row in rows:
        told(f"{row.name} ...")
        if too_small := _lacks_room(ground, row):
            told(too_small)
            failed.append(row.name)
            continue
        try:
            for line in row.measure(ground):
                told(f"  {' | '.join(line.cells())}")
                lines.append(line)
        except Exception:  # noqa: BLE001  the other rows can still be measured
            told(f"{row.name} could not be measured:\n{traceback.format_exc()}")
            failed.append(row.name)
    return lines, failed


def _lacks_room(ground: Ground, row: Row) -> str | None:
    needed = row.room(ground.scale) + _SPARE
    free = shutil.disk_usage(ground.folder).free
    if free >= needed:
        return None
    return (
        f"The row {row.name} needs about {needed / 1e9:.1f} GB of disk, and "
        f"{ground.folder} has {free / 1e9:.1f} GB. Name a larger folder with TMPDIR, "
        "or measure less with SCALE."
    )


if __name__ == "__main__":
    sys.exit(main())
