"""What upkeep has to do now; nothing to do is the usual answer, and a cheap one."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from resolve.access.models import KeptAnswer
from resolve.access.signing_in import anything_ended
from resolve.clocks.models import Clock, ClockState
from resolve.handling.indexing import anything_to_find
from resolve.handling.reconciling import anything_stranded
from resolve.journal.models import JournalHead, Seal
from resolve.kit.database import fixed
from resolve.messages.deliveries import anything_due
from resolve.messages.models import Message
from resolve.outbox.models import Event, EventState
from resolve.solutions.queries import to_look_at
from resolve.steptimes.keeping import anything_old

SEAL_EVERY = timedelta(minutes=1)


class Duty(StrEnum):
    """One thing that upkeep does."""

    FIRE = "fire"  # clocks are due
    JUDGE = "judge"  # orders may show what a change in place changed
    MAIL = "mail"  # messages are not mailed yet, or letters are due
    INDEX = "index"  # something new is not yet taken into the search
    SEAL = "seal"  # entries are not sealed, and the last seal is a minute old
    PUT_BACK = "put_back"  # a case stands still
    FORGET = "forget"  # something was kept long enough
    TIMES = "times"  # step times came in since something was found out about them


def duties(session: Session, *, at: datetime) -> list[Duty]:
    """Say what is to be done every few seconds."""
    found = []
    due = (col(Clock.state) == fixed(ClockState.RUNNING), col(Clock.due_at) <= at)
    if session.exec(select(Clock.id).where(*due).limit(1)).first():
        found.append(Duty.FIRE)
    if to_look_at(session, at=at, most=1):
        found.append(Duty.JUDGE)
    unmailed = col(Message.mailed_at).is_(None)
    new = session.exec(select(Message.id).where(unmailed).limit(1)).first()
    if new or anything_due(session, at=at):
        found.append(Duty.MAIL)
    if anything_to_find(session):
        found.append(Duty.INDEX)
    if _seal_is_due(session, at=at):
        found.append(Duty.SEAL)
    return found


def rare_duties(session: Session, *, at: datetime, keep: timedelta) -> list[Duty]:
    """Say what is to be done of that which is dear to find out: once a minute."""
    found = []
    if anything_stranded(session, at=at):
        found.append(Duty.PUT_BACK)
    oldest = select(Event.settled_at).where(Event.state == EventState.SETTLED)
    first = session.exec(oldest.order_by(col(Event.id)).limit(1)).first()
    answer = select(KeptAnswer.at).order_by(col(KeptAnswer.at)).limit(1)
    kept = session.exec(answer).first()
    if any(one is not None and one < at - keep for one in (first, kept)) or (
        anything_ended(session, at=at)
    ):
        found.append(Duty.FORGET)
    if anything_old(session, at=at):
        found.append(Duty.TIMES)
    return found


def _seal_is_due(session: Session, *, at: datetime) -> bool:
    newest = select(Seal.at).order_by(col(Seal.number).desc()).limit(1)
    last = session.exec(newest).first()
    if last is not None and last > at - SEAL_EVERY:
        return False
    unsealed = col(JournalHead.seq) > col(JournalHead.sealed_seq)
    found = session.exec(select(JournalHead.chain).where(unsealed).limit(1)).first()
    return found is not None
