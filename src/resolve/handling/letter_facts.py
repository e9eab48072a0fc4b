"""What letters tell of: read for many messages at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.chain.model import ValueChain
from resolve.clocks.models import Clock
from resolve.complaints.identities import identities
from resolve.complaints.masking import Identity
from resolve.complaints.models import Complaint
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import KnownCalendar, calendars_of, departments
from resolve.maps.queries import chain_of
from resolve.messages.models import Message, MessageKind
from resolve.reviews.models import Ballot, Objection
from resolve.tasks.models import Answer, Request, Task

_OF_CHANGES = (
    MessageKind.IN_PLACE,
    MessageKind.PROVEN,
    MessageKind.NOT_PROVEN,
    MessageKind.TOO_FEW,
)
_WITH_NAMES = (MessageKind.PROVEN, MessageKind.OBJECTION_MET)


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that the letters of some messages need, by id."""

    cases: Mapping[str, Case]
    chains: Mapping[str, ValueChain]
    numbers: Mapping[str, str]  # of a case: the number of its first complaint
    customers: Mapping[str, int]
    complaints: Mapping[str, Complaint]
    tasks: Mapping[str, Task]
    answers: Mapping[str, Answer]
    requests: Mapping[str, Request]
    ballots: Mapping[str, Ballot]
    objections: Mapping[str, Objection]
    clocks: Mapping[str, Clock]  # by what they are for
    departments: Mapping[str, DepartmentRecord]
    calendars: Mapping[str, KnownCalendar]
    identities: Mapping[str, Identity]  # of cases whose letters name people


def letter_facts(session: Session, messages: Sequence[Message]) -> LetterFacts:
    """Read what these messages tell of."""
    case_ids = {one.case_id for one in messages}
    cases = _by_id(session, Case, case_ids)
    tasks = _by_id(session, Task, _named(messages, "task"))
    subjects = {one.subject_id for one in messages}
    complaints = _by_id(session, Complaint, _named(messages, "complaint"))
    register = {one.id: one for one in departments(session)}
    numbers, customers = _numbers(session, case_ids)
    ballots = _by_id(session, Ballot, _named(messages, "ballot"))
    return LetterFacts(
        cases=cases,
        chains=_chains(session, cases),
        numbers=numbers,
        customers=customers,
        complaints=complaints,
        tasks=tasks,
        answers=_answers(session, messages, ballots.values()),
        requests=_by_id(session, Request, subjects),
        ballots=ballots,
        objections=_by_id(session, Objection, _named(messages, "objection")),
        clocks=_clocks(session, complaints),
        departments=register,
        calendars=calendars_of(session, register),
        identities=identities(
            session, {one.case_id for one in messages if one.kind in _WITH_NAMES}
        ),
    )


T = TypeVar("T", Case, Task, Complaint, Request, Ballot, Objection)


def _by_id(session: Session, table: type[T], ids: set[str]) -> dict[str, T]:
    rows = session.exec(select(table).where(col(table.id).in_(ids)))
    return {row.id: row for row in rows}


def _named(messages: Sequence[Message], fact: str) -> set[str]:
    return {str(one.facts[fact]) for one in messages if fact in one.facts}


def _numbers(
    session: Session, case_ids: set[str]
) -> tuple[dict[str, str], dict[str, int]]:
    """Give each case's first number and how many customers it stands for."""
    rows = session.exec(
        select(Complaint.case_id, func.min(Complaint.serial), func.count())
        .where(col(Complaint.case_id).in_(case_ids))
        .group_by(col(Complaint.case_id))
    ).all()
    first = session.exec(
        select(Complaint.case_id, Complaint.number).where(
            col(Complaint.serial).in_([serial for _, serial, _ in rows])
        )
    )
    return dict(first.all()), {case_id: n for case_id, _, n in rows}


def _chains(session: Session, cases: Mapping[str, Case]) -> dict[str, ValueChain]:
    chains: dict[tuple[str, int], ValueChain] = {}
    found: dict[str, ValueChain] = {}
    for case in cases.values():
        if case.map_id is None or case.map_version is None:
            continue
        key = (case.map_id, case.map_version)
        if key not in chains:
            chains[key] = chain_of(session, *key)
        found[case.id] = chains[key]
    return found


def _answers(
    session: Session, messages: Sequence[Message], ballots: Iterable[Ballot]
) -> dict[str, Answer]:
    ids = {
        str(one.facts["task"])
        for one in messages
        if one.kind in _OF_CHANGES and "task" in one.facts
    }
    ids |= {one.task_id for one in ballots if one.task_id}
    rows = session.exec(select(Answer).where(col(Answer.task_id).in_(ids)))
    return {row.task_id: row for row in rows}


def _clocks(session: Session, subjects: Mapping[str, object]) -> dict[str, Clock]:
    rows = session.exec(select(Clock).where(col(Clock.subject_id).in_(list(subjects))))
    return {row.subject_id: row for row in rows}
