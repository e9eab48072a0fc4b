"""Pages of complaints, cases, tasks, journal entries and the rest, by keyset.

A cursor says where the last page ended and belongs to one query.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Uuid, exists, literal, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from resolve.cases.models import Case, TalkEntry
from resolve.complaints.models import Complaint
from resolve.departments.models import DepartmentRecord
from resolve.journal.models import FeedEntry, JournalEntry
from resolve.kit.database import UTCTime
from resolve.kit.errors import BadRequest, Invalid
from resolve.kit.ids import is_id
from resolve.kit.texts import storable
from resolve.maps.models import Map, MapVersion
from resolve.messages.models import Message
from resolve.reviews.models import Ballot
from resolve.tasks.models import Request, Task

T = TypeVar("T")
_MOST = 2**31 - 1


class BadCursor(BadRequest):
    """The cursor is garbage, or of another query."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """So many rows, and the cursor of the page after them."""

    rows: Sequence[T]
    next_cursor: str | None

    @property
    def has_more(self) -> bool:
        return self.next_cursor is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many rows of a list, from where on."""

    limit: int = 50
    cursor: str | None = None


def complaints(  # noqa: PLR0913  its filters
    session: Session,
    wanted: Wanted = Wanted(),
    *,
    status: str | None = None,
    source: str | None = None,
    reference: str | None = None,
    updated_since: datetime | None = None,
    filed_by: str | None = None,
    seen_by: frozenset[str] | None = None,
) -> Page[Complaint]:
    """Give complaints by the time they last changed.

    `seen_by`: only those of cases these take part in; `filed_by`: only its own; both:
    all of these.
    """
    query = select(Complaint)
    for column, value in (
        (Complaint.status, status),
        (Complaint.source, source),
        (Complaint.reference, reference),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if updated_since is not None:
        query = query.where(col(Complaint.updated_at) >= updated_since)
    seen = []
    if filed_by is not None:
        seen.append(col(Complaint.filed_by) == filed_by)
    if seen_by is not None:
        seen.append(taking_part(Complaint.case_id, seen_by))
    if seen:
        query = query.where(or_(*seen))
    about = ("complaints", status, source, reference, filed_by, _named(seen_by))
    keys = (Complaint.updated_at, Complaint.id)
    return _page(session, query, keys, wanted, (*about, str(updated_since)))


def cases(
    session: Session,
    wanted: Wanted = Wanted(),
    *,
    status: str | None = None,
    department: str | None = None,
    seen_by: frozenset[str] | None = None,
) -> Page[Case]:
    """Give cases by the time they were opened; `seen_by`: a partner's own."""
    query = select(Case)
    if status is not None:
        query = query.where(Case.status == status)
    if department is not None:
        query = query.where(taking_part(Case.id, frozenset({department})))
    if seen_by is not None:
        query = query.where(taking_part(Case.id, seen_by))
    about = ("cases", status, department, _named(seen_by))
    return _page(session, query, (Case.id,), wanted, about)


def tasks(
    session: Session,
    wanted: Wanted = Wanted(),
    *,
    department: str | None = None,
    status: str | None = None,
    case_id: str | None = None,
    seen_by: frozenset[str] | None = None,
) -> Page[Task]:
    """Give tasks by due time, whosever they are; `seen_by`: of a partner's cases."""
    query = select(Task)
    if department is not None:
        query = query.where(Task.department_id == department)
    if status is not None:
        query = query.where(Task.status == status)
    if case_id is not None:
        query = query.where(Task.case_id == case_id)
    if seen_by is not None:
        query = query.where(taking_part(Task.case_id, seen_by))
    about = ("tasks", department, status, case_id, _named(seen_by))
    return _page(session, query, (Task.due_at, Task.id), wanted, about)


def journal(
    session: Session, chain: str, wanted: Wanted = Wanted()
) -> Page[JournalEntry]:
    """Give the entries of a chain in order."""
    query = select(JournalEntry).where(JournalEntry.chain == chain)
    return _page(session, query, (JournalEntry.seq,), wanted, ("journal", chain))


def feed(
    session: Session,
    position: int,
    *,
    limit: int,
    seen_by: frozenset[str] | None = None,
) -> Sequence[FeedEntry]:
    """Give the entries of the change feed after a position, oldest first."""
    query = select(FeedEntry).where(col(FeedEntry.position) > position)
    if seen_by is not None:
        query = query.where(taking_part(FeedEntry.case_id, seen_by))
    return session.exec(query.order_by(col(FeedEntry.position)).limit(limit)).all()


def departments(session: Session, wanted: Wanted = Wanted()) -> Page[DepartmentRecord]:
    """Give the departments of the register by id."""
    query = select(DepartmentRecord)
    return _page(session, query, (DepartmentRecord.id,), wanted, ("departments",))


def maps(session: Session, wanted: Wanted = Wanted()) -> Page[Map]:
    """Give the maps by id."""
    return _page(session, select(Map), (Map.id,), wanted, ("maps",))


def map_versions(
    session: Session, map_id: str, wanted: Wanted = Wanted()
) -> Page[MapVersion]:
    """Give the versions of a map, the oldest first."""
    query = select(MapVersion).where(MapVersion.map_id == map_id)
    return _page(session, query, (MapVersion.version,), wanted, ("versions", map_id))


def messages(
    session: Session, wanted: Wanted = Wanted(), *, recipient: str | None = None
) -> Page[Message]:
    """Give messages in the order they were told."""
    query = select(Message)
    if recipient is not None:
        query = query.where(Message.recipient == recipient)
    return _page(session, query, (Message.id,), wanted, ("messages", recipient))


def talk(session: Session, case_id: str, wanted: Wanted = Wanted()) -> Page[TalkEntry]:
    """Give what was said in the talk of a case, in order."""
    query = select(TalkEntry).where(TalkEntry.case_id == case_id)
    return _page(session, query, (TalkEntry.id,), wanted, ("talk", case_id))


def ballots(session: Session, case_id: str, wanted: Wanted = Wanted()) -> Page[Ballot]:
    """Give what was put to the vote in a case, in the order put."""
    query = select(Ballot).where(Ballot.case_id == case_id)
    return _page(session, query, (Ballot.id,), wanted, ("ballots", case_id))


def takes_part(session: Session, case_id: str, departments: frozenset[str]) -> bool:
    """Tell whether one of them has a task in a case, or was asked for something."""
    query = select(Case.id).where(Case.id == case_id, taking_part(Case.id, departments))
    return session.exec(query).first() is not None


def _named(departments: frozenset[str] | None) -> str | None:
    return None if departments is None else "\0".join(sorted(departments))


def taking_part(case_id: Any, departments: frozenset[str]) -> Any:  # noqa: ANN401  SQL expressions
    """Give the condition that one of them has a task in a case, or was asked."""
    # Under names of their own: the list may be one of tasks itself.
    task, request = aliased(Task), aliased(Request)
    return or_(
        exists().where(
            col(task.case_id) == col(case_id),
            col(task.department_id).in_(sorted(departments)),
        ),
        exists().where(
            col(request.case_id) == col(case_id),
            col(request.department_id).in_(sorted(departments)),
        ),
    )


def _page(
    session: Session,
    query: SelectOfScalar[T],
    keys: tuple[Any, ...],
    wanted: Wanted,
    about: tuple[str | None, ...],
) -> Page[T]:
    of = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:12]
    columns = [col(key) for key in keys]
    if wanted.cursor is not None:
        last = _values(wanted.cursor, of, columns)
        query = query.where(tuple_(*columns) > tuple_(*last))
    rows = session.exec(query.order_by(*columns).limit(wanted.limit + 1)).all()
    if len(rows) <= wanted.limit:
        return Page(rows, None)
    shown = rows[: wanted.limit]
    return Page(shown, _cursor(shown[-1], of, keys))


def _cursor(row: object, of: str, keys: Sequence[Any]) -> str:
    values = [getattr(row, key.key) for key in keys]
    plain = [v.isoformat() if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps([of, plain]).encode()).decode()


def _values(cursor: str, of: str, columns: Sequence[Any]) -> list[Any]:
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii"))
        query, plain = json.loads(text)
        pairs = zip(columns, plain, strict=True)
        if query != of:
            raise ValueError  # noqa: TRY301  one message for all of them
        return [literal(_typed(c, value), c.type) for c, value in pairs]
    except (ValueError, TypeError, RecursionError, binascii.Error, Invalid):
        raise BadCursor(
            "The cursor cannot be used for this list.",
            hint="Start again without a cursor, with the same filters on every page.",
            pointer="/cursor",
        ) from None


def _typed(column: Any, value: Any) -> Any:  # noqa: ANN401  whatever the column holds
    if isinstance(column.type, UTCTime):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError
        return at
    if not isinstance(value, column.type.python_type) or (
        isinstance(column.type, Uuid) and not is_id(value)
    ):
        raise TypeError
    if isinstance(value, int) and not 0 <= value <= _MOST:
        raise ValueError
    return storable(value) if isinstance(value, str) else value
