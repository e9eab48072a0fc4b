"""Fills what the search looks in, after the fact and in small batches.

The search reads the change feed like any other reader and takes in what each entry is
about, so nothing that was changed or erased is missed; what was there before it began
is taken in newest first. Twice is once: what is taken in replaces what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, insert, update
from sqlmodel import Session, SQLModel, col, delete, select

from resolve.cases.models import Case, TalkEntry
from resolve.complaints.finding import (
    Findable,
    FindableState,
    Found,
    row,
    row_of,
    said_in,
)
from resolve.complaints.models import Complaint
from resolve.complaints.words import terms
from resolve.journal import feed
from resolve.journal.models import FeedEntry
from resolve.kit.database import Database, reading, transaction
from resolve.tasks.models import Answer, Request, Task

_ENTRIES = 200
_CASES = 20
_ABOUT_THE_CASE_ONLY = frozenset(
    ("placed", "assigned", "all_in", "review_opened", "closed", "past_due", "agreed",
     "in_place", "given_up", "returned_to_be_placed", "words_hidden", "event_failed",
     "event_retried", "event_set_aside")
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is taken in at once: these replace all that is known of `of`."""

    state: Row  # how far it is filled afterwards
    before: Row  # how far it was filled; another worker may have gone on meanwhile
    of: Sequence[tuple[Found, Sequence[str], bool]]  # kind, ids, whether of cases
    rows: Sequence[Row]


def anything_to_find(session: Session) -> bool:
    """Tell whether something is still to be taken in."""
    state = session.get(FindableState, 1)
    if state is None:
        return session.exec(select(Case.id).limit(1)).first() is not None
    if not state.complete:
        return True
    last = feed.newest(session)
    return feed.anything_new(session) or (last[0] if last else 0) > state.position


def index_some(database: Database) -> bool:
    """Take in a batch of what is missing; tell whether there was any."""
    with reading(database) as session:
        waiting = feed.anything_new(session)
    if waiting:
        feed.number_new(database)
    with reading(database) as session:
        batch = _batch(session)
    if batch is None:
        return False
    with transaction(database) as session:
        _write(session, batch)
    return True


def _batch(session: Session) -> Batch | None:
    state = session.get(FindableState, 1)
    if state is None:
        last = feed.newest(session)
        begun = {"id": 1, "position": last[0] if last else 0}
        return Batch(begun | {"back_to": None, "complete": False}, {}, (), ())
    entries = feed.after(session, state.position, limit=_ENTRIES)
    if entries:
        return _of_entries(session, state, entries)
    return None if state.complete else _of_earlier(session, state)


def _of_entries(
    session: Session, state: FindableState, entries: Sequence[FeedEntry]
) -> Batch:
    complaints = {one.complaint_id for one in entries if one.complaint_id}
    tasks = {one.task_id for one in entries if one.task_id}
    cases = {one.case_id for one in entries if _says_something(one)}
    erased = {one.case_id for one in entries if "eras" in one.kind}
    every = _complaint_ids(session, erased) if erased else []
    ids = sorted({one for one in complaints if one} | set(every))
    of_cases = sorted(cases | erased)
    own = [one for one in tasks if one]
    own += _ids(session, Task, Task.case_id, of_cases)
    parts = (
        (Found.COMPLAINT, ids, False),
        (Found.ANSWER, sorted(set(own)), False),
        (Found.REQUEST, _requests(session, own, of_cases), False),
        (Found.TALK, of_cases, True),
    )
    return _made(session, state, parts, position=entries[-1].position)


def _says_something(entry: FeedEntry) -> bool:
    """Whether an entry may be about words that belong to the case as such."""
    named = entry.complaint_id or entry.task_id
    return not named and entry.kind not in _ABOUT_THE_CASE_ONLY


def _of_earlier(session: Session, state: FindableState) -> Batch:
    query = select(Case.id).order_by(col(Case.id).desc()).limit(_CASES)
    if state.back_to is not None:
        query = query.where(col(Case.id) < state.back_to)
    cases = list(session.exec(query))
    tasks = _ids(session, Task, Task.case_id, cases)
    parts = (
        (Found.COMPLAINT, _complaint_ids(session, cases), False),
        (Found.ANSWER, tasks, False),
        (Found.REQUEST, _requests(session, (), cases), False),
        (Found.TALK, cases, True),
    )
    last = cases[-1] if cases else state.back_to
    return _made(session, state, parts, back_to=last, complete=len(cases) < _CASES)


def _complaint_ids(session: Session, cases: Iterable[str]) -> list[str]:
    return _ids(session, Complaint, Complaint.case_id, cases)


def _ids(
    session: Session,
    table: type[Any],
    column: Any,  # noqa: ANN401  a column of it
    values: Iterable[str],
) -> list[str]:
    wanted = list(values)
    if not wanted:
        return []
    return list(session.exec(select(table.id).where(col(column).in_(wanted))))


def _requests(
    session: Session, tasks: Iterable[str], cases: Iterable[str]
) -> list[str]:
    of_tasks = _ids(session, Request, Request.task_id, tasks)
    return sorted({*of_tasks, *_ids(session, Request, Request.case_id, cases)})


def _made(
    session: Session,
    state: FindableState,
    parts: Sequence[tuple[Found, Sequence[str], bool]],
    **after: object,
) -> Batch:
    before = state.model_dump()
    rows = [made for kind, ids, _ in parts if ids for made in _READ[kind](session, ids)]
    return Batch(before | after, before, parts, rows)


# ------------------------------------------------------------------- what is taken in


def _complaints(session: Session, ids: Sequence[str]) -> list[Row]:
    rows = session.exec(select(Complaint).where(col(Complaint.id).in_(ids)))
    return [row_of(one) for one in rows]


def _answers(session: Session, ids: Sequence[str]) -> list[Row]:
    found = session.exec(
        select(Answer, Task.case_id)
        .join(Task, col(Task.id) == col(Answer.task_id))
        .where(col(Answer.task_id).in_(ids))
    )
    return [
        row(
            Found.ANSWER,
            answer.task_id,
            case_id,
            at=answer.answered_at,
            words=terms(said_in(answer.content)),
        )
        for answer, case_id in found
        if answer.content is not None
    ]


def _asked(session: Session, ids: Sequence[str]) -> list[Row]:
    rows = session.exec(select(Request).where(col(Request.id).in_(ids)))
    return [
        row(Found.REQUEST, one.id, one.case_id, at=one.at,
            words=terms([one.what, one.reply]))
        for one in rows
        if one.what is not None
    ]  # fmt: skip


def _talk(session: Session, cases: Sequence[str]) -> list[Row]:
    rows = session.exec(select(TalkEntry).where(col(TalkEntry.case_id).in_(cases)))
    return [
        row(Found.TALK, one.id, one.case_id, at=one.at, words=terms([one.text]))
        for one in rows
        if one.text is not None
    ]


_READ = {
    Found.COMPLAINT: _complaints,
    Found.ANSWER: _answers,
    Found.REQUEST: _asked,
    Found.TALK: _talk,
}


# ------------------------------------------------------------------------- the writing


def _write(session: Session, batch: Batch) -> None:
    """Put a batch in, unless another worker was faster."""
    if not _gone_on(session, batch):
        return
    for kind, ids, of_cases in batch.of:
        named = col(Findable.case_id) if of_cases else col(Findable.subject_id)
        if ids:
            session.exec(
                delete(Findable).where(col(Findable.kind) == str(kind), named.in_(ids))
            )
    if batch.rows:
        rows = _with_ids_of_their_own(session, batch.rows)
        session.connection().execute(insert(_table(Findable)), rows)


def _gone_on(session: Session, batch: Batch) -> bool:
    table = _table(FindableState)
    if not batch.before:
        if session.get(FindableState, 1) is not None:
            return False
        session.connection().execute(insert(table), batch.state)
        return True
    was = batch.before
    same = and_(
        table.c.position == was["position"],
        table.c.back_to.is_not_distinct_from(was["back_to"]),
    )
    changed = session.connection().execute(
        update(table).where(same).values(**batch.state)
    )
    return changed.rowcount == 1


def _with_ids_of_their_own(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Move an id on that something of the same second happens to have."""
    ids = [one["id"] for one in rows]
    taken = set(session.exec(select(Findable.id).where(col(Findable.id).in_(ids))))
    own = []
    for one in rows:
        free = one["id"]
        while free in taken:
            free += 1
        taken.add(free)
        own.append(one | {"id": free})
    return own


def _table(of: type[SQLModel]) -> Table:
    table: Table = of.__table__  # type: ignore[attr-defined]
    return table
