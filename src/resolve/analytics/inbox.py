"""The inbox: whose tasks are mine to do, by due time, with all that a row tells.

Each department's tasks lie in due order in an index, and so do each person's; the
first of each are merged, so that a page costs the same whatever lies behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, exists, func, literal, or_, tuple_, union
from sqlmodel import Session, col, select

from resolve.analytics.lists import BadCursor, Page
from resolve.cases.models import Case
from resolve.cases.queries import chain_of_case, walk_of_case
from resolve.chain.model import HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.walk import Participant
from resolve.complaints.models import Complaint
from resolve.complaints.queries import customers_of
from resolve.kit.database import ID, UTCTime
from resolve.kit.ids import is_id
from resolve.kit.language import Language
from resolve.maps.queries import (
    chain_of,
    concern_of,
    concern_text,
    know_versions,
    newest_published,
)
from resolve.tasks.models import Task, TaskDraft, TaskStatus
from resolve.tasks.questions import Question, concern_in_words, question


class Shown(StrEnum):
    """Which tasks an inbox shows."""

    OPEN = "open"  # an answer is awaited
    RETURNED = "returned"  # handed back: the facilitator decides
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of the tasks of departments and people.

    `alone`: of these departments only what is passed on to nobody. Without any
    department and person: everybody's. `unmasked`: customers' words may be searched.
    """

    departments: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    everybody: bool = False
    alone: bool = False
    only: str = ""
    within: frozenset[str] | None = None
    shown: Shown = Shown.OPEN
    words: str = ""
    unmasked: bool = True


def inbox(
    session: Session,
    wish: Wish,
    *,
    language: Language,
    limit: int = 20,
    cursor: str = "",
) -> Page[Task]:
    """Give tasks by due time, a page at a time.

    Raises:
        BadCursor: it is none that this gave.
    """
    after = _after(cursor)
    common = [*_of_status(wish.shown), *_found(session, wish, language), *after]
    branches = _branches(wish)
    if not branches:
        return Page((), None)
    firsts = [
        select(Task.id, Task.due_at)
        .where(*branch, *common)
        .order_by(col(Task.due_at), col(Task.id))
        .limit(limit + 1)
        .subquery()
        for branch in branches
    ]
    merged = union(*(select(one.c.id, one.c.due_at) for one in firsts)).subquery()
    ids = select(merged.c.id).order_by(merged.c.due_at, merged.c.id).limit(limit + 1)
    found = session.exec(ids).all()
    rows = {
        row.id: row
        for row in session.exec(select(Task).where(col(Task.id).in_(found[:limit])))
    }
    shown = [rows[one] for one in found[:limit]]
    return Page(shown, _cursor(shown[-1]) if len(found) > limit else None)


def _branches(wish: Wish) -> list[list[Any]]:
    """Give the conditions of which each walks along one index."""
    if wish.shown is Shown.RETURNED:
        return [_returned(wish)]
    narrow: list[Any] = []
    if wish.only:
        narrow.append(col(Task.department_id) == wish.only)
    if wish.within is not None:
        narrow.append(col(Task.department_id).in_(sorted(wish.within)))
    if wish.everybody:
        return [narrow]
    alone = [col(Task.assignee).is_(None)] if wish.alone else []
    departments = [one for one in wish.departments if wish.only in ("", one)]
    of_departments = [[col(Task.department_id) == one, *alone] for one in departments]
    of_people = [[col(Task.assignee) == one, *narrow] for one in wish.people]
    return [*of_departments, *of_people]


def _returned(wish: Wish) -> list[Any]:
    """Give the conditions for what was handed back: so few that one index holds them.

    The functions keep the databases from walking along the index of a department.
    """
    department = func.coalesce(col(Task.department_id), "")
    met = [func.coalesce(col(Task.status), "") == str(TaskStatus.OPEN)]
    if wish.only:
        met.append(department == wish.only)
    if wish.within is not None:
        met.append(department.in_(sorted(wish.within)))
    if not wish.everybody:
        assignee = func.coalesce(col(Task.assignee), "")
        alone = [assignee == ""] if wish.alone else []
        of_departments = and_(department.in_(wish.departments), *alone)
        met.append(or_(of_departments, assignee.in_(wish.people)))
    return met


def _of_status(shown: Shown) -> list[Any]:
    if shown is Shown.RETURNED:
        return [col(Task.returned_at).is_not(None)]
    of = [col(Task.status) == str(shown)]
    return [*of, col(Task.returned_at).is_(None)] if shown is Shown.OPEN else of


def _after(cursor: str) -> list[Any]:
    if not cursor:
        return []
    due, _, last = cursor.partition("~")
    try:
        at = datetime.fromisoformat(due)
        if at.tzinfo is None or not is_id(last):
            raise ValueError  # noqa: TRY301  one message for all of them
    except ValueError:
        raise BadCursor(
            "The cursor cannot be used for this list.",
            hint="Start again from the first page.",
            pointer="/cursor",
        ) from None
    keys = tuple_(col(Task.due_at), col(Task.id))
    return [keys > tuple_(literal(at, UTCTime()), literal(last, ID))]


def _cursor(row: Task) -> str:
    return f"{row.due_at.isoformat()}~{row.id}"


# ------------------------------------------------------------------------ search


def _found(session: Session, wish: Wish, language: Language) -> list[Any]:
    """Give what a task must meet to be found: by words, number, promise, hand-over."""
    words = wish.words.strip()
    if not words:
        return []
    complaint = [
        col(Complaint.number) == words.upper(),
        col(Complaint.order_id) == words,
        col(Complaint.reference) == words,
    ]
    if wish.unmasked:
        complaint += [
            col(Complaint.text).contains(one, autoescape=True) for one in _forms(words)
        ]
    ways = [
        exists().where(
            and_(col(Complaint.case_id) == col(Task.case_id), or_(*complaint))
        )
    ]
    about = _about(session, words, language)
    if about:
        ways.append(
            exists().where(and_(col(Case.id) == col(Task.case_id), or_(*about)))
        )
    return [or_(*ways)]


def _forms(words: str) -> list[str]:
    # SQLite folds the case of Latin letters only.
    forms = (words, words.lower(), words.capitalize(), words.upper())
    return list(dict.fromkeys(forms))


def _about(session: Session, words: str, language: Language) -> list[Any]:
    """Give what the concern of a case must be to be called so in this language."""
    chains = [
        chain_of(session, id_, number)
        for id_, number in newest_published(session).items()
    ]
    promises = {
        promise.id
        for chain in chains
        for promise in chain.promises.values()
        if words.casefold() in promise.title.in_(language.code).casefold()
    }
    found = [
        col(Case.concern).contains(f'"promise": "{one}"', autoescape=True)
        for one in sorted(promises)
    ]
    passed = {one for chain in chains for one in _handovers(chain, words, language)}
    return [*found, col(Case.concern).in_(sorted(passed))] if passed else found


def _handovers(chain: ValueChain, words: str, language: Language) -> Iterator[str]:
    """Give the concerns of the hand-overs that are called so, or pass what is."""
    for one in chain.handovers:
        concern = HandoverConcern(one.source, one.target)
        named = [concern_in_words(chain, concern, language)]
        named += [what.in_(language.code) for what in one.what]
        if any(words.casefold() in name.casefold() for name in named):
            yield concern_text(concern)
            yield concern_text(replace(concern, late=True))


# -------------------------------------------------------------------------- rows

Like = tuple[str, int, str, str]
"""Map, version, concern and department: one answer fits all tasks that share them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A task with what its department is to know of it at a glance."""

    task: Task
    case: Case
    customers: int
    begun: bool
    chain: ValueChain | None = None
    to: Participant | None = None
    question: Question | None = None
    about: str = ""

    @property
    def like(self) -> Like | None:
        """Say what it has in common with tasks that one answer fits, if any does."""
        case = self.case
        placed = case.map_id and case.map_version and case.concern
        waits = self.task.status == TaskStatus.OPEN and not self.task.returned_at
        if not waits or not placed or self.to is None:
            return None
        return (
            str(case.map_id),
            int(case.map_version or 0),
            str(case.concern),
            self.task.department_id,
        )

    @property
    def promise(self) -> PromiseConcern | None:
        concern = concern_of(self.case.concern) if self.case.concern else None
        return concern if isinstance(concern, PromiseConcern) else None

    def place(self, language: Language) -> str:
        """Name the touchpoint where the customer felt it, to which `to` counts."""
        if self.chain is None or self.promise is None:
            return ""
        touchpoint = self.chain.touchpoints[self.promise.touchpoint]
        return touchpoint.title.in_(language.code)

    def department(self, language: Language) -> str:
        """Give the title of the department as the map calls it."""
        id_ = self.task.department_id
        known = self.chain.departments.get(id_) if self.chain else None
        return known.title.in_(language.code) if known else id_


def lines(session: Session, rows: Sequence[Task], language: Language) -> list[Line]:
    """Give tasks with their facts; asks the database a constant number of times."""
    ids = {row.case_id for row in rows}
    found = session.exec(select(Case).where(col(Case.id).in_(ids)))
    cases = {case.id: case for case in found}
    know_versions(
        session,
        [
            (case.map_id, case.map_version)
            for case in cases.values()
            if case.map_id and case.map_version
        ],
    )
    customers = customers_of(session, sorted(ids))
    begun = _begun(session, rows)
    return [
        _line(session, row, cases[row.case_id], customers, begun, language)
        for row in rows
    ]


def _line(
    session: Session,
    row: Task,
    case: Case,
    customers: dict[str, int],
    begun: set[str],
    language: Language,
) -> Line:
    n = customers.get(case.id, 0)
    chain, walk = chain_of_case(session, case), walk_of_case(session, case)
    taking_part = walk.participants if walk else ()
    to = next((p for p in taking_part if p.department == row.department_id), None)
    if chain is None or to is None or case.concern is None:
        return Line(row, case, n, row.id in begun, chain)
    concern = concern_of(case.concern)
    put = question(chain, concern, to, customers=n, language=language)
    about = concern_in_words(chain, concern, language)
    return Line(row, case, n, row.id in begun, chain, to, put, about)


def _begun(session: Session, rows: Sequence[Task]) -> set[str]:
    drafts = session.exec(
        select(TaskDraft).where(col(TaskDraft.task_id).in_([row.id for row in rows]))
    )
    return {one.task_id for one in drafts if one.content}
