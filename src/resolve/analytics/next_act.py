"""What is to be done next in a case (pure): one act, the one that leads to its end.

    next_act(CaseFacts(status, round, ...)) -> NextAct

`facts_of(session, cases, at=...)` in `resolve.analytics.case_facts` reads the facts of
many cases at once. Who waits for whom is no part of it: the act is the facilitator's,
save AWAIT_ANSWERS and AWAIT_VOTES, where the departments have work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from resolve.cases.models import CaseStatus


class NextAct(StrEnum):
    """The next step on the short way to the end of a case."""

    PLACE = "place"  # say what it is about
    AWAIT_ANSWERS = "await_answers"  # the departments answer; nothing to do yet
    OPEN_REVIEW = "open_review"  # all answers are in, or past due
    AGREE = "agree"  # proposals wait for the review to agree on them
    AWAIT_VOTES = "await_votes"  # the departments vote; nothing to do yet
    MEET_OBJECTION = "meet_objection"  # the customer would not accept what is voted on
    DECIDE = "decide"  # all have agreed, or the time for votes is over
    SAY_OUTCOME = "say_outcome"  # an agreed change is neither in place nor given up
    ANSWER_CUSTOMER = "answer_customer"  # a customer has no answer yet
    CLOSE_COMPLAINT = "close_complaint"  # answered; how did it end for the customer?
    LOOK_AGAIN = "look_again"  # a change in place is not proven: the review looks again
    AWAIT_PROOF = "await_proof"  # orders show whether it works; nothing to do yet
    CLOSE_CASE = "close_case"  # nothing of it is open any more
    NOTHING = "nothing"  # closed, or merged into another case


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the next act follows from; counts are those of the present round."""

    status: str
    round: int = 0
    awaited: int = 0  # tasks open and not past due
    proposals: int = 0  # proposed by the departments
    voted_on: int = 0  # put to the vote and not decided
    to_decide: int = 0  # of these agreed to by all, or past their time
    objected: int = 0  # of these with an objection that is not met
    agreements: int = 0  # proposals and divisions agreed on, whatever became of them
    agreed: int = 0  # of these neither in place nor given up; of every round
    not_proven: int = 0  # changes in place that do not show to work; of every round
    proving: int = 0  # changes in place of which orders are awaited
    unanswered: int = 0  # complaints whose customer has no answer
    answered: int = 0  # complaints answered and not closed
    answer_is_due: bool = False  # the time promised to a customer is over


def next_act(of: CaseFacts) -> NextAct:
    """Say what leads on: our departments first, then the customer, then the end.

    A customer whose promised time is over is answered before all else.

    >>> next_act(CaseFacts("tasks", round=1, awaited=2))
    <NextAct.AWAIT_ANSWERS: 'await_answers'>
    >>> next_act(CaseFacts("review", round=1, unanswered=1))
    <NextAct.ANSWER_CUSTOMER: 'answer_customer'>
    """
    match of.status:
        case CaseStatus.CLOSED | CaseStatus.MERGED:
            return NextAct.NOTHING
        case CaseStatus.TO_PLACE:
            return NextAct.PLACE
    if of.unanswered and of.answer_is_due:
        return NextAct.ANSWER_CUSTOMER
    if of.status == CaseStatus.TASKS:
        waits = of.round == 0 or of.awaited
        return NextAct.AWAIT_ANSWERS if waits else NextAct.OPEN_REVIEW
    return _in_review(of) or _to_the_end(of)


def _in_review(of: CaseFacts) -> NextAct | None:
    if of.to_decide:
        return NextAct.DECIDE
    if of.objected:
        return NextAct.MEET_OBJECTION
    nothing_yet = of.proposals and not (of.agreements or of.voted_on)
    if of.status == CaseStatus.REVIEW and nothing_yet:
        return NextAct.AGREE
    if of.status == CaseStatus.REVIEW and of.not_proven:
        return NextAct.LOOK_AGAIN
    return None


def _to_the_end(of: CaseFacts) -> NextAct:
    if of.unanswered:
        return NextAct.ANSWER_CUSTOMER
    if of.agreed:
        return NextAct.SAY_OUTCOME
    if of.voted_on:
        return NextAct.AWAIT_VOTES
    if of.answered:
        return NextAct.CLOSE_COMPLAINT
    return NextAct.AWAIT_PROOF if of.proving else NextAct.CLOSE_CASE
