"""Taking step times in: what is new, what says something else now, what is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.database import insert_missing, lock_number, one_at_a_time
from resolve.steptimes.counting import count_again, count_in, note_changes
from resolve.steptimes.models import StepTime
from resolve.steptimes.rows import Keyed


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some rows."""

    new: int = 0
    same: int = 0
    replaced: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.new + other.new,
            self.same + other.same,
            self.replaced + other.replaced,
        )


def take(
    session: Session,
    rows: Sequence[Keyed],
    *,
    map_id: str,
    source: str,
    who: str,
    at: datetime,
) -> Taken:
    """Take rows of one source in; of rows with the same key the last one counts.

    A key that is there with another content is replaced and entered; the journal holds
    the digests of both, no order and no person.
    """
    last = {one.key: one for one in rows}
    if not last:
        return Taken()
    one_at_a_time(session, lock_number("step_times", source))
    known = _known(session, list(last))
    new = [one for key, one in last.items() if key not in known]
    changed = [
        one
        for key, one in last.items()
        if key in known and known[key].content != one.content
    ]
    insert_missing(session, StepTime, [_row(one, map_id, source) for one in new])
    _replace(session, changed, map_id, source)
    _count(session, map_id, new, changed, known)
    taken = Taken(len(new), len(rows) - len(new) - len(changed), len(changed))
    drafts = [_replacement(one, known[one.key].content) for one in changed]
    if new:
        drafts.append(
            Draft(HOUSE, "step_times_taken", {"map": map_id, "new": len(new)})
        )
    if drafts:
        append(session, drafts, who=who, at=at)
    return taken


class _Known(NamedTuple):
    """What a row said before, and of which order."""

    content: str
    map_id: str
    order: str


def _known(session: Session, keys: list[str]) -> dict[str, _Known]:
    found = session.exec(
        select(
            StepTime.key, StepTime.content, StepTime.map_id, StepTime.order_id
        ).where(col(StepTime.key).in_(keys))
    )
    return {key: _Known(*said) for key, *said in found}


def _count(
    session: Session,
    map_id: str,
    new: Sequence[Keyed],
    changed: Sequence[Keyed],
    known: Mapping[str, _Known],
) -> None:
    """Keep what is known of whole orders; those of replaced rows are added up anew."""
    if not new and not changed:
        return
    again: dict[str, set[str]] = {map_id: set()}
    for one in changed:
        before = known[one.key]
        again[map_id].add(one.row.order)
        again.setdefault(before.map_id, set()).add(before.order)
    one_at_a_time(session, *(lock_number("order_times", one) for one in again))
    count_in(session, map_id, (one.row for one in new))
    for of_map, orders in again.items():
        count_again(session, of_map, orders)
        note_changes(session, of_map, len(new) + len(changed))


def _row(one: Keyed, map_id: str, source: str) -> dict[str, Any]:
    return {
        "key": one.key,
        "map_id": map_id,
        "order_id": one.row.order,
        "step": one.row.step,
        "started_at": one.row.started,
        "ended_at": one.row.ended,
        "source": source,
        "department_id": one.row.department,
        "resource": one.resource,
        "content": one.content,
    }


def _replace(
    session: Session, changed: Sequence[Keyed], map_id: str, source: str
) -> None:
    if not changed:
        return
    names = [name for name in _row(changed[0], "", "") if name != "key"]
    values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
    statement = update(StepTime).where(col(StepTime.key) == bindparam("to_key"))
    session.connection().execute(
        statement.values(values),
        [
            {f"to_{name}": value for name, value in _row(one, map_id, source).items()}
            for one in changed
        ],
    )


def _replacement(one: Keyed, before: str) -> Draft:
    data = {"key": one.key, "before": before, "after": one.content}
    return Draft(HOUSE, "step_time_replaced", data)
