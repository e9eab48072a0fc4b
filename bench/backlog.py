"""A backlog handled through Prefect, against its rows alone and against bare flows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench import stock
from bench.ground import KINDS, Ground, Process
from bench.repetitions import milliseconds
from bench.row import Line, Reach, Row, compared
from bench.same_rows import seconds_to_write, written_by_handling
from resolve.kit.database import Database

COMPLAINTS = 5_000
BARE_FLOWS = 50
AGAINST_ROWS = Reach(0.1, aim=0.4, at_least=True)
AGAINST_FLOWS = Reach(50, aim=200, at_least=True)
_TIMES = 3


@dataclass(frozen=True, slots=True)
class _Round:
    """Seconds for the backlog, for its rows, for its tasks alone, for a bare flow."""

    ours: float
    rows: float
    tasks: float
    flow: float


def measure_rows(ground: Ground) -> Iterator[Line]:
    for kind, many, rounds in _rounds(ground):
        ours = median(many / one.ours for one in rounds)
        for what, theirs in (
            ("the rows it writes", median(many / one.rows for one in rounds)),
            ("its task rows alone", median(many / one.tasks for one in rounds)),
        ):
            yield compared(
                "backlog",
                f"backlog of {many:,} to tasks, {kind}",
                measured=(ours, f"{ours:,.0f}/s"),
                against=(theirs, f"executemany of {what} {theirs:,.0f}/s"),
                reach=AGAINST_ROWS,
                figures={"seconds": [one.ours for one in rounds]},
            )


def measure_flows(ground: Ground) -> Iterator[Line]:
    for kind, many, rounds in _rounds(ground):
        ours = median(many / one.ours for one in rounds)
        flow = median(one.flow for one in rounds)
        yield compared(
            "flows",
            f"backlog of {many:,} to tasks, {kind}",
            measured=(ours, f"{ours:,.0f}/s"),
            against=(
                1 / flow,
                f"bare flow each {milliseconds(flow)}, {1 / flow:.1f}/s",
            ),
            reach=AGAINST_FLOWS,
        )


def _room(scale: float) -> int:
    return round(COMPLAINTS * scale * stock.BYTES_EACH * (_TIMES + 2))


ROWS = (
    Row("backlog", measure_rows, room=_room),
    Row("flows", measure_flows, room=_room),
)


def _rounds(ground: Ground) -> Iterator[tuple[str, int, list[_Round]]]:
    """Give the rounds on each kind of database; measured once for both rows."""
    for kind in KINDS:
        kept = ground.kept.get(f"backlog {kind}")
        if kept is None:
            many = ground.size(COMPLAINTS)
            kept = ground.kept[f"backlog {kind}"] = (
                many,
                _measured(ground, kind, many),
            )
        yield kind, *kept


def _measured(ground: Ground, kind: str, many: int) -> list[_Round]:
    with (
        ground.database(kind) as (database, url),
        ground.prefect() as prefect,
        ground.worker(url, prefect, module="bench.handling") as process,
    ):
        process.heard()
        stock.open_house(database)
        stock.filed(database, min(500, many))
        process.told("drain")
        return [_round(database, process, many) for _ in range(_TIMES)]


def _round(database: Database, process: Process, many: int) -> _Round:
    stock.filed(database, many)
    ours = float(process.told("drain"))
    rows = written_by_handling(database, newest=many)
    return _Round(
        ours=ours,
        rows=seconds_to_write(database, rows),
        tasks=seconds_to_write(database, rows[:1]),
        flow=float(process.told(f"bare {BARE_FLOWS}")) / BARE_FLOWS,
    )
