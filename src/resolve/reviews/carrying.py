"""Whether the same thing is put again: what was said of it for the customer stays.

An objection is met by a changed solution. Where the old one comes back, in the same
words or with the same times, it is carried over to the new ballot, as it was said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, tell
from resolve.reviews import queries
from resolve.reviews.division_queries import the_division
from resolve.reviews.models import Ballot, MetBy, Objection, ObjectionStatus
from resolve.tasks.queries import answers_to


def subject_of(session: Session, of: Ballot) -> str:
    """Give what a ballot is about, the same for the same words or the same times."""
    if of.division_id is not None:
        return times_said(the_division(session, of.division_id).times)
    task_id, number = of.task_id or "", of.proposal or 0
    return subject_of_proposal(session, task_id, number, of.wording)


def subject_of_proposal(
    session: Session, task_id: str, number: int, wording: str | None = None
) -> str:
    """Give what a proposal of whichever round is about; empty where it is erased.

    The same words at another step are another thing.
    """
    answer = answers_to(session, [task_id]).get(task_id)
    content = (answer.content or {}) if answer else {}
    for one in content.get("proposals", ()):
        if one["number"] == number:
            return said_so(one["step"], wording or one["change"])
    return ""


def said_so(step: str, text: str) -> str:
    """Give a wording without what makes no difference.

    >>> said_so("pack", "Pack  by day. ") == said_so("pack", "pack by day")
    True
    """
    return f"{step}: " + " ".join(text.split()).casefold().rstrip(" .!;")


def times_said(times: object) -> str:
    """Give the times of a division as one text."""
    return json.dumps(times, sort_keys=True)


def unmet_of_subject(
    session: Session, case_id: str, subject: str
) -> Sequence[Objection]:
    """Give what was said last against this, where it is unmet or met by a change only.

    By whom it was said counts, not on which ballot.
    """
    if not subject:
        return []
    rows = session.exec(
        select(Objection, Ballot)
        .join(Ballot, col(Ballot.id) == col(Objection.ballot_id))
        .where(Objection.case_id == case_id)
        .order_by(col(Objection.id))
    ).all()
    last = {
        one.voter: one for one, ballot in rows if subject_of(session, ballot) == subject
    }
    return [
        one
        for one in last.values()
        if one.status == ObjectionStatus.OPEN or one.met_by == MetBy.CHANGE
    ]


def carry_over(
    session: Session, case: Case, made: Ballot, *, who: str, at: datetime
) -> None:
    """Carry over to a new ballot what was said against the same thing before."""
    counted = {one.id for one in queries.open_objections_to(session, made)}
    for one in unmet_of_subject(session, case.id, subject_of(session, made)):
        if one.id not in counted:
            _carry(session, case, made, one, who=who, at=at)


def _carry(
    session: Session, case: Case, to: Ballot, one: Objection, *, who: str, at: datetime
) -> None:
    made = Objection(
        id=new_id(), ballot_id=to.id, case_id=case.id, voter=one.voter,
        department_id=one.department_id, text=one.text, salt=new_salt(), who=one.who,
        at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    data = {
        "ballot": to.id,
        "objection": made.id,
        "department": made.department_id,
        "again": one.id,
        "text": digest(made.salt or "", made.text or ""),
        "states": {f"objection:{made.id}": str(ObjectionStatus.OPEN)},
    }
    append(session, [Draft(case_chain(case.id), "objected", data)], who=who, at=at)
    tell_all(session, case, made, at=at)


def tell_all(session: Session, case: Case, found: Objection, *, at: datetime) -> None:
    """Tell the facilitator, and everybody on the case, of an objection."""
    facts = {"ballot": found.ballot_id, "objection": found.id}
    leads = case.led_by
    others = [department_of(one) for one in queries.asked(session, case)]
    tell(
        session,
        [
            Note(MessageKind.OBJECTION, one, found.id, case.id, facts)
            for one in dict.fromkeys([leads, *others])
            if one != found.voter
        ],
        at=at,
    )
