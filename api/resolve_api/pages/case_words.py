"""How a case is put into words: names, titles, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from urllib.parse import quote

from sqlmodel import Session

from resolve.access.people import BY_COMMAND, FOR_SOMEBODY, names_of
from resolve.analytics.case_sheet import History, Sheet
from resolve.cases.models import Case, CaseStatus
from resolve.chain.model import (
    Concern,
    HandoverConcern,
    PromiseConcern,
    ValueChain,
)
from resolve.complaints.models import ComplaintStatus
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import by_id
from resolve.handling.placing import ENGINE
from resolve.kit.language import Language
from resolve.maps.queries import concern_of
from resolve.solutions.models import SolutionStatus
from resolve.tasks.models import RequestStatus, TaskStatus
from resolve.tasks.questions import concern_in_words, customer_in_words
from resolve_api.pages.visits import Visit
from resolve_api.seen import Showing

CASE_STATES = tuple(CaseStatus)


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody who reads a case: whose words, how shown, in which language."""

    visit: Visit
    sheet: Sheet
    text: Showing
    at: datetime

    @property
    def language(self) -> Language:
        return self.visit.language

    def with_names(self, names: Mapping[str, str]) -> Reading:
        """Know more people by name."""
        known = {**self.sheet.names, **names}
        return replace(self, sheet=replace(self.sheet, names=known))

    def with_history(self, past: History, names: Mapping[str, str]) -> Reading:
        """Look at another part of the history."""
        it = self.with_names(names)
        return replace(it, sheet=replace(it.sheet, history=past))

    def called(self, who: str) -> str:
        """Name who did something, is asked or is mentioned."""
        return called(who, self.sheet.names, self.sheet.departments, self.language)

    def owner(self, who: str) -> str:
        """Name who sees to a change; a name that is only written is a text."""
        known = self.called(who)
        return self.text(who) if known == who else known

    def department(self, department_id: str) -> str:
        return title_of(department_id, self.sheet.departments, self.language)

    def step(self, step_id: str) -> str:
        """Give the title of a step, of the map that the case was placed on."""
        chain = self.sheet.chain
        found = chain.steps.get(step_id) if chain else None
        return found.title.in_(self.language.code) if found else step_id

    def path(self, steps: tuple[str, ...]) -> str:
        """Give the way from a step to the customer."""
        titles = [self.step(one) for one in steps]
        return " → ".join([*titles, self.customer])

    @property
    def customer(self) -> str:
        """Say who the customer is: of a hand-over, the department that receives it."""
        return self.internal or self.language.say("the customer")

    @property
    def internal(self) -> str:
        """Name the internal customer, if the case is about a hand-over."""
        return internal_customer(self.sheet.case, self.sheet.chain, self.language)

    def day(self, on: date) -> str:
        """Write a day of the calendar, whatever the reader's zone."""
        noon = datetime.combine(on, time(12), self.visit.zone)
        return self.language.day(noon, self.visit.zone)

    @property
    def title(self) -> str:
        """Give the heading of the case."""
        return title_of_case(self.sheet.case, self.sheet.chain, self.language)


def title_of_case(case: Case, chain: ValueChain | None, it: Language) -> str:
    """Say what a case is about, else how far it is from that."""
    if case.concern is not None and chain is not None:
        return about_in_words(chain, concern_of(case.concern), it)
    if case.status == CaseStatus.TO_PLACE:
        return it.say("A complaint that waits to be placed")
    return it.say("A complaint outside of our process maps")


def internal_customer(case: Case, chain: ValueChain | None, it: Language) -> str:
    """Name the department that receives the hand-over a case is about; else nothing."""
    if case.concern is None or chain is None:
        return ""
    concern = concern_of(case.concern)
    if not isinstance(concern, HandoverConcern):
        return ""
    return customer_in_words(chain, concern, it)


def handover_page(case: Case) -> str:
    """Give the page of the hand-over that a case is about; else nothing."""
    concern = concern_of(case.concern) if case.concern else None
    if not isinstance(concern, HandoverConcern):
        return ""
    parts = (case.map_id or "", concern.source, concern.target)
    return "/handovers/" + "/".join(quote(one, safe="") for one in parts)


def about_in_words(chain: ValueChain, concern: Concern, it: Language) -> str:
    """Name what a case is about; a promise is called one, for it was not kept."""
    named = concern_in_words(chain, concern, it)
    if isinstance(concern, PromiseConcern):
        return it.say("Promise: {promise}", promise=named)
    return it.say("Hand-over: {handover}", handover=named)


def title_of(
    department_id: str, known: Mapping[str, DepartmentRecord], it: Language
) -> str:
    """Give the title of a department."""
    record = known.get(department_id)
    return record.titled(it.code) if record else department_id


def called(
    who: str,
    names: Mapping[str, str],
    departments: Mapping[str, DepartmentRecord],
    it: Language,
) -> str:
    """Name a person, a department, a key or the engine as people call them."""
    if who in names:
        return names[who]
    who = who.removesuffix(FOR_SOMEBODY)
    kind, _, rest = who.partition(":")
    if kind == "department":
        return title_of(rest, departments, it)
    if kind == "key":
        return it.say("a connected system")
    if who == ENGINE:
        return "Resolve"
    plain = rest if kind == "person" and rest else who
    return {
        BY_COMMAND: it.say("the administrator"),
        "quality-manager": it.say("the quality manager"),
    }.get(plain, plain)


def all_called(session: Session, all_: Iterable[str], it: Language) -> dict[str, str]:
    """Name these as people call them, by what names them."""
    found = set(all_)
    names = names_of(session, found)
    ids = {one.removeprefix("department:").partition(" ")[0]
           for one in found if one.startswith("department:")}  # fmt: skip
    register = by_id(session, ids) if ids else {}
    return {one: called(one, names, register, it) for one in found}


def case_state(status: str, it: Language) -> str:
    """Say which state a case is in."""
    return {
        CaseStatus.TO_PLACE: it.say("waits to be placed"),
        CaseStatus.TASKS: it.say("departments are asked"),
        CaseStatus.REVIEW: it.say("joint review"),
        CaseStatus.IMPROVING: it.say("agreed changes are being put in place"),
        CaseStatus.CLOSED: it.say("closed"),
        CaseStatus.MERGED: it.say("merged into another case"),
    }[CaseStatus(status)]


def complaint_state(status: str, it: Language, *, internal: bool = False) -> str:
    """Say how it stands with a customer; `internal`: with a department."""
    if internal and status == ComplaintStatus.RECEIVED:
        return it.say("the department awaits an answer")
    if internal and status == ComplaintStatus.ANSWERED:
        return it.say("answered; the department may reply")
    return {
        ComplaintStatus.RECEIVED: it.say("the customer awaits an answer"),
        ComplaintStatus.ANSWERED: it.say("answered; the customer may reply"),
        ComplaintStatus.CLOSED: it.say("closed"),
    }[ComplaintStatus(status)]


def task_state(status: str, it: Language) -> str:
    return {
        TaskStatus.OPEN: it.say("an answer is awaited"),
        TaskStatus.ANSWERED: it.say("answered"),
        TaskStatus.WITHDRAWN: it.say("no answer is awaited any more"),
    }[TaskStatus(status)]


def request_state(status: str, it: Language) -> str:
    return {
        RequestStatus.OPEN: it.say("a reply is awaited"),
        RequestStatus.ACCEPTED: it.say("agreed to"),
        RequestStatus.OTHER_PROPOSAL: it.say("something else is proposed"),
        RequestStatus.WITHDRAWN: it.say("no reply is awaited any more"),
    }[RequestStatus(status)]


def solution_state(status: str, it: Language) -> str:
    return {
        SolutionStatus.AGREED: it.say("agreed, being put in place"),
        SolutionStatus.IN_PLACE: it.say("in place"),
        SolutionStatus.PROVEN: it.say("in place, and proven to work"),
        SolutionStatus.NOT_PROVEN: it.say("in place; the effect is not proven"),
        SolutionStatus.GIVEN_UP: it.say("given up"),
    }[SolutionStatus(status)]


def remark_kind(what: str, it: Language) -> str:
    """Say what a reason was given for."""
    return {
        "task_extended": it.say("Why there is more time"),
        "task_withdrawn": it.say("Why no answer is awaited any more"),
        "task_returned": it.say("Why the task was handed back"),
        "task_asked_again": it.say("Why it was asked again"),
        "given_up": it.say("Why it was given up"),
        "in_place": it.say("What is said of it"),
        "proving_longer": it.say("Why it is proven longer"),
        "placed_anew": it.say("Why the case was placed anew"),
        "asked_once_more": it.say("Why the departments were asked once more"),
    }.get(what, it.say("The reason"))
