"""How people name a thing on the command line: not by 36 characters.

Ids begin with the time they were made at, so what was made together begins alike; the
end of an id is random. Lists show the end; a command takes it (four characters or
more), the beginning (eight or more) or the whole id, as long as one thing is meant.
A task also goes by its case and department: `C-2026-000123/stock`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, cast, func, or_
from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.cases.models import Case
from resolve.cases.queries import case as the_case
from resolve.complaints.models import Complaint
from resolve.complaints.queries import complaint as the_complaint
from resolve.handovers.models import HandoverStandard
from resolve.handovers.queries import standard as the_standard
from resolve.kit.errors import Conflict
from resolve.kit.ids import is_id
from resolve.reviews.division_queries import the_division
from resolve.reviews.models import Ballot, Division, Objection
from resolve.reviews.queries import ballot as the_ballot
from resolve.reviews.queries import objection as the_objection
from resolve.solutions.models import Solution
from resolve.solutions.queries import solution as the_solution
from resolve.tasks.models import Request, Task
from resolve.tasks.queries import request as the_request
from resolve.tasks.queries import task as the_task

_SHORTEST_END = 4
_SHORTEST_BEGINNING = 8
_HEX = frozenset("0123456789abcdef")


class SeveralMeant(Conflict):
    """More than one thing has an id like this."""

    code = "several_meant"


def short(id_: str) -> str:
    """Give the end of an id, as tables show it."""
    return id_.rpartition("-")[2]


def case(session: Session, name: str) -> Case:
    """Give a case by its id or a part of it, or by the number of a complaint of it."""
    if _is_number(name):
        return the_case(session, the_complaint(session, name).case_id)
    return the_case(session, _whole(session, Case, name))


def complaint(session: Session, name: str) -> Complaint:
    """Give a complaint by its number, its id or a part of it."""
    if _is_number(name):
        return the_complaint(session, name)
    return the_complaint(session, _whole(session, Complaint, name))


def task(session: Session, name: str) -> Task:
    """Give a task by its id or a part of it, or as CASE/DEPARTMENT."""
    of, slash, department = name.rpartition("/")
    if slash:
        return task_of(session, department, case(session, of))
    return the_task(session, _whole(session, Task, name))


def task_of(session: Session, name: str, of: Case) -> Task:
    """Give a task of this case's round, also by the id of its department."""
    found = session.exec(
        select(Task).where(
            Task.case_id == of.id, Task.round == of.round, Task.department_id == name
        )
    ).first()
    return found or task(session, name)


def request(session: Session, name: str) -> Request:
    """Give a request by its id or a part of it."""
    return the_request(session, _whole(session, Request, name))


def solution(session: Session, name: str) -> Solution:
    """Give an agreement by its id or a part of it."""
    return the_solution(session, _whole(session, Solution, name))


def ballot(session: Session, name: str) -> Ballot:
    """Give a ballot by its id or a part of it."""
    return the_ballot(session, _whole(session, Ballot, name))


def objection(session: Session, name: str) -> Objection:
    """Give an objection for the customer by its id or a part of it."""
    return the_objection(session, _whole(session, Objection, name))


def division(session: Session, name: str) -> Division:
    """Give a division of a promised time by its id or a part of it."""
    return the_division(session, _whole(session, Division, name))


def standard(session: Session, name: str) -> HandoverStandard:
    """Give a version of a hand-over's standard by its id or a part of it."""
    return the_standard(session, _whole(session, HandoverStandard, name))


def all_names(session: Session) -> Mapping[str, str]:
    """Give the names of all people, by id."""
    return dict(session.exec(select(Person.id, Person.name)).all())


def _is_number(name: str) -> bool:
    return name[:2].upper() == "C-"


def _whole(session: Session, table: Any, name: str) -> str:  # noqa: ANN401  has an id
    name = name.lower()
    part = name.replace("-", "")
    if is_id(name) or len(part) < _SHORTEST_END or not _HEX.issuperset(part):
        return name
    found = _like(session, table, part)
    if len(found) > 1:
        raise SeveralMeant(
            f"More than one id ends or begins with {name!r}.",
            hint="Give more of it, or the whole id.",
        )
    return found[0] if found else name


def _like(session: Session, table: Any, part: str) -> Sequence[str]:  # noqa: ANN401
    digits = func.replace(cast(col(table.id), String), "-", "")
    meant = [digits.like(f"%{part}")]
    if len(part) >= _SHORTEST_BEGINNING:
        meant.append(digits.like(f"{part}%"))
    return session.exec(select(table.id).where(or_(*meant)).limit(2)).all()
