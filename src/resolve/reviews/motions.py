"""What is put to the vote: made, with its clock, and told to those asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from resolve.cases.models import Case
from resolve.clocks import service as clocks
from resolve.clocks.calendar import Calendar
from resolve.clocks.models import ClockKind
from resolve.clocks.working_time import add_working_days
from resolve.departments.queries import calendar
from resolve.journal.rules import case_chain, digest
from resolve.journal.service import Draft, append
from resolve.kit.clock import iso
from resolve.kit.ids import new_id
from resolve.kit.texts import new_salt, storable
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, department_of, tell
from resolve.reviews import queries
from resolve.reviews.errors import VotesTimeTooLong, VotesTimeTooShort
from resolve.reviews.models import Ballot, BallotKind
from resolve.tasks.errors import DueInThePast

WORKING_DAYS = 2
"""How long votes are awaited where the facilitator says nothing else."""
LEAST_WORKING_DAYS = 1
LONGEST = timedelta(days=60)
"""Silence of less than that is nobody's, and later than that nobody waits."""


@dataclass(frozen=True, slots=True)
class Motion:
    """What is put to the vote: a proposal of a task, or a division.

    `wording`: the change as the review words it, where it differs from the proposal;
    `customer_says` answers "what would the customer say?".
    """

    task_id: str | None = None
    proposal: int | None = None
    division_id: str | None = None
    owner: str = ""
    due: date | None = None
    wording: str = ""
    customer_says: str = ""
    until: datetime | None = None


def new_ballot(
    session: Session,
    case: Case,
    motion: Motion,
    *,
    who: str,
    at: datetime,
    instead_of: str | None = None,
) -> Ballot:
    """Make a ballot, with the clock that watches it.

    Raises:
        DueInThePast: the time for votes would be over.
        VotesTimeTooShort, VotesTimeTooLong: less than a working day, or months.
    """
    known = calendar(session)
    usual = add_working_days(known.calendar, at, WORKING_DAYS)
    until = motion.until or usual
    guard_time(until, at)
    guard_time_to_look(until, known.calendar, at)
    wording = storable(motion.wording, pointer="/wording").strip()
    customer = storable(motion.customer_says, pointer="/customer_says").strip()
    made = Ballot(
        id=new_id(),
        case_id=case.id,
        round=case.round,
        kind=BallotKind.DIVISION if motion.division_id else BallotKind.PROPOSAL,
        task_id=motion.task_id,
        proposal=motion.proposal,
        division_id=motion.division_id,
        instead_of=instead_of,
        owner=storable(motion.owner, pointer="/owner", longest=100) or None,
        due=motion.due,
        wording=wording or None,
        wording_salt=new_salt() if wording else None,
        customer_says=customer or None,
        customer_says_salt=new_salt() if customer else None,
        put_by=who,
        put_at=at,
        until=until,
    )
    session.add(made)
    session.flush()
    clock = clocks.new_clock(
        ClockKind.VOTE,
        made.id,
        case_id=case.id,
        at=at,
        due_at=usual,
        working_days=WORKING_DAYS,
        calendar=(known.id, known.revision),
    )
    clocks.start(session, [clock])
    if until != usual:
        clocks.extend(session, ClockKind.VOTE, made.id, due_at=until, at=at)
    return made


def begin(  # noqa: PLR0913  one entry
    session: Session,
    case: Case,
    made: Ballot,
    what: str,
    data: Mapping[str, Any],
    *,
    who: str,
    at: datetime,
) -> None:
    """Enter a new ballot in the journal, and ask those whose vote counts."""
    of = (
        {"division": made.division_id}
        if made.division_id
        else {"task": made.task_id, "proposal": made.proposal}
    )
    texts = {
        name: digest(salt, text)
        for name, text, salt in (
            ("wording", made.wording, made.wording_salt),
            ("customer_says", made.customer_says, made.customer_says_salt),
        )
        if text and salt
    }
    entry = {"ballot": made.id, "until": iso(made.until)} | of | texts | dict(data)
    append(session, [Draft(case_chain(case.id), what, entry)], who=who, at=at)
    notes = [
        Note(
            MessageKind.VOTE,
            department_of(one),
            made.id,
            case.id,
            {"ballot": made.id, "department": one},
        )
        for one in queries.asked(session, case)
    ]
    tell(session, notes, at=at)


def guard_time(until: datetime, at: datetime) -> None:
    """Refuse a time for votes that would be over already, or far ahead."""
    if until <= at:
        raise DueInThePast(
            "The time for votes would be over already.",
            hint="Name a moment to come.",
            pointer="/until",
        )
    if until > at + LONGEST:
        raise VotesTimeTooLong(
            f"Votes are awaited for at most {LONGEST.days} days.",
            hint="Name an earlier moment.",
            pointer="/until",
        )


def guard_time_to_look(until: datetime, of: Calendar, put_at: datetime) -> None:
    """Refuse to leave the departments less than a working day for their votes.

    It ends with the close of the working day after the one on which it was put.
    """
    earliest = add_working_days(of, put_at, LEAST_WORKING_DAYS)
    if until < earliest:
        raise VotesTimeTooShort(
            f"Departments have until {iso(earliest)} at least: a working day.",
            hint="Name a later moment, or wait until all have voted.",
            pointer="/until",
            earliest=iso(earliest),
        )
