"""Lists of cases and of work with filters, and pages whose cost has a limit.

What an index does not narrow is looked for among so many rows a page; when they are
through, the page says how far it looked, and its cursor goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, tuple_
from sqlmodel import Session, col, select

from resolve.analytics.keyset import cursor_of, keys_of
from resolve.analytics.lists import taking_part
from resolve.cases.models import Case
from resolve.complaints.models import Complaint
from resolve.tasks.models import Task, TaskStatus

LOOKED_AT = 5000


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about, and what its complaints have in common."""

    map: str = ""
    touchpoint: str = ""
    promise: str = ""
    source: str = ""
    severity: str = ""
    safety: bool = False


@dataclass(frozen=True, slots=True)
class CaseWish:
    """Which cases: opened since (included) and until (not), in a state, ..."""

    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    department: str = ""
    owner: str = ""
    about: About = About()


@dataclass(frozen=True, slots=True)
class WorkWish:
    """Which tasks: of a department, due until, in a state (open, if none is named)."""

    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    department: str = ""
    assignee: str = ""
    about: About = About()


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of a page; `looked_until` says how far it looked where it gave up looking."""

    ids: Sequence[str]
    cursor: str | None = None
    looked_until: datetime | None = None


def cases(session: Session, wish: CaseWish, *, limit: int, cursor: str = "") -> Found:
    """Give cases, the newest first.

    Raises:
        BadCursor: it is none that this gave for the same wish.
    """
    cheap: list[Any] = []
    if wish.state:
        cheap.append(col(Case.status) == wish.state)
    if wish.since:
        cheap.append(col(Case.opened_at) >= wish.since)
    if wish.until:
        cheap.append(col(Case.opened_at) < wish.until)
    dear = [*_about_case(wish.about), *_about_complaint(wish.about, Case.id)]
    if wish.department:
        dear.append(taking_part(Case.id, frozenset({wish.department})))
    if wish.owner:
        dear.append(or_(col(Case.owner) == wish.owner,
                        col(Case.facilitator) == wish.owner))  # fmt: skip
    of = _List(Case, (col(Case.opened_at), col(Case.id)), cheap, dear, newest=True)
    return _page(session, of, ("cases", *astuple(wish)), limit=limit, cursor=cursor)


def work(session: Session, wish: WorkWish, *, limit: int, cursor: str = "") -> Found:
    """Give tasks by due time, the first due first.

    Raises:
        BadCursor: it is none that this gave for the same wish.
    """
    cheap: list[Any] = [col(Task.status) == (wish.state or str(TaskStatus.OPEN))]
    if wish.since:
        cheap.append(col(Task.due_at) >= wish.since)
    if wish.until:
        cheap.append(col(Task.due_at) < wish.until)
    if wish.department:
        cheap.append(col(Task.department_id) == wish.department)
    dear = _about_complaint(wish.about, Task.case_id)
    if wish.assignee:
        dear.append(col(Task.assignee) == wish.assignee)
    concern = _about_case(wish.about)
    if concern:
        dear.append(exists().where(col(Case.id) == col(Task.case_id), *concern))
    of = _List(Task, (col(Task.due_at), col(Task.id)), cheap, dear)
    return _page(session, of, ("work", *astuple(wish)), limit=limit, cursor=cursor)


def _about_case(about: About) -> list[Any]:
    found: list[Any] = []
    if about.map:
        found.append(col(Case.map_id) == about.map)
    for name in ("promise", "touchpoint"):
        if value := getattr(about, name):
            # The concern is canonical JSON: equal facts are equal texts.
            part = f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
            found.append(col(Case.concern).contains(part, autoescape=True))
    return found


def _about_complaint(about: About, case_id: Any) -> list[Any]:  # noqa: ANN401  a column
    found: list[Any] = []
    if about.source:
        found.append(col(Complaint.source) == about.source)
    if about.severity:
        found.append(col(Complaint.severity) == about.severity)
    if about.safety:
        found.append(col(Complaint.safety).is_(True))
    if not found:
        return []
    return [exists().where(col(Complaint.case_id) == col(case_id), *found)]


@dataclass(frozen=True, slots=True)
class _List:
    """A table in the order of an index (`keys`: moment and id).

    The conditions are those that the index narrows by, and dear ones.
    """

    table: Any
    keys: tuple[Any, Any]
    cheap: Sequence[Any]
    dear: Sequence[Any]
    newest: bool = False

    @property
    def order(self) -> list[Any]:
        return [key.desc() if self.newest else key for key in self.keys]


def _page(
    session: Session, of: _List, question: object, *, limit: int, cursor: str
) -> Found:
    cheap = list(of.cheap)
    if cursor:
        keys, last = tuple_(*of.keys), tuple_(*keys_of(cursor, question, of.keys))
        cheap.append(keys < last if of.newest else keys > last)
    along = select(*of.keys).where(*cheap).order_by(*of.order)
    query = along.limit(limit + 1)
    if of.dear:
        part = along.limit(LOOKED_AT).subquery()
        query = (
            select(*of.keys)
            .where(of.table.id.in_(select(part.c.id)), *of.dear)
            .order_by(*of.order)
            .limit(limit + 1)
        )
    rows = [tuple(row) for row in session.exec(query)]
    ids = [row[1] for row in rows[:limit]]
    if len(rows) > limit:
        return Found(ids, cursor_of(rows[limit - 1], question))
    end = (
        session.exec(along.offset(LOOKED_AT - 1).limit(1)).first() if of.dear else None
    )
    if end is None:
        return Found(ids)
    return Found(ids, cursor_of(tuple(end), question), end[0])
