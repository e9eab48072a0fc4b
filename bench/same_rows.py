"""The rows that handling wrote, written once more by plain executemanys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, delete
from sqlmodel import SQLModel, col, select

from resolve.cases.models import Case, CaseFlowRun
from resolve.clocks.models import Clock, ClockKind
from resolve.journal.models import JournalEntry
from resolve.journal.rules import case_chain
from resolve.kit.database import Database, reading, transaction
from resolve.kit.ids import new_id
from resolve.messages.models import Message
from resolve.tasks.models import Task

Values = dict[str, Any]
_ROUND = 1_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table."""

    table: Table
    values: list[Values]


def written_by_handling(database: Database, *, newest: int) -> list[Rows]:
    """Give the tasks of the newest cases and all that was written with them.

    As rows that are not there yet, tasks first.
    """
    with reading(database) as session:
        last = select(Case.id).order_by(col(Case.id).desc()).limit(newest)
        chains = {case_chain(id_) for id_ in session.exec(last)}
        cases = last.subquery()
        queries: dict[type[SQLModel], Any] = {
            Task: select(Task).join(cases, col(Task.case_id) == cases.c.id),
            Clock: select(Clock)
            .join(cases, col(Clock.case_id) == cases.c.id)
            .where(Clock.kind == ClockKind.TASK),
            Message: select(Message).join(cases, col(Message.case_id) == cases.c.id),
            JournalEntry: select(JournalEntry).where(JournalEntry.what == "assigned"),
            CaseFlowRun: select(CaseFlowRun).join(
                cases, col(CaseFlowRun.case_id) == cases.c.id
            ),
        }
        found = {kind: session.exec(query).all() for kind, query in queries.items()}
    found[JournalEntry] = [e for e in found[JournalEntry] if e.chain in chains]
    return [
        Rows(table_of(kind), [_ANEW[kind](row.model_dump()) for row in rows])
        for kind, rows in found.items()
    ]


def seconds_to_write(database: Database, rows: Sequence[Rows]) -> float:
    """Write them in one transaction, one executemany per table; then remove them."""
    start = perf_counter()
    with transaction(database) as session:
        for one in rows:
            session.connection().execute(one.table.insert(), one.values)
    taken = perf_counter() - start
    with transaction(database) as session:
        for one in rows:
            keys = list(one.table.primary_key)
            statement = delete(one.table).where(
                and_(*(key == bindparam(f"of_{key.name}") for key in keys))
            )
            ids = [{f"of_{k.name}": row[k.name] for k in keys} for row in one.values]
            session.connection().execute(statement, ids)
    return taken


def table_of(kind: type[SQLModel]) -> Table:
    """Give the table behind a model."""
    return cast("Table", kind.__table__)  # type: ignore[attr-defined]


_ANEW: dict[type[SQLModel], Callable[[Values], Values]] = {
    Task: lambda row: row | {"id": new_id(), "round": row["round"] + _ROUND},
    Clock: lambda row: row | {"id": new_id(), "subject_id": new_id()},
    Message: lambda row: row | {"id": new_id(), "subject_id": new_id()},
    JournalEntry: lambda row: row | {"seq": row["seq"] + _ROUND},
    CaseFlowRun: lambda row: row | {"run_id": new_id()},
}
