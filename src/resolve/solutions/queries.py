"""Looking at solutions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from resolve.kit.ids import is_id
from resolve.solutions.errors import UnknownSolution
from resolve.solutions.models import Solution


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
