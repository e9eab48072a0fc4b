"""Saying something in the talk of a case, and telling who is mentioned in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from resolve.access.models import Person
from resolve.access.table import Right
from resolve.cases import talk
from resolve.cases.models import Case, TalkEntry
from resolve.cases.queries import case as the_case
from resolve.cases.queries import chain_of_case
from resolve.chain.model import Kind
from resolve.departments.clients import client_of_person
from resolve.departments.models import DepartmentRecord, TouchKind
from resolve.departments.queries import by_id
from resolve.departments.touching import note as touch
from resolve.kit.errors import Invalid
from resolve.kit.ids import is_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, person, tell
from resolve.tasks.models import Request, Task
from resolve.tasks.queries import answers_to

MOST_MENTIONS = 20
_MENTION = re.compile(r"(?<![\w@.+-])@([^\s@,;!?()\[\]{}<>\"“”«»]{1,100})")
_AFTER_A_NAME = ".:'’…"


class UnknownMention(Invalid):
    """Nobody of this name can read the case."""

    code = "unknown_mention"


class TooManyMentions(Invalid):
    code = "too_many_mentions"


class UnknownSubject(Invalid):
    """The case has no such step or proposal."""

    code = "unknown_subject"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, about which step or proposal, and who is named besides the text.

    `to` are ids of departments, logins, `department:ID` or `person:ID`.
    """

    text: str
    about: Mapping[str, Any] = field(default_factory=dict)
    to: tuple[str, ...] = ()


def speak(
    session: Session,
    case_id: str,
    words: Words,
    *,
    who: str,
    departments: frozenset[str],
    at: datetime,
) -> TalkEntry:
    """Say something for one's department; whoever is mentioned is told, once.

    A name after @ in the text that can read the case is mentioned, too.

    Raises:
        UnknownMention: somebody in `to` is not known, or cannot read this case.
        UnknownSubject: the case has no such step or proposal.
        NothingToSay, Invalid: as for `cases.talk.say`.
    """
    case = the_case(session, case_id, lock=True)
    _guard_about(session, case, words.about)
    taking_part = departments_of(session, case_id)
    mentioned = _mentioned(session, words, taking_part)
    speaking = sorted(departments & taking_part) or sorted(departments)
    saying = talk.Saying(
        words.text, speaking[0] if speaking else None, words.about, mentioned
    )
    said = talk.say(session, case_id, saying, who=who, at=at)
    facts = {"entry": said.id}
    notes = [
        Note(MessageKind.MENTION, one, said.id, case_id, facts)
        for one in mentioned
        if one != who
    ]
    tell(session, notes, at=at)
    touch(session, departments & taking_part, TouchKind.TOOK_PART, at=at)
    return said


def departments_of(session: Session, case_id: str) -> frozenset[str]:
    """Give the departments that take part in a case: with a task, or asked."""
    tasks = select(Task.department_id).where(Task.case_id == case_id)
    asked = select(Request.department_id).where(Request.case_id == case_id)
    return frozenset(session.exec(tasks)) | frozenset(session.exec(asked))


def _guard_about(session: Session, case: Case, about: Mapping[str, Any]) -> None:
    if not about or (set(about) == {"step"} and _is_step(session, case, about)):
        return
    if set(about) == {"task", "proposal"} and _is_proposal(session, case, about):
        return
    raise UnknownSubject(
        "This case has no such step or proposal.",
        hint="The case shows its steps, and its proposals with their numbers.",
        pointer="/about",
    )


def _is_step(session: Session, case: Case, about: Mapping[str, Any]) -> bool:
    chain = chain_of_case(session, case)
    return chain is not None and about["step"] in chain.steps


def _is_proposal(session: Session, case: Case, about: Mapping[str, Any]) -> bool:
    task_id = str(about["task"])
    task = session.get(Task, task_id) if is_id(task_id) else None
    if task is None or task.case_id != case.id:
        return False
    answer = answers_to(session, [task_id]).get(task_id)
    proposals = ((answer.content or {}) if answer else {}).get("proposals", ())
    return any(one["number"] == about["proposal"] for one in proposals)


def _mentioned(
    session: Session, words: Words, taking_part: frozenset[str]
) -> tuple[str, ...]:
    """Give the recipients named: those of the text that are nobody's are just words."""
    in_text = _named_in(words.text)
    known = _Known.read(session, [*words.to, *in_text], taking_part)
    chosen = [known.recipient(name) for name in words.to]
    if None in chosen:
        raise UnknownMention(
            f"Nobody called {words.to[chosen.index(None)]!r} can read this case.",
            hint="Choose from those who take part.",
            pointer="/mentions",
        )
    found = [*chosen, *(known.recipient(name) for name in in_text)]
    mentioned = tuple(dict.fromkeys(one for one in found if one))
    if len(mentioned) > MOST_MENTIONS:
        raise TooManyMentions(
            f"More than {MOST_MENTIONS} are mentioned.",
            hint="Everybody who takes part reads the talk anyway.",
            pointer="/text",
        )
    return mentioned


def _named_in(text: str) -> list[str]:
    """Give the names after @, also without a sign that may end the sentence."""
    found: list[str] = []
    for match in _MENTION.finditer(text):
        found += dict.fromkeys((match[1], match[1].rstrip(_AFTER_A_NAME)))
    return [one for one in dict.fromkeys(found) if one][: 4 * MOST_MENTIONS]


@dataclass(frozen=True, slots=True)
class _Known:
    """The people and departments that names may mean, if they can read the case."""

    people: Mapping[str, str]  # by login and by id
    departments: frozenset[str]

    @staticmethod
    def read(
        session: Session, names: Sequence[str], taking_part: frozenset[str]
    ) -> _Known:
        plain = {_plain(name) for name in names}
        people = {
            key: one.id
            for one in _people(session, plain)
            if _may_read(session, one, taking_part)
            for key in (one.login, one.id)
        }
        found = by_id(session, plain).values()
        return _Known(people, frozenset(_readers(found, taking_part)))

    def recipient(self, name: str) -> str | None:
        plain = _plain(name)
        if plain.lower() in self.people and not name.startswith("department:"):
            return person(self.people[plain.lower()])
        return department_of(plain) if plain in self.departments else None


def _plain(name: str) -> str:
    kind, _, rest = name.strip().partition(":")
    return rest if kind in ("person", "department") else name.strip().lstrip("@")


def _people(session: Session, names: set[str]) -> Sequence[Person]:
    if not names:
        return []
    lower = {name.lower() for name in names}
    ids = [name for name in names if is_id(name)]
    named = func.lower(Person.login).in_(lower) | col(Person.id).in_(ids)
    here = col(Person.ended_at).is_(None)
    return session.exec(
        select(Person).where(named, here).limit(2 * MOST_MENTIONS)
    ).all()


def _may_read(session: Session, one: Person, taking_part: frozenset[str]) -> bool:
    client = client_of_person(session, one)
    if Right.READ not in client.rights:
        return False
    return not client.is_partner or not client.departments.isdisjoint(taking_part)


def _readers(
    found: Iterable[DepartmentRecord], taking_part: frozenset[str]
) -> Iterable[str]:
    return (
        one.id for one in found if one.kind == Kind.INTERNAL or one.id in taking_part
    )
