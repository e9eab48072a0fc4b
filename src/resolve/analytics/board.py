"""The board of the quality manager: what waits for the facilitator, cases by state.

Each question walks along an index and stops after so many rows, so a page costs the
same among a thousand complaints and a million. Nothing is counted by department.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import exists, func, literal, or_, text, tuple_, union_all
from sqlmodel import Session, col, select

from resolve.analytics.keyset import cursor_of, keys_of
from resolve.analytics.lists import Page
from resolve.cases.models import READY, Case, CaseStatus
from resolve.clocks.models import AWAITED, Clock
from resolve.departments.models import DepartmentRecord
from resolve.kit.database import fixed
from resolve.outbox.models import Event, EventState
from resolve.reviews.models import Ballot, BallotStatus
from resolve.solutions.models import Solution, SolutionStatus
from resolve.tasks.models import Task, TaskStatus

COUNTED = 1000
"""As far as is counted; then it is 'more than'."""

SOON = timedelta(days=2)


class Waits(StrEnum):
    """What waits for the facilitator."""

    PLACE = "place"  # cases to be placed
    ANSWER = "answer"  # customers whose answer is due soon, or was
    RETURNED = "returned"  # tasks that a department handed back
    REVIEW = "review"  # all answers are in, or past due
    DECIDE = "decide"  # ballots to which all agree, or whose time is over
    OUTCOME = "outcome"  # agreed changes whose day has come


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: its case, and by when it is due."""

    id: str
    case_id: str
    due: datetime | date | None = None


def waiting(
    session: Session,
    what: Waits,
    *,
    at: datetime,
    limit: int,
    cursor: str = "",
) -> Page[Waiting]:
    """Give what waits, the most urgent first.

    Raises:
        BadCursor: it is none that this gave for the same question.
    """
    asked = _question(what, at=at)
    columns = (asked.id, asked.case, *asked.order)
    query = select(*columns).where(*asked.where).order_by(*asked.order)
    if cursor:
        last = keys_of(cursor, what, asked.order)
        query = query.where(tuple_(*asked.order) > tuple_(*last))
    rows = [tuple(row) for row in session.exec(query.limit(limit + 1))]
    found = [_waiting(row) for row in rows[:limit]]
    more = cursor_of(rows[limit - 1][2:], what) if len(rows) > limit else None
    return Page(found, more)


def _waiting(row: tuple[Any, ...]) -> Waiting:
    id_, case_id, first, *rest = row
    return Waiting(id_, case_id, first if rest else None)


@dataclass(frozen=True, slots=True)
class _Question:
    """What to ask for: ids, conditions, and the columns in whose order it lies."""

    id: Any
    case: Any
    order: tuple[Any, ...]
    where: tuple[Any, ...]


def _question(what: Waits, *, at: datetime) -> _Question:
    case, task, solution = col(Case.id), col(Task.id), col(Solution.id)
    match what:
        case Waits.PLACE:
            to_place = col(Case.status) == str(CaseStatus.TO_PLACE)
            return _Question(case, case, (case,), (to_place,))
        case Waits.REVIEW:
            return _Question(case, case, (case,), (text(READY),))
        case Waits.ANSWER:
            order = (col(Clock.due_at), col(Clock.id))
            soon = (text(AWAITED), col(Clock.due_at) <= at + SOON)
            return _Question(col(Clock.subject_id), col(Clock.case_id), order, soon)
        case Waits.RETURNED:
            # The index of what was handed back is small; that by state is not.
            is_open = func.coalesce(col(Task.status), "") == str(TaskStatus.OPEN)
            returned = (col(Task.returned_at).is_not(None), is_open)
            order = (col(Task.due_at), task)
            return _Question(task, col(Task.case_id), order, returned)
        case Waits.DECIDE:
            is_open = col(Ballot.status) == fixed(BallotStatus.OPEN)
            ripe = or_(col(Ballot.ready_at).is_not(None), col(Ballot.until) <= at)
            order = (col(Ballot.until), col(Ballot.id))
            return _Question(
                col(Ballot.id), col(Ballot.case_id), order, (is_open, ripe)
            )
    agreed = col(Solution.status) == fixed(SolutionStatus.AGREED)
    due = (agreed, col(Solution.due) <= at.date())
    by_day = (col(cast("Any", Solution.due)), solution)
    return _Question(solution, col(Solution.case_id), by_day, due)


OPEN_STATES = (
    CaseStatus.TO_PLACE,
    CaseStatus.TASKS,
    CaseStatus.REVIEW,
    CaseStatus.IMPROVING,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are, counted up to `COUNTED` + 1."""

    waits: Mapping[Waits, int]
    states: Mapping[CaseStatus, int]
    failed: int  # events that need the administrator


def counts(session: Session, *, at: datetime) -> Counts:
    """Count what waits and the open cases by state, each up to a limit."""
    asked = {f"waits:{w}": _limited(_question(w, at=at)) for w in Waits}
    for state in OPEN_STATES:
        of = _Question(col(Case.id), None, (), (col(Case.status) == str(state),))
        asked[f"state:{state}"] = _limited(of)
    failed = col(Event.state) == fixed(EventState.FAILED)
    asked["failed"] = _limited(_Question(col(Event.id), None, (), (failed,)))
    parts = (
        select(literal(name), func.count()).select_from(rows)
        for name, rows in asked.items()
    )
    found: dict[str, int] = dict(session.execute(union_all(*parts)).all())
    return Counts(
        {w: found[f"waits:{w}"] for w in Waits},
        {state: found[f"state:{state}"] for state in OPEN_STATES},
        found["failed"],
    )


def _limited(of: _Question) -> Any:  # noqa: ANN401  SQL expressions
    return select(of.id).where(*of.where).limit(COUNTED + 1).subquery()


def headless(session: Session) -> Sequence[DepartmentRecord]:
    """Give the departments with open tasks that nobody heads, by id.

    Their tasks come to the quality manager, until a head is named.
    """
    asked = exists().where(
        col(Task.department_id) == col(DepartmentRecord.id),
        col(Task.status) == str(TaskStatus.OPEN),
    )
    return session.exec(
        select(DepartmentRecord)
        .where(col(DepartmentRecord.head).is_(None), asked)
        .order_by(col(DepartmentRecord.id))
    ).all()
