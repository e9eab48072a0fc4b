"""The talk of a case: one conversation, read by everybody who takes part.

What was said is not changed; who said it may take it back: the text is erased, and
that it was said, and taken back, stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases.models import TalkEntry
from resolve.cases.queries import case as the_case
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.errors import Forbidden, Invalid, NotFound
from resolve.kit.ids import is_id, new_id
from resolve.kit.texts import new_salt, storable


class NothingToSay(Invalid):
    """The entry has no text."""

    code = "nothing_said_here"


class UnknownEntry(NotFound):
    code = "unknown_talk_entry"


class NotYourWords(Forbidden):
    """Somebody else said it."""

    code = "not_your_words"


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says: for a department, about a step or a proposal, to whom."""

    text: str
    department: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()


def say(
    session: Session, case_id: str, said: Saying, *, who: str, at: datetime
) -> TalkEntry:
    """Say something in the talk of a case.

    Raises:
        NothingToSay: it is empty.
        Invalid: it is too long, or cannot be stored.
    """
    if not storable(said.text, pointer="/text").strip():
        raise NothingToSay(
            "There is no text.", hint="Write what you want to say.", pointer="/text"
        )
    the_case(session, case_id, lock=True)
    made = TalkEntry(
        id=new_id(),
        case_id=case_id,
        who=who,
        department_id=said.department,
        text=said.text,
        salt=new_salt(),
        about=dict(said.about),
        mentions=list(said.mentions),
        at=at,
    )
    session.add(made)
    session.flush()
    task = {"task": said.about["task"]} if "task" in said.about else {}
    data = {"entry": made.id, "text": digest(made.salt or "", said.text)} | task
    append(session, [Draft(case_chain(case_id), "talked", data)], who=who, at=at)
    return made


def take_back(
    session: Session, case_id: str, entry_id: str, *, who: str, at: datetime
) -> TalkEntry:
    """Erase what one said oneself; that it was said stays. Twice is once.

    Raises:
        UnknownEntry: the case has no such entry.
        NotYourWords: somebody else said it.
    """
    the_case(session, case_id, lock=True)
    found = session.get(TalkEntry, entry_id) if is_id(entry_id) else None
    if found is None or found.case_id != case_id:
        raise UnknownEntry("There is no such entry in this talk.")
    if found.who != who:
        raise NotYourWords(
            "Only who said it can take it back.", hint="Answer it in the talk."
        )
    if found.text is None:
        return found
    found.text, found.salt, found.mentions = None, None, []
    session.add(found)
    session.flush()
    draft = Draft(case_chain(case_id), "talk_taken_back", {"entry": found.id})
    append(session, [draft], who=who, at=at)
    return found
