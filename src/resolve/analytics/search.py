"""Finding what people wrote: complaints, answers, requests and talk, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Integer, column, func, literal, table, union
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from resolve.analytics.lists import taking_part
from resolve.cases.models import TalkEntry
from resolve.complaints.finding import (
    Findable,
    FindableState,
    Found,
    said_in,
    texts_of,
)
from resolve.complaints.models import Complaint
from resolve.complaints.words import Query, Terms
from resolve.journal.models import FeedEntry, JournalHead
from resolve.tasks.models import Answer, Request, Task


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, with what is written there."""

    id: int
    kind: Found
    case_id: str
    subject_id: str
    texts: tuple[str, ...]
    complaint: Complaint | None = None
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """How far the search is filled."""

    up_to_date: bool  # with what happened
    complete: bool  # with what was there before it began


def filled(session: Session) -> Filled:
    """Tell how far the search is filled."""
    state = session.get(FindableState, 1)
    if state is None:
        return Filled(up_to_date=False, complete=False)
    last = session.exec(select(func.max(FeedEntry.position))).one() or 0
    unfed = col(JournalHead.seq) > col(JournalHead.fed_seq)
    new = session.exec(select(JournalHead.chain).where(unfed).limit(1)).first()
    behind = new is not None or last > state.position
    return Filled(up_to_date=not behind, complete=state.complete)


def find(
    session: Session,
    wanted: Query,
    *,
    limit: int,
    before: int | None = None,
    seen_by: frozenset[str] | None = None,
) -> list[Findable]:
    """Give what fits, newest first; `seen_by`: of a partner's cases only."""
    if not wanted.words:
        return []
    on_postgres = session.get_bind().dialect.name == "postgresql"
    query = _on_postgres(wanted) if on_postgres else _on_sqlite(wanted, before)
    if before is not None:
        query = query.where(col(Findable.id) < before)
    if seen_by is not None:
        query = query.where(_within(session, seen_by))
    return list(session.exec(query.limit(limit)))


def _on_postgres(wanted: Query) -> SelectOfScalar[Findable]:
    asked = literal(_written(wanted, " & ", " | ", "'"), TSQUERY)
    fits = col(Findable.words).op("@@")(asked)
    return select(Findable).where(fits).order_by(col(Findable.id).desc())


_FTS = table("findable_words", column("rowid", Integer), column("findable_words"))


def _on_sqlite(wanted: Query, before: int | None) -> SelectOfScalar[Findable]:
    asked = _written(wanted, " AND ", " OR ", '"')
    query = (
        select(Findable)
        .select_from(_FTS)
        .join(Findable, col(Findable.id) == _FTS.c.rowid)
        .where(_FTS.c.findable_words.op("MATCH")(asked))
        # The full-text table walks backwards by itself; the other would be sorted.
        .order_by(_FTS.c.rowid.desc())
    )
    return query if before is None else query.where(_FTS.c.rowid < before)


def _written(wanted: Query, both: str, either: str, mark: str) -> str:
    """Write what is looked for as a database reads it; forms are letters and digits."""

    def one_of(forms: Terms) -> str:
        return f"({either.join(f'{mark}{form}{mark}' for form in sorted(forms))})"

    return both.join(
        f"({either.join(f'({both.join(map(one_of, way))})' for way in readings)})"
        for readings in wanted.words
    )


_FEW = 5000


def _within(session: Session, departments: frozenset[str]) -> Any:  # noqa: ANN401  SQL
    """Give the condition that one of them takes part.

    Few cases are gathered first; of many, what was found is soon one of theirs.
    """
    named = sorted(departments)
    tasks = select(Task.case_id).where(col(Task.department_id).in_(named))
    if len(session.exec(tasks.limit(_FEW + 1)).all()) > _FEW:
        return taking_part(Findable.case_id, departments)
    asked = select(Request.case_id).where(col(Request.department_id).in_(named))
    return col(Findable.case_id).in_(union(tasks, asked))


# ------------------------------------------------------------------ what was found says


def hits(session: Session, found: Sequence[Findable]) -> list[Hit]:
    """Read what is written there now; what was erased meanwhile is left out."""
    read = _read(session, found)
    return [
        Hit(one.id, Found(one.kind), one.case_id, one.subject_id, *said)
        for one in found
        if (said := read.get((one.kind, one.subject_id))) and said[0]
    ]


_Said = tuple[tuple[str, ...], Complaint | None, Task | None]


def _read(session: Session, found: Sequence[Findable]) -> dict[tuple[str, str], _Said]:
    ids = {kind: [o.subject_id for o in found if o.kind == kind] for kind in Found}
    complaints = _by_id(session, Complaint, ids[Found.COMPLAINT])
    requests = _by_id(session, Request, ids[Found.REQUEST])
    talk = _by_id(session, TalkEntry, ids[Found.TALK])
    of_requests = [one.task_id for one in requests.values()]
    tasks = _by_id(session, Task, [*ids[Found.ANSWER], *of_requests])
    answers = session.exec(
        select(Answer).where(col(Answer.task_id).in_(ids[Found.ANSWER]))
    )
    said: dict[tuple[str, str], _Said] = {
        (Found.COMPLAINT, id_): (texts_of(one), one, None)
        for id_, one in complaints.items()
    }
    for answer in answers:
        texts = tuple(said_in(answer.content))
        said[Found.ANSWER, answer.task_id] = (texts, None, tasks.get(answer.task_id))
    for id_, asked in requests.items():
        said[Found.REQUEST, id_] = (
            _there(asked.what, asked.reply), None, tasks.get(asked.task_id)
        )  # fmt: skip
    for id_, entry in talk.items():
        said[Found.TALK, id_] = (_there(entry.text), None, None)
    return said


def _there(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


T = TypeVar("T", Complaint, Request, Task, TalkEntry)


def _by_id(session: Session, of: type[T], ids: Sequence[str]) -> dict[str, T]:
    if not ids:
        return {}
    rows = session.exec(select(of).where(col(of.id).in_(ids)))
    return {row.id: row for row in rows}
