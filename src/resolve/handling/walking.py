"""From a placed case to one task for every department that takes part.

Two steps: `plan` only reads, `assign` writes everything of the batch in the one
transaction that also settles its events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from resolve.cases.models import Case, CaseStatus
from resolve.cases.service import note_runs
from resolve.chain.walk import Participant
from resolve.clocks import service as clocks
from resolve.clocks.models import ClockKind
from resolve.clocks.working_time import add_working_days
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import KnownCalendar, by_id, calendars_of
from resolve.handling.placing import ENGINE, return_to_be_placed
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.database import insert_rows
from resolve.kit.ids import new_id
from resolve.maps.queries import chain_of, walk_of
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.outbox.service import Claimed, settle
from resolve.tasks.models import Task, TaskStatus


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked in one round of a case, for which concern on which map version."""

    event_id: int
    case_id: str
    round: int
    concern: tuple[str, int, str] | None
    participants: tuple[Participant, ...]
    answer_within: int


def plan(session: Session, events: Sequence[Claimed]) -> list[Plan]:
    """Walk the chain for the case of each event."""
    cases = {
        case.id: case
        for case in session.exec(
            select(Case).where(col(Case.id).in_([event.case_id for event in events]))
        )
    }
    walked: dict[Concerned, Walked] = {}
    plans = []
    for event in events:
        case, round_ = cases[event.case_id], int(event.data.get("round", 1))
        concern = _concern(case)
        if concern not in walked:
            walked[concern] = _walk(session, concern)
        plans.append(Plan(event.id, case.id, round_, concern, *walked[concern]))
    return plans


Concerned = tuple[str, int, str] | None
Walked = tuple[tuple[Participant, ...], int]


def _concern(case: Case) -> Concerned:
    if case.map_id is None or case.map_version is None or case.concern is None:
        return None
    return case.map_id, case.map_version, case.concern


def _walk(session: Session, concern: Concerned) -> Walked:
    if concern is None:
        return (), 0
    map_id, version, _ = concern
    within = chain_of(session, map_id, version).answer_within
    return walk_of(session, *concern).participants, within


def assign(
    session: Session,
    plans: Sequence[Plan],
    *,
    token: str,
    run_id: str,
    at: datetime,
) -> int:
    """Hand out the tasks that are missing, settle the events; give how many tasks.

    Raises:
        LostClaim: another worker took over; the transaction must not commit.
    """
    settle(session, [one.event_id for one in plans], token=token, at=at)
    due = _still_due(session, plans)
    asked = [one for one in due if one.participants]
    tasks = _hand_out(session, asked, at=at)
    for one in due:
        if not one.participants:
            case = session.get_one(Case, one.case_id)
            return_to_be_placed(session, case, "nobody_takes_part", who=ENGINE, at=at)
    note_runs(session, [one.case_id for one in plans], run_id=run_id, at=at)
    return tasks


def _still_due(session: Session, plans: Sequence[Plan]) -> list[Plan]:
    cases = {
        case.id: case
        for case in session.exec(
            select(Case)
            .where(col(Case.id).in_([one.case_id for one in plans]))
            .order_by(col(Case.id))
            .with_for_update()
        )
    }
    return [one for one in plans if _is_due(one, cases[one.case_id])]


def _is_due(one: Plan, case: Case) -> bool:
    return (
        case.status == CaseStatus.TASKS
        and case.round < one.round
        and _concern(case) == one.concern
    )


def _hand_out(session: Session, plans: Sequence[Plan], *, at: datetime) -> int:
    if not plans:
        return 0
    departments = by_id(
        session, {p.department for one in plans for p in one.participants}
    )
    calendars = calendars_of(session, departments)
    tasks = [
        _task(one, participant, calendars[participant.department], at=at)
        for one in plans
        for participant in one.participants
    ]
    insert_rows(session, Task, tasks)
    within = {one.case_id: one.answer_within for one in plans}
    clocks.start(
        session,
        [_clock(task, within[task["case_id"]], calendars, at=at) for task in tasks],
    )
    _begin_round(session, plans)
    by_case: dict[str, dict[str, str]] = {}
    for task in tasks:
        by_case.setdefault(task["case_id"], {})[task["department_id"]] = task["id"]
    append(
        session, [_assigned(one, by_case[one.case_id]) for one in plans],
        who=ENGINE, at=at,
    )  # fmt: skip
    owners = _owners(session, plans)
    tell(session, [_note(t, departments, owners) for t in tasks], at=at)
    return len(tasks)


def _task(
    one: Plan, participant: Participant, known: KnownCalendar, *, at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": one.case_id,
        "department_id": participant.department,
        "round": one.round,
        "status": TaskStatus.OPEN,
        "asked_at": at,
        "due_at": add_working_days(known.calendar, at, one.answer_within),
        "revision": 1,
    }


def _clock(
    task: Mapping[str, Any],
    within: int,
    calendars: Mapping[str, KnownCalendar],
    *,
    at: datetime,
) -> dict[str, Any]:
    known = calendars[task["department_id"]]
    return clocks.new_clock(
        ClockKind.TASK,
        task["id"],
        case_id=task["case_id"],
        at=at,
        due_at=task["due_at"],
        working_days=within,
        calendar=(known.id, known.revision),
    )


def _begin_round(session: Session, plans: Sequence[Plan]) -> None:
    table = Case.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table)
        .where(table.c.id == bindparam("of"))
        .values(round=bindparam("begun"), revision=table.c.revision + 1),
        [{"of": one.case_id, "begun": one.round} for one in plans],
    )


def _assigned(one: Plan, tasks: Mapping[str, str]) -> Draft:
    states = {f"task:{task_id}": str(TaskStatus.OPEN) for task_id in tasks.values()}
    data = {"round": one.round, "tasks": dict(tasks), "states": states}
    return Draft(case_chain(one.case_id), "assigned", data)


def _owners(session: Session, plans: Sequence[Plan]) -> dict[str, str]:
    ids = [one.case_id for one in plans]
    rows = session.exec(select(Case.id, Case.owner).where(col(Case.id).in_(ids)))
    return dict(rows.all())


def _note(
    task: Mapping[str, Any],
    departments: Mapping[str, DepartmentRecord],
    owners: Mapping[str, str],
) -> Note:
    department = departments[task["department_id"]]
    # A department without a head: its tasks go to the quality manager.
    recipient = (
        department_of(department.id)
        if department.head
        else person(owners[task["case_id"]])
    )
    facts = {"task": task["id"], "department": department.id}
    return Note(MessageKind.TASK, recipient, task["id"], task["case_id"], facts)
