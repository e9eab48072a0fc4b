"""Last touch: how long ago people of a department came near a customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from resolve.departments.models import Touch, TouchKind
from resolve.departments.queries import by_id
from resolve.journal.rules import HOUSE
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.database import insert_missing
from resolve.kit.errors import Invalid

OFTEN_ENOUGH = timedelta(hours=1)
"""A touch that is not older than this is not written again."""

Touches = Mapping[str, Mapping[TouchKind, datetime]]


class NotYetHappened(Invalid):
    """What is entered lies in the future."""

    code = "not_yet_happened"


def note(
    session: Session, departments: Iterable[str], kind: TouchKind, *, at: datetime
) -> None:
    """Note that people of these departments came near a customer; the newest stays.

    Departments that the register does not know are left out. Inside a `transaction`;
    ask `is_due` first where nothing else is written.
    """
    note_each(session, dict.fromkeys(departments, at), kind)


def note_each(session: Session, when: Mapping[str, datetime], kind: TouchKind) -> None:
    """Note for each of these departments when its people came near a customer."""
    due = _due(session, when, kind)
    known = sorted(by_id(session, due)) if due else []
    if not known:
        return
    rows = [{"department_id": one, "kind": str(kind), "at": when[one]} for one in known]
    insert_missing(session, Touch, rows)
    table = Touch.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table)
        .where(
            table.c.department_id == bindparam("of"),
            table.c.kind == str(kind),
            table.c.at < bindparam("newer"),
        )
        .values(at=bindparam("newer")),
        [{"of": one, "newer": when[one]} for one in known],
    )


def is_due(
    session: Session, departments: Iterable[str], kind: TouchKind, *, at: datetime
) -> bool:
    """Tell whether `note` would write anything: cheap, and without a transaction."""
    return bool(_due(session, dict.fromkeys(departments, at), kind))


def touches(session: Session, departments: Iterable[str]) -> Touches:
    """Give when people of each of these departments last came near a customer, how."""
    wanted = dict.fromkeys(departments)
    rows = session.exec(
        select(Touch.department_id, Touch.kind, Touch.at)
        .where(col(Touch.department_id).in_(wanted))
        .order_by(col(Touch.at).desc())
    )
    found: dict[str, dict[TouchKind, datetime]] = {one: {} for one in wanted}
    for department, kind, at in rows:
        found[department][TouchKind(kind)] = at
    return found


def _due(session: Session, when: Mapping[str, datetime], kind: TouchKind) -> list[str]:
    known = touches(session, when)
    return [
        one
        for one, at in when.items()
        if kind not in known[one] or known[one][kind] <= at - OFTEN_ENOUGH
    ]


def enter(
    session: Session,
    department_id: str,
    kind: TouchKind,
    *,
    on: datetime,
    who: str,
    at: datetime,
) -> None:
    """Enter by hand that people of a department came near a customer on this day.

    Raises:
        NotYetHappened: the day has not come.
    """
    if on > at:
        raise NotYetHappened(
            "That day has not come yet.",
            hint="Enter it when it happened.",
            pointer="/day",
        )
    note(session, [department_id], kind, at=on)
    data = {"department": department_id, "kind": str(kind), "on": iso(on)}
    append(session, [Draft(HOUSE, "came_near_customer", data)], who=who, at=at)
