"""An event that keeps failing ends with a person; it is never dropped."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.handling.placing import ENGINE, return_to_be_placed
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.ids import derived_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, person, tell
from resolve.outbox.models import Topic
from resolve.outbox.service import Claimed, note_failure, set_aside


def set_event_aside(
    session: Session, event_id: int, *, reason: str, who: str, at: datetime
) -> None:
    """Decide that a failed event shall have no effect, with the reason.

    A case whose tasks it was to hand out goes back to be placed: somebody has work.

    Raises:
        UnknownEvent, EventNotFailed: there is none, or it has not failed.
    """
    event = set_aside(session, event_id, reason=reason, who=who, at=at)
    case = the_case(session, event.case_id, lock=True)
    awaited = event.topic in (Topic.FILED, Topic.PLACED)
    wanted = int(event.data.get("round", 1))
    if awaited and case.status == CaseStatus.TASKS and case.round < wanted:
        return_to_be_placed(session, case, "returned_to_be_placed", who=who, at=at)


def note_try_in_vain(
    session: Session, event: Claimed, *, token: str, error: str, at: datetime
) -> None:
    """Count a try; after the last one the quality manager is asked.

    Raises:
        LostClaim: another worker took over.
    """
    if not note_failure(session, event.id, token=token, error=error, at=at):
        return
    data = {"event": event.id, "topic": str(event.topic)}
    draft = Draft(case_chain(event.case_id), "event_failed", data)
    append(session, [draft], who=ENGINE, at=at)
    owner = session.get_one(Case, event.case_id).owner
    subject = derived_id(event.case_id, "event", event.id)
    kind = MessageKind.NEEDS_A_PERSON
    tell(session, [Note(kind, person(owner), subject, event.case_id, data)], at=at)
