"""The customer's side after filing: answer and close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases.queries import case as the_case
from resolve.clocks import service as clocks
from resolve.clocks.models import ClockKind
from resolve.complaints import queries
from resolve.complaints.errors import NothingSaid, WrongComplaintState
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, tell

_ALSO_WITHOUT_ANSWER = (ClosedAs.WITHDRAWN, ClosedAs.OUTSIDE)


def answer(
    session: Session,
    name: str,
    *,
    text: str,
    remedy: str | None = None,
    who: str,
    at: datetime,
) -> Complaint:
    """Write the answer to the customer.

    Raises:
        WrongComplaintState: it is answered or closed already.
        NothingSaid: the answer is empty.
    """
    found = _locked(session, name)
    if found.status != ComplaintStatus.RECEIVED:
        raise WrongComplaintState(
            f"The complaint {found.number} is {found.status} already.",
            hint="Only one that is received can be answered.",
            status=found.status,
        )
    if not storable(text, pointer="/text").strip():
        raise NothingSaid("The answer has no text.", pointer="/text")
    found.answer, found.remedy = text, storable(remedy or "", pointer="/remedy") or None
    found.answer_salt, found.answered_at = new_salt(), at
    clocks.stop(session, ClockKind.ANSWER, [found.id], at=at)
    said = digest(found.answer_salt, text, found.remedy)
    _move(
        session, found, ComplaintStatus.ANSWERED, "complaint_answered",
        {"answer": said}, who=who, at=at,
    )  # fmt: skip
    note = Note(
        MessageKind.ANSWER,
        f"complaint:{found.id}",
        found.id,
        found.case_id,
        {"complaint": found.id},
    )
    tell(session, [note], at=at)
    return found


def close(
    session: Session, name: str, *, closed_as: ClosedAs, who: str, at: datetime
) -> Complaint:
    """End the customer's side.

    Raises:
        WrongComplaintState: it is closed already, or not answered and neither
            withdrawn nor outside of what can be handled here.
    """
    found = _locked(session, name)
    may = found.status == ComplaintStatus.ANSWERED or (
        found.status == ComplaintStatus.RECEIVED and closed_as in _ALSO_WITHOUT_ANSWER
    )
    if not may or closed_as is ClosedAs.SETTLED_AT_ONCE:
        raise WrongComplaintState(
            f"The complaint {found.number} is {found.status}; "
            f"it cannot be closed as {closed_as}.",
            hint="Answer it first, or close it as withdrawn or outside.",
            status=found.status,
        )
    found.closed_as, found.closed_at = closed_as, at
    found.status = ComplaintStatus.CLOSED
    clocks.stop(session, ClockKind.ANSWER, [found.id], at=at)
    _move(
        session, found, ComplaintStatus.CLOSED, "complaint_closed",
        {"as": str(closed_as)}, who=who, at=at,
    )  # fmt: skip
    return found


def _locked(session: Session, name: str) -> Complaint:
    found = queries.complaint(session, name)
    the_case(session, found.case_id, lock=True)
    session.refresh(found)
    return found


def _move(  # noqa: PLR0913  one move
    session: Session,
    complaint: Complaint,
    status: ComplaintStatus,
    what: str,
    data: dict[str, Any],
    *,
    who: str,
    at: datetime,
) -> None:
    complaint.status, complaint.updated_at = status, at
    complaint.revision += 1
    session.add(complaint)
    session.flush()
    states = {f"complaint:{complaint.id}": str(status)}
    data = {"complaint": complaint.id, "states": states} | data
    draft = Draft(case_chain(complaint.case_id), what, data)
    append(session, [draft], who=who, at=at)
