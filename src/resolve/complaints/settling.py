"""Settled at once: filed, walked by nobody, and counted.

The journal tells it as it was: filed, closed with what was done, and its case closed;
all in the transaction of the filing, so that nobody ever finds work in between.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases.models import Case, CaseStatus
from resolve.complaints.models import ClosedAs, Complaint, ComplaintStatus
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.errors import Invalid
from resolve.kit.texts import new_salt, storable


class RemedyWithoutSettling(Invalid):
    """Something was done at once, but it is not said that this settled it."""

    code = "remedy_without_settling"


def guard_remedy(remedy: str | None, *, settled: bool) -> None:
    """Refuse a remedy that cannot be stored, or of a complaint still to be answered.

    Raises:
        RemedyWithoutSettling: it was not settled.
        Invalid: a text that no database can hold.
    """
    said = storable(remedy or "", pointer="/remedy").strip()
    if said and not settled:
        raise RemedyWithoutSettling(
            "What was done at once belongs to a complaint that is settled at once.",
            hint="Say that it is settled, or write it into the answer later.",
            pointer="/remedy",
        )


def settle(
    session: Session,
    row: MutableMapping[str, Any],
    opened: Mapping[str, MutableMapping[str, Any]],
    remedy: str | None,
    *,
    who: str,
    at: datetime,
) -> None:
    """End a complaint that was just filed, and the case that was opened for it."""
    complaint = session.get_one(Complaint, row["id"])
    case = session.get_one(Case, row["case_id"])
    complaint.status, complaint.closed_as = _CLOSED, ClosedAs.SETTLED_AT_ONCE
    complaint.answered_at = complaint.closed_at = case.closed_at = at
    complaint.remedy = (remedy or "").strip() or None
    complaint.answer_salt = new_salt()
    case.status = CaseStatus.CLOSED
    session.add_all([complaint, case])
    session.flush()
    row["status"], opened[case.id]["status"] = _CLOSED, CaseStatus.CLOSED
    done = digest(complaint.answer_salt, None, complaint.remedy)
    ended = {
        "complaint": complaint.id,
        "states": {f"complaint:{complaint.id}": str(_CLOSED)},
        "as": str(ClosedAs.SETTLED_AT_ONCE),
        "answer": done,
    }
    drafts = [
        Draft(case_chain(case.id), "complaint_closed", ended),
        Draft(case_chain(case.id), "closed", {"states": {"case": str(case.status)}}),
    ]
    append(session, drafts, who=who, at=at)


_CLOSED = ComplaintStatus.CLOSED
