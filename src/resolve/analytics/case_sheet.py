"""All that the page of a case shows, read at once: a constant number of questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.attachments.models import Attachment
from resolve.cases.models import Case, Remark
from resolve.cases.queries import chain_of_case, walk_of_case
from resolve.cases.said import Talk, hidden_words, newest
from resolve.chain.model import ValueChain
from resolve.chain.walk import Walk
from resolve.clocks.calendar import DEFAULT, Calendar
from resolve.clocks.calendar_file import read_calendar
from resolve.clocks.models import Clock, ClockKind
from resolve.clocks.queries import clocks_of
from resolve.complaints.models import Complaint, ComplaintStatus
from resolve.departments.models import DepartmentRecord, Membership, StoredCalendar
from resolve.departments.queries import departments
from resolve.journal.models import JournalEntry
from resolve.journal.rules import case_chain
from resolve.reviews.division_queries import agreed_divisions
from resolve.reviews.models import Ballot, Division, Objection, Vote
from resolve.reviews.queries import ballots_of, objections_of, votes_of
from resolve.solutions.models import Solution, SolutionStatus
from resolve.solutions.queries import solutions_of
from resolve.solutions.thanks import contributors
from resolve.steptimes.queries import any_of_map
from resolve.tasks.models import Answer, Request, Task
from resolve.tasks.queries import answers_to, requests_of, tasks_of

MOST_COMPLAINTS = 20
MOST_ENTRIES = 200
MOST_PEOPLE = 300


@dataclass(frozen=True, slots=True)
class Customers:
    """Some complaints of a case with what belongs to them, and how many there are.

    `more_after`: the serial after which the next ones begin, None if these are all.
    """

    complaints: Sequence[Complaint]
    clocks: Mapping[str, Clock]
    calendars: Mapping[tuple[str, int], Calendar]
    attachments: Sequence[Attachment]
    counts: Mapping[str, int]
    more_after: int | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class History:
    """Entries of the journal of a case in order; `earlier`: there are more before."""

    entries: Sequence[JournalEntry]
    numbers: Mapping[str, str]
    earlier: bool
    internal: Mapping[str, str] = field(default_factory=dict)  # whose, by complaint


@dataclass(frozen=True, slots=True)
class Sheet:
    """A case with everything that belongs to it."""

    case: Case
    chain: ValueChain | None
    walk: Walk | None
    customers: Customers
    first_number: str
    tasks: Sequence[Task]
    answers: Mapping[str, Answer]
    requests: Sequence[Request]
    solutions: Sequence[Solution]
    ballots: Sequence[Ballot]
    votes: Sequence[Vote]
    objections: Sequence[Objection]
    divisions: Sequence[Division]  # those agreed
    remarks: Sequence[Remark]
    departments: Mapping[str, DepartmentRecord]
    people: Sequence[tuple[Person, str]]
    talk: Talk
    history: History
    marked: Sequence[str]
    thanked: Mapping[str, Sequence[str]]  # who contributed to changes that work
    has_times: bool  # step times of this map are known
    names: Mapping[str, str] = field(default_factory=dict)  # of those `named`

    @property
    def taking_part(self) -> list[str]:
        """Give the departments of this round, nearest first, then those asked."""
        walked = [one.department for one in self.walk.participants] if self.walk else []
        tasked = [one.department_id for one in self.tasks]
        asked = [one.department_id for one in self.requests]
        return list(dict.fromkeys([*walked, *tasked, *asked]))

    @property
    def present_tasks(self) -> list[Task]:
        """Give the tasks of the present round, nearest to the customer first."""
        place = {name: n for n, name in enumerate(self.taking_part)}
        found = [one for one in self.tasks if one.round == self.case.round]
        return sorted(found, key=lambda one: place[one.department_id])

    @property
    def named(self) -> set[str]:
        """Give those who are to be shown by their names."""
        named = {self.case.owned_by, self.case.led_by}
        named |= named_in(self.talk)
        named |= {one.assignee for one in self.tasks if one.assignee}
        named |= {one.filed_by for one in self.customers.complaints if one.internal_of}
        named |= {one.answered_by for one in self.answers.values()}
        named |= {one.owner for one in self.solutions}
        named |= {who for of_one in self.thanked.values() for who in of_one}
        named |= {one.who for one in self.remarks} | self._in_review
        return named | {one.who for one in self.history.entries}

    @property
    def _in_review(self) -> set[str]:
        named = {one.who for one in self.votes}
        for ballot in self.ballots:
            named |= {ballot.put_by, ballot.owner or "", ballot.decided_by or ""}
        for objection in self.objections:
            named |= {objection.who, objection.met_who or ""}
        return named - {""}

    @property
    def earlier_tasks(self) -> list[Task]:
        return [one for one in self.tasks if one.round != self.case.round]


def sheet(session: Session, case: Case) -> Sheet:
    """Read a case for its page."""
    tasks = tasks_of(session, case.id)
    requests = requests_of(session, [case.id])
    solutions = solutions_of(session, case.id)
    proven = [one for one in solutions if one.status == SolutionStatus.PROVEN]
    answers = answers_to(session, [one.id for one in tasks])
    remarks = _remarks(session, case.id)
    said, past = newest(session, case.id), history(session, case.id)
    taking_part = {one.department_id for one in tasks}
    taking_part |= {one.department_id for one in requests}
    customers = customers_of(session, case.id)
    first = customers.complaints[0].number if customers.complaints else ""
    ballots = ballots_of(session, case.id)
    divided = any(one.division_id for one in ballots)
    return Sheet(
        case=case,
        chain=chain_of_case(session, case),
        walk=walk_of_case(session, case),
        customers=customers,
        first_number=first,
        tasks=tasks,
        answers=answers,
        requests=requests,
        solutions=solutions,
        ballots=ballots,
        votes=votes_of(session, case.id),
        objections=objections_of(session, case.id),
        divisions=agreed_divisions(session, [case.id]) if divided else (),
        remarks=remarks,
        departments={one.id: one for one in departments(session)},
        people=_people(session, taking_part),
        talk=said,
        history=past,
        marked=hidden_words(session, [case.id])[case.id],
        thanked=contributors(session, proven),
        has_times=any_of_map(session, case.map_id),
    )


def named_in(talk: Talk) -> set[str]:
    """Give those who spoke and who are mentioned."""
    mentioned = (one for entry in talk.entries for one in entry.mentions)
    return {entry.who for entry in talk.entries}.union(mentioned)


def customers_of(
    session: Session, case_id: str, *, after: int = 0, only: str | None = None
) -> Customers:
    """Give the complaints of a case after a serial, or one of them."""
    query = select(Complaint).where(
        Complaint.case_id == case_id, col(Complaint.serial) > after
    )
    if only is not None:
        query = query.where(Complaint.id == only)
    limited = query.order_by(col(Complaint.serial)).limit(MOST_COMPLAINTS + 1)
    rows = session.exec(limited).all()
    shown = rows[:MOST_COMPLAINTS]
    ids = [one.id for one in shown]
    clocks = clocks_of(session, ClockKind.ANSWER, ids)
    return Customers(
        complaints=shown,
        clocks={one.subject_id: one for one in clocks},
        calendars=_calendars(session, clocks),
        attachments=_attachments(session, ids),
        counts=_counts(session, case_id),
        more_after=shown[-1].serial if len(rows) > len(shown) else None,
    )


def history(session: Session, case_id: str, *, before: int | None = None) -> History:
    """Give the newest entries of a case's journal, or the newest before an entry."""
    query = select(JournalEntry).where(JournalEntry.chain == case_chain(case_id))
    if before is not None:
        query = query.where(col(JournalEntry.seq) < before)
    rows = session.exec(
        query.order_by(col(JournalEntry.seq).desc()).limit(MOST_ENTRIES + 1)
    ).all()
    shown = rows[:MOST_ENTRIES][::-1]
    ids = {one.data["complaint"] for one in shown if "complaint" in one.data}
    filed = session.exec(
        select(Complaint.id, Complaint.number, Complaint.internal_of).where(
            col(Complaint.id).in_(ids)
        )
    ).all()
    numbers = {id_: number for id_, number, _ in filed}
    internal = {id_: of for id_, _, of in filed if of is not None}
    return History(shown, numbers, len(rows) > len(shown), internal)


def open_answer_is_due(session: Session, case_id: str, *, at: datetime) -> bool:
    """Tell whether the time promised to a customer without an answer is over."""
    query = (
        select(Complaint.id)
        .join(Clock, col(Clock.subject_id) == col(Complaint.id))
        .where(
            Complaint.case_id == case_id,
            Complaint.status == ComplaintStatus.RECEIVED,
            Clock.kind == ClockKind.ANSWER,
            col(Clock.due_at) <= at,
        )
    )
    return session.exec(query.limit(1)).first() is not None


def _counts(session: Session, case_id: str) -> dict[str, int]:
    rows = session.exec(
        select(Complaint.status, func.count())
        .where(Complaint.case_id == case_id)
        .group_by(col(Complaint.status))
    )
    return dict(rows.all())


def _attachments(session: Session, ids: Sequence[str]) -> Sequence[Attachment]:
    return session.exec(
        select(Attachment)
        .where(col(Attachment.complaint_id).in_(ids))
        .order_by(col(Attachment.id))
    ).all()


def _remarks(session: Session, case_id: str) -> Sequence[Remark]:
    return session.exec(
        select(Remark).where(Remark.case_id == case_id).order_by(col(Remark.id))
    ).all()


def _calendars(
    session: Session, clocks: Iterable[Clock]
) -> dict[tuple[str, int], Calendar]:
    """Give the calendars as they were when these clocks began."""
    wanted = {
        (one.rule["calendar"], one.rule["calendar_revision"]): DEFAULT for one in clocks
    }
    stored = [key for key in wanted if key[1]]
    rows = session.exec(
        select(StoredCalendar).where(
            tuple_(col(StoredCalendar.id), col(StoredCalendar.revision)).in_(stored)
        )
    )
    return wanted | {(row.id, row.revision): read_calendar(row.source) for row in rows}


def _people(
    session: Session, department_ids: Iterable[str]
) -> Sequence[tuple[Person, str]]:
    """Give the people of these departments who are here, each once a department."""
    rows = session.exec(
        select(Person, Membership.department_id)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.department_id).in_(set(department_ids)),
            col(Person.ended_at).is_(None),
        )
        .distinct()
        .order_by(col(Person.name), col(Person.id))
        .limit(MOST_PEOPLE)
    )
    return [(one, department) for one, department in rows]
