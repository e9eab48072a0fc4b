"""Looking at what is put to the vote, and at what was said to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.cases.queries import walk_of_case
from resolve.kit.database import fixed
from resolve.kit.ids import is_id
from resolve.reviews.errors import UnknownBallot, UnknownObjection, UnknownProposal
from resolve.reviews.models import (
    Ballot,
    BallotStatus,
    Objection,
    ObjectionStatus,
    Vote,
)
from resolve.reviews.rules import Count, Standing
from resolve.tasks.models import Request, RequestStatus, Task
from resolve.tasks.queries import answers_to

_IS_OPEN = col(Ballot.status) == fixed(BallotStatus.OPEN)


def ballot(session: Session, ballot_id: str, *, lock: bool = False) -> Ballot:
    """Give a ballot.

    Raises:
        UnknownBallot: there is none with this id.
    """
    found = (
        session.get(
            Ballot, ballot_id, with_for_update=lock or None, populate_existing=lock
        )
        if is_id(ballot_id)
        else None
    )
    if found is None:
        raise unknown_ballot(ballot_id)
    return found


def unknown_ballot(ballot_id: str) -> UnknownBallot:
    """Make the error for a ballot that does not exist, or not for who is asking."""
    return UnknownBallot(
        f"There is no ballot {ballot_id!r}.", hint="The review of a case shows its own."
    )


def objection(session: Session, objection_id: str) -> Objection:
    """Give an objection.

    Raises:
        UnknownObjection: there is none with this id.
    """
    found = session.get(Objection, objection_id) if is_id(objection_id) else None
    if found is None:
        raise unknown_objection(objection_id)
    return found


def unknown_objection(objection_id: str) -> UnknownObjection:
    """Make the error for an objection that does not exist, or not for who asks."""
    return UnknownObjection(
        f"There is no objection {objection_id!r}.",
        hint="The review of a case shows its own.",
    )


def ballots_of(session: Session, case_id: str) -> Sequence[Ballot]:
    """Give the ballots of a case, in the order put."""
    return session.exec(
        select(Ballot).where(Ballot.case_id == case_id).order_by(col(Ballot.id))
    ).all()


def votes_of(session: Session, case_id: str) -> Sequence[Vote]:
    """Give the votes of a case, in the order first given."""
    return session.exec(
        select(Vote).where(Vote.case_id == case_id).order_by(col(Vote.id))
    ).all()


def objections_of(session: Session, case_id: str) -> Sequence[Objection]:
    """Give the objections of a case, in the order raised."""
    return session.exec(
        select(Objection)
        .where(Objection.case_id == case_id)
        .order_by(col(Objection.id))
    ).all()


def asked(session: Session, case: Case) -> tuple[str, ...]:
    """Give the departments whose vote counts in this round, in the order of the chain.

    Those with a task, nearest to the customer first, then those whom a neighbour asked
    for something: their part of a proposal is theirs to agree to.
    """
    walk = walk_of_case(session, case)
    tasks = session.exec(
        select(Task.id, Task.department_id).where(
            Task.case_id == case.id, Task.round == case.round
        )
    ).all()
    tasked = {department for _, department in tasks}
    walked = [one.department for one in walk.participants] if walk else []
    requests = session.exec(
        select(Request.department_id)
        .where(
            col(Request.task_id).in_([id_ for id_, _ in tasks]),
            Request.status != RequestStatus.WITHDRAWN,
        )
        .order_by(col(Request.id))
    )
    near = [one for one in walked if one in tasked]
    return tuple(dict.fromkeys([*near, *sorted(tasked - set(near)), *requests]))


def open_objections_to(session: Session, of: Ballot) -> Sequence[Objection]:
    """Give the unmet objections to what a ballot is about, on any ballot of it."""
    if of.division_id is not None:
        return _unmet(session, Ballot.division_id == of.division_id)
    return unmet_of_proposal(session, of.task_id or "", of.proposal or 0)


def unmet_of_proposal(
    session: Session, task_id: str, proposal: int
) -> Sequence[Objection]:
    """Give the unmet objections to a proposal, on any ballot about it."""
    return _unmet(session, Ballot.task_id == task_id, Ballot.proposal == proposal)


def _unmet(session: Session, *about: Any) -> Sequence[Objection]:  # noqa: ANN401  SQL
    return session.exec(
        select(Objection)
        .join(Ballot, col(Ballot.id) == col(Objection.ballot_id))
        .where(Objection.status == ObjectionStatus.OPEN, *about)
        .order_by(col(Objection.id))
    ).all()


def count_of(session: Session, of: Ballot, case: Case) -> Count:
    """Give what was said to a ballot so far."""
    votes = session.exec(
        select(Vote.department_id, Vote.position).where(Vote.ballot_id == of.id)
    )
    return Count(
        status=of.status,
        asked=asked(session, case),
        said=dict(votes.all()),
        objections=len(open_objections_to(session, of)),
        until=of.until,
    )


def open_ballots_of(session: Session, case_id: str) -> Sequence[Ballot]:
    """Give what is being voted on in a case."""
    return session.exec(
        select(Ballot)
        .where(Ballot.case_id == case_id, _IS_OPEN)
        .order_by(col(Ballot.id))
    ).all()


def open_ballot_of_division(session: Session, division_id: str) -> Ballot | None:
    """Give the ballot by which a division of time is being voted on."""
    return session.exec(
        select(Ballot).where(Ballot.division_id == division_id, _IS_OPEN)
    ).first()


def open_ballot_of_proposal(
    session: Session, task_id: str, proposal: int
) -> Ballot | None:
    """Give the ballot by which a proposal is being voted on."""
    return session.exec(
        select(Ballot).where(
            Ballot.task_id == task_id,
            Ballot.proposal == proposal,
            _IS_OPEN,
        )
    ).first()


def is_decided(session: Session, task_id: str, proposal: int) -> bool:
    """Tell whether a ballot about a proposal has ended with its agreement."""
    found = select(Ballot.id).where(
        Ballot.task_id == task_id,
        Ballot.proposal == proposal,
        Ballot.status == BallotStatus.AGREED,
    )
    return session.exec(found).first() is not None


def change_of(session: Session, case: Case, task_id: str, number: int) -> str:
    """Give what a proposal of the present round says.

    Raises:
        UnknownProposal: the task is of another case or round, or has no such proposal.
    """
    task = session.get(Task, task_id) if is_id(task_id) else None
    here = task is not None and (task.case_id, task.round) == (case.id, case.round)
    answer = answers_to(session, [task_id]).get(task_id) if here else None
    content = (answer.content or {}) if answer else {}
    for one in content.get("proposals", ()):
        if one["number"] == number:
            return str(one["change"])
    raise UnknownProposal(
        f"Task {task_id} has no proposal {number} in this review.",
        hint="The case shows the proposals with their numbers.",
        pointer="/proposal",
    )


def by_ballot(rows: Iterable[Vote]) -> Mapping[str, Sequence[Vote]]:
    """Give votes by the ballot that they were given to."""
    found: dict[str, list[Vote]] = defaultdict(list)
    for one in rows:
        found[one.ballot_id].append(one)
    return found


def open_counts(
    session: Session, case_ids: Sequence[str], *, at: datetime
) -> Counter[tuple[str, Standing]]:
    """Count the open ballots of cases by how they stand, without asking for each."""
    rows = session.exec(
        select(Ballot).where(col(Ballot.case_id).in_(case_ids), _IS_OPEN)
    ).all()
    objected = _objected(session, rows)
    return Counter(
        (one.case_id, brief_standing(one, objected=one.id in objected, at=at))
        for one in rows
    )


def brief_standing(of: Ballot, *, objected: bool, at: datetime) -> Standing:
    """Say how an open ballot stands from what it keeps itself, without its votes."""
    if objected:
        return Standing.OBJECTION
    if of.ready_at is not None:
        return Standing.AGREED_BY_ALL
    return Standing.MANDATE if of.until <= at else Standing.AWAITED


def _objected(session: Session, rows: Sequence[Ballot]) -> frozenset[str]:
    """Give those of these open ballots to what is objected, on any ballot of it."""
    if not rows:
        return frozenset()
    cases = {one.case_id for one in rows}
    found = session.exec(
        select(Ballot.id, Ballot.task_id, Ballot.proposal)
        .join(Objection, col(Objection.ballot_id) == col(Ballot.id))
        .where(
            col(Objection.case_id).in_(cases), Objection.status == ObjectionStatus.OPEN
        )
    ).all()
    ids = {id_ for id_, _, _ in found}
    things = {(task, number) for _, task, number in found if task is not None}
    return frozenset(
        one.id for one in rows if one.id in ids or (one.task_id, one.proposal) in things
    )


def awaiting(
    session: Session, departments: Sequence[str], *, limit: int
) -> Sequence[tuple[Ballot, str]]:
    """Give what these departments have not voted on yet, with whose vote it is.

    The earliest first. A department is asked that has a task of that round, or that
    one of that round's tasks asks for something.
    """
    has_task = (
        select(Task.id)
        .where(
            Task.case_id == Ballot.case_id,
            Task.round == Ballot.round,
            col(Task.department_id).in_(departments),
        )
        .exists()
    )
    is_asked = (
        select(Request.id)
        .join(Task, col(Task.id) == col(Request.task_id))
        .where(
            Request.case_id == Ballot.case_id,
            Task.round == Ballot.round,
            col(Request.department_id).in_(departments),
            Request.status != RequestStatus.WITHDRAWN,
        )
        .exists()
    )
    rows = session.exec(
        select(Ballot)
        .where(_IS_OPEN, or_(has_task, is_asked))
        .order_by(col(Ballot.until), col(Ballot.id))
    ).all()
    if not rows:
        return []
    return _not_voted(session, rows, departments)[:limit]


def _not_voted(
    session: Session, rows: Sequence[Ballot], departments: Sequence[str]
) -> list[tuple[Ballot, str]]:
    cases = {
        one.id: one
        for one in session.exec(
            select(Case).where(col(Case.id).in_({one.case_id for one in rows}))
        )
    }
    voted = set(
        session.exec(
            select(Vote.ballot_id, Vote.department_id).where(
                col(Vote.ballot_id).in_([one.id for one in rows])
            )
        ).all()
    )
    of_case = {id_: asked(session, case) for id_, case in cases.items()}
    return [
        (one, department)
        for one in rows
        for department in of_case[one.case_id]
        if department in departments and (one.id, department) not in voted
    ]
