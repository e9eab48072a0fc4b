"""A diagram, against Graphviz alone on the same DOT in the same kind of process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.chains import layered
from bench.ground import Ground
from bench.repetitions import in_turn, milliseconds
from bench.row import Line, Reach, Row, compared
from resolve.diagrams import draw, render
from resolve.diagrams.rendering import laid_out

STEPS = 300
REACH = Reach(1.3)
_TIMES = 7
_PATIENCE = 300.0


def measure(ground: Ground) -> Iterator[Line]:
    steps = ground.size(STEPS, least=10)
    chain = layered(steps, seed=1, width=6, most=2)
    dot = str(draw(chain).source)
    ours, theirs = in_turn(
        lambda: render(replace(chain), timeout=_PATIENCE),
        lambda: laid_out(dot, "svg", timeout=_PATIENCE),
        times=_TIMES,
    )
    yield compared(
        "diagram",
        f"diagram of {steps:,} steps",
        measured=(ours, milliseconds(ours)),
        against=(theirs, f"Graphviz {milliseconds(theirs)}"),
        reach=REACH,
    )


ROW = Row("diagram", measure)
