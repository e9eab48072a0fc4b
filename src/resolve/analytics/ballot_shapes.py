"""The shapes in which ballots are shown, by API and command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.kit.clock import iso
from resolve.reviews import queries
from resolve.reviews.models import Ballot, Objection, Position, Vote
from resolve.reviews.rules import Standing, standing

Shape = dict[str, Any]


def ballots(
    session: Session, case: Case, rows: Sequence[Ballot], *, at: datetime
) -> list[Shape]:
    """Show ballots of a case with their votes, objections and how they stand."""
    votes = queries.by_ballot(queries.votes_of(session, case.id))
    objections = queries.objections_of(session, case.id)
    return [
        ballot_shape(one)
        | {
            "stands": str(
                standing(queries.count_of(session, one, case), at=at)
                if one.status == "open"
                else Standing.ENDED
            ),
            "asked": list(queries.asked(session, case)),
            "votes": [vote_shape(vote, objections) for vote in votes.get(one.id, ())],
            "objections": [
                objection_shape(found)
                for found in objections
                if found.ballot_id == one.id
            ],
        }
        for one in rows
    ]


def ballot_shape(one: Ballot) -> Shape:
    """Show what is put to the vote."""
    return {
        "id": one.id,
        "case": one.case_id,
        "round": one.round,
        "kind": one.kind,
        "task": one.task_id,
        "proposal": one.proposal,
        "division": one.division_id,
        "instead_of": one.instead_of,
        "status": one.status,
        "wording": one.wording,
        "customer_says": one.customer_says,
        "owner": one.owner,
        "due": one.due.isoformat() if one.due else None,
        "put_by": one.put_by,
        "put_at": iso(one.put_at),
        "until": iso(one.until),
        "decided_at": iso(one.decided_at) if one.decided_at else None,
        "by_mandate": one.by_mandate,
        "reason": one.reason,
    }


def vote_shape(one: Vote, objections: Sequence[Objection] = ()) -> Shape:
    """Show a vote; why the customer would not accept it stands in its objection."""
    text = one.text
    if one.position == Position.CUSTOMER_WOULD_NOT:
        said = [
            found.text
            for found in objections
            if (found.ballot_id, found.department_id)
            == (one.ballot_id, one.department_id)
        ]
        text = said[-1] if said else None
    return {
        "department": one.department_id,
        "position": one.position,
        "text": text,
        "by_word_of_mouth": one.by_word_of_mouth,
        "at": iso(one.at),
    }


def objection_shape(one: Objection) -> Shape:
    """Show an objection, and by what it was met."""
    met: Mapping[str, Any] | None = None
    if one.met_by is not None:
        met = {
            "by": one.met_by,
            "manager": one.met_name,
            "text": one.met_text,
            "at": iso(one.met_at) if one.met_at else None,
        }
    return {
        "id": one.id,
        "ballot": one.ballot_id,
        "department": one.department_id,
        "who": one.who,
        "text": one.text,
        "status": one.status,
        "at": iso(one.at),
        "met": met,
    }
