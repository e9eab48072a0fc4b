"""What the page of a case shows, put together for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from resolve.access.table import Right
from resolve.analytics.case_sheet import Customers
from resolve.analytics.case_story import ending_in_words
from resolve.cases.models import CaseStatus, Remark
from resolve.chain.model import Kind, PromiseConcern
from resolve.clocks.explanation import ExplainedDay, Off, explain_days
from resolve.clocks.models import Clock, ClockState
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.complaints.service import EARLIER_ANSWER, NOT_ACCEPTED
from resolve.kit.language import Language
from resolve.reviews.models import BallotStatus, ObjectionStatus
from resolve.tasks.models import Answer, Request, Task, TaskStatus
from resolve_api.pages import case_words as words
from resolve_api.pages.case_words import Reading

Facts = dict[str, Any]
_MAY_AGREE = (CaseStatus.REVIEW, CaseStatus.IMPROVING)


# ---------------------------------------------------------------- the customer's side


def customers(it: Reading, found: Customers) -> list[Facts]:
    """Show complaints: the customers' own words, and how it stands with them."""
    return [_complaint(it, found, one) for one in found.complaints]


def _complaint(it: Reading, found: Customers, one: Complaint) -> Facts:
    clock = found.clocks.get(one.id)
    own = not it.visit.client.is_partner
    answers = it.visit.may(Right.ANSWER_CUSTOMER, Right.HANDLE)
    # Until there is another answer, the one not accepted stands where it was.
    again = one.status != ComplaintStatus.RECEIVED
    return {
        "id": one.id,
        "number": one.number,
        "text": it.text(one.text),
        "language": one.language,
        "desired": it.text(one.desired_outcome),
        "order": one.order_id,
        "occurred_at": one.occurred_at,
        "received_at": one.received_at,
        "status": one.status,
        "state": words.complaint_state(
            one.status, it.language, internal=one.internal_of is not None
        ),
        "stage": one.stage,
        "safety": one.safety,
        "internal": _internal(it, one),
        "customer": _customer(one) if own else [],
        "erased": one.text is None,
        "answer": it.text(one.answer),
        "remedy": it.text(one.remedy),
        "answered_at": one.answered_at,
        "not_accepted": _said_before(it, one, NOT_ACCEPTED),
        "earlier_answers": _said_before(it, one, EARLIER_ANSWER) if again else [],
        "closed_at": one.closed_at,
        "ending": ending_in_words(
            it.language, one.closed_as or "", internal=one.internal_of is not None
        ),
        "clock": _clock(it, found, clock) if clock else None,
        "files": [f for f in found.attachments if f.complaint_id == one.id],
        "files_shown": own,
        "may_answer": answers and one.status == ComplaintStatus.RECEIVED,
        "endings": _endings(it.language, one) if answers else [],
        "may_reply": may_reply(it, one),
    }


def may_reply(it: Reading, to: Complaint) -> bool:
    """Tell whether it is for the reader's department to say if an answer does."""
    return (
        to.status == ComplaintStatus.ANSWERED
        and to.internal_of in it.visit.client.departments
        and it.visit.may(Right.ANSWER)
    )


def _said_before(it: Reading, of: Complaint, what: str) -> list[tuple[str, datetime]]:
    """Give what was said at an earlier stage: by the customer, or to them."""
    return [
        (it.text(one.text), one.at)
        for one in it.sheet.remarks
        if one.subject_id == of.id and one.what == what and one.text
    ]


def _customer(one: Complaint) -> list[str]:
    """Give who the customer is, as far as known: the name, then ways to reach."""
    known = one.customer or {}
    named = [known.get("name"), one.on_behalf_of]
    reached = [known.get(field) for field in ("email", "phone", "hours")]
    return [str(value) for value in [*named, *reached] if value]


def _internal(it: Reading, one: Complaint) -> str:
    """Name the internal customer: the department, and the colleague who raised it."""
    if one.internal_of is None:
        return ""
    of = it.language.say(
        "internal customer: {department}", department=it.department(one.internal_of)
    )
    known = one.filed_by.startswith("person:")
    return " · ".join([of, it.called(one.filed_by)] if known else [of])


def _endings(it: Language, one: Complaint) -> list[tuple[str, str]]:
    """Give how a complaint may be closed now."""
    internal = one.internal_of is not None
    may = {
        ComplaintStatus.ANSWERED: (
            ClosedAs.ACCEPTED, ClosedAs.SILENT, ClosedAs.WITHDRAWN, ClosedAs.OUTSIDE,
        ),
        ComplaintStatus.RECEIVED: (ClosedAs.WITHDRAWN, ClosedAs.OUTSIDE),
    }.get(ComplaintStatus(one.status), ())  # fmt: skip
    return [(str(as_), ending_in_words(it, as_, internal=internal)) for as_ in may]


def _clock(it: Reading, found: Customers, clock: Clock) -> Facts:
    rule = clock.rule
    calendar = found.calendars[(rule["calendar"], rule["calendar_revision"])]
    start = datetime.fromisoformat(clock.events[0]["at"])
    days = explain_days(
        calendar, start, rule["working_days"], language=it.language.code
    )
    return {
        "due": clock.due_at,
        "running": clock.state in (ClockState.RUNNING, ClockState.FIRED),
        "rule": it.language.count(
            "The rule: {n} working day of the calendar from the moment it came in.",
            "The rule: {n} working days of the calendar from the moment it came in.",
            rule["working_days"],
        ),
        "events": [_clock_event(it, event) for event in clock.events],
        "days": [_clock_day(it, day) for day in days],
    }


def _clock_event(it: Reading, event: Mapping[str, str]) -> str:
    at = it.visit.moment(datetime.fromisoformat(event["at"]))
    say = it.language.say
    match event["what"]:
        case "start":
            return say("It began on {at}.", at=at)
        case "pause":
            return say("It stood still from {at}.", at=at)
        case "resume":
            return say("It went on from {at}.", at=at)
        case "extend":
            due = it.visit.moment(datetime.fromisoformat(event["due"]))
            return say("On {at} it was moved to {due}.", at=at, due=due)
        case "stop":
            return say("It ended on {at}: nothing is awaited any more.", at=at)
        case _:
            return say("On {at} its time was over.", at=at)


def _clock_day(it: Reading, day: ExplainedDay) -> tuple[str, str]:
    say = it.language.say
    if day.off is Off.HOLIDAY:
        why = say("a holiday: {name}", name=day.holiday or "–")
    elif day.off is Off.NO_HOURS:
        why = say("no working day")
    elif day.number:
        why = say("working day {number}", number=day.number)
    else:
        why = say("the day it began; counted from the next one")
    return it.day(day.day), why


# --------------------------------------------------------------------- who takes part


def departments(it: Reading) -> list[Facts]:
    """Say who takes part and why, nearest to the customer first, then those asked."""
    sheet = it.sheet
    walked = (
        {one.department: one for one in sheet.walk.participants} if sheet.walk else {}
    )
    tasks = {one.department_id: one for one in sheet.present_tasks}
    found = []
    for name in sheet.taking_part:
        one = walked.get(name)
        record = sheet.departments.get(name)
        found.append(
            {
                "id": name,
                "title": it.department(name),
                "partner": record is not None and record.kind == Kind.PARTNER,
                "distance": one.distance if one else None,
                "where": felt_at(it),
                "steps": [_step(it, step) for step in one.steps] if one else [],
                "path": it.path(one.path) if one else "",
                "task": tasks.get(name),
                "people": [p.name for p, of in sheet.people if of == name],
                "mine": name in it.visit.client.departments,
            }
        )
    return found


def felt_at(it: Reading) -> str:
    """Name the touchpoint to which the distances of a case are counted."""
    concern = it.sheet.walk.concern if it.sheet.walk else None
    if not isinstance(concern, PromiseConcern) or it.sheet.chain is None:
        return ""
    return it.sheet.chain.touchpoints[concern.touchpoint].title.in_(it.language.code)


def _step(it: Reading, step_id: str) -> Facts:
    chain = it.sheet.chain
    step = chain.steps.get(step_id) if chain else None
    return {
        "id": step_id,
        "title": it.step(step_id),
        "gives": step.gives.in_(it.language.code) if step else "",
        "time": it.language.duration(step.time) if step and step.time else "",
    }


# ------------------------------------------------------------- tasks and their answers


def tasks(it: Reading, rows: Sequence[Task]) -> list[Facts]:
    """Show tasks with their answers, requests and the reasons given."""
    return [_task(it, one) for one in rows]


def _task(it: Reading, one: Task) -> Facts:
    sheet = it.sheet
    answer = sheet.answers.get(one.id)
    handles = it.visit.may(Right.HANDLE)
    mine = one.department_id in it.visit.client.departments
    return {
        "id": one.id,
        "department": it.department(one.department_id),
        "earlier": one.round != sheet.case.round,
        "status": one.status,
        "state": words.task_state(one.status, it.language),
        "due": one.due_at,
        "over": one.due_at <= it.at,
        "returned": one.returned_at is not None and one.status == TaskStatus.OPEN,
        "assignee": it.called(one.assignee) if one.assignee else "",
        "answer": _answer(it, one, answer) if answer else None,
        "requests": [_request(it, r) for r in sheet.requests if r.task_id == one.id],
        "remarks": remarks(it, one.id),
        "link": handles or mine,
    }


def _answer(it: Reading, task: Task, answer: Answer) -> Facts:
    content = answer.content or {}
    return {
        "at": answer.answered_at,
        "by": it.called(answer.answered_by),
        "by_word_of_mouth": answer.by_word_of_mouth,
        "observed": it.text(content.get("observed")),
        "proposals": [_proposal(it, task, one) for one in content.get("proposals", ())],
        "erased": answer.content is None,
    }


def _proposal(it: Reading, task: Task, one: Mapping[str, Any]) -> Facts:
    number, need = one["number"], one.get("need") or {}
    agreed = [
        s for s in it.sheet.solutions if (s.task_id, s.proposal) == (task.id, number)
    ]
    case = it.sheet.case
    agreeing = case.status in _MAY_AGREE and task.round == case.round and not agreed
    return {
        "key": f"{task.id}:{number}",
        "number": number,
        "change": it.text(one["change"]),
        "step": it.step(one["step"]),
        "step_id": one["step"],
        "effect": it.text(one.get("effect")),
        "need": it.text(need.get("what")),
        "need_of": it.department(need["department"]) if need else "",
        "agreed": words.solution_state(agreed[0].status, it.language) if agreed else "",
        "may_agree": agreeing and it.visit.may(Right.HANDLE),
        "in_review": _decided_in_review(it, task.id, number),
    }


def _decided_in_review(it: Reading, task_id: str, number: int) -> bool:
    """Tell whether votes are awaited on a proposal, or an objection to it is unmet."""
    about = {
        one.id: one
        for one in it.sheet.ballots
        if (one.task_id, one.proposal) == (task_id, number)
    }
    return any(
        one.status == BallotStatus.OPEN and one.ready_at is None
        for one in about.values()
    ) or any(
        one.status == ObjectionStatus.OPEN and one.ballot_id in about
        for one in it.sheet.objections
    )


def _request(it: Reading, one: Request) -> Facts:
    return {
        "id": one.id,
        "from": it.department(one.from_department_id),
        "to": it.department(one.department_id),
        "what": it.text(one.what),
        "by": one.wanted_by,
        "at": one.at,
        "state": words.request_state(one.status, it.language),
        "reply": it.text(one.reply),
        "replied_at": one.replied_at,
    }


def remarks(it: Reading, subject_id: str) -> list[Facts]:
    """Give the reasons that were given for what was done to something."""
    found: list[Remark] = [
        one for one in it.sheet.remarks if one.subject_id == subject_id and one.text
    ]
    return [
        {
            "what": words.remark_kind(one.what, it.language),
            "text": it.text(one.text),
            "who": it.called(one.who),
            "at": one.at,
        }
        for one in found
    ]


def case_remarks(it: Reading) -> list[Facts]:
    """Give the reasons for what was done to the case as a whole."""
    return remarks(it, it.sheet.case.id)
