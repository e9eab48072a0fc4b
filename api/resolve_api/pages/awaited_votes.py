"""Votes that are awaited of somebody's departments, as their inbox shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from resolve.analytics.case_facts import first_complaints
from resolve.cases.queries import case as the_case
from resolve.cases.queries import chain_of_case
from resolve.departments.queries import by_id
from resolve.kit.clock import now
from resolve.reviews.queries import awaiting
from resolve_api.pages.case_words import title_of, title_of_case
from resolve_api.pages.visits import Visit

_MOST = 50


@dataclass(frozen=True, slots=True)
class Awaited:
    """The votes of one department in one review; `ballot` is the first of them."""

    case: str
    ballot: str
    title: str
    number: str
    department: str
    n: int
    until: datetime
    over: bool


def awaited_votes(
    session: Session, visit: Visit, departments: Iterable[str]
) -> list[Awaited]:
    """Give the reviews in which these departments have not voted, the earliest first.

    A partner's departments are asked only in reviews that they may see.
    """
    found = awaiting(session, sorted(departments), limit=_MOST)
    if not found:
        return []
    grouped: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    for ballot, department in found:
        of = grouped.setdefault((ballot.case_id, department), [])
        of.append((ballot.id, ballot.until))
    firsts, _ = first_complaints(session, sorted({case for case, _ in grouped}))
    register = by_id(session, {department for _, department in grouped})
    at = now()
    return [
        Awaited(
            case,
            ballots[0][0],
            _title(session, visit, case),
            firsts[case].number if case in firsts else "",
            title_of(department, register, visit.language),
            len(ballots),
            ballots[0][1],
            ballots[0][1] <= at,
        )
        for (case, department), ballots in grouped.items()
    ]


def _title(session: Session, visit: Visit, case_id: str) -> str:
    case = the_case(session, case_id)
    return title_of_case(case, chain_of_case(session, case), visit.language)
