"""Deciding on what was put to the vote: by everybody's agreement, or by mandate.

Silence and "not yet" can be decided over once their time is over, with a reason that
everybody sees. That the customer would not accept it is never decided over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from sqlmodel import Session

from resolve.handling import dividing
from resolve.journal.rules import case_chain
from resolve.journal.service import Draft, append
from resolve.kit.errors import Invalid
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, tell
from resolve.reviews import queries
from resolve.reviews.ballots import end, keep_reason, open_ballot
from resolve.reviews.errors import MandateNeeded, ObjectionUnmet, VotesAwaited
from resolve.reviews.models import Ballot, BallotKind, BallotStatus
from resolve.reviews.rules import Count, Standing, standing
from resolve.solutions.aims import Aim
from resolve.solutions.service import Agreement, agree


class OwnerMissing(Invalid):
    """Nobody is named who sees to it."""

    code = "owner_missing"


class DueMissing(Invalid):
    """No day is named by which it is in place."""

    code = "due_missing"


@dataclass(frozen=True, slots=True)
class Decision:
    """The facilitator's decision; who sees to it and by when, if not said before.

    `aim` is what the change is to change, so that it can be proven.

    `mandate`: also over silence and "not yet", once their time is over.
    """

    mandate: bool = False
    reason: str = ""
    owner: str = ""
    due: date | None = None
    aim: Aim | None = None


def decide(
    session: Session, ballot_id: str, decision: Decision, *, who: str, at: datetime
) -> Ballot:
    """Agree on what was put to the vote; a division becomes part of the map.

    Raises:
        AlreadyAgreed, BallotEnded: it is not voted on any more.
        ObjectionUnmet: somebody said that the customer would not accept it.
        VotesAwaited: not everybody agrees, and there is still time.
        MandateNeeded: not everybody agrees; it may be decided by mandate.
        ReasonMissing: by mandate, and nobody is told why.
        OwnerMissing, DueMissing: nobody sees to it, or by no day.
        What `solutions.service.agree` and `handling.dividing.apply` raise.
    """
    case, ballot = open_ballot(session, ballot_id)
    count = queries.count_of(session, ballot, case)
    now_stands = standing(count, at=at)
    if now_stands != Standing.AGREED_BY_ALL:
        _guard_mandate(session, ballot, count, now_stands, decision)
    by_mandate = now_stands == Standing.MANDATE
    data: dict[str, object] = {"ballot": ballot.id, "by_mandate": by_mandate}
    if by_mandate:
        data["reason"] = keep_reason(ballot, decision.reason)
    ballot.by_mandate = by_mandate
    ballot.owner = decision.owner or ballot.owner
    ballot.due = decision.due or ballot.due
    data["states"] = end(session, ballot, BallotStatus.AGREED, who=who, at=at)
    append(session, [Draft(case_chain(case.id), "decided", data)], who=who, at=at)
    _carry_out(session, ballot, decision.aim, who=who, at=at)
    notes = [
        Note(
            MessageKind.DECIDED,
            department_of(one),
            ballot.id,
            case.id,
            {"ballot": ballot.id, "department": one},
        )
        for one in count.asked
    ]
    tell(session, notes, at=at)
    return ballot


def _guard_mandate(
    session: Session,
    ballot: Ballot,
    count: Count,
    stands: Standing,
    decision: Decision,
) -> None:
    if stands == Standing.OBJECTION:
        _refuse_over_objection(session, ballot)
    if stands == Standing.AWAITED:
        raise VotesAwaited(
            f"Not everybody has agreed: {', '.join(count.not_agreeing)}.",
            hint="Talk with them; by mandate it can be decided once the time is over.",
            departments=list(count.not_agreeing),
        )
    if not decision.mandate:
        raise MandateNeeded(
            f"Not everybody has agreed: {', '.join(count.not_agreeing)}.",
            hint="Decide by mandate, with the reason that everybody sees.",
            departments=list(count.not_agreeing),
        )


def _refuse_over_objection(session: Session, ballot: Ballot) -> NoReturn:
    unmet = queries.open_objections_to(session, ballot)
    raise ObjectionUnmet(
        "Somebody said that the customer would not accept this.",
        hint="Change it, ask the customer, or let a manager give a written reason.",
        objections=[one.id for one in unmet],
    )


def _carry_out(
    session: Session, ballot: Ballot, aim: Aim | None, *, who: str, at: datetime
) -> None:
    if ballot.kind == BallotKind.DIVISION:
        dividing.apply(
            session, ballot.division_id or "", who=who, at=at,
            reason=ballot.reason or "",
        )  # fmt: skip
        return
    if not ballot.owner:
        raise OwnerMissing(
            "Nobody is named who sees to it.", hint="Name somebody.", pointer="/owner"
        )
    if ballot.due is None:
        raise DueMissing(
            "No day is named by which it is to be in place.",
            hint="Name a day to come.",
            pointer="/due",
        )
    agreed = Agreement(
        ballot.task_id or "", ballot.proposal or 0, ballot.owner, ballot.due, aim
    )
    agree(session, ballot.case_id, agreed, who=who, at=at)
