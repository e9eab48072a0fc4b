"""What each kind of message says: what is asked, why it matters, what is next.

Nothing here holds a word of the customer or tells who it is; what others wrote is left
out for partners.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.chain.model import Kind, PromiseConcern
from resolve.complaints.masking import masked
from resolve.handling.letter_facts import LetterFacts
from resolve.handling.recipients import Recipient
from resolve.kit.language import Language
from resolve.kit.zones import zone_in_words
from resolve.maps.queries import concern_of, walk_of
from resolve.messages.models import Message, MessageKind
from resolve.tasks.models import RequestStatus
from resolve.tasks.questions import Question, concern_in_words, question

_UTC = ZoneInfo("UTC")

Way = tuple[str, str]
"""What can be done and on which page: a text, and the page's address."""

Asked = dict[tuple[object, ...], tuple[str, Question] | None]
"""Questions already put, by all that they follow from: like cases ask the same."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: a subject, paragraphs, ways to act."""

    subject: str
    paragraphs: tuple[str, ...]
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one message to one recipient."""

    session: Session
    message: Message
    facts: LetterFacts
    to: Recipient
    spoken: Language
    asked: Asked

    def title(self, department_id: str) -> str:
        known = self.facts.departments.get(department_id)
        return known.titled(self.spoken.code) if known else department_id

    @property
    def number(self) -> str:
        return self.facts.numbers.get(self.message.case_id, self.message.case_id)

    @property
    def to_partner(self) -> bool:
        kind, _, name = self.message.recipient.partition(":")
        known = self.facts.departments.get(name) if kind == "department" else None
        return self.to.is_partner or (known is not None and known.kind == Kind.PARTNER)

    def moment(self, at: datetime, department_id: str | None) -> str:
        """Give a moment as the reader's clock shows it, else that of a department."""
        known = self.facts.calendars.get(department_id or "")
        zone = self.to.zone or (known.calendar.tz if known else _UTC)
        named = zone_in_words(zone.key, self.spoken.code)
        return f"{self.spoken.moment(at, zone)} ({named})"

    def written_by_others(self, text: str | None) -> tuple[str, ...]:
        """Give what somebody wrote, indented; to a partner, where to read it."""
        if self.to_partner or not text:
            return (self.spoken.say("You can read it in the case."),)
        return (indented(text.splitlines()),)

    def name_as_written(self, name: str) -> str:
        """Give a name that somebody wrote, to a partner as the pages show it."""
        known = self.facts.identities.get(self.message.case_id)
        return masked(name, known) if known and self.to_partner else name

    def to_task(self, task_id: str) -> Way:
        return self.spoken.say("Open the task:"), f"/tasks/{task_id}"

    def to_case(self) -> Way:
        return self.spoken.say("Open the case:"), f"/cases/{self.message.case_id}"


def listed(title: str, lines: Sequence[str]) -> str:
    """Give lines under a title."""
    return f"{title}\n{indented(lines)}"


def indented(lines: Sequence[str]) -> str:
    """Give lines set in from the margin."""
    return "\n".join(f"    {line}" for line in lines)


# ---------------------------------------------------------------------- to departments


def _task(writer: Writer) -> Words | None:
    say, facts = writer.spoken.say, writer.message.facts
    task = writer.facts.tasks.get(str(facts.get("task")))
    asked = _question(writer, task.department_id) if task else None
    if task is None or asked is None:
        return None
    about, put = asked
    due = writer.moment(task.due_at, task.department_id)
    steps = [f"– {one.title}. {one.time} {one.gives}" for one in put.steps]
    next_ = say(
        "We look forward to your answer by {due}. A short proposal is enough; if "
        "nothing needs to change, tell us what you observed.",
        due=due,
    )
    said = (
        put.text,
        f"{put.customers} {put.promise}",
        listed(say("Your steps in this chain:"), steps),
        say("The way to the customer: {path}.", path=put.path)
        if _is_promise(writer)
        else say("The way: {path}.", path=put.path),
        say("Your neighbours on the chain: {neighbours}.", neighbours=put.neighbours)
        if put.neighbours
        else "",
        next_,
    )
    ways = (writer.to_task(task.id),)
    subject = (
        say("What can change for the customer: {about}", about=about)
        if _is_promise(writer)
        else say("What can change in the hand-over: {about}", about=about)
    )
    return Words(subject, said, ways)


def _is_promise(writer: Writer) -> bool:
    concern = writer.facts.cases[writer.message.case_id].concern
    return concern is not None and isinstance(concern_of(concern), PromiseConcern)


def _question(writer: Writer, department: str) -> tuple[str, Question] | None:
    """Give what the case is about and the question to a department."""
    case = writer.facts.cases[writer.message.case_id]
    customers = writer.facts.customers.get(case.id, 1)
    about = (case.map_id, case.map_version, case.concern)
    key = (*about, department, customers, writer.spoken.code)
    if key not in writer.asked:
        writer.asked[key] = _put(writer, case, department, customers)
    return writer.asked[key]


def _put(
    writer: Writer, case: Case, department: str, customers: int
) -> tuple[str, Question] | None:
    if case.map_id is None or case.map_version is None or case.concern is None:
        return None
    walk = walk_of(writer.session, case.map_id, case.map_version, case.concern)
    to = next((p for p in walk.participants if p.department == department), None)
    if to is None:
        return None
    chain, concern = writer.facts.chains[case.id], concern_of(case.concern)
    put = question(chain, concern, to, customers=customers, language=writer.spoken)
    return concern_in_words(chain, concern, writer.spoken), put


def _request(writer: Writer) -> Words | None:
    say = writer.spoken.say
    asked = writer.facts.requests.get(writer.message.subject_id)
    if asked is None:
        return None
    by = writer.title(asked.from_department_id)
    until = (
        writer.moment(asked.wanted_by, asked.department_id) if asked.wanted_by else ""
    )
    said = (
        say("{department} asks for this, to help the customer:", department=by)
        if _is_promise(writer)
        else say("{department} asks for this:", department=by),
        *writer.written_by_others(asked.what),
        say("It would help by {due}.", due=until) if until else "",
        say("You can accept it, or propose what suits you better."),
    )
    ways = ((say("Reply to the request:"), "/requests"),)
    return Words(say("A request from {department}", department=by), said, ways)


def _reply(writer: Writer) -> Words | None:
    say = writer.spoken.say
    asked = writer.facts.requests.get(writer.message.subject_id)
    if asked is None:
        return None
    by = writer.title(asked.department_id)
    if asked.status == RequestStatus.ACCEPTED:
        opening = say("{department} agreed to what you asked for:", department=by)
        text = asked.what
    else:
        opening = say("{department} proposes this instead:", department=by)
        text = asked.reply
    said = (opening, *writer.written_by_others(text))
    ways = (writer.to_task(asked.task_id),)
    subject = say("A reply from {department}", department=by)
    return Words(subject, said, ways)


def _mention(writer: Writer) -> Words:
    say, number = writer.spoken.say, writer.number
    said = (
        say("You are mentioned in the talk of the case of complaint {number}.",
            number=number),
        say("Everybody who takes part reads it there and can answer."),
    )  # fmt: skip
    ways = (writer.to_case(),)
    subject = say("Somebody wants your view: {number}", number=number)
    return Words(subject, said, ways)


def _in_place(writer: Writer) -> Words | None:
    say = writer.spoken.say
    change = changed(writer)
    said = (
        say("In the case of complaint {number}, this is now in place:",
            number=writer.number),
        *writer.written_by_others(change),
        say("Thank you for your part in it: the next customer will notice."),
    )  # fmt: skip
    ways = (writer.to_case(),)
    return Words(say("An agreed change is in place"), said, ways)


def changed(writer: Writer) -> str | None:
    facts = writer.message.facts
    answer = writer.facts.answers.get(str(facts.get("task")))
    proposals = (answer.content or {}).get("proposals", ()) if answer else ()
    changes = (
        str(one["change"])
        for one in proposals
        if one.get("number") == facts.get("proposal")
    )
    return next(changes, None)


# ------------------------------------------------- to quality manager and facilitator


def _to_place(writer: Writer) -> Words:
    say = writer.spoken.say
    said = (
        say("Complaint {number} does not say yet where the customer felt it, or which "
            "promise it is about.", number=writer.number),
        say("Once you say so, the departments of the chain are asked what can change."),
    )  # fmt: skip
    ways = (writer.to_case(),)
    subject = say("Complaint {number} waits to be placed", number=writer.number)
    return Words(subject, said, ways)


def _all_in(writer: Writer) -> Words:
    say = writer.spoken.say
    said = (
        say("For complaint {number}, all answers are in, or their time is over.",
            number=writer.number),
        say("You can open the joint review now: there all departments look at the "
            "proposals together."),
    )  # fmt: skip
    ways = (writer.to_case(),)
    subject = say("Ready for the joint review: {number}", number=writer.number)
    return Words(subject, said, ways)


def _past_due(writer: Writer) -> Words | None:
    if "complaint" in writer.message.facts:
        return _answer_due(writer)
    say = writer.spoken.say
    task = writer.facts.tasks.get(str(writer.message.facts.get("task")))
    if task is None:
        return None
    said = (
        say("The time for the answer of {department} ended on {due}.",
            department=writer.title(task.department_id),
            due=writer.moment(task.due_at, task.department_id)),
        say("Perhaps more time, a colleague or a talk would help. You can extend it, "
            "pass it on, or go on without it; a late answer still counts until the "
            "review is opened."),
    )  # fmt: skip
    ways = (writer.to_task(task.id),)
    subject = say("A task is back with you: {number}", number=writer.number)
    return Words(subject, said, ways)


def _returned(writer: Writer) -> Words | None:
    say = writer.spoken.say
    task = writer.facts.tasks.get(str(writer.message.facts.get("task")))
    if task is None:
        return None
    said = (
        say("{department} handed a task back to you: it is not theirs. Their reason "
            "stands on the page of the task.",
            department=writer.title(task.department_id)),
        say("You can ask again and say what you hope for, pass the task on, or go on "
            "without it."),
    )  # fmt: skip
    ways = (writer.to_task(task.id),)
    subject = say("A task was handed back: {number}", number=writer.number)
    return Words(subject, said, ways)


def _answer_due(writer: Writer) -> Words | None:
    say = writer.spoken.say
    complaint = writer.facts.complaints.get(str(writer.message.facts["complaint"]))
    if complaint is None:
        return None
    clock = writer.facts.clocks.get(complaint.id)
    until = writer.moment(clock.due_at, None) if clock else ""
    number, of = complaint.number, complaint.internal_of
    if of is not None:
        whose = writer.title(of)
        said = (
            say("{department} was to have an answer to complaint {number} by {due}.",
                department=whose, number=number, due=until),
            say("Even a short word on what happens next helps now."),
        )  # fmt: skip
        subject = say("{department} waits for an answer: {number}",
                      department=whose, number=number)  # fmt: skip
        return Words(subject, said, (writer.to_case(),))
    said = (
        say("The customer of complaint {number} was to have an answer by {due}.",
            number=number, due=until),
        say("Even a short word on what happens next helps the customer now."),
    )  # fmt: skip
    ways = (writer.to_case(),)
    subject = say("A customer waits for an answer: {number}", number=number)
    return Words(subject, said, ways)


def _not_accepted(writer: Writer) -> Words | None:
    say = writer.spoken.say
    complaint = writer.facts.complaints.get(str(writer.message.facts["complaint"]))
    if complaint is None:
        return None
    clock = writer.facts.clocks.get(complaint.id)
    until = writer.moment(clock.due_at, None) if clock else ""
    first = (
        say("The customer of complaint {number} does not accept the answer and says "
            "what is still missing.", number=complaint.number)
        if complaint.internal_of is None
        else say("{department} does not accept the answer to complaint {number} and "
                 "says what is still missing.",
                 department=writer.title(complaint.internal_of),
                 number=complaint.number)
    )  # fmt: skip
    said = (
        first,
        say("A second answer is awaited by {due}. Read their words first; a short talk "
            "often shows what would put it right.", due=until),
    )  # fmt: skip
    ways = (writer.to_case(),)
    subject = say("An answer is not accepted: {number}", number=complaint.number)
    return Words(subject, said, ways)


def _needs_a_person(writer: Writer) -> Words:
    say = writer.spoken.say
    said = (
        say("Something in the case of complaint {number} could not be done by itself, "
            "after several tries.", number=writer.number),
        say("Nothing is lost: let it be tried again, or set it aside with a reason."),
    )  # fmt: skip
    ways = ((say("Look at what waits:"), "/admin"),)
    subject = say("Your help is needed: {number}", number=writer.number)
    return Words(subject, said, ways)


ToldBy = Mapping[MessageKind, Callable[[Writer], Words | None]]
"""What puts a message of each kind into words; None if what it tells of is gone."""

WORDS: ToldBy = {
    MessageKind.TASK: _task,
    MessageKind.TO_PLACE: _to_place,
    MessageKind.ALL_IN: _all_in,
    MessageKind.PAST_DUE: _past_due,
    MessageKind.RETURNED: _returned,
    MessageKind.NEEDS_A_PERSON: _needs_a_person,
    MessageKind.NOT_ACCEPTED: _not_accepted,
    MessageKind.REQUEST: _request,
    MessageKind.REPLY: _reply,
    MessageKind.MENTION: _mention,
    MessageKind.IN_PLACE: _in_place,
}
