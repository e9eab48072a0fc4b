"""Step times as a table, CSV or NDJSON, written as they are read: never all at once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain as in_turn
from typing import TypeAlias

from sqlmodel import Session, col, func, select

from resolve.chain.model import ValueChain
from resolve.kit.clock import iso
from resolve.steptimes.models import OrderTime, StepTime

COLUMNS = ("order", "activity", "started", "ended", "resource", "department")
"""As `resolve times import` reads them without a mapping."""

ORDERS_AT_ONCE = 500
ROWS_AT_ONCE = 5000
"""Of so many rows, and the rest of their last order, a page is made."""

_Said: TypeAlias = Mapping[str, str | None]
_Wanted: TypeAlias = Callable[[Iterable[_Said]], Iterator[str]]


def pages(session: Session, map_id: str) -> Iterator[Sequence[StepTime]]:
    """Give the step times of a map by order, each order by time, page after page.

    Nothing here holds a page once the next one is asked for.
    """
    last = ""
    while orders := session.exec(
        select(OrderTime.order_id, OrderTime.times)
        .where(OrderTime.map_id == map_id, col(OrderTime.order_id) > last)
        .order_by(col(OrderTime.order_id))
        .limit(ORDERS_AT_ONCE)
    ).all():
        upto = _upto(orders)
        yield _of_orders(session, map_id, last, upto)
        last = upto


def _upto(orders: Sequence[tuple[str, int]]) -> str:
    rows = 0
    for order, times in orders:
        rows += times
        if rows >= ROWS_AT_ONCE:
            return order
    return orders[-1][0]


def _of_orders(
    session: Session, map_id: str, after: str, upto: str
) -> Sequence[StepTime]:
    order = col(StepTime.order_id)
    begun = func.coalesce(StepTime.started_at, StepTime.ended_at)
    return session.exec(
        select(StepTime)
        .where(StepTime.map_id == map_id, order > after, order <= upto)
        .order_by(order, begun, col(StepTime.ended_at), StepTime.key)
    ).all()


def department_of(row: StepTime, chain: ValueChain) -> str:
    """Give whose work it was: as stored, else as the map says."""
    if row.department_id:
        return row.department_id
    step = chain.steps.get(row.step)
    return step.department if step else ""


def said_of(rows: Iterable[StepTime], chain: ValueChain) -> Iterator[_Said]:
    """Give what each row says, by column."""
    for row in rows:
        yield {
            "order": row.order_id,
            "activity": row.step,
            "started": iso(row.started_at) if row.started_at else None,
            "ended": iso(row.ended_at),
            "resource": row.resource,
            "department": department_of(row, chain) or None,
        }


def as_csv(rows: Iterable[_Said]) -> Iterator[str]:
    """Write a header and a line for each row."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line([row[column] or "" for column in COLUMNS])


def as_ndjson(rows: Iterable[_Said]) -> Iterator[str]:
    """Write a line of JSON for each row."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def written(
    read: Iterable[Sequence[StepTime]], chain: ValueChain, form: _Wanted
) -> Iterator[str]:
    """Write page after page; a row is written before the next page is read."""
    return form(said_of(in_turn.from_iterable(read), chain))


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
