"""Acts on tasks: answer, change, extend, pass on, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import Remarked, note
from resolve.clocks import service as clocks
from resolve.clocks.models import ClockKind
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.ids import derived_id
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.outbox.models import Topic
from resolve.outbox.service import put
from resolve.tasks import queries
from resolve.tasks.answers import Answering, guard, shown
from resolve.tasks.errors import (
    AlreadyAnswered,
    DueInThePast,
    NotAnswered,
    ReviewOpen,
    TaskChanged,
    TaskNotOpen,
    TaskWithdrawn,
)
from resolve.tasks.models import Answer, Task, TaskStatus
from resolve.tasks.requests import ask_needs


def answer(
    session: Session,
    task_id: str,
    given: Answering,
    *,
    who: str,
    at: datetime,
    by_word_of_mouth: bool = False,
) -> Task:
    """Answer a task; late answers count until the review opens.

    Raises:
        AlreadyAnswered: with the answer that is there.
        ReviewOpen, TaskWithdrawn: no answer is taken any more.
        AnswerForm, StepNotInTask, NotANeighbour: the answer does not fit the task.
    """
    task, case = _task_of_open_round(session, task_id)
    guard(given, queries.participant(session, task))
    if task.status == TaskStatus.ANSWERED:
        present = session.get_one(Answer, task.id)
        raise AlreadyAnswered(
            "This task is answered already.",
            hint="The answer can be changed until the review opens.",
            answer=shown(present),
        )
    _move(task, TaskStatus.ANSWERED)
    task.returned_at = None
    stored = _store(session, task, given, who=who, at=at)
    stored.by_word_of_mouth = by_word_of_mouth
    clocks.stop(session, ClockKind.TASK, [task.id], at=at)
    data = _journal_data(task, stored) | {"by_word_of_mouth": by_word_of_mouth}
    enter(session, case, "answered", data, who=who, at=at)
    ask_needs(session, task, given, who=who, at=at)
    put(session, Topic.ANSWERED, [case.id], at=at)
    return task


def answer_several(
    session: Session,
    task_ids: Sequence[str],
    given: Answering,
    *,
    who: str,
    at: datetime,
    by_word_of_mouth: bool = False,
) -> list[Task]:
    """Give one answer to several like tasks; all of them or none."""
    return [
        answer(
            session, task_id, given, who=who, at=at, by_word_of_mouth=by_word_of_mouth
        )
        for task_id in _in_order_of_locking(session, task_ids)
    ]


def _in_order_of_locking(session: Session, task_ids: Sequence[str]) -> list[str]:
    """Give each task once, by its case: cases are what is locked first."""
    known = {id_: queries.task(session, id_).case_id for id_ in set(task_ids)}
    return sorted(known, key=lambda id_: (known[id_], id_))


def change_answer(  # noqa: PLR0913  one answer
    session: Session,
    task_id: str,
    given: Answering,
    *,
    revision: int,
    who: str,
    at: datetime,
    by_word_of_mouth: bool = False,
) -> Task:
    """Replace an answer; `revision` is the task's that the change is made on.

    Raises:
        NotAnswered: there is none yet.
        TaskChanged: the task has another revision by now.
        ReviewOpen, TaskWithdrawn: no answer is taken any more.
    """
    task, case = _task_of_open_round(session, task_id)
    if task.status != TaskStatus.ANSWERED:
        raise NotAnswered("This task has no answer yet.", hint="Answer it first.")
    if revision != task.revision:
        raise TaskChanged("The answer was changed in between.", hint="Read it anew.")
    guard(given, queries.participant(session, task))
    task.revision += 1
    stored = _store(session, task, given, who=who, at=at)
    stored.by_word_of_mouth = by_word_of_mouth
    data = _journal_data(task, stored) | {"by_word_of_mouth": by_word_of_mouth}
    enter(session, case, "answer_changed", data, who=who, at=at)
    ask_needs(session, task, given, who=who, at=at)
    return task


def extend(
    session: Session,
    task_id: str,
    *,
    due: datetime,
    reason: str,
    who: str,
    at: datetime,
) -> Task:
    """Give a task more time, with the reason.

    Raises:
        TaskNotOpen: it is answered or withdrawn.
        DueInThePast: the new due time is not in the future.
    """
    task, case = open_task(session, task_id)
    if due <= at:
        raise DueInThePast(
            "The new due time has passed already.",
            hint="Name a time in the future.",
            pointer="/due",
        )
    task.due_at = due
    task.revision += 1
    session.add(task)
    if case.asked_round == case.round:
        # The answer is awaited again: once it is in, the facilitator is asked again.
        case.asked_round -= 1
        session.add(case)
    session.flush()
    clocks.extend(session, ClockKind.TASK, task.id, due_at=due, at=at)
    remark = Remarked(case.id, task.id, "task_extended", reason)
    data = {
        "task": task.id,
        "due": iso(due),
        "reason": note(session, remark, who=who, at=at),
    }
    enter(session, case, "task_extended", data, who=who, at=at)
    return task


def pass_on(session: Session, task_id: str, *, to: str, who: str, at: datetime) -> Task:
    """Give a task to a colleague or substitute.

    Raises:
        TaskNotOpen: it is answered or withdrawn.
    """
    named = storable(to, pointer="/to", longest=100)
    return _hand_over(session, task_id, named, person(to), who=who, at=at)


def give_back(session: Session, task_id: str, *, who: str, at: datetime) -> Task:
    """Give a task that was passed on to one person to its department again.

    Raises:
        TaskNotOpen: it is answered or withdrawn.
    """
    department = department_of(queries.task(session, task_id).department_id)
    return _hand_over(session, task_id, None, department, who=who, at=at)


def _hand_over(
    session: Session,
    task_id: str,
    assignee: str | None,
    told: str,
    *,
    who: str,
    at: datetime,
) -> Task:
    task, case = open_task(session, task_id)
    task.assignee = assignee
    if assignee is not None:
        task.returned_at = None  # somebody has it again
    task.revision += 1
    session.add(task)
    data = {"task": task.id, "department": task.department_id}
    enter(session, case, "task_passed_on", data, who=who, at=at)
    facts = {"task": task.id, "department": task.department_id}
    subject = derived_id(task.id, "passed_on", task.revision)
    if task.returned_at is None:
        tell(session, [Note(MessageKind.TASK, told, subject, case.id, facts)], at=at)
    return task


def withdraw(
    session: Session, task_id: str, *, reason: str, who: str, at: datetime
) -> Task:
    """Await no answer to a task any more, with the reason.

    Raises:
        TaskNotOpen: it is answered or withdrawn.
    """
    task, case = open_task(session, task_id)
    withdraw_tasks(session, [task], at=at)
    remark = Remarked(case.id, task.id, "task_withdrawn", reason)
    data = {
        "task": task.id,
        "reason": note(session, remark, who=who, at=at),
        "states": {f"task:{task.id}": str(TaskStatus.WITHDRAWN)},
    }
    enter(session, case, "task_withdrawn", data, who=who, at=at)
    put(session, Topic.MOVED, [case.id], at=at)
    return task


def withdraw_tasks(session: Session, tasks: Sequence[Task], *, at: datetime) -> None:
    """Withdraw open tasks and stop their clocks; the caller enters it."""
    for task in tasks:
        _move(task, TaskStatus.WITHDRAWN)
        session.add(task)
    session.flush()
    clocks.stop(session, ClockKind.TASK, [task.id for task in tasks], at=at)


def _task_of_open_round(session: Session, task_id: str) -> tuple[Task, Case]:
    # The case is locked first, always: so nobody waits for us in the other order.
    case = the_case(session, queries.task(session, task_id).case_id, lock=True)
    task = queries.task(session, task_id, lock=True)
    if case.status != CaseStatus.TASKS or task.round != case.round:
        raise ReviewOpen(
            "The review of this round is open or over.",
            hint="Bring your proposal to the review.",
        )
    if task.status == TaskStatus.WITHDRAWN:
        raise TaskWithdrawn("No answer to this task is awaited any more.")
    return task, case


def open_task(session: Session, task_id: str) -> tuple[Task, Case]:
    """Give a task that awaits its answer, with its case; both are locked.

    Raises:
        ReviewOpen, TaskWithdrawn, TaskNotOpen: no answer is awaited any more.
    """
    task, case = _task_of_open_round(session, task_id)
    if task.status != TaskStatus.OPEN:
        raise TaskNotOpen(f"This task is {task.status}.", hint="Only an open one can.")
    return task, case


def _move(task: Task, status: TaskStatus) -> None:
    task.status = status
    task.revision += 1


def _store(
    session: Session, task: Task, given: Answering, *, who: str, at: datetime
) -> Answer:
    stored = session.get(Answer, task.id) or Answer(task_id=task.id, answered_by=who)  # type: ignore[call-arg]
    stored.kind, stored.content = given.kind, given.content()
    stored.minutes, stored.salt = given.minutes, new_salt()
    stored.answered_by, stored.answered_at = who, at
    session.add(task)
    session.add(stored)
    session.flush()
    return stored


def _journal_data(task: Task, stored: Answer) -> dict[str, Any]:
    return {
        "task": task.id,
        "department": task.department_id,
        "kind": str(stored.kind),
        "answer": digest(stored.salt or "", stored.content),
        "states": {f"task:{task.id}": str(TaskStatus.ANSWERED)},
    }


def enter(
    session: Session,
    case: Case,
    what: str,
    data: dict[str, Any],
    *,
    who: str,
    at: datetime,
) -> None:
    """Enter an act on a task in the journal of its case."""
    append(session, [Draft(case_chain(case.id), what, data)], who=who, at=at)
