"""Orders of a map with the times of their steps: what is said of promises rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Float, String, cast, extract, func, type_coerce
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from resolve.chain.model import Concern, ValueChain
from resolve.chain.timing import Flags, Numbers, Way
from resolve.chain.way_of import end_of, handovers_inside, handovers_of, way_of
from resolve.steptimes.laying import Hours, Rows, lay
from resolve.steptimes.models import OrderTime, StepTime

MOST = 20_000
"""Of more orders than this, a sample speaks for all."""

_AT_ONCE = 1000
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of a map with the times of their steps, in seconds; a row for each order.

    `began` is when the order began (the step `since` of the promise, if it names one),
    in seconds since 1970. `work` is orders x places of the way, all passes added, 0
    where not passed; `wait` orders x `handovers`, the time between, never negative.
    `totals` is the time from the beginning to the end of the last place's step, NaN
    while the order is open; `so_far` how long an open order took until `as_of`, the
    last moment that the log tells of, NaN for finished ones. There were `known` orders:
    where they are more than the rows, the rows are a sample of them, those with the
    lowest hash of their name: the same, whoever looks. `passed` and `went` tell of
    which steps and waits anything is known; `worked` is the working time of each step,
    where hours were given. `inside` are the waits between steps of one place, a loop,
    added up over all passes: they are in no other time than `totals`; NaN: none.
    """

    way: Way
    handovers: tuple[tuple[str, str], ...]
    began: Numbers
    work: Numbers
    wait: Numbers
    totals: Numbers
    so_far: Numbers
    known: int
    as_of: datetime
    passed: Flags | None = None
    went: Flags | None = None
    worked: Numbers | None = None
    inside: Mapping[tuple[str, str], Numbers] = field(default_factory=dict)


def orders_of(  # noqa: PLR0913  the period, the sample and the hours are optional
    session: Session,
    chain: ValueChain,
    concern: Concern,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = MOST,
    hours: Mapping[str, Hours] | None = None,
    way: Way | None = None,
) -> Orders:
    """Give the orders that began from `since` on and before `until`, or a sample.

    An order began with the first that is known of it. Those that passed no step of the
    way, or not the one that the promise counts from, are left out. `way` is laid along
    instead of that of the concern: one with its loops taken apart.

    Raises:
        UnknownTouchpoint, UnknownPromise, PromiseNotHere, UnknownHandover: as a walk.
    """
    way = way or way_of(chain, concern)
    chosen, number = _chosen(session, chain.id, since, until, most)
    rows = _rows(session, chain, chosen)
    as_of = latest(session, chain.id) or _NEVER
    near, start = end_of(chain, concern)
    handovers, inside = handovers_of(chain, way), handovers_inside(chain, way)
    laid = lay(
        chain,
        way,
        handovers + inside,
        rows,
        ends_with=near,
        begins_with=start,
        as_of=as_of.timestamp(),
        hours=hours,
    )
    sampled = number > len(chosen)
    between = len(handovers)
    return Orders(
        way=way,
        handovers=handovers,
        began=laid.began,
        work=laid.work,
        wait=laid.wait[:, :between],
        totals=laid.totals,
        so_far=laid.so_far,
        known=number if sampled else len(laid.began),
        as_of=as_of,
        passed=laid.passed,
        went=laid.went[:, :between],
        worked=laid.worked,
        inside={
            one: np.where(laid.went[:, at], laid.wait[:, at], np.nan)
            for at, one in enumerate(inside, start=between)
        },
    )


def _chosen(
    session: Session,
    map_id: str,
    since: datetime | None,
    until: datetime | None,
    most: int,
) -> tuple[Sequence[str], int]:
    """Give the orders with the lowest lots, and how many there are in all."""
    asked = select(OrderTime.order_id).where(OrderTime.map_id == map_id)
    if since is not None:
        asked = asked.where(col(OrderTime.began_at) >= since)
    if until is not None:
        asked = asked.where(col(OrderTime.began_at) < until)
    first = asked.order_by(col(OrderTime.lot), col(OrderTime.order_id)).limit(most + 1)
    names = session.exec(first).all()
    if len(names) <= most:
        return names, len(names)
    all_of_them = select(func.count()).select_from(asked.subquery())
    return names[:most], session.exec(all_of_them).one()


def latest(session: Session, map_id: str) -> datetime | None:
    """Give the last moment that the log of a map tells of."""
    return session.exec(
        select(func.max(OrderTime.ended_at)).where(OrderTime.map_id == map_id)
    ).one()


def _rows(session: Session, chain: ValueChain, orders: Sequence[str]) -> Rows:
    """Read the rows of these orders as columns of numbers."""
    number = {order: place for place, order in enumerate(sorted(orders))}
    step = {name: place for place, name in enumerate(chain.steps)}
    sqlite = session.get_bind().dialect.name == "sqlite"
    asked = select(
        StepTime.order_id,
        StepTime.step,
        _moment(col(StepTime.started_at), sqlite=sqlite),
        _moment(col(StepTime.ended_at), sqlite=sqlite),
    ).where(StepTime.map_id == chain.id, col(StepTime.step).in_(step))
    found: list[Any] = []
    for at in range(0, len(orders), _AT_ONCE):
        part = orders[at : at + _AT_ONCE]
        found += session.execute(asked.where(col(StepTime.order_id).in_(part))).all()
    names, steps, started, ended = zip(*found, strict=True) if found else ((),) * 4
    return Rows(
        order=np.array([number[one] for one in names], dtype=np.int64),
        step=np.array([step[one] for one in steps], dtype=np.int64),
        started=_seconds(started, sqlite=sqlite),
        ended=_seconds(ended, sqlite=sqlite),
    )


def _moment(column: Mapped[Any], *, sqlite: bool) -> ColumnElement[Any]:
    """Ask for a moment as it is quickest read: text of SQLite, number of PostgreSQL."""
    if sqlite:
        return type_coerce(column, String)
    return cast(extract("epoch", column), Float(53))


def _seconds(said: Sequence[Any], *, sqlite: bool) -> Numbers:
    if not sqlite:
        return np.array(said, dtype=np.float64)
    moments = np.array([one or "NaT" for one in said], dtype="datetime64[us]")
    seconds = moments.astype(np.int64) / 1e6
    seconds[np.isnat(moments)] = np.nan
    return seconds
