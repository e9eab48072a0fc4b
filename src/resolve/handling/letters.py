"""Messages in words: what is asked, why it matters to the customer, what is next.

Letters to departments and people of the house hold no word of the customer and nothing
that tells who it is; those to partners leave out what others wrote, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.chain.model import Kind, Text
from resolve.handling.letter_facts import LetterFacts, letter_facts
from resolve.kit.language import LANGUAGES, Language, language
from resolve.maps.queries import concern_of, walk_of
from resolve.messages.mail import Letter, is_address
from resolve.messages.models import Message, MessageKind
from resolve.tasks.models import Request, RequestStatus
from resolve.tasks.questions import Question, concern_in_words, question

_UTC = ZoneInfo("UTC")


def letters(
    session: Session, messages: Sequence[Message], *, spoken: Language
) -> dict[str, Letter]:
    """Put messages into words, by id.

    Left out are those to customers without a known e-mail, and those whose subject is
    gone.
    """
    facts = letter_facts(session, messages)
    asked: _Asked = {}
    written: dict[str, Letter] = {}
    for message in messages:
        letter = _Writer(session, message, facts, spoken, asked).letter()
        if letter:
            written[message.id] = letter
    return written


_Asked = dict[tuple[object, ...], tuple[str, Question] | None]
"""Questions already put, by all that they follow from: like cases ask the same."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a kind of message says: a subject, paragraphs, commands to act."""

    subject: str
    paragraphs: tuple[str, ...]
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Writer:
    session: Session
    message: Message
    facts: LetterFacts
    spoken: Language
    asked: _Asked

    def letter(self) -> Letter | None:
        if self.message.kind == MessageKind.ANSWER:
            return _to_customer(self.message, self.facts, self.spoken)
        words = _WORDS[MessageKind(self.message.kind)](self)
        if words is None:
            return None
        name, address = self._to()
        body = _body(words, name, self.spoken)
        return Letter(name, address, self.spoken.code, words.subject, body)

    def _to(self) -> tuple[str, str | None]:
        kind, _, name = self.message.recipient.partition(":")
        department = self.facts.departments.get(name)
        if kind != "department" or department is None:
            return name, None
        return department.head or self.title(name), department.email

    def title(self, department_id: str) -> str:
        known = self.facts.departments.get(department_id)
        title = Text(known.title).in_(self.spoken.code) if known else ""
        return title or department_id

    @property
    def number(self) -> str:
        return self.facts.numbers.get(self.message.case_id, self.message.case_id)

    @property
    def to_partner(self) -> bool:
        kind, _, name = self.message.recipient.partition(":")
        known = self.facts.departments.get(name) if kind == "department" else None
        return known is not None and known.kind == Kind.PARTNER

    def moment(self, at: datetime, department_id: str | None) -> str:
        """Give a moment as the clock on the wall of a department shows it."""
        known = self.facts.calendars.get(department_id or "")
        zone = known.calendar.tz if known else _UTC
        return f"{self.spoken.moment(at, zone)} ({zone.key})"

    def written_by_others(self, text: str | None) -> tuple[str, ...]:
        """Give what somebody wrote, indented; to a partner, where to read it."""
        if self.to_partner or not text:
            return (self.spoken.say("You can read it in the case."),)
        return (_indented(text.splitlines()),)


# ---------------------------------------------------------------------- to departments


def _task(writer: _Writer) -> _Words | None:
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
        _list(say("Your steps in this chain:"), steps),
        say("The way to the customer: {path}.", path=put.path),
        say("Your neighbours on the chain: {neighbours}.", neighbours=put.neighbours)
        if put.neighbours
        else "",
        next_,
    )
    commands = (
        f"resolve task show {task.id}",
        f"resolve task answer {task.id} --as {task.department_id}",
    )
    subject = say("What can change for the customer: {about}", about=about)
    return _Words(subject, said, commands)


def _question(writer: _Writer, department: str) -> tuple[str, Question] | None:
    """Give what the case is about and the question to a department."""
    case = writer.facts.cases[writer.message.case_id]
    customers = writer.facts.customers.get(case.id, 1)
    key = (case.map_id, case.map_version, case.concern, department, customers)
    if key not in writer.asked:
        writer.asked[key] = _put(writer, case, department, customers)
    return writer.asked[key]


def _put(
    writer: _Writer, case: Case, department: str, customers: int
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


def _request(writer: _Writer) -> _Words | None:
    say = writer.spoken.say
    asked = writer.facts.requests.get(writer.message.subject_id)
    if asked is None:
        return None
    by = writer.title(asked.from_department_id)
    until = (
        writer.moment(asked.wanted_by, asked.department_id) if asked.wanted_by else ""
    )
    said = (
        say("{department} asks for this, to help the customer:", department=by),
        *writer.written_by_others(asked.what),
        say("It would help by {due}.", due=until) if until else "",
        say("You can accept it, or propose what suits you better."),
    )
    commands = _replying(asked)
    return _Words(say("A request from {department}", department=by), said, commands)


def _replying(asked: Request) -> tuple[str, ...]:
    reply = f"resolve request reply {asked.id} --as {asked.department_id}"
    return (f"{reply} --accept", f'{reply} --instead "..."')


def _reply(writer: _Writer) -> _Words | None:
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
    commands = (f"resolve task show {asked.task_id}",)
    subject = say("A reply from {department}", department=by)
    return _Words(subject, said, commands)


def _mention(writer: _Writer) -> _Words:
    say, number = writer.spoken.say, writer.number
    said = (
        say("You are mentioned in the talk of the case of complaint {number}.",
            number=number),
        say("Everybody who takes part reads it there and can answer."),
    )  # fmt: skip
    commands = (f"resolve case show {writer.message.case_id}",)
    subject = say("Somebody wants your view: {number}", number=number)
    return _Words(subject, said, commands)


def _in_place(writer: _Writer) -> _Words | None:
    say = writer.spoken.say
    change = _change(writer)
    said = (
        say("In the case of complaint {number}, this is now in place:",
            number=writer.number),
        *writer.written_by_others(change),
        say("Thank you for your part in it: the next customer will notice."),
    )  # fmt: skip
    commands = (f"resolve case show {writer.message.case_id}",)
    return _Words(say("An agreed change is in place"), said, commands)


def _change(writer: _Writer) -> str | None:
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


def _to_place(writer: _Writer) -> _Words:
    say, case_id = writer.spoken.say, writer.message.case_id
    said = (
        say("Complaint {number} does not say yet where the customer felt it, or which "
            "promise it is about.", number=writer.number),
        say("Once you say so, the departments of the chain are asked what can change."),
    )  # fmt: skip
    commands = (
        f"resolve case show {case_id}",
        f"resolve case place {case_id} --touchpoint ... --promise ...",
    )
    subject = say("Complaint {number} waits to be placed", number=writer.number)
    return _Words(subject, said, commands)


def _all_in(writer: _Writer) -> _Words:
    say, case_id = writer.spoken.say, writer.message.case_id
    said = (
        say("For complaint {number}, all answers are in, or their time is over.",
            number=writer.number),
        say("You can open the joint review now: there all departments look at the "
            "proposals together."),
    )  # fmt: skip
    commands = (f"resolve case show {case_id}", f"resolve case review {case_id}")
    subject = say("Ready for the joint review: {number}", number=writer.number)
    return _Words(subject, said, commands)


def _past_due(writer: _Writer) -> _Words | None:
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
    commands = (
        f"resolve task show {task.id}",
        f'resolve task extend {task.id} --due ... --reason "..."',
        f"resolve task pass {task.id} --to ...",
    )
    subject = say("A task is back with you: {number}", number=writer.number)
    return _Words(subject, said, commands)


def _returned(writer: _Writer) -> _Words | None:
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
    commands = (
        f"resolve task show {task.id}",
        f"resolve task pass {task.id} --to ...",
        f'resolve task withdraw {task.id} --reason "..."',
    )
    subject = say("A task was handed back: {number}", number=writer.number)
    return _Words(subject, said, commands)


def _answer_due(writer: _Writer) -> _Words | None:
    say = writer.spoken.say
    complaint = writer.facts.complaints.get(str(writer.message.facts["complaint"]))
    if complaint is None:
        return None
    clock = writer.facts.clocks.get(complaint.id)
    until = writer.moment(clock.due_at, None) if clock else ""
    said = (
        say("The customer of complaint {number} was to have an answer by {due}.",
            number=complaint.number, due=until),
        say("Even a short word on what happens next helps the customer now."),
    )  # fmt: skip
    commands = (f'resolve complaint answer {complaint.number} --text "..."',)
    subject = say("A customer waits for an answer: {number}", number=complaint.number)
    return _Words(subject, said, commands)


def _not_accepted(writer: _Writer) -> _Words | None:
    say = writer.spoken.say
    complaint = writer.facts.complaints.get(str(writer.message.facts["complaint"]))
    if complaint is None:
        return None
    clock = writer.facts.clocks.get(complaint.id)
    until = writer.moment(clock.due_at, None) if clock else ""
    said = (
        say("The customer of complaint {number} does not accept the answer and says "
            "what is still missing.", number=complaint.number),
        say("A second answer is awaited by {due}. Read the customer's words first; a "
            "short talk often shows what would put it right.", due=until),
    )  # fmt: skip
    commands = (
        f"resolve case show {complaint.case_id}",
        f'resolve complaint answer {complaint.number} --text "..."',
    )
    subject = say("An answer is not accepted: {number}", number=complaint.number)
    return _Words(subject, said, commands)


def _needs_a_person(writer: _Writer) -> _Words:
    say, event = writer.spoken.say, writer.message.facts.get("event")
    said = (
        say("Something in the case of complaint {number} could not be done by itself, "
            "after several tries.", number=writer.number),
        say("Nothing is lost: let it be tried again, or set it aside with a reason."),
    )  # fmt: skip
    commands = (
        "resolve event list",
        f"resolve event retry {event}",
        f'resolve event set-aside {event} --reason "..."',
    )
    subject = say("Your help is needed: {number}", number=writer.number)
    return _Words(subject, said, commands)


_WORDS: Mapping[MessageKind, Callable[[_Writer], _Words | None]] = {
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


# ---------------------------------------------------------------------- to the customer


def _to_customer(
    message: Message, facts: LetterFacts, house: Language
) -> Letter | None:
    """Write to the customer in the complaint's language, if it is one of ours."""
    complaint = facts.complaints.get(str(message.facts.get("complaint")))
    customer = (complaint.customer if complaint else None) or {}
    address = str(customer.get("email") or "").strip()
    if complaint is None or not complaint.answer or not is_address(address):
        return None
    code = (complaint.language or "").lower().replace("_", "-").partition("-")[0]
    spoken = language(code) if code in LANGUAGES else house
    say, name = spoken.say, str(customer.get("name") or "")
    said = (
        say("Thank you for telling us what happened. This is our answer:"),
        complaint.answer,
        say("What we do for you: {remedy}", remedy=complaint.remedy)
        if complaint.remedy
        else "",
        say("If this does not put it right for you, please tell us what would."),
    )
    subject = say("Our answer to your complaint {number}", number=complaint.number)
    body = _body(_Words(subject, said), name, spoken)
    return Letter(name, address, spoken.code, subject, body)


# ---------------------------------------------------------------------- how it looks


def _body(words: _Words, name: str, spoken: Language) -> str:
    greeting = (
        spoken.say("Good day, {name}!", name=" ".join(name.split()))
        if name
        else spoken.say("Good day!")
    )
    acting = _list(spoken.say("To see it and act:"), words.commands)
    parts = [greeting, *words.paragraphs, acting if words.commands else ""]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(title: str, lines: Sequence[str]) -> str:
    return f"{title}\n{_indented(lines)}"


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
