"""Values of the table: a row, what it measured, how far it should reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.ground import Ground


@dataclass(frozen=True, slots=True)
class Reach:
    """What a ratio should reach: at least so much of a rate, or at most so much time.

    `aim` is what we would like; only `limit` decides between ok and short.
    """

    limit: float
    aim: float | None = None
    at_least: bool = False

    def is_met(self, ratio: float) -> bool:
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        aim = "" if self.aim is None else f" ({self.aim:g})"
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{aim}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a row on one database, or at one size."""

    row: str
    what: str
    measured: str
    against: str
    ratio: float | None
    reach: str
    ok: bool
    figures: dict[str, Any]

    def cells(self) -> tuple[str, ...]:
        ratio = "-" if self.ratio is None else f"{self.ratio:.3g}"
        verdict = "ok" if self.ok else "short"
        return self.what, self.measured, self.against, ratio, self.reach, verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `room` estimates the bytes of disk it needs at a scale."""

    name: str
    measure: Callable[[Ground], Iterator[Line]]
    room: Callable[[float], int] = lambda _scale: 0


def compared(
    row: str,
    what: str,
    *,
    measured: tuple[float, str],
    against: tuple[float, str],
    reach: Reach,
    figures: dict[str, Any] | None = None,
) -> Line:
    """Make the line of a figure, with its words, divided by another one."""
    ratio = measured[0] / against[0]
    known = {"measured": measured[0], "against": against[0], **(figures or {})}
    ok = reach.is_met(ratio)
    return Line(row, what, measured[1], against[1], ratio, str(reach), ok, known)


HEADINGS = ("what", "measured", "against", "ratio", "reach", "ok or short")


def as_table(lines: Sequence[Line]) -> str:
    """Write the lines as a table that is also Markdown."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_written(row, widths) for row in (rows[0], rule, *rows[1:]))


def _written(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return f"| {' | '.join(cells)} |"


def as_json(lines: Sequence[Line], *, scale: float) -> str:
    """Write the lines for a program."""
    rows = [
        {
            "row": line.row,
            **dict(zip(HEADINGS, line.cells(), strict=True)),
            "ratio": line.ratio,
            "figures": line.figures,
        }
        for line in lines
    ]
    return json.dumps({"scale": scale, "rows": rows}, ensure_ascii=False, indent=1)
