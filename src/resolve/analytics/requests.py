"""Requests between neighbours, as the departments on both sides look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, union
from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.cases.queries import chain_of_case
from resolve.kit.database import ID
from resolve.kit.ids import is_id
from resolve.kit.language import Language
from resolve.maps.queries import concern_of, know_versions
from resolve.tasks.models import Request, RequestStatus
from resolve.tasks.questions import concern_in_words


@dataclass(frozen=True, slots=True)
class Asked:
    """Some requests, and the one after which the next ones come, if there are any."""

    rows: Sequence[Request]
    next: str


def asked_of(
    session: Session,
    departments: Sequence[str],
    *,
    done: bool,
    limit: int,
    after: str = "",
) -> Asked:
    """Give what departments are asked for: the open oldest first, the rest newest."""
    states = [RequestStatus.OPEN]
    if done:
        states = [one for one in RequestStatus if one is not RequestStatus.OPEN]
    branches = [
        (col(Request.department_id) == one, col(Request.status) == str(state))
        for one in departments
        for state in states
    ]
    return _merged(session, branches, limit=limit, after=after, newest=done)


def asked_by(
    session: Session, departments: Sequence[str], *, limit: int, after: str = ""
) -> Asked:
    """Give what departments asked for, the newest first."""
    branches = [(col(Request.from_department_id) == one,) for one in departments]
    return _merged(session, branches, limit=limit, after=after, newest=True)


def _merged(
    session: Session,
    branches: Sequence[tuple[Any, ...]],
    *,
    limit: int,
    after: str,
    newest: bool,
) -> Asked:
    if not branches:
        return Asked((), "")
    id_ = col(Request.id)
    beyond = []
    if is_id(after):
        last = literal(after, ID)
        beyond = [id_ < last if newest else id_ > last]
    firsts = [
        select(Request.id)
        .where(*branch, *beyond)
        .order_by(id_.desc() if newest else id_)
        .limit(limit + 1)
        .subquery()
        for branch in branches
    ]
    merged = union(*(select(one.c.id) for one in firsts)).subquery()
    order = merged.c.id.desc() if newest else merged.c.id
    ids = session.exec(select(merged.c.id).order_by(order).limit(limit + 1)).all()
    shown = ids[:limit]
    rows = {row.id: row for row in session.exec(select(Request).where(id_.in_(shown)))}
    next_ = shown[-1] if len(ids) > limit else ""
    return Asked([rows[one] for one in shown], next_)


def promises_of(
    session: Session, case_ids: Sequence[str], language: Language
) -> dict[str, str]:
    """Say what each of these cases is about, in this language."""
    cases = session.exec(select(Case).where(col(Case.id).in_(case_ids))).all()
    know_versions(
        session,
        [(c.map_id, c.map_version) for c in cases if c.map_id and c.map_version],
    )
    return {case.id: _about(session, case, language) for case in cases}


def _about(session: Session, case: Case, language: Language) -> str:
    chain = chain_of_case(session, case)
    if chain is None or case.concern is None:
        return ""
    return concern_in_words(chain, concern_of(case.concern), language)
