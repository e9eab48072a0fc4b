"""Cases and tasks as lines of the board: in words, with what is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, col, select

from resolve.access.people import names_of
from resolve.analytics.case_facts import Line, lines
from resolve.analytics.next_act import NextAct
from resolve.complaints.models import Severity
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import departments
from resolve.kit.ids import is_id
from resolve.kit.language import Language
from resolve.maps.queries import concern_of
from resolve.tasks.models import Task
from resolve_api.pages.case_next import PLACES
from resolve_api.pages.case_words import (
    about_in_words,
    called,
    case_state,
    internal_customer,
    title_of,
)
from resolve_api.pages.visits import Visit

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of a list."""

    line: Line
    number: str
    about: str
    map: str
    words: str
    state: str
    next: str
    href: str
    due: str = ""
    internal: str = ""

    @property
    def id(self) -> str:
        return self.line.case.id


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a list: whose it is, by when, of which case."""

    task: Task
    whose: str
    assignee: str
    past: bool
    case: CaseRow


@dataclass(frozen=True, slots=True)
class Board:
    """Who reads the board, and what many of its lines need."""

    visit: Visit
    at: datetime

    @property
    def language(self) -> Language:
        return self.visit.language

    def cases(
        self,
        session: Session,
        ids: Sequence[str],
        due: Mapping[str, datetime | date | None] | None = None,
    ) -> list[CaseRow]:
        """Give these cases in words, in this order."""
        found = due or {}
        return [
            self.case(line, found.get(line.case.id))
            for line in lines(session, ids, at=self.at)
        ]

    def case(self, line: Line, due: datetime | date | None = None) -> CaseRow:
        it, case = self.language, line.case
        place = PLACES.get(line.next)
        return CaseRow(
            line,
            line.first.number if line.first else "",
            about(line, it),
            line.chain.title.in_(it.code) if line.chain else "",
            short(line.first.text if line.first else None),
            case_state(case.status, it),
            next_in_words(line.next, it),
            f"/cases/{case.id}" + (f"#{place}" if place else ""),
            self.when(due),
            internal_customer(case, line.chain, it),
        )

    def when(self, due: datetime | date | None) -> str:
        """Write a moment, or a day of the calendar, as the reader's clock has it."""
        if due is None:
            return ""
        if isinstance(due, datetime):
            return self.visit.moment(due)
        noon = datetime.combine(due, time(12), self.visit.zone)
        return self.language.day(noon, self.visit.zone)

    def tasks(self, session: Session, ids: Sequence[str]) -> list[TaskRow]:
        """Give these tasks in words, in this order."""
        rows = session.exec(select(Task).where(col(Task.id).in_(ids)))
        known = {row.id: row for row in rows}
        tasks = [known[one] for one in ids if one in known]
        cases = {row.id: row for row in self.cases(session, [t.case_id for t in tasks])}
        register = {one.id: one for one in departments(session)}
        people = [f"person:{t.assignee}" for t in tasks if is_id(t.assignee or "")]
        names = names_of(session, people)
        return [
            TaskRow(
                one,
                title_of(one.department_id, register, self.language),
                _assignee(one, names, register, self.language),
                one.due_at <= self.at,
                cases[one.case_id],
            )
            for one in tasks
        ]


def _assignee(
    task: Task,
    names: Mapping[str, str],
    register: Mapping[str, DepartmentRecord],
    it: Language,
) -> str:
    if not task.assignee:
        return ""
    who = f"person:{task.assignee}" if is_id(task.assignee) else task.assignee
    return called(who, names, register, it)


def about(line: Line, it: Language) -> str:
    """Say what a case is about; empty where nobody said so yet."""
    if line.case.concern is None or line.chain is None:
        return ""
    return about_in_words(line.chain, concern_of(line.case.concern), it)


def short(text: str | None, longest: int = _LONGEST) -> str:
    """Give the beginning of a text in one line."""
    line = " ".join((text or "").split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0] + " …"


def next_in_words(act: NextAct, it: Language) -> str:
    """Say what is to be done next, to who leads the case."""
    return {
        NextAct.PLACE: it.say("Say what it is about"),
        NextAct.AWAIT_ANSWERS: it.say("The departments are answering"),
        NextAct.OPEN_REVIEW: it.say("Open the joint review"),
        NextAct.AGREE: it.say("Agree on what will change"),
        NextAct.AWAIT_VOTES: it.say("The departments are voting"),
        NextAct.MEET_OBJECTION: it.say("Meet what was said for the customer"),
        NextAct.DECIDE: it.say("Decide on what was voted on"),
        NextAct.SAY_OUTCOME: it.say("Note what became of the agreed change"),
        NextAct.ANSWER_CUSTOMER: it.say("Answer the customer"),
        NextAct.CLOSE_COMPLAINT: it.say("Note how it ended for the customer"),
        NextAct.LOOK_AGAIN: it.say("Look again at what is not proven"),
        NextAct.AWAIT_PROOF: it.say("Orders show whether the change works"),
        NextAct.CLOSE_CASE: it.say("Close the case"),
        NextAct.NOTHING: it.say("Nothing more to do"),
    }[act]


def source_in_words(source: str, it: Language) -> str:
    """Say where complaints come from; systems called otherwise keep their names."""
    return _named_sources(it).get(source, source)


def source_named(text: str, it: Language) -> str:
    """Give the source that somebody calls so."""
    called_so = {name.casefold(): one for one, name in _named_sources(it).items()}
    return called_so.get(text.strip().casefold(), text)


def _named_sources(it: Language) -> Mapping[str, str]:
    return {
        "pages": it.say("recorded by staff"),
        "public form": it.say("form on the website"),
        "internal": it.say("internal customer"),
        "web-shop": it.say("web shop"),
        "call-centre": it.say("call centre"),
        "letter": it.say("letter"),
        "email": it.say("e-mail"),
        "phone": it.say("telephone"),
        "dealer": it.say("dealer"),
        "shop": it.say("shop"),
    }


def severity_in_words(severity: str, it: Language) -> str:
    """Say how much something weighs for the customer."""
    return {
        Severity.LOW: it.say("low"),
        Severity.MEDIUM: it.say("medium"),
        Severity.HIGH: it.say("high"),
    }[Severity(severity)]
