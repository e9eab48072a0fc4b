"""What is kept of each order beside its step times: when it began, its place in a lot.

It always says what adding up all step times anew would say; `rebuild` does that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, delete, select

from resolve.steptimes.models import OrderTime, StepTime, TimesOfMap
from resolve.steptimes.rows import Timing

_AT_ONCE = 500
_BEGAN = func.coalesce(StepTime.started_at, StepTime.ended_at)


def lot_of(map_id: str, order: str) -> int:
    """Give the place of an order in the lot that is drawn once and for all (63 bits).

    >>> lot_of("order-to-delivery", "A-1") == lot_of("order-to-delivery", "A-1")
    True
    """
    said = f"{map_id}\0{order}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest()) >> 1


def count_in(session: Session, map_id: str, rows: Iterable[Timing]) -> None:
    """Count step times in that were not there before."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        began = row.started or row.ended
        known = found.get(row.order)
        if known is None:
            found[row.order] = _kept(map_id, row.order, began, row.ended, 1)
            continue
        known["began_at"] = min(known["began_at"], began)
        known["ended_at"] = max(known["ended_at"], row.ended)
        known["times"] += 1
    if found:
        least, most = _least_and_most(session)
        _put_orders(session, list(found.values()), lambda new: {
            "began_at": least(col(OrderTime.began_at), new.began_at),
            "ended_at": most(col(OrderTime.ended_at), new.ended_at),
            "times": col(OrderTime.times) + new.times,
        })  # fmt: skip


def count_again(session: Session, map_id: str, orders: Iterable[str]) -> None:
    """Add the step times of these orders up anew; one without any is forgotten."""
    named = sorted(set(orders))
    for start in range(0, len(named), _AT_ONCE):
        some = named[start : start + _AT_ONCE]
        mine = col(OrderTime.order_id).in_(some)
        session.exec(delete(OrderTime).where(col(OrderTime.map_id) == map_id, mine))
        asked = _added_up(map_id).where(col(StepTime.order_id).in_(some))
        _put_orders(session, [_kept(map_id, *row) for row in session.execute(asked)])


def note_changes(session: Session, map_id: str, number: int) -> None:
    """Note that so many step times were taken in or replaced."""
    rows = [{"map_id": map_id, "changes": number}]
    put(session, TimesOfMap, rows, lambda new: {
        "changes": col(TimesOfMap.changes) + new.changes,
    })  # fmt: skip


def changes_of(session: Session, map_id: str) -> int:
    """Give how many step times of a map were ever taken in or replaced."""
    found = session.get(TimesOfMap, map_id)
    return found.changes if found else 0


def rebuild(session: Session, map_id: str) -> None:
    """Make what is kept of the orders of a map anew, from its step times alone."""
    session.exec(delete(OrderTime).where(col(OrderTime.map_id) == map_id))
    _put_orders(
        session, [_kept(map_id, *row) for row in session.execute(_added_up(map_id))]
    )


def _added_up(map_id: str) -> Any:  # noqa: ANN401  SQLAlchemy's
    began, ended = func.min(_BEGAN), func.max(StepTime.ended_at)
    return (
        select(StepTime.order_id, began, ended, func.count())
        .where(StepTime.map_id == map_id)
        .group_by(col(StepTime.order_id))
    )


def _kept(map_id: str, order: str, *facts: Any) -> dict[str, Any]:  # noqa: ANN401
    names = ("began_at", "ended_at", "times")
    kept = dict(zip(names, facts, strict=True))
    return {"map_id": map_id, "order_id": order, "lot": lot_of(map_id, order)} | kept


def _put_orders(
    session: Session,
    rows: Sequence[dict[str, Any]],
    change: Any = None,  # noqa: ANN401
) -> None:
    put(session, OrderTime, rows, change)


def put(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[dict[str, Any]],
    change: Any = None,  # noqa: ANN401
) -> None:
    """Write rows; `change` gives what is changed in those there from the new ones."""
    if not rows:
        return
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = kind.insert(table)
    if change is not None:
        keys = inspect(table).primary_key
        statement = statement.on_conflict_do_update(
            index_elements=keys, set_=change(statement.excluded)
        )
    session.connection().execute(statement, list(rows))


def _least_and_most(session: Session) -> tuple[Any, Any]:
    if session.get_bind().dialect.name == "sqlite":
        return func.min, func.max
    return func.least, func.greatest
