"""Telling people: each message is told once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.kit.database import insert_missing
from resolve.kit.ids import new_id
from resolve.messages.models import Message, MessageKind


@dataclass(frozen=True, slots=True)
class Note:
    """A message to be told: to whom, about what, with which ids as facts."""

    kind: MessageKind
    recipient: str
    subject_id: str
    case_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def department_of(department_id: str) -> str:
    """Name a department as a recipient."""
    return f"department:{department_id}"


def person(name: str) -> str:
    """Name a person as a recipient."""
    return f"person:{name}"


def tell(session: Session, notes: Sequence[Note], *, at: datetime) -> None:
    """Put the messages into the list; one told before is not told again."""
    insert_missing(
        session,
        Message,
        [
            {
                "id": new_id(),
                "kind": note.kind,
                "recipient": note.recipient,
                "subject_id": note.subject_id,
                "case_id": note.case_id,
                "facts": dict(note.facts),
                "at": at,
            }
            for note in notes
        ],
    )
