"""The list of cases for people, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from resolve.analytics.lists import taking_part
from resolve.cases.models import Case
from resolve.chain.model import ValueChain
from resolve.complaints.models import Complaint
from resolve.kit.ids import is_id
from resolve.maps.queries import chain_of
from resolve.tasks.models import Task, TaskStatus

AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Sought:
    """Which cases: in a state, of a department, somebody's own, before a case.

    `facilitator` are the names of who looks, `departments` theirs: a case is their own
    if they lead its review or one of them takes part.
    """

    status: str | None = None
    department: str | None = None
    mine: bool = False
    facilitator: tuple[str, ...] = ()
    departments: frozenset[str] = frozenset()
    seen_by: frozenset[str] | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case of the list: its first complaint, customers, and who is asked."""

    case: Case
    chain: ValueChain | None
    first: Complaint | None
    customers: int
    asked: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Found:
    """Some cases; `before` is what to ask for the ones before them."""

    rows: Sequence[Row]
    before: str | None


def cases(session: Session, sought: Sought) -> Found:
    """Give the newest of the cases sought."""
    query = select(Case)
    if sought.status is not None:
        query = query.where(Case.status == sought.status)
    if sought.department is not None:
        query = query.where(taking_part(Case.id, frozenset({sought.department})))
    if sought.mine:
        own = col(Case.facilitator).in_(sought.facilitator)
        query = query.where(or_(own, taking_part(Case.id, sought.departments)))
    if sought.seen_by is not None:
        query = query.where(taking_part(Case.id, sought.seen_by))
    if sought.before is not None and is_id(sought.before):
        query = query.where(col(Case.id) < sought.before)
    rows = session.exec(query.order_by(col(Case.id).desc()).limit(AT_ONCE + 1)).all()
    shown = rows[:AT_ONCE]
    before = shown[-1].id if len(rows) > AT_ONCE else None
    return Found(_rows(session, shown), before)


def _rows(session: Session, shown: Sequence[Case]) -> list[Row]:
    ids = [one.id for one in shown]
    counted = session.exec(
        select(Complaint.case_id, func.min(Complaint.serial), func.count())
        .where(col(Complaint.case_id).in_(ids))
        .group_by(col(Complaint.case_id))
    ).all()
    serials = [serial for _, serial, _ in counted]
    firsts = {
        one.case_id: one
        for one in session.exec(
            select(Complaint).where(col(Complaint.serial).in_(serials))
        )
    }
    customers = {case_id: n for case_id, _, n in counted}
    asked = _asked(session, ids)
    return [
        Row(
            one,
            _chain(session, one),
            firsts.get(one.id),
            customers.get(one.id, 0),
            asked[one.id],
        )
        for one in shown
    ]


def _asked(session: Session, ids: Sequence[str]) -> Mapping[str, list[Task]]:
    """Give the open tasks of these cases, the first due first."""
    rows = session.exec(
        select(Task)
        .where(col(Task.case_id).in_(ids), Task.status == TaskStatus.OPEN)
        .order_by(col(Task.due_at), col(Task.id))
    )
    found: dict[str, list[Task]] = {one: [] for one in ids}
    for task in rows:
        found[task.case_id].append(task)
    return found


def _chain(session: Session, case: Case) -> ValueChain | None:
    if case.map_id is None or case.map_version is None:
        return None
    return chain_of(session, case.map_id, case.map_version)
