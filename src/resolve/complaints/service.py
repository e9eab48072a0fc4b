"""The customer's side after filing: answer, accept it or not, close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases import remarks
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import Remarked
from resolve.clocks import service as clocks
from resolve.clocks.models import ClockKind
from resolve.clocks.working_time import add_working_days
from resolve.complaints import queries
from resolve.complaints.errors import NothingSaid, WrongComplaintState
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.ids import derived_id
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, person, tell

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
    # Told once; a second answer, after the first was not accepted, is another one.
    told = found.id if found.stage == 1 else derived_id(found.id, found.revision)
    note = Note(
        MessageKind.ANSWER,
        f"complaint:{found.id}",
        told,
        found.case_id,
        {"complaint": found.id},
    )
    tell(session, [note], at=at)
    return found


NOT_ACCEPTED = "complaint_not_accepted"
EARLIER_ANSWER = "earlier_answer"


def not_accept(
    session: Session,
    name: str,
    *,
    why: str,
    answer_within: int,
    who: str,
    at: datetime,
) -> Complaint:
    """Take the complaint up again, second stage: the customer does not accept.

    The answer's clock runs anew, `answer_within` working days; the facilitator is told.
    What was answered and why it is not accepted are kept as remarks.

    Raises:
        WrongComplaintState: there is no answer that could be accepted or not.
        ReasonMissing: not a word on what is still missing.
    """
    found = _locked(session, name)
    if found.status != ComplaintStatus.ANSWERED:
        raise WrongComplaintState(
            f"The complaint {found.number} is {found.status}.",
            hint="Only an answer that waits to be accepted can be refused.",
            status=found.status,
        )
    said = _remark(session, found, NOT_ACCEPTED, why, who=who, at=at)
    earlier = "\n\n".join(text for text in (found.answer, found.remedy) if text)
    _remark(session, found, EARLIER_ANSWER, earlier, who=who, at=at)
    found.stage = 2
    due_at = add_working_days(calendar(session).calendar, at, answer_within)
    clocks.extend(session, ClockKind.ANSWER, found.id, due_at=due_at, at=at)
    _move(
        session, found, ComplaintStatus.RECEIVED, NOT_ACCEPTED,
        {"stage": found.stage, "reason": said}, who=who, at=at,
    )  # fmt: skip
    case = the_case(session, found.case_id)
    note = Note(
        MessageKind.NOT_ACCEPTED,
        person(case.facilitator),
        derived_id(found.id, found.revision),
        found.case_id,
        {"complaint": found.id},
    )
    tell(session, [note], at=at)
    return found


def _remark(
    session: Session, of: Complaint, what: str, text: str, *, who: str, at: datetime
) -> str:
    return remarks.note(
        session, Remarked(of.case_id, of.id, what, text), who=who, at=at
    )


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
