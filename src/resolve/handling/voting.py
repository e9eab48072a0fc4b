"""Putting to the vote what the review may still agree on, and tending what is put."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from resolve.cases.models import Case
from resolve.clocks import service as clocks
from resolve.clocks.models import Clock, ClockKind, ClockState
from resolve.clocks.working_time import add_working_days
from resolve.departments.queries import calendar
from resolve.kit.clock import iso
from resolve.kit.database import fixed
from resolve.kit.ids import derived_id
from resolve.messages.models import MessageKind
from resolve.messages.service import Note, tell
from resolve.reviews import ballots
from resolve.reviews.errors import AlreadyAgreed
from resolve.reviews.models import Ballot, BallotStatus
from resolve.reviews.motions import WORKING_DAYS, Motion
from resolve.reviews.readiness import refresh_ready
from resolve.solutions.queries import solutions_of


def put_to_vote(
    session: Session, case_id: str, motion: Motion, *, who: str, at: datetime
) -> Ballot:
    """Put a proposal or a division of time to the vote.

    Raises:
        AlreadyAgreed: it is agreed already.
        What `reviews.ballots.put` raises.
    """
    made = ballots.put(session, case_id, motion, who=who, at=at)
    if made.task_id is not None and any(
        (one.task_id, one.proposal) == (made.task_id, made.proposal)
        for one in solutions_of(session, case_id)
    ):
        raise AlreadyAgreed("This proposal is agreed already.")
    return made


def tend_ballots(session: Session, case: Case, *, at: datetime) -> int:
    """Tell the facilitator of the ballots to which all have agreed; give how many.

    A ballot whose clock is missing gets one (invariant 5). Twice is once: a message
    tells of the moment since when a ballot is ready.
    """
    ready = refresh_ready(session, case, at=at)
    leads = case.led_by
    notes = [
        Note(
            MessageKind.ALL_VOTED,
            leads,
            derived_id(one.id, "ready", iso(one.ready_at or at)),
            case.id,
            {"ballot": one.id},
        )
        for one in ready
    ]
    tell(session, notes, at=at)
    _wind_up(session, case, at=at)
    return len(ready)


def unwatched() -> ColumnElement[bool]:
    """Say in SQL which open ballots nothing would ever remind of: there are none."""
    watched = exists().where(
        col(Clock.kind) == str(ClockKind.VOTE),
        col(Clock.subject_id) == col(Ballot.id),
        col(Clock.state).in_((ClockState.RUNNING, ClockState.FIRED)),
    )
    return (col(Ballot.status) == fixed(BallotStatus.OPEN)) & ~watched


def _wind_up(session: Session, case: Case, *, at: datetime) -> None:
    found = session.exec(
        select(Ballot).where(Ballot.case_id == case.id, unwatched())
    ).all()
    for one in found:
        present = session.exec(
            select(Clock).where(
                Clock.kind == ClockKind.VOTE, Clock.subject_id == one.id
            )
        ).first()
        if present is not None:
            clocks.extend(session, ClockKind.VOTE, one.id, due_at=one.until, at=at)
            continue
        known = calendar(session)
        row = clocks.new_clock(
            ClockKind.VOTE,
            one.id,
            case_id=case.id,
            at=at,
            due_at=add_working_days(known.calendar, at, WORKING_DAYS),
            working_days=WORKING_DAYS,
            calendar=(known.id, known.revision),
        )
        clocks.start(session, [row])
