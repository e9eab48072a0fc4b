"""Looking at solutions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, text
from sqlmodel import Session, col, select

from resolve.clocks.models import Clock, ClockKind
from resolve.journal.models import JournalEntry
from resolve.journal.rules import HOUSE
from resolve.kit.ids import is_id
from resolve.solutions.errors import UnknownSolution
from resolve.solutions.models import PROVING, Solution

LOOK_EVERY = timedelta(minutes=5)
_STEP_TIMES = ("step_times_taken", "step_time_replaced")


def solution(session: Session, solution_id: str) -> Solution:
    """Give a solution.

    Raises:
        UnknownSolution: there is none with this id.
    """
    found = session.get(Solution, solution_id) if is_id(solution_id) else None
    if found is None:
        raise UnknownSolution(
            f"There is no agreement {solution_id!r}.", hint="A case shows its own."
        )
    return found


def solutions_of(session: Session, case_id: str) -> Sequence[Solution]:
    """Give the solutions of a case, in the order agreed."""
    return session.exec(
        select(Solution).where(Solution.case_id == case_id).order_by(col(Solution.id))
    ).all()


def to_look_at(session: Session, *, at: datetime, most: int = 100) -> Sequence[str]:
    """Give the changes of which the orders may say something new.

    Those proven by days when these are over, those proven by orders from the first; and
    again after step times came in, but not sooner than five minutes later.
    """
    over = exists().where(
        col(Clock.kind) == str(ClockKind.PROVING),
        col(Clock.subject_id) == col(Solution.id),
        col(Clock.due_at) <= at,
    )
    return session.exec(
        select(Solution.id)
        .where(
            text(PROVING),
            col(Solution.prove_orders).is_not(None) | over,
            col(Solution.looked_seq).is_(None) | _news(at),
        )
        .order_by(col(Solution.id))
        .limit(most)
    ).all()


def _news(at: datetime) -> ColumnElement[bool]:
    """Tell whether step times came in since a change was looked at."""
    taken = exists().where(
        col(JournalEntry.chain) == HOUSE,
        col(JournalEntry.seq) > col(Solution.looked_seq),
        col(JournalEntry.what).in_(_STEP_TIMES),
    )
    return (col(Solution.looked_at) <= at - LOOK_EVERY) & taken
