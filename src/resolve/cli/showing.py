"""Cases, tasks and complaints as texts for people, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from resolve.analytics import shapes
from resolve.cases.models import Case
from resolve.cases.queries import chain_of_case
from resolve.cli.house import spoken
from resolve.cli.naming import all_names, short
from resolve.cli.output import print_line, print_paragraph, print_table
from resolve.complaints.queries import complaints_of
from resolve.departments.queries import calendar
from resolve.kit import clock
from resolve.kit.language import Language
from resolve.maps.queries import concern_of
from resolve.tasks.models import TaskStatus
from resolve.tasks.queries import tasks_of
from resolve.tasks.questions import concern_in_words

_STATES = {
    "to_place": "waits to be placed",
    "tasks": "answers of the departments are awaited",
    "review": "joint review is open",
    "improving": "agreed changes are being made",
    "merged": "its complaints are in another case",
    "open": "answer awaited",
    "answered": "answer given",
    "withdrawn": "no answer awaited any more",
    "received": "the customer awaits an answer",
    "answer_with_customer": "the customer has the answer",
    "closed": "closed",
    "reply_awaited": "reply awaited",
    "agreed": "agreed",
    "in_place": "in place",
    "proven": "proven to work",
    "not_proven": "not proven to work",
    "given_up": "given up",
    "accepted": "accepted",
    "other_proposal": "something else was proposed",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which language, in which time zone."""

    language: Language
    zone: ZoneInfo
    names: Mapping[str, str]  # of people, by id

    def say(self, message: str, **facts: object) -> str:
        return self.language.say(message, **facts)

    def moment(self, iso: str) -> str:
        return self.language.moment(datetime.fromisoformat(iso), self.zone)

    def called(self, owner: str) -> str:
        """Give the name of a person; who is no person here stays as written."""
        return self.names.get(owner, owner)

    def state(self, status: str) -> str:
        return self.language.say(_STATES[status])


@dataclass(frozen=True, slots=True)
class Looked:
    """A case with all that belongs to it; tasks are those of its present round."""

    case: Mapping[str, Any]
    about: str | None
    complaints: Sequence[Mapping[str, Any]]
    tasks: Sequence[Mapping[str, Any]]
    all_in: bool


def reader(session: Session, language: str | None) -> Reader:
    """Give the reader of a text: times are in the zone of the default calendar."""
    zone = calendar(session).calendar.tz
    return Reader(spoken(language), zone, all_names(session))


def looked_at(session: Session, case: Case, by: Reader) -> Looked:
    """Look up all that is shown of a case."""
    chain = chain_of_case(session, case)
    about = (
        concern_in_words(chain, concern_of(case.concern), by.language)
        if chain and case.concern
        else None
    )
    (shape,) = shapes.cases(session, [case])
    tasks = tasks_of(session, case.id, round_=case.round)
    now = clock.now()
    return Looked(
        shape,
        about,
        shapes.complaints(session, complaints_of(session, [case.id])),
        shapes.tasks(session, tasks, by.language),
        not any(t.status == TaskStatus.OPEN and t.due_at > now for t in tasks),
    )


def show_case(looked: Looked, to: Reader) -> None:
    """Print a case: what it is about, who said what, what was agreed, what is next."""
    case = looked.case
    print_line(f"{to.say('Case')} {case['id']}: {to.state(case['status'])}")
    if looked.about is not None:
        on = {"about": looked.about, "map": case["map"], "version": case["version"]}
        print_paragraph(
            to.say("About the hand-over: {about} (map {map}, version {version}).", **on)
            if "handover" in case["concern"]
            else to.say(
                "About the promise: {about} (map {map}, version {version}).", **on
            )
        )
    for complaint in looked.complaints:
        print_line("")
        _print_words(complaint, to)
    if looked.tasks:
        _print_tasks(looked, to)
    if case["agreements"]:
        _print_agreements(looked, to)
    print_line("")
    print_paragraph(_next(looked, to))


def show_complaint(shown: Mapping[str, Any], to: Reader) -> None:
    """Print a complaint: the customer's words and what was answered."""
    _print_words(shown, to)
    print_line(f"  {to.say('Case')} {shown['case']}")
    for running in shown["clocks"]:
        if running["state"] != "stopped":
            due = to.moment(running["due"])
            print_line(f"  {to.say('Answer due: {due}', due=due)}")


def show_task(shown: Mapping[str, Any], to: Reader) -> None:
    """Print a task: the question, why it matters to the customer, the answer."""
    print_line(f"{to.say('Task')} {shown['id']}: {to.state(shown['status'])}")
    print_line(to.say("Answer due: {due}", due=to.moment(shown["due"])))
    if shown["assignee"]:
        person = to.called(shown["assignee"])
        print_line(to.say("Passed on to: {person}", person=person))
    print_line("")
    print_paragraph(shown["question"])
    if shown["facts"] is not None:
        _print_facts(shown["facts"], to)
    if shown["answer"] is not None:
        print_line("")
        print_line(to.say("Answer"))
        _print_answer(shown["answer"], to)
    _print_requests(shown["requests"], to)


def _print_facts(facts: Mapping[str, Any], to: Reader) -> None:
    print_paragraph(facts["promise"])
    print_paragraph(facts["customers"])
    print_table(
        (to.say("step"), to.say("time"), to.say("what the customer has from it")),
        (
            (f"{one['title']} ({one['id']})", one["time"], one["gives"])
            for one in facts["steps"]
        ),
    )
    way = to.say("The way to the customer: {path}", path=facts["path"])
    print_paragraph(way)
    if facts["neighbours"]:
        near = to.say("Neighbours to ask: {who}", who=facts["neighbours"])
        print_paragraph(near)


def _print_words(complaint: Mapping[str, Any], to: Reader) -> None:
    at = to.moment(complaint["received_at"])
    state = to.state(
        "answer_with_customer"
        if complaint["status"] == "answered"
        else complaint["status"]
    )
    print_line(f"{to.say('Complaint')} {complaint['number']}, {at}: {state}")
    if complaint["internal_of"]:
        of = {"department": complaint["internal_of"]}
        print_line(f"  {to.say('internal customer: {department}', **of)}")
    words = complaint["text"]
    print_paragraph(f"“{words}”" if words else to.say("(erased)"), indent=2)
    if complaint["desired_outcome"]:
        wish = to.say("Wish: {wish}", wish=complaint["desired_outcome"])
        print_paragraph(wish, indent=2)
    answer = complaint["answer"]
    if answer:
        said = to.say("Answered: {text}", text=answer["text"])
        print_paragraph(said, indent=2)
        if answer["remedy"]:
            remedy = to.say("With it: {remedy}", remedy=answer["remedy"])
            print_paragraph(remedy, indent=2)


def _print_tasks(looked: Looked, to: Reader) -> None:
    print_line("")
    title = "Tasks of round {round}, from the customer backwards"
    print_line(to.say(title, round=looked.case["round"]))
    print_table(
        (to.say("department"), to.say("task"), to.say("state"), to.say("due")),
        (
            (
                t["department"],
                short(t["id"]),
                to.state(t["status"]),
                to.moment(t["due"]),
            )
            for t in looked.tasks
        ),
    )
    for task in looked.tasks:
        if task["answer"] is not None:
            print_line(task["department"])
            _print_answer(task["answer"], to)
        _print_requests(task["requests"], to)


def _print_answer(answer: Mapping[str, Any], to: Reader) -> None:
    if "nothing_to_change" in answer:
        observed = answer["nothing_to_change"].get("observed") or to.say("(erased)")
        text = to.say("Nothing to change; observed: {text}", text=observed)
        print_paragraph(text, indent=2)
        return
    for one in answer["proposals"]:
        text = f"{one['number']}. {one['change']} ({one['step']})"
        print_paragraph(text, indent=2)
        if one.get("effect"):
            print_paragraph(to.say("Effect: {text}", text=one["effect"]), indent=5)
        if one.get("need"):
            needs = to.say(
                "Needs of {department}: {text}",
                department=one["need"]["department"],
                text=one["need"]["what"],
            )
            print_paragraph(needs, indent=5)


def _print_requests(requests: Sequence[Mapping[str, Any]], to: Reader) -> None:
    for one in requests:
        text = to.say(
            "Request {id} to {department}: {text} ({state})",
            id=short(one["id"]),
            department=one["department"],
            text=one["what"] or to.say("(erased)"),
            state=to.state(
                "reply_awaited" if one["status"] == "open" else one["status"]
            ),
        )
        print_paragraph(text, indent=2)
        if one["reply"]:
            print_paragraph(to.say("Instead: {text}", text=one["reply"]), indent=4)


def _print_agreements(looked: Looked, to: Reader) -> None:
    of = {task["id"]: task["department"] for task in looked.tasks}
    print_line("")
    print_line(to.say("Agreed"))
    print_table(
        (
            to.say("agreement"),
            to.say("proposal"),
            to.say("owner"),
            to.say("due"),
            to.say("state"),
        ),
        (
            (
                short(one["id"]),
                f"{of.get(one['task'], short(one['task']))} {one['proposal']}",
                to.called(one["owner"]),
                one["due"],
                to.state(one["status"]),
            )
            for one in looked.case["agreements"]
        ),
    )


def _next(looked: Looked, to: Reader) -> str:
    """Say who has work now (each state of a case has somebody)."""
    match looked.case["status"]:
        case "to_place":
            return to.say("Next: the quality manager says what this case is about.")
        case "tasks":
            return _next_of_tasks(looked, to)
        case "review" | "improving":
            return _next_of_review(looked, to)
        case _:
            return to.say("Nothing is left to do.")


def _next_of_tasks(looked: Looked, to: Reader) -> str:
    if not looked.tasks:
        return to.say("Next: the tasks are handed out.")
    if not looked.all_in:
        return to.say("Next: the departments answer their tasks.")
    return to.say("Next: the facilitator opens the joint review.")


def _next_of_review(looked: Looked, to: Reader) -> str:
    agreements = looked.case["agreements"]
    states = {complaint["status"] for complaint in looked.complaints}
    if not agreements:
        return to.say("Next: the review agrees on what is to change.")
    if any(one["status"] == "agreed" for one in agreements):
        return to.say("Next: each agreed change is said to be in place or given up.")
    if (looked.case["status"], "not_proven") in {
        ("review", one["status"]) for one in agreements
    }:
        return to.say("Next: the review looks again at what is not proven.")
    if "received" in states:
        return to.say("Next: the customer gets an answer.")
    if "answered" in states:
        return to.say("Next: the customer accepts the answer, or does not.")
    proving = any(one["status"] == "in_place" and one["measure"] for one in agreements)
    return (
        to.say("Next: orders show whether the change works.")
        if proving
        else to.say("Next: the case can be closed.")
    )
