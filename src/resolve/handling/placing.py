"""Back to the quality manager: a case that the engine cannot hand out."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.models import Case, CaseStatus
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.ids import derived_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, person, tell

ENGINE = "engine"


def return_to_be_placed(
    session: Session, case: Case, why: str, *, who: str, at: datetime
) -> None:
    """Let the quality manager say anew what the case is about; enter why."""
    case.status = CaseStatus.TO_PLACE
    case.map_id = case.map_version = case.concern = None
    case.revision += 1
    session.add(case)
    session.flush()
    states = {"case": str(CaseStatus.TO_PLACE)}
    append(
        session, [Draft(case_chain(case.id), why, {"states": states})], who=who, at=at
    )
    subject = derived_id(case.id, why, case.revision)
    note = Note(MessageKind.TO_PLACE, person(case.owner), subject, case.id)
    tell(session, [note], at=at)
