"""Everything the database holds of a case, and what another case has otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel

from resolve.cases.models import Case, CaseFlowRun, Remark
from resolve.clocks.models import Clock
from resolve.complaints.models import Complaint
from resolve.journal.models import JournalEntry, JournalHead
from resolve.journal.rules import case_chain, digest
from resolve.kit.clock import iso
from resolve.kit.ids import derived_id
from resolve.messages.models import Message
from resolve.outbox.models import Event, EventState
from resolve.solutions.models import Solution
from resolve.tasks.models import Answer, Request, Task

Row = dict[str, Any]
Rows = dict[type[SQLModel], list[Row]]

# In an order in which rows may refer to each other.
OF_A_CASE: tuple[type[SQLModel], ...] = (
    Case, Complaint, Task, Answer, Request, Solution, Remark, Clock, Message,
    Event, CaseFlowRun, JournalEntry, JournalHead,
)  # fmt: skip
# Each text that can be erased, with its salt, as the services digest them.
_DIGESTED: tuple[tuple[type[SQLModel], str, tuple[str, ...]], ...] = (
    (Complaint, "salt", ("text", "desired_outcome", "on_behalf_of", "customer")),
    (Complaint, "answer_salt", ("answer", "remedy")),
    (Answer, "salt", ("content",)),
    (Request, "salt", ("what",)),
    (Request, "reply_salt", ("reply",)),
    (Remark, "salt", ("text",)),
)


def rows_of(session: Session, case_id: str) -> Rows:
    """Give everything the database holds of a case."""
    found: Rows = {}
    for kind in OF_A_CASE:
        table: Table = kind.__table__  # type: ignore[attr-defined]
        order = table.c.seq if kind is JournalEntry else next(iter(table.primary_key))
        query = select(table).where(_of_case(table, case_id)).order_by(order)
        result = session.connection().execute(query)
        found[kind] = [dict(row) for row in result.mappings()]
    return found


def _of_case(table: Table, case_id: str) -> Any:  # noqa: ANN401  SQLAlchemy's
    if "chain" in table.c:
        return table.c.chain == case_chain(case_id)
    if "case_id" in table.c:
        return table.c.case_id == case_id
    if "task_id" in table.c:
        tasks: Table = Task.__table__  # type: ignore[attr-defined]
        return table.c.task_id.in_(select(tasks.c.id).where(tasks.c.case_id == case_id))
    return table.c.id == case_id


def is_forgotten(row: Row, *, before: datetime) -> bool:
    """Tell whether the engine removed this event by now."""
    return bool(row["state"] == EventState.SETTLED and row["settled_at"] < before)


# --------------------------------------------------- what differs from cast to cast


def own_ids(rows: Rows) -> set[str]:
    own = {row["id"] for kind, of_one in rows.items() if kind is not Event
           for row in of_one if "id" in row}  # fmt: skip
    own |= {row["run_id"] for row in rows[CaseFlowRun]}
    return own | {row["claim_token"] for row in rows[Event] if row["claim_token"]}


def derived(
    rows: Rows, own: set[str]
) -> Iterator[tuple[str, tuple[str, tuple[object, ...]]]]:
    """Give the ids that messages are about and that follow from other facts."""
    case = rows[Case][0]
    possible: list[tuple[str, tuple[object, ...]]] = [
        (case["id"], ("all_in", round_, revision))
        for round_ in range(1, case["round"] + 1)
        for revision in range(1, case["revision"] + 1)
    ]
    possible += [
        (task["id"], ("passed_on", revision))
        for task in rows[Task]
        for revision in range(1, task["revision"] + 1)
    ]
    possible += [(one["id"], (iso(one["due_at"]),)) for one in rows[Clock]]
    known = {derived_id(of, *parts): (of, parts) for of, parts in possible}
    for row in rows[Message]:
        subject = row["subject_id"]
        if subject not in own and subject in known:
            yield subject, known[subject]


def moments(rows: Rows) -> set[datetime]:
    found = {value for of_one in rows.values() for row in of_one
             for value in row.values() if isinstance(value, datetime)}  # fmt: skip
    for row in rows[Clock]:
        found |= {datetime.fromisoformat(one["at"]) for one in row["events"]}
    return {at.astimezone(UTC) for at in found}


def due_times(rows: Rows) -> set[datetime]:
    """Give the moments that calendars gave: they are the same for all casts."""
    due: set[datetime] = {row["due_at"] for kind in (Clock, Task) for row in rows[kind]}
    extended = (one["due"] for row in rows[Clock] for one in row["events"]
                if "due" in one)  # fmt: skip
    return due | {datetime.fromisoformat(one) for one in extended}


def salts(rows: Rows) -> Iterator[str]:
    for kind, field, _ in _DIGESTED:
        yield from (row[field] for row in rows[kind] if row[field])


def digests(rows: Rows) -> Iterator[tuple[str, str, list[object]]]:
    for kind, field, texts in _DIGESTED:
        for row in rows[kind]:
            if row[field]:
                covered = [row[name] for name in texts]
                yield digest(row[field], *covered), row[field], covered
