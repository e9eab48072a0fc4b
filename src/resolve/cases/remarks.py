"""Reasons: kept where they can be erased, entered in the journal as digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from resolve.cases.models import Remark
from resolve.journal.rules import digest
from resolve.kit.errors import Invalid
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable


class ReasonMissing(Invalid):
    """The act needs a reason that those concerned can read."""

    code = "reason_missing"


@dataclass(frozen=True, slots=True)
class Remarked:
    """A reason for an act on something of a case."""

    case_id: str
    subject_id: str
    what: str
    text: str


def note(session: Session, remark: Remarked, *, who: str, at: datetime) -> str:
    """Keep a reason and give the digest that stands for it in the journal.

    Raises:
        ReasonMissing: it is empty.
    """
    if not storable(remark.text, pointer="/reason").strip():
        raise ReasonMissing(
            "A reason is missing.", hint="Say in a sentence why.", pointer="/reason"
        )
    salt = new_salt()
    session.add(
        Remark(
            id=new_id(),
            case_id=remark.case_id,
            subject_id=remark.subject_id,
            what=remark.what,
            text=remark.text,
            salt=salt,
            who=who,
            at=at,
        )
    )
    return digest(salt, remark.text)
