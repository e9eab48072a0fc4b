"""Putting things to the vote: a proposal, or a division of the promised time."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from resolve.cases.errors import WrongState
from resolve.cases.models import Case, CaseStatus
from resolve.cases.queries import case as the_case
from resolve.cases.remarks import ReasonMissing
from resolve.clocks import service as clocks
from resolve.clocks.models import ClockKind
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.texts import new_salt, storable
from resolve.reviews import queries
from resolve.reviews.carrying import (
    carry_over,
    subject_of,
    subject_of_proposal,
    times_said,
    unmet_of_subject,
)
from resolve.reviews.division_guards import guard_votable
from resolve.reviews.division_queries import the_division
from resolve.reviews.errors import (
    AlreadyAgreed,
    AlreadyPut,
    BallotEnded,
    NothingChanged,
    ObjectionUnmet,
    VotesAwaited,
)
from resolve.reviews.models import (
    Ballot,
    BallotStatus,
    DivisionStatus,
    MetBy,
    ObjectionStatus,
)
from resolve.reviews.motions import (
    Motion,
    begin,
    guard_time,
    guard_time_to_look,
    new_ballot,
)
from resolve.reviews.rules import Standing, standing

_MAY_VOTE = (CaseStatus.REVIEW, CaseStatus.IMPROVING)


def put(
    session: Session, case_id: str, motion: Motion, *, who: str, at: datetime
) -> Ballot:
    """Put something to the vote; the departments of this round are told.

    Call `handling.voting.put_to_vote`, which guards what is agreed already.

    Raises:
        WrongState: the review is not open.
        UnknownProposal: the task is of another case, or has no such proposal.
        AlreadyPut: it is being voted on.
        DueInThePast, VotesTimeTooShort, VotesTimeTooLong: of the time for votes.
        What `division_guards.guard_votable` raises, for a division.
    """
    case = _case_in_review(session, case_id)
    _guardnew_ballot(session, case, motion)
    made = new_ballot(session, case, motion, who=who, at=at)
    states = {f"ballot:{made.id}": str(BallotStatus.OPEN)}
    begin(session, case, made, "put_to_vote", {"states": states}, who=who, at=at)
    carry_over(session, case, made, who=who, at=at)
    return made


def change(
    session: Session, ballot_id: str, motion: Motion, *, who: str, at: datetime
) -> Ballot:
    """Put a changed solution to the vote instead; the votes begin anew.

    What of `motion` is left out stays as it was, save the answer of the customer: it is
    another solution. Objections to the old one are met by the change; whoever still
    sees that the customer would not accept it says so again. What was said against
    these very words or times before stands against them again.

    Raises:
        BallotEnded, AlreadyAgreed: it is not voted on any more.
        NothingChanged: the wording, or the division, is the one voted on.
        DueInThePast, VotesTimeTooShort, VotesTimeTooLong: of the time for votes.
    """
    case, old = open_ballot(session, ballot_id)
    motion = _instead(session, case, old, motion)
    states = end(session, old, BallotStatus.CHANGED, who=who, at=at)
    for one in queries.open_objections_to(session, old):
        one.status, one.met_by = ObjectionStatus.MET, MetBy.CHANGE
        one.met_who, one.met_at = who, at
        one.revision += 1
        session.add(one)
        states[f"objection:{one.id}"] = str(ObjectionStatus.MET)
    if old.division_id is not None:
        states |= _leave_division(session, old.division_id)
    session.flush()
    made = new_ballot(session, case, motion, instead_of=old.id, who=who, at=at)
    states[f"ballot:{made.id}"] = str(BallotStatus.OPEN)
    data = {"instead_of": old.id, "states": states}
    begin(session, case, made, "ballot_changed", data, who=who, at=at)
    carry_over(session, case, made, who=who, at=at)
    return made


def drop(
    session: Session, ballot_id: str, *, reason: str, who: str, at: datetime
) -> Ballot:
    """Leave what was put to the vote, with the reason; objections to it stay.

    Raises:
        BallotEnded, AlreadyAgreed: it is not voted on any more.
        ReasonMissing: it is empty.
    """
    case, found = open_ballot(session, ballot_id)
    states = end(session, found, BallotStatus.DROPPED, who=who, at=at)
    data = {"ballot": found.id, "states": states}
    data |= {"reason": keep_reason(found, reason)}
    session.flush()
    draft = Draft(case_chain(case.id), "ballot_dropped", data)
    append(session, [draft], who=who, at=at)
    return found


def drop_all(
    session: Session, case_id: str, *, who: str, at: datetime
) -> dict[str, str]:
    """Leave all that is being voted on; give the states for the journal."""
    states: dict[str, str] = {}
    for one in queries.open_ballots_of(session, case_id):
        states |= end(session, one, BallotStatus.DROPPED, who=who, at=at)
    return states


def extend(
    session: Session, ballot_id: str, *, until: datetime, who: str, at: datetime
) -> Ballot:
    """Move the moment after which the facilitator may decide, later or earlier.

    Raises:
        BallotEnded, AlreadyAgreed: it is not voted on any more.
        DueInThePast: the moment has passed.
        VotesTimeTooShort: votes are awaited, and it is less than a working day.
        VotesTimeTooLong: it is months ahead.
    """
    case, found = open_ballot(session, ballot_id)
    guard_time(until, at)
    if queries.count_of(session, found, case).silent:
        guard_time_to_look(until, calendar(session).calendar, found.put_at)
    found.until = until
    found.revision += 1
    session.add(found)
    session.flush()
    clocks.extend(session, ClockKind.VOTE, found.id, due_at=until, at=at)
    data = {"ballot": found.id, "until": iso(until)}
    draft = Draft(case_chain(case.id), "ballot_extended", data)
    append(session, [draft], who=who, at=at)
    return found


def open_ballot(session: Session, ballot_id: str) -> tuple[Case, Ballot]:
    """Give what is being voted on with its case, both locked.

    Raises:
        UnknownBallot: there is none with this id.
        AlreadyAgreed, BallotEnded: nothing is voted on here any more.
    """
    known = queries.ballot(session, ballot_id)
    case = the_case(session, known.case_id, lock=True)
    found = queries.ballot(session, ballot_id, lock=True)
    if found.status == BallotStatus.AGREED:
        raise AlreadyAgreed(
            "This is agreed already.", hint="Say in the talk what you see now."
        )
    if found.status != BallotStatus.OPEN:
        raise BallotEnded(
            f"This ballot was {found.status}.",
            hint="The review shows what is being voted on now.",
            status=found.status,
        )
    return case, found


def settle(
    session: Session,
    case: Case,
    task_id: str,
    proposal: int,
    *,
    who: str,
    at: datetime,
) -> dict[str, str]:
    """Let a proposal be agreed at the table; give the states for the journal.

    A ballot about it to which all have agreed ends with that.

    Raises:
        ObjectionUnmet: somebody said that the customer would not accept it.
        VotesAwaited: it is being voted on, and not everybody has agreed.
    """
    unmet = queries.unmet_of_proposal(session, task_id, proposal)
    if unmet:
        raise ObjectionUnmet(
            "Somebody said that the customer would not accept this.",
            hint="Change it, ask the customer, or let a manager give a written reason.",
            objections=[one.id for one in unmet],
        )
    voted_on = queries.open_ballot_of_proposal(session, task_id, proposal)
    if voted_on is None:
        _guard_not_come_back(session, case, task_id, proposal)
        return {}
    count = queries.count_of(session, voted_on, case)
    if standing(count, at=at) != Standing.AGREED_BY_ALL:
        raise VotesAwaited(
            f"It is being voted on; not everybody has agreed: "
            f"{', '.join(count.not_agreeing)}.",
            hint="Decide on the ballot, or drop it first.",
            ballot=voted_on.id,
        )
    return end(session, voted_on, BallotStatus.AGREED, who=who, at=at)


def keep_reason(found: Ballot, reason: str) -> str:
    """Keep why a ballot ended as it did; give the digest for the journal.

    Raises:
        ReasonMissing: it is empty.
    """
    if not storable(reason, pointer="/reason").strip():
        raise ReasonMissing(
            "A reason is missing.", hint="Say in a sentence why.", pointer="/reason"
        )
    found.reason, found.reason_salt = reason, new_salt()
    return digest(found.reason_salt, reason)


# ------------------------------------------------------------------------------------


def _case_in_review(session: Session, case_id: str) -> Case:
    case = the_case(session, case_id, lock=True)
    if case.status not in _MAY_VOTE:
        raise WrongState(
            f"The case is in the state {case.status}; its review is not open.",
            hint="Open the review first.",
            status=case.status,
        )
    return case


def _guardnew_ballot(session: Session, case: Case, motion: Motion) -> None:
    present: Ballot | None
    if motion.division_id is not None:
        guard_votable(session, case, motion.division_id)
        present = queries.open_ballot_of_division(session, motion.division_id)
    else:
        task_id, number = motion.task_id or "", motion.proposal or 0
        queries.change_of(session, case, task_id, number)
        present = queries.open_ballot_of_proposal(session, task_id, number)
    if present is not None:
        raise AlreadyPut(
            "This is being voted on.",
            hint="Look at its votes, or put a changed wording to the vote instead.",
            ballot=present.id,
        )


def _guard_not_come_back(
    session: Session, case: Case, task_id: str, proposal: int
) -> None:
    """Refuse what was changed for the customer's sake, and is as it was again.

    What is decided just now was voted on as it is worded there.
    """
    if queries.is_decided(session, task_id, proposal):
        return
    subject = subject_of_proposal(session, task_id, proposal)
    unmet = unmet_of_subject(session, case.id, subject)
    if unmet:
        raise ObjectionUnmet(
            "Somebody said that the customer would not accept this as it stands here.",
            hint="Put it to the vote: what was said stands there, and can be met.",
            objections=[one.id for one in unmet],
        )


def _instead(session: Session, case: Case, old: Ballot, new: Motion) -> Motion:
    """Give what is put to the vote instead; what is left out stays."""
    if old.division_id is not None:
        division = new.division_id or old.division_id
        if _same_times(session, division, old):
            raise NothingChanged(
                "This division of time is the one voted on.",
                hint="Put the changed one to the vote.",
                pointer="/division",
            )
        guard_votable(session, case, division)
    else:
        division = None
        present = old.wording or queries.change_of(
            session, case, old.task_id or "", old.proposal or 0
        )
        if new.wording.split() in ([], present.split()):
            raise NothingChanged(
                "This is what was voted on.",
                hint="Say how the solution is now.",
                pointer="/wording",
            )
    return Motion(
        task_id=old.task_id,
        proposal=old.proposal,
        division_id=division,
        owner=new.owner or old.owner or "",
        due=new.due or old.due,
        wording=new.wording,
        customer_says=new.customer_says,
        until=new.until,
    )


def _same_times(session: Session, division: str, old: Ballot) -> bool:
    return division == old.division_id or (
        times_said(the_division(session, division).times) == subject_of(session, old)
    )


def _leave_division(session: Session, division_id: str) -> dict[str, str]:
    """Leave the division that another one is put to the vote instead of."""
    found = the_division(session, division_id, lock=True)
    found.status = DivisionStatus.LEFT
    found.revision += 1
    session.add(found)
    return {f"division:{found.id}": str(DivisionStatus.LEFT)}


def end(
    session: Session, found: Ballot, status: BallotStatus, *, who: str, at: datetime
) -> dict[str, str]:
    """End an open ballot; give its state for the journal."""
    found.status, found.decided_by, found.decided_at = status, who, at
    found.ready_at = None
    found.revision += 1
    session.add(found)
    session.flush()
    clocks.stop(session, ClockKind.VOTE, [found.id], at=at)
    return {f"ballot:{found.id}": str(status)}
